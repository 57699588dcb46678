"""Whether a module's default export is a Backstage feature, as far as its code tells.

Backstage's own build asks a type checker for the property ``$$type`` of the default export's type
(@backstage/cli-module-build 0.1.8, ``getEntryPointDefaultFeatureType``). Here the default export is
followed through imports and re-exports to the call that makes it: features come out of a few
functions of Backstage's packages, which are listed below.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Mapping, Optional, Tuple, Union

from module_federation.backstage.module_exports import (
    Called,
    Definition,
    FileExports,
    Function,
    Imported,
    Member,
    ObjectLiteral,
    Value,
)
from module_federation.module_graph.resolution import FileModule, PackageModule, Resolution

PLUGIN = "@backstage/FrontendPlugin"
MODULE = "@backstage/FrontendModule"
LOADER = "@backstage/FrontendFeatureLoader"
BACKEND = "@backstage/BackendFeature"
EXTENSION = "@backstage/ExtensionDefinition"

#: What applications of the new front-end system take as a feature.
#: Source: @backstage/frontend-plugin-api 0.18.1, types `FrontendFeature`, `FrontendFeatureLoader`.
#: The last one is what plugins were called before 0.9.
FEATURES = frozenset((PLUGIN, MODULE, LOADER, "@backstage/BackstagePlugin"))
#: Of these, what Backstage's `dynamicFrontendFeaturesLoader` passes on
#: (@backstage/frontend-dynamic-feature-loader, `loader.ts`).
LOADED_BY_BACKSTAGE = frozenset((PLUGIN, MODULE))

LEGACY = "a plugin of the legacy front-end system"
#: (package, function) → the `$$type` of what it returns, or in words what else that is.
FACTORIES: Mapping[Tuple[str, str], str] = {
    ("@backstage/frontend-plugin-api", "createFrontendPlugin"): PLUGIN,
    ("@backstage/frontend-plugin-api", "createFrontendModule"): MODULE,
    ("@backstage/frontend-plugin-api", "createFrontendFeatureLoader"): LOADER,
    ("@backstage/frontend-plugin-api", "createPlugin"): "@backstage/BackstagePlugin",
    ("@backstage/frontend-plugin-api", "createExtension"): EXTENSION,
    ("@backstage/frontend-plugin-api", "createExtensionOverrides"): "@backstage/ExtensionOverrides",
    ("@backstage/frontend-plugin-api", "createApiRef"): "@backstage/ApiRef",
    ("@backstage/frontend-plugin-api", "createRouteRef"): "@backstage/RouteRef",
    ("@backstage/core-compat-api", "convertLegacyPlugin"): PLUGIN,
    ("@backstage/core-plugin-api", "createPlugin"): LEGACY,
    ("@backstage/core-plugin-api", "createApiRef"): "an API reference",
    ("@backstage/core-plugin-api", "createRouteRef"): "a route reference",
    ("@backstage/backend-plugin-api", "createBackendPlugin"): BACKEND,
    ("@backstage/backend-plugin-api", "createBackendModule"): BACKEND,
    ("@backstage/backend-plugin-api", "createBackendFeatureLoader"): BACKEND,
    ("@backstage/backend-plugin-api", "createServiceFactory"): BACKEND,
}
#: Methods of features that return a feature of the same type.
SAME_TYPE = frozenset(("withOverrides",))
#: Methods of extension blueprints, whatever they are called.
BLUEPRINT_METHODS = frozenset(("make", "makeWithOverrides"))


@dataclass(frozen=True)
class Feature:
    """The default export is a feature, of this ``$$type``."""

    type: str


@dataclass(frozen=True)
class NoFeature:
    """It is none: what it is, as a clause about ``file`` (``has no default export``)."""

    file: str
    because: str


@dataclass(frozen=True)
class Undecided:
    """Its code does not tell: a clause about ``file``."""

    file: str
    because: str


@dataclass(frozen=True)
class Unread:
    """It can be told when this file has been read."""

    file: str


Verdict = Union[Feature, NoFeature, Undecided, Unread]
Resolve = Callable[[str, str], Resolution]
"""(importing file, request) → what the request means."""


def default_export(file: str, known: Mapping[str, FileExports], resolve: Resolve) -> Verdict:
    """What the default export of a file is.

    Args:
        file: Repository path.
        known: The files that have been read. With the answer ``Unread``, read that one, too.
    """
    return _Search(known, resolve).export(file, "default", frozenset())


@dataclass(frozen=True)
class _Search:
    known: Mapping[str, FileExports]
    resolve: Resolve

    def export(self, file: str, name: str, seen: frozenset[Tuple[str, str]]) -> Verdict:
        """What a file exports under a name; ``seen`` are the exports that led here."""
        found = self._definition(file, name, seen)
        if not isinstance(found, tuple):
            return found
        where, definition = found
        return self._judge(where, definition, seen | {(file, name)})

    def _definition(
        self, file: str, name: str, seen: frozenset[Tuple[str, str]]
    ) -> Union[Verdict, Tuple[str, Definition]]:
        """What stands behind an export, and the file in which that is written."""
        if (file, name) in seen:
            return NoFeature(file, f"exports `{name}` in a circle")
        exports = self.known.get(file)
        if exports is None:
            return Unread(file)
        if exports.error is not None:
            return Undecided(file, f"can't be parsed: {exports.error}")
        definition = exports.exports.get(name)
        if definition is not None:
            return file, definition
        if name == "default":
            return NoFeature(file, "has no default export")
        return self._behind_stars(exports, name, seen | {(file, name)})

    def _behind_stars(
        self, exports: FileExports, name: str, seen: frozenset[Tuple[str, str]]
    ) -> Union[Verdict, Tuple[str, Definition]]:
        outside = None
        for request in exports.stars:
            target = self.resolve(exports.path, request)
            if not isinstance(target, FileModule):
                outside = outside or request
                continue
            found = self._definition(target.path, name, seen)
            if not isinstance(found, NoFeature):
                return found
        if outside is not None:
            return Undecided(exports.path, f"may have `{name}` from `{outside}`")
        return NoFeature(exports.path, f"does not export `{name}`")

    def _judge(
        self, file: str, definition: Definition, seen: frozenset[Tuple[str, str]]
    ) -> Verdict:
        if isinstance(definition, Imported):
            return self._imported(file, definition, seen)
        if isinstance(definition, Called):
            return self._called(file, definition.callee, seen)
        if isinstance(definition, ObjectLiteral):
            return _object(file, definition)
        if isinstance(definition, Function):
            return NoFeature(file, "exports a function there, not what it returns")
        if isinstance(definition, Value):
            return NoFeature(file, f"exports {definition.what} there")
        if isinstance(definition, Member):
            return self._member(file, definition, seen)
        return Undecided(file, f"exports {definition.what} there")

    def _imported(
        self, file: str, definition: Imported, seen: frozenset[Tuple[str, str]]
    ) -> Verdict:
        if definition.name == "*":
            return NoFeature(file, f"exports all of `{definition.request}` as one object")
        target = self.resolve(file, definition.request)
        if isinstance(target, FileModule):
            return self.export(target.path, definition.name, seen)
        what = "comes from the package" if isinstance(target, PackageModule) else "is imported from"
        return Undecided(file, f"exports what {what} `{definition.request}`")

    def _called(self, file: str, callee: Definition, seen: frozenset[Tuple[str, str]]) -> Verdict:
        made = _factory(callee)
        if made is not None:
            return _made(file, made)
        if isinstance(callee, Member):
            if callee.name in SAME_TYPE:
                return self._judge(file, callee.object, seen)
            if callee.name in BLUEPRINT_METHODS:
                return _made(file, EXTENSION)
            return Undecided(file, f"exports what a method `{callee.name}` returns")
        if isinstance(callee, Function):
            return self._returned(file, callee, seen)
        if isinstance(callee, Imported) and callee.name != "*":
            target = self.resolve(file, callee.request)
            if isinstance(target, FileModule):
                return self._called_elsewhere(target.path, callee.name, seen)
            return Undecided(file, f"exports what `{callee.name}` of `{callee.request}` returns")
        return Undecided(file, "exports what a call returns")

    def _called_elsewhere(self, file: str, name: str, seen: frozenset[Tuple[str, str]]) -> Verdict:
        """What a first-party function returns that another file calls."""
        found = self._definition(file, name, seen)
        if not isinstance(found, tuple):
            return found
        where, function = found
        return self._called(where, function, seen | {(file, name)})

    def _returned(self, file: str, function: Function, seen: frozenset[Tuple[str, str]]) -> Verdict:
        if function.returns is None:
            return Undecided(file, "exports what a function returns in one of several ways")
        return self._judge(file, function.returns, seen)

    def _member(self, file: str, member: Member, seen: frozenset[Tuple[str, str]]) -> Verdict:
        if isinstance(member.object, Imported) and member.object.name == "*":
            whole = Imported(member.object.request, member.name)
            return self._imported(file, whole, seen)
        return Undecided(file, f"exports the property `{member.name}` of an object")


def _factory(callee: Definition) -> Optional[str]:
    """What a function of one of Backstage's packages returns."""
    if isinstance(callee, Member) and isinstance(callee.object, Imported):
        if callee.object.name != "*":
            return None
        return FACTORIES.get((_package(callee.object.request), callee.name))
    if isinstance(callee, Imported):
        return FACTORIES.get((_package(callee.request), callee.name))
    return None


def _package(request: str) -> str:
    """``@backstage/frontend-plugin-api/alpha`` → the package's name."""
    return "/".join(request.split("/")[: 2 if request.startswith("@") else 1])


def _made(file: str, made: str) -> Verdict:
    if made in FEATURES:
        return Feature(made)
    if made == BACKEND:
        return NoFeature(file, "exports a feature for the backend there, which runs in Node.js")
    return NoFeature(file, f"exports {_words(made)} there, which is no feature by itself")


def _words(made: str) -> str:
    return f"something of type `{made}`" if made.startswith("@") else made


def _object(file: str, literal: ObjectLiteral) -> Verdict:
    if literal.type is not None:
        return _made(file, literal.type)
    if literal.open:
        return Undecided(file, "exports an object with a spread there")
    return NoFeature(file, "exports an object without `$$type` there")
