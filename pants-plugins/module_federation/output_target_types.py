"""Fields that decide what the output of a container looks like: chunks, public files, packages."""

from __future__ import annotations

import os
from typing import Optional

from pants.engine.addresses import Address
from pants.engine.target import InvalidFieldException, StringField
from pants.util.strutil import help_text, softwrap

from module_federation.options import PackageForm, SplitChunks


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


class PublicDirectoryField(StringField):
    alias = "public_directory"
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
