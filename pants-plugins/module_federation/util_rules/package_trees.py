"""Installed packages, each as a tree of its own.

A sandbox gets its packages as one immutable input each. Pants lays an immutable input out once,
however many sandboxes link to it: so containers that can reach different packages still have the
files of those that they have in common on disk only once, and the store's work is done once.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Iterable

from pants.engine.fs import Digest, DigestSubset, PathGlobs, RemovePrefix
from pants.engine.rules import Get, Rule, collect_rules, rule
from pants.util.frozendict import FrozenDict
from pants.util.logging import LogLevel

from module_federation.engine import concurrently, digest_subset, remove_prefix


@dataclass(frozen=True)
class PackageTreesRequest:
    """
    :param node_modules: what is installed in a project, relative to the project.
    :param root: the project's folder, relative to the build root.
    :param cuts: path of a package in the project → the globs that cut it out; see
        `ReachablePackages.cuts`.
    """

    node_modules: Digest
    root: str
    cuts: FrozenDict[str, tuple[str, ...]]


@dataclass(frozen=True)
class PackageTrees:
    """
    :param by_place: folder of a package, relative to the build root → its content.
    """

    by_place: FrozenDict[str, Digest]


def package_trees(request: PackageTreesRequest) -> Get:
    """Which packages → `PackageTrees`."""
    return Get(PackageTrees, PackageTreesRequest, request)


@rule(desc="Cut out installed packages", level=LogLevel.DEBUG)
async def cut_out_packages(request: PackageTreesRequest) -> PackageTrees:
    """Takes the wanted packages out of an installation."""
    subsets: tuple[Digest, ...] = await concurrently(
        digest_subset(DigestSubset(request.node_modules, PathGlobs(globs)))
        for globs in request.cuts.values()
    )
    contents: tuple[Digest, ...] = await concurrently(
        remove_prefix(RemovePrefix(subset, path)) for path, subset in zip(request.cuts, subsets)
    )
    places = (os.path.join(request.root, path) for path in request.cuts)
    return PackageTrees(FrozenDict(zip(places, contents)))


def rules() -> Iterable[Rule]:
    """The rules of this module."""
    return collect_rules()
