/**
 * A miniature of `@backstage/frontend-app-api`, which with all that it brings is 460 MB to install: it
 * finds the pages of some features, and what is attached to them. The example beside this one uses the
 * real thing.
 */
import {
  coreExtensionData,
  type AppNode,
  type ExtensionDataRef,
  type ExtensionDataValue,
  type FrontendFeature,
  type FrontendPlugin,
  type IconElement,
  type RouteRef,
} from "@backstage/frontend-plugin-api";
import type { ReactElement } from "react";

export interface Page {
  readonly id: string;
  readonly path: string;
  readonly title: string;
  readonly element: ReactElement;
  readonly icon?: IconElement;
  readonly routeRef?: RouteRef;
}

interface AttachmentPoint {
  readonly id: string;
  readonly input: string;
}

/** What the API package makes of an extension (0.18.1, `resolveExtensionDefinition`), as far as it is read. */
interface AttachedExtension {
  readonly id: string;
  readonly attachTo: AttachmentPoint | readonly AttachmentPoint[];
  readonly disabled: boolean;
  readonly inputs: Readonly<Record<string, { readonly config: { readonly singleton?: boolean } }>>;
  factory(context: {
    readonly node: AppNode;
    readonly config: object;
    readonly inputs: Readonly<Record<string, unknown>>;
  }): Iterable<ExtensionDataValue<unknown, string>>;
}

interface FeatureInternals {
  readonly pluginId: string;
  readonly extensions: readonly AttachedExtension[];
}

interface Instance {
  readonly node: AppNode;
  get<T>(ref: ExtensionDataRef<T>): T | undefined;
}

const ROUTES: AttachmentPoint = { id: "app/routes", input: "routes" };

/** The pages of all plugins, with what modules add to them, in the plugins' order. */
export function pagesOf(features: readonly FrontendFeature[]): Page[] {
  const plugins = new Map(
    features.filter(isPlugin).map((plugin) => [plugin.pluginId, plugin] as const),
  );
  const extensions = features.flatMap((feature) => {
    const { pluginId, extensions } = feature as unknown as FeatureInternals;
    const plugin = plugins.get(pluginId);
    return plugin ? extensions.map((extension) => ({ extension, plugin })) : [];
  });

  function attached(point: AttachmentPoint): Instance[] {
    return extensions
      .filter(({ extension }) => !extension.disabled && isAttached(extension, point))
      .map(({ extension, plugin }) => instantiate(extension, plugin));
  }

  function instantiate(extension: AttachedExtension, plugin: FrontendPlugin): Instance {
    const data = new Map<string, unknown>();
    const get = <T>(ref: ExtensionDataRef<T>): T | undefined => data.get(ref.id) as T | undefined;
    const spec = { id: extension.id, plugin, extension, attachTo: extension.attachTo };
    const instance = { getData: get, getDataRefs: () => [] };
    const node = { spec, edges: { attachments: new Map() }, instance } as unknown as AppNode;
    const inputs = Object.entries(extension.inputs).map(([input, { config }]) => {
      const instances = attached({ id: extension.id, input });
      return [input, config.singleton ? instances[0] : instances] as const;
    });
    const values = extension.factory({ node, config: {}, inputs: Object.fromEntries(inputs) });
    for (const { id, value } of values) data.set(id, value);
    return { node, get };
  }

  return attached(ROUTES).flatMap(({ node, get }) => {
    const path = get(coreExtensionData.routePath);
    const element = get(coreExtensionData.reactElement);
    if (path === undefined || !element) return [];
    const { plugin } = node.spec;
    return {
      id: node.spec.id,
      path,
      element,
      title: get(coreExtensionData.title) ?? plugin.title ?? plugin.pluginId,
      icon: get(coreExtensionData.icon) ?? plugin.icon,
      routeRef: get(coreExtensionData.routeRef),
    };
  });
}

function isPlugin(feature: FrontendFeature): feature is FrontendPlugin {
  return feature.$$type === "@backstage/FrontendPlugin";
}

function isAttached({ attachTo }: AttachedExtension, { id, input }: AttachmentPoint): boolean {
  return [attachTo].flat().some((point) => point.id === id && point.input === input);
}
