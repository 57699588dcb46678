"""Pages that use two copies of one package: an error where it keeps state, else worth knowing."""

from __future__ import annotations

from typing import Dict, Iterable, Iterator, List, Sequence, Tuple

from module_federation.sharing.finding_codes import FINDING_CODES
from module_federation.sharing.findings import Finding
from module_federation.sharing.plan.advice.conflict import Adviser
from module_federation.sharing.plan.finders.live_copies import LivePage, page_with_copies
from module_federation.sharing.plan.finders.view import Covered, PlanView
from module_federation.sharing.plan.finders.wording import first_few, listed, place_of, way, who
from module_federation.sharing.plan.members import Member
from module_federation.sharing.plan.model import KeyPlan
from module_federation.sharing.version_sets import Version


def copy_findings(
    view: PlanView, adviser: Adviser, covered: Covered = frozenset()
) -> Iterable[Finding]:
    """``stateful-loaded-twice`` and ``loaded-twice``, at most one for each package.

    Copies count whatever their versions: two instances of one version keep two states as well.
    """
    private = _private(view)
    found = []
    for package in sorted({*view.packages, *private}):
        bundled = private.get(package, ())
        pages = tuple(_pages(view, view.packages.get(package, ()), covered))
        if pages:
            found.append(_live(view, adviser, package, pages, bundled))
        elif bundled:
            found += _only_private(view, package, bundled)
    return found


def _private(view: PlanView) -> Dict[str, Tuple[Tuple[Member, str], ...]]:
    """Package → the containers that bundle it for themselves alone, with the version."""
    found: Dict[str, List[Tuple[Member, str]]] = {}
    for member in view.members:
        for package, versions in member.private.items():
            found.setdefault(package, []).append((member, listed(versions)))
    return {package: tuple(each) for package, each in found.items()}


def _pages(
    view: PlanView, plans: Iterable[KeyPlan], covered: Covered
) -> Iterator[Tuple[KeyPlan, LivePage]]:
    for plan in plans:
        page = page_with_copies(view, plan, covered)
        if page is not None:
            yield plan, page


def _live(
    view: PlanView,
    adviser: Adviser,
    package: str,
    pages: Sequence[Tuple[KeyPlan, LivePage]],
    bundled: Sequence[Tuple[Member, str]],
) -> Finding:
    plan, page = pages[0]
    stateful = view.stateful_because(package)
    versions = sorted({copy.version for copy, _, _ in page.copies}, key=_order)
    users = tuple(dict.fromkeys(user for _, some, _ in reversed(page.copies) for user in some))
    names = listed(each.key for each, _ in pages)
    copies = "; ".join(
        f"{copy.version} of {copy.container} for {listed(some)}" for copy, some, _ in page.copies
    )
    chain = [
        f"{copy.version} of {copy.container}"
        + (" (its own, which nobody else learns of)" if is_private else "")
        + f" is used by {listed(some)}"
        for copy, some, is_private in page.copies
    ]
    chain += _bundled_lines(bundled)
    chain.append(f"a load order that shows it: {way(page.trace)}")
    advice = adviser.advise_one_copy(package, versions[-1])
    blamed = next(each for each in view.asks[plan.key] if each.container == users[0])
    file, line = place_of(blamed, adviser.blamed(blamed, versions[-1]))
    return Finding(
        "stateful-loaded-twice" if stateful else "loaded-twice",
        FINDING_CODES["stateful-loaded-twice" if stateful else "loaded-twice"].severity,
        f"A page can come to use {len(page.copies)} copies of {names}: {copies}."
        + (f" {_state(package, stateful)}" if stateful else ""),
        file,
        line,
        (*chain, *advice.chain),
        advice.remedy,
        blamed.member.label,
        tuple(dict.fromkeys((*users, *(member.name for member, _ in bundled)))),
        package,
    )


def _only_private(
    view: PlanView, package: str, bundled: Sequence[Tuple[Member, str]]
) -> Iterator[Finding]:
    """Copies in bundles, beside the shared one or beside each other."""
    own = {member.name for member, _ in bundled}
    sharing = tuple(
        dict.fromkeys(
            ask.container
            for plan in view.packages.get(package, ())
            for ask in view.asks[plan.key]
            if ask.container not in own
        )
    )
    stateful = view.stateful_because(package)
    if not sharing and (stateful is None or len(bundled) < 2):
        return
    code = "stateful-loaded-twice" if stateful else "loaded-twice"
    names = listed((who(bundled[0][0]), *(member.name for member, _ in bundled[1:])))
    several = len(bundled) > 1
    beside = f" beside the one that {listed(sharing)} {_use(sharing)}" if sharing else ""
    yield Finding(
        code,
        FINDING_CODES[code].severity,
        f"{names} {'bundle copies' if several else 'bundles a copy'} of {package} for "
        f"{'themselves' if several else 'itself'}{beside}, so a page holds several."
        + (f" {_state(package, stateful)}" if stateful else ""),
        *_file_of(bundled[0][0], package),
        tuple(_bundled_lines(bundled)),
        f"Share {package} in {listed(member.name for member, _ in bundled)} too: name it in the "
        f'policy file (`[packages."{package}"]`), and remove what keeps it from being shared.',
        bundled[0][0].label,
        tuple(dict.fromkeys((*(member.name for member, _ in bundled), *sharing))),
        package,
    )


def _bundled_lines(bundled: Iterable[Tuple[Member, str]]) -> Tuple[str, ...]:
    return first_few(
        f"{who(member)} bundles {version} for itself, without sharing it"
        for member, version in bundled
    )


def _file_of(member: Member, package: str) -> Tuple[str | None, int | None]:
    for facts in member.facts.values():
        for origin in facts.origins:
            if facts.package == package and origin.file:
                return origin.file, origin.line
    return None, None


def _state(package: str, because: str | None) -> str:
    return f"There must be one only, since {package} keeps state: {because}."


def _use(containers: Sequence[str]) -> str:
    return "uses" if len(containers) == 1 else "use"


def _order(text: str) -> tuple[object, ...]:
    version = Version.parse(text)
    if version is None:
        return (0, text)
    return (1, version.triple, version.prerelease is None, version.prerelease or ())
