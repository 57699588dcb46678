"""The targets of a federation: hosts and remotes, and their fields."""

from __future__ import annotations

import os
import re
from typing import Any, ClassVar, Dict, Iterable, Mapping, Optional, Tuple, Union

from pants.core.goals.package import OutputPathField
from pants.core.goals.run import RestartableField
from pants.engine.addresses import Address, UnparsedAddressInputs
from pants.engine.target import (
    COMMON_TARGET_FIELDS,
    Dependencies,
    DictStringToStringField,
    Field,
    InvalidFieldException,
    OptionalSingleSourceField,
    SpecialCasedDependencies,
    StringField,
    StringSequenceField,
    Target,
    TriBoolField,
)
from pants.util.frozendict import FrozenDict
from pants.util.strutil import help_text, softwrap

from module_federation import file_types
from module_federation.options import (
    Bundler,
    HostStyle,
    Mode,
    ShareStrategy,
    SourceMaps,
)
from module_federation.output_target_types import (
    PackageFormField,
    PublicDirectoryField,
    SplitChunksField,
)

# ---------------------------------------------------------------------------------------
# Fields of hosts and remotes
# ---------------------------------------------------------------------------------------


class ContainerDependenciesField(Dependencies):
    help = help_text(
        """
        What else goes into the bundle. The exposed modules, the entry point and all that they
        import are found without being listed here.
        """
    )


class ContainerNameField(StringField):
    alias = "container_name"
    help = help_text(
        """
        The name under which the container registers itself in the browser. It must be unique in
        the repository and be a JavaScript identifier, because it becomes a global variable.

        By default it is made from the package's name: `@acme/cart-page` → `acme__cart_page`.

        Example: `container_name="cart"`
        """
    )


class ExposesField(DictStringToStringField):
    alias = "exposes"
    help = help_text(
        """
        The modules that others can load from this container, as a name starting with `./` and a
        file relative to the BUILD file.

        By default a remote exposes what its `package.json` has under `exports`. In a package with a
        `backstage.role`, that is `.` and what has a Backstage feature as its default export;
        without `exports`, `src/index`.

        Example: `exposes={"./Cart": "src/Cart.tsx", "./Badge": "src/Badge.tsx"}`
        """
    )

    @classmethod
    def compute_value(
        cls, raw_value: Optional[Dict[str, str]], address: Address
    ) -> Optional[FrozenDict[str, str]]:
        value = super().compute_value(raw_value, address)
        for name, file in (value or {}).items():
            if name != "." and not name.startswith("./"):
                raise InvalidFieldException(
                    softwrap(
                        f"""
                        The `{cls.alias}` field of {address} has the name {name!r}, but names of
                        exposed modules start with `./`. Write {f"./{name.lstrip('/.')}"!r}.
                        """
                    )
                )
            if os.path.isabs(file) or os.path.normpath(file).startswith(".."):
                raise InvalidFieldException(
                    softwrap(
                        f"""
                        The `{cls.alias}` field of {address} exposes {name!r} from {file!r}, which
                        is not below the BUILD file. Name a file below
                        `{address.spec_path or "."}`, for example "src/index.tsx".
                        """
                    )
                )
        return value


