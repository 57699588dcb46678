"""What is found about an entry of the gallery: by its plan, or by the `federation` command."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from gallery.broken import Broken, Deployed
from gallery.description import Description
from gallery.site import Site
from module_federation.cli.main import main
from module_federation.sharing.contract.manifest import MANIFEST_FILE
from module_federation.sharing.contract.writer import CONTRACT_FILE
from module_federation.sharing.findings import Finding, Severity

Sites = Callable[..., Site]
"""A description, and what is built elsewhere → its site, the same one each time."""


def site_of_entry(entry: Broken, sites: Sites) -> Site:
    """The federation of an entry."""
    elsewhere = entry.elsewhere if isinstance(entry, Deployed) else {}
    return sites(entry.description, elsewhere)


def findings_about(entry: Broken, sites: Sites) -> tuple[Finding, ...]:
    """Everything that is found."""
    site = site_of_entry(entry, sites)
    if not isinstance(entry, Deployed):
        return site.findings
    live = sites(entry.live, {}) if entry.live else site
    report = site.dist / f"{entry.code}.json"
    status = main(["check", *_arguments(entry, site, live), "--output-file", str(report)])
    assert status in (0, 1)
    told = json.loads(report.read_text())
    alone = [one for each in told["candidates"] for one in each["newErrorsAlone"]]
    return tuple(_finding(each) for each in (*told["findings"], *alone))


def _arguments(entry: Deployed, site: Site, live: Site) -> list[str]:
    description: Description = site.description

    def file(name: str) -> str:
        kind = MANIFEST_FILE if name in entry.manifests else CONTRACT_FILE
        return str(site.dist / description.app(name).output / kind)

    given = entry.given
    if given is None:
        given = tuple(app.name for app in description.apps[1:])
    host = live.dist / live.description.host.output / CONTRACT_FILE
    arguments = ["--format", "json", "--host", str(host)]
    if given:
        arguments += ["--remotes", *map(file, given)]
    if entry.candidates:
        arguments += ["--candidate", *map(file, entry.candidates)]
    return arguments


def _finding(told: dict[str, Any]) -> Finding:
    return Finding(
        told["code"],
        Severity(told["severity"]),
        told["message"],
        chain=tuple(told["chain"]),
        remedy=told["remedy"],
        target=told["target"],
        containers=tuple(told["containers"]),
        package=told["package"],
    )
