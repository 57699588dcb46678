"""Containers that do not go together: singleton here and not there, development and production."""

from __future__ import annotations

from typing import Dict, Iterable, List

from module_federation.sharing.finding_codes import FINDING_CODES
from module_federation.sharing.findings import Finding
from module_federation.sharing.plan.finders.view import Ask, Covered, PlanView
from module_federation.sharing.plan.finders.wording import first_few, listed, place_of, who


def singleton_disagreements(view: PlanView, covered: Covered = frozenset()) -> Iterable[Finding]:
    """``singleton-disagreement``, once for each package. The fewer ones are blamed."""
    found = []
    for package, plans in view.packages.items():
        sides: Dict[bool, Dict[str, Ask]] = {True: {}, False: {}}
        keys = []
        for plan in plans:
            asks = view.asks[plan.key]
            if len({ask.singleton for ask in asks}) > 1:
                keys.append(plan.key)
                for ask in asks:
                    sides[ask.singleton].setdefault(ask.container, ask)
        everybody = {*sides[True], *sides[False]}
        if not keys or any((each, package) in covered for each in everybody):
            continue
        found.append(_disagreement(package, keys, sides))
    return found


def _disagreement(package: str, keys: List[str], sides: Dict[bool, Dict[str, Ask]]) -> Finding:
    minority = len(sides[True]) < len(sides[False])
    blamed = tuple(sides[minority].values())
    ask = blamed[0]
    file, line = place_of(ask)
    without = tuple(sides[False])
    return Finding(
        "singleton-disagreement",
        FINDING_CODES["singleton-disagreement"].severity,
        f"{listed(sides[True])} {_share(sides[True])} {listed(sorted(keys))} as a singleton, "
        f"{listed(without)} {'does' if len(without) == 1 else 'do'} not: those may load a copy of "
        "their own beside the one that is meant to be alone.",
        file,
        line,
        first_few(
            f"{who(each.member)}: {'a singleton' if each.singleton else 'not a singleton'}"
            for each in (*blamed, *sides[not minority].values())
        ),
        f'Say it once for all, in the policy file: `[packages."{package}"]` with `singleton = '
        "true`, or false.",
        ask.member.label,
        (*sides[minority], *(each for each in sides[not minority] if each not in sides[minority])),
        package,
    )


def _share(containers: Iterable[str]) -> str:
    return "shares" if len(set(containers)) == 1 else "share"


def mixed_modes(view: PlanView) -> Iterable[Finding]:
    """``mixed-modes``, once for the whole federation.

    Containers of one mode that get shared modules from containers of another. Those whose mode is
    not known say nothing.
    """
    modes = {member.name: member.mode for member in view.members}
    if len(set(modes.values()) - {None}) < 2:
        return ()
    meetings: Dict[str, None] = {}
    containers: Dict[str, None] = {}
    packages: Dict[str, None] = {}
    for ask in view.all_asks():
        mine = modes[ask.container]
        for each in ask.possibilities:
            for provider in each.providers:
                theirs = modes.get(provider)
                if mine is None or theirs is None or mine == theirs or each.is_private:
                    continue
                meetings[
                    f"{ask.container} ({mine}) may get {ask.key} {each.version} of {provider} "
                    f"({theirs})"
                ] = None
                containers.update({ask.container: None, provider: None})
                packages[ask.package] = None
    if not meetings:
        return ()
    by_mode: Dict[str, List[str]] = {}
    for name in containers:
        by_mode.setdefault(str(modes[name]), []).append(name)
    # The smaller side is more likely to be the one that was built by mistake.
    few = min(by_mode, key=lambda mode: (len(by_mode[mode]), mode != "development", mode))
    first = view.by_name[by_mode[few][0]]
    ordered = (*by_mode[few], *(name for name in containers if name not in by_mode[few]))
    built = ", ".join(f"{listed(names)} for {mode}" for mode, names in sorted(by_mode.items()))
    return (
        Finding(
            "mixed-modes",
            FINDING_CODES["mixed-modes"].severity,
            f"{listed(packages)} of containers that are built for different modes meet in one "
            f"page ({built}): code made for one mode breaks on the other's copy.",
            None,
            None,
            first_few(meetings),
            f"Build {listed(by_mode[few])} for {next(mode for mode in by_mode if mode != few)} "
            "too, or load it in pages of its own mode only.",
            first.label,
            ordered,
            next(iter(packages)) if len(packages) == 1 else None,
        ),
    )