class RemotesField(SpecialCasedDependencies):
    """A dict from alias to address, or a tuple of addresses where the alias does not matter.

    A `SpecialCasedDependencies`, so that a host depends on its remotes for `dependents` and
    `--changed-since`, but a remote's code is no part of the host's transitive closure.
    """

    alias = "remotes"
    help = help_text(
        """
        The remotes that this container loads at run time, as the name used in imports and the
        remote's address. In a plain list, each remote goes by its container name.

        Example: `remotes={"cart": "apps/cart:remote"}`, and in the code `import("cart/Cart")`.
        """
    )
    value: Optional[Union[FrozenDict[str, str], Tuple[str, ...]]]  # type: ignore[assignment]

    @classmethod
    def compute_value(  # type: ignore[override]
        cls,
        raw_value: Optional[Union[Mapping[str, str], Iterable[str]]],
        address: Address,
    ) -> Optional[Union[FrozenDict[str, str], Tuple[str, ...]]]:
        # Not the base class's, which takes lists only.
        value: Any = raw_value if raw_value is not None else cls.default
        if value is None:
            return None
        if (
            isinstance(value, Mapping)
            and _are_strings(value.keys())
            and _are_strings(value.values())
        ):
            for alias in value:
                cls._check_alias(alias, address)
            return FrozenDict(value)
        if isinstance(value, (list, tuple)) and _are_strings(value):
            return tuple(value)
        raise InvalidFieldException(
            softwrap(
                f"""
                The `{cls.alias}` field of {address} must be a dict from import names to addresses,
                such as `{{"cart": "apps/cart:remote"}}`, or a list of addresses, but it is
                {value!r}.
                """
            )
        )

    @classmethod
    def _check_alias(cls, alias: str, address: Address) -> None:
        if _IMPORT_NAME.match(alias):
            return
        raise InvalidFieldException(
            softwrap(
                f"""
                The `{cls.alias}` field of {address} has the name {alias!r}, which can't be imported
                from. Use a plain name, as in `import("cart/Cart")`.
                """
            )
        )

    @property
    def aliases(self) -> Tuple[Optional[str], ...]:
        """The names used in imports, in the order of `to_unparsed_address_inputs`; `None` where a
        remote goes by its container name."""
        if isinstance(self.value, FrozenDict):
            return tuple(self.value)
        return tuple(None for _ in self.value or ())

    def to_unparsed_address_inputs(self) -> UnparsedAddressInputs:
        value = self.value or ()
        return UnparsedAddressInputs(
            tuple(value.values() if isinstance(value, FrozenDict) else value),
            owning_address=self.address,
            description_of_origin=f"the `{self.alias}` field from the target {self.address}",
        )


#: A package's name, scope and all: what can stand before the slash in `import("cart/Cart")`.
_IMPORT_NAME = re.compile(r"(?:@[^/\s\\]+/)?[^@./\s\\][^/\s\\]*\Z")


def _are_strings(values: Iterable[object]) -> bool:
    return all(isinstance(value, str) for value in values)


class RemotesBaseUrlField(StringField):
    alias = "remotes_base_url"
    help = help_text(
        """
        Where this container finds its remotes: each remote's output path is appended. Defaults to
        `[module-federation].remotes_base_url`, else to the folder that all outputs have in common,
        so that everything in `dist` works side by side on any server.

        Example: `remotes_base_url="https://static.example.com/shop"`
        """
    )

    @classmethod
    def compute_value(cls, raw_value: Optional[str], address: Address) -> Optional[str]:
        value = super().compute_value(raw_value, address)
        if value is not None and not value.startswith(("https://", "http://", "/", "./", "../")):
            raise InvalidFieldException(
                softwrap(
                    f"""
                    The `{cls.alias}` field of {address} is {value!r}, which is no address a
                    browser can load from. Write a URL ("https://static.example.com/shop"), a path
                    from the server's root ("/remotes"), or one relative to this container's folder
                    ("../..").
                    """
                )
            )
        return value


class PresetsField(StringSequenceField):
    """Which names there are is `sharing.policy`'s business."""

    alias = "presets"
    help = help_text(
        """
        Presets of sharing that hold for this container, in place of those that the policy file
        names: where one repository has several federations, each with rules of its own. Later ones
        win over earlier ones; the policy file and `shared` win over all. See `docs/sharing.md`.

        Example: `presets=["backstage"]`
        """
    )


class SharedField(Field):
    """Package → options, `True` or `False`; what they mean is `sharing.policy`'s business."""

    alias = "shared"
    default = None
    value: Optional[FrozenDict[str, Any]]
    help = help_text(
        """
        Exceptions to how packages are shared in this container; the policy file
        (`[module-federation].policy_file`) is the place for rules that hold everywhere. A package
        with `False` is never shared from here.

        Example: `shared={"lodash": {"singleton": True}, "@acme/format": False}`
        """
    )

    @classmethod
    def compute_value(
        cls, raw_value: Optional[Mapping[str, Any]], address: Address
    ) -> Optional[FrozenDict[str, Any]]:
        value = super().compute_value(raw_value, address)
        if value is None:
            return None
        if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
            raise InvalidFieldException(
                softwrap(
                    f"""
                    The `{cls.alias}` field of {address} must be a dict from package names to
                    options, such as `{{"lodash": {{"singleton": True}}}}`, but it is {value!r}.
                    """
                )
            )
        return FrozenDict.deep_freeze(dict(value))


