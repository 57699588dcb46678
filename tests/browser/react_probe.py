"""Counts the copies of React and of its renderers that run in a page, without the page's help."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page

# React (`react/index.js`) and its renderer (`react-dom/client`) each ask once, while they start,
# for the symbol "react.forward_ref", in React 19.3.1 and 18.3.1; nothing else in the examples does.
# A renderer introduces itself to the developer tools' hook, together with the internals of the
# React that it works with.
SCRIPT = """(() => {
  const probe = { starts: 0, renderers: [] };
  const symbolFor = Symbol.for;
  Symbol.for = (key) => {
    probe.starts += key === "react.forward_ref" ? 1 : 0;
    return symbolFor(key);
  };
  globalThis.__REACT_DEVTOOLS_GLOBAL_HOOK__ = {
    isDisabled: false,
    supportsFiber: true,
    renderers: new Map(),
    checkDCE() {},
    inject(renderer) { return probe.renderers.push(renderer); },
    onScheduleFiberRoot() {},
    onCommitFiberRoot() {},
    onPostCommitFiberRoot() {},
    onCommitFiberUnmount() {},
  };
  globalThis.__REACT_PROBE__ = probe;
})()"""

_READ = """() => {
  const { starts, renderers } = __REACT_PROBE__;
  // What the renderer introduces itself with, in React 19 and in React 18.
  const dispatcherOf = (react) =>
    react.__CLIENT_INTERNALS_DO_NOT_USE_OR_WARN_USERS_THEY_CANNOT_UPGRADE ??
    react.__SECRET_INTERNALS_DO_NOT_USE_OR_YOU_WILL_BE_FIRED.ReactCurrentDispatcher;
  const shared = new Set(
    __FEDERATION__.__INSTANCES__
      .flatMap(({ shareScopeMap }) => Object.values(shareScopeMap))
      .flatMap(({ react = {} }) => Object.values(react))
      .filter(({ lib }) => lib)
      .map(({ lib }) => dispatcherOf(lib())),
  );
  return {
    copies: starts - renderers.length,
    renderers: renderers.length,
    versions: [...new Set(renderers.map(({ version }) => version))],
    sharedCopies: shared.size,
    rendererUsesShared: renderers.every((renderer) => shared.has(renderer.currentDispatcherRef)),
  };
}"""


@dataclass(frozen=True)
class ReactCount:
    """How many copies of React and of React DOM's client have started in a page."""

    copies: int
    renderers: int
    renderer_versions: tuple[str, ...]
    shared_copies: int
    """How many different Reacts the share scopes have handed out."""
    renderer_uses_shared: bool
    """Whether every renderer works with a React from a share scope."""


def count_react(page: Page) -> ReactCount:
    """Reads the probe. The page must have been opened with `SCRIPT` as its init script."""
    result = page.evaluate(_READ)
    return ReactCount(
        copies=result["copies"],
        renderers=result["renderers"],
        renderer_versions=tuple(result["versions"]),
        shared_copies=result["sharedCopies"],
        renderer_uses_shared=result["rendererUsesShared"],
    )
