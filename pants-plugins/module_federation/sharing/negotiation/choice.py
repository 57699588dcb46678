"""Which of the registered versions a consumer gets: the runtime's choice, on plain data.

Source of the rules: ``@module-federation/runtime-core`` 2.9.2, ``dist/utils/share``; the function
is named at each rule.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from module_federation.sharing.javascript import strip, to_number
from module_federation.sharing.negotiation.model import UNVERSIONED, Strategy
from module_federation.sharing.runtime_semver import satisfy

_MAX_INDEX = 2**32 - 2


class Copy(NamedTuple):
    """One copy of a shared module: whose it is, and which version it is registered as."""

    container: str
    key: str
    version: str


class Share(NamedTuple):
    """One registered copy and what has become of it: the runtime's ``Shared`` object.

    Attributes:
        copy: What its getter gives.
        scopes: The scopes of the provide, which are those written to when it is loaded.
        owner: The runtime's ``from``: the provider, and after loading the first consumer.
        required: The range of its provide; with ``singleton`` and ``strict`` it fills what a
            consumer in the same container does not say.
        loaded: Somebody has asked for it and got it.
        loading: What the pending or finished request gives; None when nobody asked.
        lib: What consumers get from now on; None before loading. Not always ``copy``: a
            synchronous consumer stores its own copy under an equal version of somebody else.
        is_sync: Its getter gives the module at once.
    """

    copy: Copy
    scopes: tuple[str, ...]
    strategy: Strategy
    eager: bool
    is_sync: bool
    owner: str
    required: str | bool
    singleton: bool
    strict: bool
    loaded: bool = False
    loading: Copy | None = None
    lib: Copy | None = None

    @property
    def is_loaded(self) -> bool:
        """Source: ``isLoaded``."""
        return self.loaded or self.lib is not None

    @property
    def is_loading_or_loaded(self) -> bool:
        """Source: ``isLoadingOrLoaded``."""
        return self.loading is not None or self.is_loaded


class Request(NamedTuple):
    """What a consumer asks for, after its container's own provide has filled the gaps.

    ``owner`` is the name that the messages give the consumer; None when its container provides
    nothing under the key, which the runtime prints as "undefined". ``strategy`` likewise.
    """

    key: str
    required: str | bool | None
    singleton: bool
    strict: bool
    strategy: Strategy | None
    owner: str | None


class UnsatisfiedSingleton(Exception):
    """A strict singleton's version does not fit; the text is what the runtime throws."""


class MissingRange(Exception):
    """The runtime takes apart a range that nobody has named, and stumbles: a ``TypeError``."""


def choose(
    versions: Mapping[str, Share], request: Request, warn: Callable[[str], None]
) -> str | None:
    """The registered version that serves the request; None when none does.

    ``versions`` are the copies of the request's key in one share scope, in the order in which
    they were registered; it must not be empty. A singleton gets the preferred version, fitting or
    not. Any other consumer gets the preferred version if it fits, else the first registered one
    that fits, not the highest; ``strictVersion`` is not consulted for it.

    Source: ``defaultResolver`` in ``getRegisteredShare``.

    Raises:
        UnsatisfiedSingleton: the singleton is strict and the preferred version does not fit.
        MissingRange: no range is named, for something that is no singleton.
    """
    preferred = preferred_version(versions, request.strategy)
    required = request.required
    if request.singleton:
        if isinstance(required, str) and not _satisfies(preferred, required):
            provider = versions[preferred].owner if preferred else ""
            message = (
                f"Version {preferred} from {provider} of shared singleton module "
                f"{request.key} does not satisfy the requirement of "
                f"{request.owner or 'undefined'} which needs {required})"
            )
            if request.strict:
                raise UnsatisfiedSingleton(message)
            warn(message)
        return preferred
    if required is False or required == "*" or _fits(preferred, required):
        return preferred
    return next((each for each in object_keys(versions) if _fits(each, required)), None)


def preferred_version(versions: Mapping[str, Share], strategy: Strategy | None) -> str:
    """The version that a consumer's strategy prefers, before its range is looked at.

    ``version-first``, and no strategy: the highest one, but once a copy is loaded no version that
    is registered *after* it wins any more. ``loaded-first``: the highest of those that are loaded
    or being loaded, else the highest.

    Source: ``findSingletonVersionOrderByVersion``, ``findSingletonVersionOrderByLoaded``.
    """
    if strategy is Strategy.LOADED_FIRST:

        def is_better(current: str, candidate: str) -> bool:
            is_ready = versions[candidate].is_loading_or_loaded
            if is_ready != versions[current].is_loading_or_loaded:
                return is_ready
            return is_not_greater(current, candidate)
    else:

        def is_better(current: str, candidate: str) -> bool:
            return not versions[current].is_loaded and is_not_greater(current, candidate)

    return _find_version(object_keys(versions), is_better)


def own_preference(shares: Iterable[Share]) -> Share | None:
    """The provide of a container's own that fills the gaps of its consumers' requests.

    Of two provides with one version the last one counts.

    Source: ``defaultResolver`` in ``getTargetSharedOptions``.
    """
    versions = {share.copy.version: share for share in shares}
    if not versions:
        return None
    return versions[preferred_version(versions, Strategy.VERSION_FIRST)]


def _find_version(versions: Iterable[str], is_better: Callable[[str, str], bool]) -> str:
    """Source: ``findVersion``."""
    preferred = ""
    for version in versions:
        if not preferred or is_better(preferred, version) or preferred == UNVERSIONED:
            preferred = version
    return preferred


@lru_cache(maxsize=65536)
def is_not_greater(left: str, right: str) -> bool:
    """Whether the runtime holds ``left`` for less than, or equal to, ``right``.

    One or two numbers are filled up with zeros; what is no version is less than nothing.

    Source: ``versionLt``, which despite its name says "or equal".
    """
    return satisfy(_fill_up(left), f"<={_fill_up(right)}")


def _fill_up(version: str) -> str:
    if math.isnan(to_number(strip(version))):
        return version
    return version + ".0" * (2 - version.count("."))


def _fits(version: str, required: str | bool | None) -> bool:
    if isinstance(required, str):
        return _satisfies(version, required)
    # ``satisfy`` looks at the range only when the version is one at all.
    if _satisfies(version, "*"):
        raise MissingRange
    return False


_satisfies = lru_cache(maxsize=65536)(satisfy)


def object_keys(names: Iterable[str]) -> list[str]:
    """``Object.keys`` of an object whose properties were added in this order.

    Those that look like array indices come first, in ascending order.
    Source: ECMA-262, ``OrdinaryOwnPropertyKeys`` (10.1.11.1).
    """
    keys = list(names)
    if not any(map(_is_index, keys)):
        return keys
    return sorted(filter(_is_index, keys), key=int) + [key for key in keys if not _is_index(key)]


def _is_index(name: str) -> bool:
    is_number = name.isdigit() and name.isascii()
    return is_number and (name == "0" or name[0] != "0") and int(name) <= _MAX_INDEX


def is_greater_name(left: str, right: str) -> bool:
    """JavaScript's ``left > right`` for two texts: by UTF-16 code units."""
    if left.isascii() or right.isascii():
        return left > right
    return left.encode("utf-16-be", "surrogatepass") > right.encode("utf-16-be", "surrogatepass")