class SilencedFindingsField(DictStringToStringField):
    """What the keys mean is `sharing.finding_policy`'s business."""

    alias = "silenced_findings"
    help = help_text(
        """
        Findings about this container that nobody needs to hear of, each with the reason. A key is a
        finding's code, or a code and a package. The policy file silences findings for all
        containers; see `docs/findings.md`. A silenced finding that does not occur is reported.

        Example: `silenced_findings={"two-copies is-number": "Both are pure functions."}`
        """
    )


class ShareStrategyField(StringField):
    alias = "share_strategy"
    valid_choices = ShareStrategy
    help = help_text(
        """
        When this container asks its remotes for their shared packages: `version-first` at the
        start, before any is used; `loaded-first` only when a remote is loaded. Defaults to
        `version-first`.

        A runtime host's application passes its own strategy to the federation runtime, or none: say
        here which, so that the federation plan knows.

        Example: `share_strategy="loaded-first"`
        """
    )


class ModeField(StringField):
    alias = "mode"
    valid_choices = Mode
    help = help_text(
        """
        `production` (minified) or `development` (readable, with the libraries' development
        builds). Defaults to `[module-federation].mode`.

        Example: `mode="development"`
        """
    )


class BundlerField(StringField):
    alias = "bundler"
    valid_choices = Bundler
    help = help_text(
        """
        What makes the bundle: `rspack`, or `webpack` with the same federation plugin. Sources,
        fields and output are the same with both; hosts and remotes of either load each other. See
        `docs/bundlers.md`. Defaults to `[module-federation].bundler`.

        Example: `bundler="webpack"`
        """
    )


class SourceMapsField(StringField):
    alias = "source_maps"
    default = SourceMaps.OFF.value
    valid_choices = SourceMaps
    value: str
    help = help_text(
        """
        `off`; `hidden` makes source maps but no file names them (for an error tracker); `on` makes
        them and browsers find them.

        Example: `source_maps="hidden"`
        """
    )


class PublicPathField(StringField):
    alias = "public_path"
    default = "auto"
    value: str
    help = help_text(
        """
        The address of this container's own folder in the browser. With `auto` it is found out at
        run time from the address of the loaded script, which suits most servers.

        Example: `public_path="https://static.example.com/shop/cart/"`
        """
    )

    @classmethod
    def compute_value(cls, raw_value: Optional[str], address: Address) -> str:
        value = super().compute_value(raw_value, address) or cls.default
        if value != "auto" and not value.endswith("/"):
            raise InvalidFieldException(
                softwrap(
                    f"""
                    The `{cls.alias}` field of {address} is {value!r}, but file names are appended
                    to it as they are: it must end with `/`. Write {f"{value}/"!r}.
                    """
                )
            )
        return value


class EntryPointField(OptionalSingleSourceField):
    alias = "entry_point"
    expected_file_extensions: ClassVar[Tuple[str, ...]] = file_types.SCRIPTS
    #: Tried in this order when the field is not given.
    CONVENTIONAL: ClassVar[Tuple[str, ...]] = tuple(
        f"src/{stem}{extension}"
        for stem in ("index", "main")
        for extension in (".tsx", ".ts", ".jsx", ".js")
    )
    help = help_text(
        """
        The application's first module, relative to the BUILD file. It may import shared packages
        right away: the asynchronous boundary that the federation runtime needs (elsewhere a
        `bootstrap` file) is generated.

        Defaults to the first of `src/index.tsx`, `.ts`, `.jsx`, `.js`, `src/main.tsx`, ….

        Example: `entry_point="src/index.tsx"`
        """
    )


