/**
 * What `@backstage/frontend-dynamic-feature-loader` does, which is not on the registry: it asks for a
 * list of remotes, and loads every feature that they expose. Whatever fails is reported and left out.
 */
import {
  createFrontendFeatureLoader,
  type FrontendFeature,
  type FrontendFeatureLoader,
} from "@backstage/frontend-plugin-api";
import { createInstance, type ModuleFederation } from "@module-federation/runtime";

import { report } from "./problems";
import { buildRuntimeSharedUserOption } from "./sharedDependencies";

/** One entry of the list, as the dynamic features service has it. */
interface Remote {
  readonly packageName: string;
  readonly remoteInfo: { readonly name: string; readonly entry: string };
  /** Mounts without their `./`; the package's root is `.`. */
  readonly exposedModules: readonly string[];
}

const FEATURES = ["@backstage/FrontendPlugin", "@backstage/FrontendModule"];

/**
 * @param list where the list is: the file that the build wrote beside the page, or a backend's
 *   `/.backstage/dynamic-features/remotes`. Relative entries count from there.
 */
export function listedFeatures(list: URL): FrontendFeatureLoader {
  return createFrontendFeatureLoader({
    async loader() {
      const remotes = await orReport(`The list of remotes ${list} could not be read.`, fetchRemotes(list));
      if (!remotes) return [];
      const { shared, errors } = await buildRuntimeSharedUserOption();
      for (const error of errors) report(error.message, error.cause);
      const instance = createInstance({
        name: "app",
        remotes: remotes.map(({ packageName, remoteInfo }) => ({
          ...remoteInfo,
          alias: packageName,
          entry: new URL(remoteInfo.entry, list).href,
        })),
        shared,
      });
      const features = await Promise.all(
        remotes.flatMap(({ remoteInfo: { name }, exposedModules }) =>
          exposedModules.map((module) => load(instance, module === "." ? name : `${name}/${module}`)),
        ),
      );
      return features.filter((feature) => feature !== undefined);
    },
  });
}

async function fetchRemotes(list: URL): Promise<Remote[]> {
  const response = await fetch(list);
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return (await response.json()) as Remote[];
}

async function load(instance: ModuleFederation, id: string): Promise<FrontendFeature | undefined> {
  const module = await orReport(
    `${id} could not be loaded.`,
    instance.loadRemote<{ default?: { $$type?: string } }>(id),
  );
  const feature = module?.default;
  return feature?.$$type && FEATURES.includes(feature.$$type)
    ? (feature as FrontendFeature)
    : undefined;
}

async function orReport<T>(message: string, result: Promise<T>): Promise<T | undefined> {
  try {
    return await result;
  } catch (cause) {
    report(message, cause);
    return undefined;
  }
}
