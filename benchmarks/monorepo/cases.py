"""What is measured: each case prepares a side, times one thing, and checks that it was done."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from meter import Measurement, measure, use_of
from npm_sides import Bare, BareMulti, NpmSide, Nx, Turborepo
from pants_side import Pants
from shape import BUMPED, IMPORTERS_OF_A_FEATURE
from sides import Side
from tree import BUMPED_REMOTE, EDITED_FEATURE, EDITED_LIBRARY, EDITED_REMOTE
from workspace import HERE

#: What one call of a case found out: name of the row → measurement.
Found = Mapping[str, Measurement]


@dataclass(frozen=True)
class Case:
    """
    :param sides: the sides that can do it.
    :param take: measures it once: the side, and a text that no call had before.
    :param warm: whether everything has to be built before.
    :param remote: whether it needs a remote cache in which everything is.
    """

    name: str
    title: str
    sides: Sequence[type[Side]]
    take: Callable[[Side, str], Found]
    warm: bool = True
    remote: bool = False


def _cold(side: Side, edition: str) -> Found:
    side.forget()
    found = {"cold": measure(lambda: side.build(side.shape.app_names), side.root)}
    _check_outputs(side)
    return found


def _start(side: Side, edition: str) -> Found:
    assert isinstance(side, (Nx, Pants))
    side.stop()
    return {"start": measure(side.start), "started": measure(side.start)}


def _install(side: Side, edition: str) -> Found:
    if isinstance(side, Pants):
        seconds = side.install()
        return {"install": Measurement(seconds, measure(lambda: None).load)}
    assert isinstance(side, NpmSide)
    side.uninstall()
    return {"install": measure(side.install)}


def _unchanged(side: Side, edition: str) -> Found:
    return {"unchanged": measure(lambda: side.build([]))}


def _deleted(side: Side, edition: str) -> Found:
    side.delete_outputs()
    found = {"deleted": measure(lambda: side.build([]))}
    _check_outputs(side)
    return found


def _edited(case: str, path: str, apps: Callable[[Side], Sequence[str]]) -> Callable[..., Found]:
    def take(side: Side, edition: str) -> Found:
        side.edit(path, edition)
        found = {case: measure(lambda: side.build(apps(side)))}
        for app in apps(side):
            _check_text(side, app, edition)
        return found

    return take


def _bumped(side: Side, edition: str) -> Found:
    """Only the lockfile changes; the range in `package.json` allows both versions."""
    releases = json.loads((HERE / "locks" / "bumped.json").read_text())
    file = side.root / "package-lock.json"
    lock = json.loads(file.read_text())
    entry = lock["packages"][f"node_modules/{BUMPED}"]
    versions = list(releases)
    # Each call takes the next one, so that no cache knows what comes of it.
    version = versions[(versions.index(entry["version"]) + 1) % len(versions)]
    entry.update({"version": version, "integrity": releases[version]})
    file.write_text(json.dumps(lock, indent=2) + "\n")
    side.settle()

    def update() -> None:
        if isinstance(side, NpmSide):
            side.update()
        side.build([BUMPED_REMOTE])

    found = {"bumped": measure(update)}
    _check_text(side, BUMPED_REMOTE, f'"{version}"')
    return found


def _fresh(side: Side, edition: str) -> Found:
    """Another checkout in another folder, with no cache but the remote one and downloads."""

    def build_on_another(row: str, **variables: str) -> Measurement:
        root = side.root.with_name(f"{edition}-{row}") / "checkout"
        machine = type(side)(side.shape, root, side.caches)
        machine.remote = {**side.remote, **variables}
        machine.check_out()
        if isinstance(machine, Pants):
            machine.restart()

        said = ""

        def build() -> None:
            nonlocal said
            if isinstance(machine, NpmSide):
                machine.install()
            said = machine.build([])

        try:
            measurement = measure(build)
            _check_outputs(machine)
            if not machine.all_restored(said):
                sys.exit(f"{side.name} has built again what is in the remote cache:\n{said}")
        finally:
            machine.stop()
            side.discard(root.parent)
        return measurement

    found = {"fresh": build_on_another("fresh")}
    if isinstance(side, Pants):
        found["deferred"] = build_on_another("deferred", PANTS_CACHE_CONTENT_BEHAVIOR="defer")
    return found


def _rest(side: Side, edition: str) -> Found:
    return {"rest": Measurement(0, 0, use_of(side.root))}


def _check_outputs(side: Side) -> None:
    for folder in side.outputs():
        if not (folder / "mf-manifest.json").is_file():
            sys.exit(f"{side.name} has not built {folder}.")


def _check_text(side: Side, app: str, text: str) -> None:
    scripts = side.output_of(app).rglob("*.js")
    if not any(text in script.read_text() for script in scripts):
        sys.exit(f"{side.name} has not built {app} again: {text} is nowhere in its output.")


_ALL = (Turborepo, Nx, Bare, BareMulti, Pants)
_TOOLS = (Turborepo, Nx, Pants)
_ONE_BY_ONE = (Turborepo, Nx, Bare, Pants)

CASES: Sequence[Case] = (
    Case("install", "packages installed, downloads at hand", _TOOLS, _install, warm=False),
    Case("start", "the daemon's start", (Nx, Pants), _start, warm=False),
    Case("cold", "cold, packages installed", _ALL, _cold, warm=False),
    Case("rest", "the daemon at rest", (Nx, Pants), _rest),
    Case("unchanged", "nothing changed", _TOOLS, _unchanged),
    Case("deleted", "`dist` deleted", _TOOLS, _deleted),
    Case(
        "remote",
        "one remote edited",
        _ONE_BY_ONE,
        _edited("remote", EDITED_REMOTE, lambda side: side.shape.remote_names[:1]),
    ),
    Case(
        "feature",
        "a library's file edited that two remotes import",
        _ONE_BY_ONE,
        _edited(
            "feature",
            EDITED_FEATURE,
            lambda side: side.shape.remote_names[:IMPORTERS_OF_A_FEATURE],
        ),
    ),
    Case("bumped", "a package bumped that one remote reaches", _ONE_BY_ONE, _bumped),
    Case(
        "library",
        "a library edited that all import",
        _ALL,
        _edited("library", EDITED_LIBRARY, lambda side: side.shape.app_names),
    ),
    Case(
        "fresh",
        "fresh machine, warm remote cache",
        (Turborepo, Pants),
        _fresh,
        remote=True,
    ),
)
