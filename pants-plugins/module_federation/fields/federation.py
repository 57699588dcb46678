"""Fields that say what a container is called, what it exposes, and whom it loads."""

from __future__ import annotations

import os
import re
from typing import (
    Any,
    Dict,
    Iterable,
    Mapping,
    Optional,
    Tuple,
    Union,
)

from pants.engine.addresses import (
    Address,
    UnparsedAddressInputs,
)
from pants.engine.target import (
    DictStringToStringField,
    InvalidFieldException,
    SpecialCasedDependencies,
    StringField,
)
from pants.util.frozendict import (
    FrozenDict,
)
from pants.util.strutil import (
    help_text,
    softwrap,
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
