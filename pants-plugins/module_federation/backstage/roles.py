"""Roles of Backstage packages (``backstage.role`` in ``package.json``) that can be remotes."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any, Mapping, Optional, Sequence

#: Role → the platform its code runs on. Source: @backstage/cli-node 0.3.4, `packageRoleInfos`.
PLATFORMS: Mapping[str, str] = {
    "frontend": "web",
    "backend": "node",
    "cli": "node",
    "cli-module": "node",
    "web-library": "web",
    "node-library": "node",
    "common-library": "common",
    "frontend-plugin": "web",
    "frontend-plugin-module": "web",
    "frontend-dynamic-container": "web",
    "backend-plugin": "node",
    "backend-plugin-module": "node",
}
#: What the backend's service serves to browsers. Source: @backstage/backend-dynamic-feature-service
#: 0.8.7, `dist/manager/plugin-manager.cjs.js`.
SERVED = ("frontend-dynamic-container", "frontend-plugin", "frontend-plugin-module")
#: What can be built as a remote: all code that runs in browsers and is no application.
REMOTES = ("common-library", *SERVED, "web-library")


class RoleError(ValueError):
    """A role that the package can't have here: what is wrong, and what to do."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem} {remedy}")
        self.problem = problem
        self.remedy = remedy


def role_of(backstage: Any) -> Optional[str]:
    """The role of a package.

    Args:
        backstage: The value of ``backstage`` in its ``package.json``; None where there is none.

    Returns:
        The role, or None for a package that is not Backstage's.

    Raises:
        RoleError: There is a ``backstage`` field, but no role in it, or one that nobody knows.
    """
    if backstage is None:
        return None
    role = backstage.get("role") if isinstance(backstage, dict) else None
    if not isinstance(role, str):
        raise RoleError(
            "The package has a `backstage` field without a `role`.",
            'write the role, such as `"backstage": {"role": "frontend-plugin"}`.',
        )
    if role not in PLATFORMS:
        close = get_close_matches(role, PLATFORMS, n=1)
        guess = f"did you mean `{close[0]}`? " if close else ""
        raise RoleError(
            f"`backstage.role` is `{role}`, which is no role that Backstage knows.",
            f"{guess}Roles of remotes are {_list(REMOTES)}.",
        )
    return role


def check_remote(role: str) -> None:
    """Refuse to take the modules of a package that can't run in a browser for a remote's.

    Raises:
        RoleError: The role is that of an application, or of code for Node.js.
    """
    if role in REMOTES:
        return
    platform = PLATFORMS[role]
    why = "whose code runs in Node.js" if platform == "node" else "which is an application"
    target = "" if platform == "node" else "Make the target a `federated_host`, "
    what = "or say" if target else "Say"
    raise RoleError(
        f"`backstage.role` is `{role}`, {why}: that can't be a remote.",
        f"{target}{what} with `exposes` which modules are for browsers; roles of remotes are "
        f"{_list(REMOTES)}.",
    )


def check_served(role: Optional[str]) -> None:
    """Refuse to lay out a dynamic plugin that Backstage's backend would skip.

    Raises:
        RoleError: The package has no role, or one that is not served to browsers.
    """
    if role in SERVED:
        return
    said = "has no `backstage.role`" if role is None else f"has the `backstage.role` `{role}`"
    raise RoleError(
        f"The package {said}, so Backstage's backend would skip it as a dynamic plugin.",
        f"write one of the roles {_list(SERVED)} into it, or leave out `package_form`.",
    )


def _list(roles: Sequence[str]) -> str:
    return ", ".join(f"`{role}`" for role in roles)
