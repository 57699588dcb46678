"""A federation in a few lines of Python.

Every container is a project of its own unless told otherwise, so that each has its own versions.
What it asks for and whom it loads is written into its panel, a module through which a test drives
the page: `gallery.cart.wants["clsx"]()`, `gallery.cart.doors["shop/Panel"]()`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Optional

TARGET = "app"
"""The name of every container's target."""

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Lib:
    """A workspace package in the project of an app, with one module.

    :param name: of the package and of its folder.
    :param fields: of its `package.json`, besides the name.
    :param nested: package → version that is installed for it alone.
    """

    name: str
    source: str
    fields: Mapping[str, Any] = _NOTHING
    nested: Mapping[str, str] = _NOTHING

    @property
    def manifest(self) -> dict[str, Any]:
        """Its `package.json`."""
        return {
            "name": self.name,
            "version": "1.0.0",
            "private": True,
            "exports": "./src/index.js",
            **self.fields,
        }


@dataclass(frozen=True)
class App:
    """One container and the package that it is built from.

    :param name: of the container and of its folder; the package is `@gallery/<name>`.
    :param installs: package → version that is installed for its project.
    :param ranges: package → the range in `package.json`; the default is `^` and what is installed,
        `""` leaves the package undeclared.
    :param wants: requests that the panel can make, each at any time (`import(…)`).
    :param needs: requests that the panel makes at once (`import … from …`).
    :param remotes: names of the containers that it can load.
    :param doors: modules of remotes that the panel can load, besides the panels of `remotes`.
    :param code: JavaScript to stand at the head of the panel.
    :param shared: the target's `shared` field.
    :param fields: other fields of the target.
    :param libs: other packages of the project; the app depends on all of them.
    :param overrides: the field of its `package.json`.
    :param package: other fields of its `package.json`.
    :param project: the container in whose project it lies; by default it has its own.
    """

    name: str
    is_host: bool
    installs: Mapping[str, str] = _NOTHING
    ranges: Mapping[str, str] = _NOTHING
    wants: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    remotes: tuple[str, ...] = ()
    doors: tuple[str, ...] = ()
    code: str = ""
    shared: Optional[Mapping[str, object]] = None
    fields: Mapping[str, object] = _NOTHING
    libs: tuple[Lib, ...] = ()
    overrides: Mapping[str, str] = _NOTHING
    package: Mapping[str, object] = _NOTHING
    project: Optional[str] = None

    @property
    def folder(self) -> str:
        """Its folder in the repository."""
        return f"{self.project}/libs/{self.name}" if self.project else self.name

    @property
    def address(self) -> str:
        """The target's address."""
        return f"{self.folder}:{TARGET}"

    @property
    def output(self) -> str:
        """Its folder below `dist`."""
        return f"{self.folder.replace('/', '.')}/{TARGET}"

    @property
    def manifest(self) -> dict[str, Any]:
        """Its `package.json`."""
        ranges = {name: f"^{version}" for name, version in self.installs.items()}
        ranges.update({lib.name: "*" for lib in self.libs})
        ranges.update(self.ranges)
        return {
            "name": f"@gallery/{self.name}",
            "version": "1.0.0",
            "private": True,
            "dependencies": {name: ranges[name] for name in sorted(ranges) if ranges[name]},
            **self.package,
        }


@dataclass(frozen=True)
class Description:
    """A federation: the host first.

    :param policy: the repository's policy file.
    """

    apps: tuple[App, ...]
    policy: str = ""

    @property
    def host(self) -> App:
        """The host."""
        return self.apps[0]

    def app(self, name: str) -> App:
        """The container of this name."""
        return next(app for app in self.apps if app.name == name)


def host(name: str = "host", **options: Any) -> App:
    """A host; the options are the attributes of `App`."""
    return App(name, is_host=True, **options)


def remote(name: str, **options: Any) -> App:
    """A remote; the options are the attributes of `App`."""
    return App(name, is_host=False, **options)


def federation(*apps: App, policy: str = "") -> Description:
    """A federation whose first container is the host."""
    return Description(apps, policy)


def clsx(version: str, wanted: str = "", **options: Any) -> dict[str, Any]:
    """Options of an app that has clsx installed and can ask for it at any time.

    :param wanted: the range in its `package.json`, if it is not the usual one.
    """
    ranges = {"clsx": wanted} if wanted else {}
    return {"installs": {"clsx": version}, "ranges": ranges, "wants": ("clsx",), **options}