class HostStyleField(StringField):
    alias = "host_style"
    default = HostStyle.STANDARD.value
    valid_choices = HostStyle
    value: str
    help = help_text(
        """
        Who starts the federation runtime in this host.

        `standard`: the bundler's federation plugin. Code imports remotes by their names, and shared
        packages are taken from the share scope.

        `runtime`: the application itself, with `createInstance` of `@module-federation/runtime`;
        Backstage's way. There is no plugin in the bundle. A module that runs before the application
        publishes the list of shared dependencies: what policy, presets and `shared` name for hosts,
        as far as it is installed. See `docs/runtime-hosts.md`.

        Example: `host_style="runtime"`
        """
    )


class RemotesListField(TriBoolField):
    alias = "remotes_list"
    help = help_text(
        """
        Whether the list of this host's remotes is written beside its page in the form of
        Backstage's dynamic features service, `[{packageName, remoteInfo: {name, entry},
        exposedModules}]`: as `remotes.json`, and as `.backstage/dynamic-features/remotes`, where
        Backstage's loader asks for it. Defaults to true for `host_style="runtime"`, else to false.

        Example: `remotes_list=True`
        """
    )


class HtmlField(OptionalSingleSourceField):
    alias = "html"
    expected_file_extensions: ClassVar[Tuple[str, ...]] = (".html",)
    help = help_text(
        """
        The page that starts the application, relative to the BUILD file; scripts and styles are
        put into its `<head>`. By default a page with `<div id="root"></div>` is generated.

        Example: `html="src/index.html"`
        """
    )


class ContainerOutputPathField(OutputPathField):
    help = help_text(
        """
        The folder below `dist` that the container is written to. Defaults to the path of the BUILD
        file with dots for slashes, followed by the target's name: `apps.cart/remote`. With a
        `package_form` for Backstage, to `dynamic-plugins` and the package's name.

        Example: `output_path="shop/cart"`
        """
    )

    @classmethod
    def compute_value(cls, raw_value: Optional[str], address: Address) -> Optional[str]:
        value = super().compute_value(raw_value, address)
        if value is None:
            return None
        normal = os.path.normpath(value)
        if os.path.isabs(value) or normal in (".", "..") or normal.startswith("../"):
            raise InvalidFieldException(
                softwrap(
                    f"""
                    The `{cls.alias}` field of {address} is {value!r}, which is not a folder below
                    `dist`. Write a relative path such as "shop/cart".
                    """
                )
            )
        return normal


# ---------------------------------------------------------------------------------------
# `federated_host` and `federated_remote`
# ---------------------------------------------------------------------------------------

_CONTAINER_FIELDS = (
    *COMMON_TARGET_FIELDS,
    ContainerDependenciesField,
    ContainerNameField,
    ExposesField,
    RemotesField,
    RemotesBaseUrlField,
    PresetsField,
    SharedField,
    SilencedFindingsField,
    ShareStrategyField,
    ModeField,
    BundlerField,
    SourceMapsField,
    PublicPathField,
    PublicDirectoryField,
    SplitChunksField,
    ContainerOutputPathField,
)


class FederatedRemoteTarget(Target):
    alias = "federated_remote"
    core_fields = (*_CONTAINER_FIELDS, PackageFormField)
    help = help_text(
        """
        A separately built container whose exposed modules a host loads at run time.

        `package` writes `remoteEntry.js`, `mf-manifest.json` and the chunks. Versions and options
        of shared packages are computed from the build graph.

        Example:

            package_json(name="package")
            web_sources()
            federated_remote(name="remote", exposes={"./Cart": "src/Cart.tsx"})
        """
    )


class FederatedHostTarget(Target):
    alias = "federated_host"
    core_fields = (
        *_CONTAINER_FIELDS,
        EntryPointField,
        HostStyleField,
        HtmlField,
        RemotesListField,
        RestartableField,
    )
    help = help_text(
        """
        The application that a browser opens, and that loads remotes at run time.

        `package` writes a folder for any static server: `index.html`, scripts, styles and images,
        and `federation.json`, which lists the remotes. `run` serves it with its remotes.

        Example:

            package_json(name="package")
            web_sources()
            federated_host(
                name="host",
                entry_point="src/index.tsx",
                remotes={"cart": "apps/cart:remote"},
            )
        """
    )
