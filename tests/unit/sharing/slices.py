"""Slices of a cart remote over the react shop, with what a test wants to be different."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

from module_federation.sharing.findings import Finding
from module_federation.sharing.install_index import InstallIndex
from module_federation.sharing.policy import (
    ContainerKind,
    effective_policy,
    parse_policy,
    target_layer,
)
from module_federation.sharing.share_slice import ShareSlice
from module_federation.sharing.slice import compute_slice
from module_federation.sharing.usage import (
    ContainerFacts,
    ContainerUse,
    Crossing,
    FederationUse,
    PageUse,
    Usage,
    UsedRequest,
)
from unit.sharing.installs import react_shop

CART = ContainerFacts("shop__cart", ContainerKind.REMOTE, "apps/cart:remote", "web")


def used(
    request: str,
    folder: str = "apps/cart",
    workspace_dir: Optional[str] = None,
    *,
    file: str = "src/a.tsx",
    deferred: bool = False,
) -> UsedRequest:
    """One import, in line 3 of a file in a folder of the project."""
    parts = request.split("/")
    name = "/".join(parts[: 2 if request.startswith("@") else 1])
    return UsedRequest(name, request, f"web/{folder}/{file}", 3, folder, workspace_dir, deferred)


USAGE = (
    used("react"),
    used("react/jsx-runtime"),
    used("react/jsx-runtime", "libs/ui"),
    used("react-router"),
    used("date-fns", "libs/ui"),
    used("@shop/ui", workspace_dir="libs/ui"),
    used("@shop/ui/theme.css", workspace_dir="libs/ui"),
    used("@shop/ui/look", workspace_dir="libs/ui"),
)


def sliced(
    *requests: UsedRequest,
    policy: str = "",
    shared: Optional[dict[str, Any]] = None,
    installed: Optional[InstallIndex] = None,
    others: frozenset[str] = frozenset(),
    crossings: tuple[Crossing, ...] = (),
    reached: Mapping[str, tuple[str, ...]] = {},
    lines: Mapping[tuple[str, str, str], int] = {},
) -> ShareSlice:
    """What the cart shares.

    Args:
        others: What another container of the same page imports.
        reached: File → the way to it from an entry.
        lines: (folder, section, name) → line in the folder's ``package.json``.
    """
    return compute_slice(
        CART,
        Usage(requests or USAGE, crossings),
        installed or react_shop(),
        effective_policy(
            parse_policy(policy.encode(), "sharing.toml"),
            target_layer(shared, CART.address) if shared else None,
        ),
        FederationUse(
            (
                PageUse.of(
                    [
                        ContainerUse(
                            CART.name, frozenset(each.package for each in requests or USAGE)
                        ),
                        ContainerUse("shop__account", others),
                    ]
                ),
            )
        ),
        manifest_lines=lambda *place: lines.get(place),
        chains=lambda file: reached.get(file, (file,)),
    )


def found(result: ShareSlice, code: str) -> Finding:
    """The one finding of a kind."""
    (finding,) = [each for each in result.findings if each.code == code]
    return finding
