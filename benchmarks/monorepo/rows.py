"""The rows and columns of tables and plots, in their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: Side → what it is called in print.
LABELS = {
    "turborepo": "Turborepo",
    "nx": "Nx",
    "bare": "bare Rspack",
    "bare-multi": "bare Rspack, one process",
    "pants": "Pants",
}


@dataclass(frozen=True)
class Row:
    """
    :param name: of the figures.
    :param title: in print.
    """

    name: str
    title: str


ROWS: Sequence[Row] = (
    Row("install", "packages installed, downloads at hand"),
    Row("start", "start of the daemon"),
    Row("started", "a call that does nothing, daemon running"),
    Row("cold", "cold, packages installed"),
    Row("unchanged", "nothing changed"),
    Row("deleted", "`dist` deleted"),
    Row("remote", "one remote edited"),
    Row("feature", "a library's file edited that two import"),
    Row("library", "a library edited that all import"),
    Row("bumped", "a package bumped that one reaches"),
    Row("fresh", "fresh machine, warm remote cache"),
    Row("deferred", "the same, `cache_content_behavior=defer`"),
)
