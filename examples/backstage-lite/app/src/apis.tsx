import {
  pluginHeaderActionsApiRef,
  routeResolutionApiRef,
  swappableComponentsApiRef,
  type ApiHolder,
  type ApiRef,
  type ErrorDisplayProps,
  type PageLayoutProps,
} from "@backstage/frontend-plugin-api";
import { createVersionedContext, createVersionedValueMap } from "@backstage/version-bridge";
import type { ComponentType, ReactNode } from "react";

import type { Page } from "./miniature";

// Remotes bundle their own copy of Backstage's API packages. They meet in this context, which the
// packages keep in a global, and which is made by the one copy of React.
const ApiContext = createVersionedContext<{ 1: ApiHolder }>("api-context");

/** Gives the pages what they ask Backstage for. */
export function ApiProvider({ pages, children }: { pages: readonly Page[]; children: ReactNode }) {
  const paths = new Map(pages.map((page) => [page.routeRef as unknown, page.path]));
  const apis: Record<string, unknown> = {
    [pluginHeaderActionsApiRef.id]: { getPluginHeaderActions: () => [] },
    [routeResolutionApiRef.id]: {
      resolve: (ref: unknown) => (paths.has(ref) ? () => paths.get(ref) : undefined),
    },
    [swappableComponentsApiRef.id]: {
      getComponent: ({ id }: { id: string }) => COMPONENTS[id] ?? Nothing,
    },
  };
  const holder: ApiHolder = { get: <T,>(ref: ApiRef<T>) => apis[ref.id] as T | undefined };
  return (
    <ApiContext.Provider value={createVersionedValueMap({ 1: holder })}>{children}</ApiContext.Provider>
  );
}

function PageLayout({ title, icon, noHeader, children }: PageLayoutProps) {
  return (
    <article className="page">
      {!noHeader && (
        <header className="page-header">
          <span className="page-icon" aria-hidden>
            {icon}
          </span>
          <h1>{title}</h1>
        </header>
      )}
      {children}
    </article>
  );
}

function ErrorDisplay({ error, resetError }: ErrorDisplayProps) {
  return (
    <div className="notice" role="alert" data-testid="page-error">
      <p>{error.message}</p>
      {resetError && (
        <button type="button" onClick={resetError}>
          Try again
        </button>
      )}
    </div>
  );
}

function Progress() {
  return <p className="progress">Loading…</p>;
}

function Nothing() {
  return null;
}

const COMPONENTS: Readonly<Record<string, ComponentType<never>>> = {
  "core.page-layout": PageLayout,
  "core-progress": Progress,
  "core-error-display": ErrorDisplay,
};
