import { loadModuleFederationHostShared } from "@backstage/module-federation-common";

/** What the entry point that the build puts before this application's own has left in the page. */
const GLOBAL = "__backstage-module-federation-shared-dependencies__";

interface RuntimeSharedDependency {
  readonly version: string;
  readonly requiredVersion: string | false;
  readonly singleton?: boolean;
  readonly eager?: boolean;
  readonly module: () => Promise<unknown>;
}

type SharedList = Readonly<Record<string, RuntimeSharedDependency>>;

/** The `shared` option of the federation runtime: what `createInstance` and `registerShared` take. */
export type UserShared = Record<
  string,
  {
    version: string;
    lib: () => unknown;
    shareConfig: { singleton: boolean; requiredVersion: string | false; eager: boolean };
  }
>;

/** A shared dependency that could not be loaded. `cause` is what its module threw. */
export class SharedDependencyError extends Error {
  override readonly name = "SharedDependencyError";

  constructor(
    readonly dependency: string,
    cause: unknown,
  ) {
    super(`The shared dependency ${dependency} could not be loaded.`, { cause });
  }
}

/** What the host shares, and what of it could not be loaded. */
export interface BuiltShared {
  shared: UserShared;
  errors: Error[];
}

/**
 * Loads everything that the host shares, before any remote can ask for it.
 *
 * It has the name and the result that Backstage's guide gives it. It never rejects for one module: what
 * could not be loaded is in `errors`, and everything else in `shared`.
 */
export async function buildRuntimeSharedUserOption(): Promise<BuiltShared> {
  const list = (globalThis as Record<string, unknown>)[GLOBAL] as SharedList | undefined;
  return list ? await load(list) : await loadWithBackstage();
}

async function load(list: SharedList): Promise<BuiltShared> {
  const dependencies = Object.entries(list);
  const modules = await Promise.allSettled(dependencies.map(([, { module }]) => module()));
  const shared: UserShared = {};
  const errors: Error[] = [];
  dependencies.forEach(([name, { version, requiredVersion, singleton, eager }], index) => {
    const loaded = modules[index];
    if (loaded?.status === "fulfilled") {
      const shareConfig = { singleton: singleton ?? false, requiredVersion, eager: eager ?? false };
      shared[name] = { version, lib: () => loaded.value, shareConfig };
    } else {
      errors.push(new SharedDependencyError(name, loaded?.reason));
    }
  });
  return { shared, errors };
}

/** For a page that Backstage's own CLI built: it has the list of the published packages alone. */
async function loadWithBackstage(): Promise<BuiltShared> {
  const errors: Error[] = [];
  const shared = await loadModuleFederationHostShared({ onError: (error) => errors.push(error) });
  return { shared, errors };
}
