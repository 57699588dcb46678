"""A gallery federation in a browser: drives its panels, and reads what the page has made of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Optional, Tuple, Union

from playwright.sync_api import Browser

from browser.recorded_page import RecordedPage, recorded_page
from browser.static_server import serve
from gallery.site import Site

_SCRIPT = Path(__file__).with_name("page_script.js")
_NOT_LOADED = "RUNTIME-008"


@dataclass(frozen=True)
class Want:
    """A container imports a shared module; its panel must have it among its `wants`."""

    container: str
    request: str


@dataclass(frozen=True)
class Open:
    """A container imports a module of a remote: its panel, if nothing else is said."""

    container: str
    remote: str
    module: str = "Panel"


Step = Union[Want, Open]
CopyOf = Tuple[str, str, str]
"""Whose copy of a shared module it is: container, share key, version."""


@dataclass(frozen=True)
class Got:
    """What came of a step.

    :param error: as the model names it, or the text of an error without a name.
    :param copy: the copy that a `Want` was given.
    :param warnings: what the runtime logged meanwhile, without its prefix.
    """

    copy: Optional[CopyOf]
    error: Optional[str]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Registered:
    """One version in a share scope. `lib` is the container whose copy is handed out from now on."""

    version: str
    owner: str
    loaded: bool
    lib: Optional[str]


Scopes = Mapping[str, Mapping[str, Mapping[str, Tuple[Registered, ...]]]]
"""Container → share scope → key → what is registered, in the runtime's own order."""


@dataclass(frozen=True)
class Observed:
    """What a page has shown.

    :param outcomes: one for each step.
    :param needs: (container, request) → the copy that a panel got by an `import … from`.
    :param scopes: the share scopes at the end, as each container that runs sees them.
    :param values: JavaScript → what it said at the end.
    :param problems: everything that went wrong on the page, one line each.
    """

    outcomes: tuple[Got, ...]
    needs: Mapping[tuple[str, str], CopyOf]
    scopes: Scopes
    problems: tuple[str, ...] = ()
    values: Mapping[str, object] = field(default_factory=dict)


@contextmanager
def gallery_page(
    browser: Browser,
    site: Site,
    *,
    arrival: Sequence[str] = (),
    offline: Sequence[str] = (),
) -> Iterator[RecordedPage]:
    """The host's page, open and started.

    :param arrival: the order in which entries arrive that are on their way at the same time.
    :param offline: remotes that cannot be loaded.
    """
    script = _SCRIPT.read_text()
    script = script.replace("__ARRIVAL__", json.dumps(arrival))
    host = site.description.host
    with serve(site.dist) as url, recorded_page(browser, url, init_script=script) as recorded:
        for name in offline:
            folder = site.description.app(name).output
            recorded.page.route(f"**/{folder}/**", lambda route: route.abort())
        recorded.page.goto(f"{url}{host.output}/")
        yield recorded


def observe(
    browser: Browser,
    site: Site,
    steps: Sequence[Step],
    *,
    arrival: Sequence[str] = (),
    offline: Sequence[str] = (),
    scripts: Iterable[str] = (),
) -> Observed:
    """Plays a load order on a fresh page, then evaluates some JavaScript.

    Without steps the host need not start: only what goes wrong is of interest then.
    """
    with gallery_page(browser, site, arrival=arrival, offline=offline) as recorded:
        page = recorded.page
        if not steps:
            page.wait_for_load_state("networkidle")
            return Observed((), {}, {}, tuple(recorded.problems))
        page.wait_for_function(f"gallery[{site.description.host.name!r}]")
        told = [page.evaluate("galleryTest.step", _as_json(step)) for step in steps]
        report = page.evaluate("galleryTest.report")
        return Observed(
            tuple(
                Got(
                    copy and _copy(copy),
                    _failure(each.get("error")),
                    tuple(_without_prefix(text) for text in each["warnings"]),
                )
                for each, copy in zip(told, report["got"])
            ),
            {
                (container, request): _copy(copy)
                for container, needs in report["needs"]
                for request, copy in needs
            },
            {
                container: {
                    scope: {
                        key: tuple(
                            Registered(each["version"], each["from"], each["loaded"], each["lib"])
                            for each in versions
                        )
                        for key, versions in keys
                    }
                    for scope, keys in scopes
                }
                for container, scopes in report["scopes"]
            },
            tuple(recorded.problems),
            {script: page.evaluate(script) for script in scripts},
        )


def _as_json(step: Step) -> dict[str, str]:
    if isinstance(step, Want):
        return {"kind": "wants", "container": step.container, "request": step.request}
    return {"kind": "doors", "container": step.container, "request": f"{step.remote}/{step.module}"}


def _copy(owner: Mapping[str, str]) -> CopyOf:
    return owner["container"], owner["key"], owner["version"]


def _without_prefix(text: str) -> str:
    return re.sub(r"^\[ Federation Runtime \]:? ", "", text)


def _failure(error: Optional[str]) -> Optional[str]:
    """An error as the model names it: by the runtime's code where it has one."""
    if error is None:
        return None
    text = _without_prefix(error)
    code = re.search(r"RUNTIME-\d{3}", text)
    if code:
        return "offline" if code[0] == _NOT_LOADED else code[0]
    if text.startswith("Cannot read properties of undefined (reading 'split')"):
        return "TypeError"
    return text
