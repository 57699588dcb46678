import {
  loadModuleFederationHostShared,
  type LoadedRuntimeSharedDependency,
} from "@backstage/module-federation-common";

/**
 * What Backstage's guide calls by this name: everything that the host shares, and what of it could not
 * be loaded. The published package has one function in its place, which this one calls.
 */
export async function buildRuntimeSharedUserOption(): Promise<{
  shared: Record<string, LoadedRuntimeSharedDependency>;
  errors: Error[];
}> {
  const errors: Error[] = [];
  const shared = await loadModuleFederationHostShared({ onError: (error) => errors.push(error) });
  return { shared, errors };
}
