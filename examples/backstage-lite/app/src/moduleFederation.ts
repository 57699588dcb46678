import { createInstance, type ModuleFederation } from "@module-federation/runtime";

import type { Remote } from "./remotes";
import { buildRuntimeSharedUserOption, type UserShared } from "./sharedDependencies";

/** The federation runtime of this page, and what went wrong while it was set up. */
export interface Federation {
  readonly instance: ModuleFederation;
  readonly shared: UserShared;
  readonly errors: readonly Error[];
}

/** A module of a remote: what it exports, or why it could not be loaded. */
export type LoadedModule = { readonly id: string } & (
  | { readonly exports: { readonly default?: unknown } }
  | { readonly error: Error }
);

/** Starts the runtime with everything that this host shares. */
export async function initializeModuleFederation(remotes: readonly Remote[]): Promise<Federation> {
  const { shared, errors } = await buildRuntimeSharedUserOption();
  const instance = createInstance({
    name: "lantern__app",
    remotes: remotes.map(({ remoteInfo }) => ({ ...remoteInfo })),
    shared,
  });
  return { instance, shared, errors };
}

/** Loads all that a remote exposes. It never rejects, so one remote cannot take the page with it. */
export function loadRemote(instance: ModuleFederation, remote: Remote): Promise<LoadedModule[]> {
  return Promise.all(
    remote.exposedModules.map(async (module): Promise<LoadedModule> => {
      const { name } = remote.remoteInfo;
      const id = module === "." ? name : `${name}/${module}`;
      try {
        const exports = await instance.loadRemote<{ default?: unknown }>(id);
        return exports ? { id, exports } : { id, error: new Error(`${id} has no exports.`) };
      } catch (reason) {
        return { id, error: reason instanceof Error ? reason : new Error(String(reason)) };
      }
    }),
  );
}
