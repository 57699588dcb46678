"""Fields that say how a container is built, and what its output looks like."""

from __future__ import annotations

import os
from typing import (
    ClassVar,
    Optional,
)

from pants.core.goals.package import (
    OutputPathField,
)
from pants.engine.addresses import (
    Address,
)
from pants.engine.target import (
    AsyncFieldMixin,
    InvalidFieldException,
    SecondaryOwnerMixin,
    StringField,
)
from pants.source.filespec import Filespec
from pants.util.strutil import (
    help_text,
    softwrap,
)

from module_federation.options import (
    Bundler,
    Mode,
    PackageForm,
    SourceMaps,
    SplitChunks,
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


class PublicDirectoryField(StringField, AsyncFieldMixin, SecondaryOwnerMixin):
    alias = "public_directory"
    #: What is copied in packages with a `backstage.role` where the field is not given.
    CONVENTIONAL: ClassVar[str] = "public"
    help = help_text(
        """
        A folder of the package whose files are copied beside the bundle as they are. Defaults to
        `public` in packages with a `backstage.role`, as far as it exists, else to none; an empty
        text is none. A page in it (`index.html`) is not copied: a host's is named by `html`.

        Example: `public_directory="static"`
        """
    )

    @classmethod
    def compute_value(cls, raw_value: Optional[str], address: Address) -> Optional[str]:
        value = super().compute_value(raw_value, address)
        if not value:
            return value
        normal = os.path.normpath(value)
        if os.path.isabs(value) or normal == "." or normal.startswith(".."):
            raise InvalidFieldException(
                softwrap(
                    f"""
                    The `{cls.alias}` field of {address} is {value!r}, which is no folder of the
                    package. Write one relative to its `package.json`, such as "public".
                    """
                )
            )
        return normal

    @property
    def filespec(self) -> Filespec:
        """What Pants takes for files of the target, as `--changed-since` asks. Whether the default
        folder is copied, the package's role decides; that is not known here."""
        folder = self.CONVENTIONAL if self.value is None else self.value
        if not folder:
            return {"includes": []}
        return {"includes": [os.path.join(self.address.spec_path, folder, "**")]}


class SplitChunksField(StringField):
    alias = "split_chunks"
    valid_choices = SplitChunks
    help = help_text(
        """
        Which installed packages come in one file. `automatic`: the bundler decides, by what is
        loaded together. `by-package`: each package of more than 100 kB has a chunk of its own,
        named after it, so does each shared one, and all others are in one chunk `vendor`; a new
        version of one package then leaves the other files as they are in browsers' caches.

        Defaults to `by-package` for remotes in packages with a `backstage.role`, as Backstage
        builds them, else to `automatic`.

        Example: `split_chunks="by-package"`
        """
    )


class PackageFormField(StringField):
    alias = "package_form"
    default = PackageForm.FOLDER.value
    valid_choices = PackageForm
    value: str
    help = help_text(
        """
        What `package` makes of this remote.

        `folder`: the bundle's files, for any static server.

        `dynamic-plugin`: a `package.json` and the bundle in `dist`, as Backstage's dynamic features
        service finds plugins below its `dynamicPlugins.rootDirectory`.

        `bundle`: the same as a package to hand on: with the package's whole `package.json`, its
        README and license, as `backstage-cli package bundle` makes it.

        The last two are written to `dist/dynamic-plugins/<package>` by default. See
        `docs/backstage-remotes.md`.

        Example: `package_form="dynamic-plugin"`
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
