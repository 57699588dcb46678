"""The target that stands for a remote which another repository builds."""

from __future__ import annotations

from pants.engine.addresses import Address
from pants.engine.target import (
    COMMON_TARGET_FIELDS,
    Dependencies,
    InvalidFieldException,
    SingleSourceField,
    StringField,
    Target,
)
from pants.util.strutil import help_text, softwrap


class ExternalRemoteDependenciesField(Dependencies):
    """None are inferred: nothing of the remote's code is here."""


class ContractField(SingleSourceField):
    alias = "contract"
    required = True
    expected_file_extensions = (".json",)
    help = help_text(
        """
        The remote's `mf-contract.json`, or its plain `mf-manifest.json`, checked in, relative to
        the BUILD file. It says what the remote is called, shares and exposes. A manifest does not
        tell all that a contract does; what is missing is assumed, see `docs/contract.md`.

        Example: `contract="contracts/reviews.json"`
        """
    )


class ExternalEntryField(StringField):
    alias = "entry"
    required = True
    value: str
    help = help_text(
        """
        The address of the remote's `mf-manifest.json` (or `remoteEntry.js`) in the browser.

        Example: `entry="https://reviews.example.com/mf-manifest.json"`
        """
    )

    @classmethod
    def compute_value(cls, raw_value: str | None, address: Address) -> str:
        value = super().compute_value(raw_value, address) or ""
        if not value.startswith(("https://", "http://", "/", "./", "../")):
            raise InvalidFieldException(
                softwrap(
                    f"""
                    The `{cls.alias}` field of {address} is {value!r}, which is no address a browser
                    can load from. Write a URL ("https://reviews.example.com/mf-manifest.json"), a
                    path from the server's root ("/reviews/mf-manifest.json"), or one relative to
                    the folder of the container that loads it.
                    """
                )
            )
        return value


class FederatedExternalRemoteTarget(Target):
    alias = "federated_external_remote"
    core_fields = (
        *COMMON_TARGET_FIELDS,
        ExternalRemoteDependenciesField,
        ContractField,
        ExternalEntryField,
    )
    help = help_text(
        """
        A remote that another repository builds: an address, and a contract that says what it
        shares and exposes, so that it can be planned and checked with the containers of this one.
        It can stand in the `remotes` of hosts and remotes, and is never built.

        Example:

            federated_external_remote(
                name="reviews",
                contract="contracts/reviews.json",
                entry="https://reviews.example.com/mf-manifest.json",
            )
        """
    )
