import type { FrontendFeature } from "@backstage/frontend-plugin-api";

import { initializeModuleFederation, loadRemote, type LoadedModule } from "./moduleFederation";
import { listRemotes, type Remote } from "./remotes";
import type { UserShared } from "./sharedDependencies";

/** A remote, and what became of each of its modules. */
export interface RemoteReport {
  readonly remote: Remote;
  readonly modules: readonly LoadedModule[];
}

/** Everything that the page is made of. */
export interface Features {
  readonly features: readonly FrontendFeature[];
  readonly reports: readonly RemoteReport[];
  readonly shared: UserShared;
  readonly errors: readonly Error[];
}

const FEATURES = ["@backstage/FrontendPlugin", "@backstage/FrontendModule"];

/** Loads the features of all remotes. What fails is in `errors`; the rest is there. */
export async function loadFeatures(): Promise<Features> {
  const errors: Error[] = [];
  const remotes = await listRemotes().catch((error: Error): Remote[] => {
    errors.push(error);
    return [];
  });
  const federation = await initializeModuleFederation(remotes);
  const reports = await Promise.all(
    remotes.map(async (remote) => ({
      remote,
      modules: await loadRemote(federation.instance, remote),
    })),
  );
  const features: FrontendFeature[] = [];
  for (const module of reports.flatMap(({ modules }) => modules)) {
    if ("error" in module) {
      errors.push(new Error(`${module.id} could not be loaded.`, { cause: module.error }));
    } else if (isFeature(module.exports.default)) {
      features.push(module.exports.default);
    } else {
      errors.push(new Error(`The default export of ${module.id} is no Backstage feature.`));
    }
  }
  return { features, reports, shared: federation.shared, errors: [...federation.errors, ...errors] };
}

function isFeature(value: unknown): value is FrontendFeature {
  const type = (value as { $$type?: unknown } | undefined)?.$$type;
  return typeof type === "string" && FEATURES.includes(type);
}
