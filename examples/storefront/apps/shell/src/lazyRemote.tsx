import { Suspense, lazy } from "react";
import type { ComponentType } from "react";

import { RemoteBoundary } from "./RemoteBoundary";

/**
 * A component that is fetched from a remote when it is first shown. While it loads, nothing is shown
 * in its place; when it cannot be had, a short notice is, and the rest of the page goes on working.
 */
export function lazyRemote<Props extends object>(
  name: string,
  load: () => Promise<{ default: ComponentType<Props> }>,
): ComponentType<Props> {
  const Remote = lazy(load) as unknown as ComponentType<Props>;
  return function RemoteComponent(props: Props) {
    return (
      <RemoteBoundary name={name}>
        <Suspense fallback={<span className="shell-loading" role="status" aria-label="Loading" />}>
          <Remote {...props} />
        </Suspense>
      </RemoteBoundary>
    );
  };
}
