"""Fields that only hosts have."""

from __future__ import annotations

from typing import (
    ClassVar,
    Tuple,
)

from pants.engine.target import (
    OptionalSingleSourceField,
    SecondaryOwnerMixin,
    StringField,
    TriBoolField,
)
from pants.util.strutil import (
    help_text,
)

from module_federation import file_types
from module_federation.options import (
    HostStyle,
)


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


class HtmlField(OptionalSingleSourceField, SecondaryOwnerMixin):
    alias = "html"
    expected_file_extensions: ClassVar[Tuple[str, ...]] = (".html",)
    help = help_text(
        """
        The page that starts the application, relative to the BUILD file; scripts and styles are
        put into its `<head>`. By default a page with `<div id="root"></div>` is generated.

        Example: `html="src/index.html"`
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
