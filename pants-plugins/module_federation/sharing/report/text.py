"""The federation plan as text: a table that fits a terminal, the findings, one line of verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import AbstractSet, Sequence

from module_federation.sharing.plan.model import ConsumerPlan, FederationPlan, KeyPlan, Proof
from module_federation.sharing.report.finding_text import count_text, findings_lines
from module_federation.sharing.report.terminal import (
    MIN_WIDTH,
    Cell,
    Colour,
    Style,
    clean,
    column_widths,
    paragraph,
    row_text,
)
from module_federation.sharing.report.wording import FAILURES, counted

MAX_OUTCOMES = 6
"""Rows of one module; further ones are counted."""

_TITLES = ("", "module", "gets", "copy of", "asked for by")
_MINIMUM = (4, 14, 8, 11, 13)
_MARK_COLOURS = {
    "ok": Colour.GOOD,
    "own": Colour.FAINT,
    "vary": Colour.CARE,
    "warn": Colour.CARE,
    "FAIL": Colour.BAD,
}
_LEGEND = {
    "own": "own: loads its own copy, which nobody else gets",
    "vary": "vary: depends on the load order",
    "warn": "warn: the runtime logs that the version does not fit",
    "FAIL": "FAIL: the module is not loaded",
}


@dataclass(frozen=True)
class _Outcome:
    """What one consumer gets, as far as the table tells consumers apart."""

    mark: str
    gets: tuple[str, ...]
    providers: tuple[str, ...]


@dataclass(frozen=True)
class _Row:
    mark: str
    cells: tuple[Cell, ...]


def plan_text(plan: FederationPlan, *, width: int = 100, colour: bool = False) -> str:
    """A plan for a terminal of ``width`` columns, ending with a newline.

    A row says which version some containers get, and whose copy it is. Modules of one package
    that share one fate are one row (``react +2``), and so are containers of one fate.
    """
    width = max(width, MIN_WIDTH)
    style = Style(colour)
    parts = [_head(plan, width, style), _table(plan, width, style)]
    parts.append(findings_lines(plan.findings, width, style))
    parts.append(_verdict(plan, width, style))
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def _head(plan: FederationPlan, width: int, style: Style) -> list[str]:
    packages = {key.package for key in plan.keys}
    modules = f"{counted(len(plan.keys), 'module')} of {counted(len(packages), 'package')}"
    text = f"{clean(plan.host)} has no remotes, and shares {modules}."
    if len(plan.members) > 1:
        others = counted(len(plan.members) - 1, "other container")
        text = f"{clean(plan.host)} and {others} share {modules}."
    return [style.paint(line, Colour.STRONG) for line in paragraph(text, width)]


def _table(plan: FederationPlan, width: int, style: Style) -> list[str]:
    rows = [row for keys in _alike(plan.keys) for row in _rows(keys)]
    lines: list[str] = []
    if rows:
        titles = tuple(Cell((title,)) for title in _TITLES)
        widths = column_widths([titles, *(row.cells for row in rows)], _MINIMUM, width)
        lines.append(style.paint(row_text(titles, widths), Colour.FAINT))
        for row in rows:
            line = row_text(row.cells, widths)
            mark = style.paint(row.mark, _MARK_COLOURS[row.mark]) if row.mark else ""
            lines.append(f"{mark}{line[len(row.mark) :]}")
        marks = {row.mark for row in rows}
        legend = "; ".join(text for mark, text in _LEGEND.items() if mark in marks)
        lines += [""] if legend else []
        lines += [style.paint(line, Colour.FAINT) for line in paragraph(legend, width)]
    idle = [clean(key.key) for key in plan.keys if not key.consumers]
    if idle:
        lines += paragraph(f"Provided, but asked for by nobody: {', '.join(idle)}.", width)
    return lines


def _alike(keys: Sequence[KeyPlan]) -> list[list[KeyPlan]]:
    """Keys that somebody asks for; those of one package and one fate together."""
    found: dict[tuple[object, ...], list[KeyPlan]] = {}
    for key in keys:
        if key.consumers:
            fate = tuple((each.container, _outcome(each, frozenset())) for each in key.consumers)
            found.setdefault((key.package, fate), []).append(key)
    return sorted(found.values(), key=lambda group: (group[0].package, group[0].key))


def _rows(keys: Sequence[KeyPlan]) -> list[_Row]:
    first = keys[0]
    serving = frozenset(
        name
        for consumer in first.consumers
        for each in consumer.possibilities
        for name in each.providers
        if name != consumer.container
    )
    by_outcome: dict[_Outcome, dict[str, None]] = {}
    for consumer in first.consumers:
        by_outcome.setdefault(_outcome(consumer, serving), {})[clean(consumer.container)] = None
    everybody = {name for names in by_outcome.values() for name in names}
    outcomes = sorted(
        by_outcome.items(),
        key=lambda item: (-list(_MARK_COLOURS).index(item[0].mark), -len(item[1]), list(item[1])),
    )
    title = clean(first.key) if len(keys) == 1 else f"{clean(first.key)} +{len(keys) - 1}"
    rows = []
    for number, (outcome, names) in enumerate(outcomes[:MAX_OUTCOMES]):
        whole = len(names) == len(everybody) > 2 and len(outcomes) == 1
        who = (f"all {len(names)} that use it",) if whole else tuple(names)
        cells = (
            Cell((outcome.mark,)),
            Cell((title if number == 0 else "",)),
            Cell(outcome.gets, " or "),
            Cell(outcome.providers),
            Cell(who),
        )
        rows.append(_Row(outcome.mark, cells))
    rest = outcomes[MAX_OUTCOMES:]
    if rest:
        others = sum(len(names) for _, names in rest)
        what = Cell((counted(len(rest), "more outcome"),))
        who = (counted(others, "container"),)
        rows.append(_Row("", (Cell(("",)), Cell(("",)), what, Cell(("",)), Cell(who))))
    return rows


def _outcome(consumer: ConsumerPlan, serving: AbstractSet[str]) -> _Outcome:
    """What a consumer gets; "itself" unites those who load copies that serve nobody else.

    Args:
        serving: The containers whose copies others load.
    """
    gets: dict[str, None] = {}
    providers: dict[str, None] = {}
    for each in consumer.possibilities:
        if each.failure is not None:
            gets[FAILURES[each.failure.code]] = None
        else:
            gets[clean(each.version or "no version")] = None
        alone = each.providers == (consumer.container,) and consumer.container not in serving
        names = ("itself",) if each.is_private or alone else each.providers
        providers.update((clean(name), None) for name in names)
    return _Outcome(_mark(consumer), tuple(gets), tuple(sorted(providers)) or ("-",))


def _mark(consumer: ConsumerPlan) -> str:
    possibilities = consumer.possibilities
    if any(each.failure is not None for each in possibilities):
        return "FAIL"
    if any(each.warnings for each in possibilities):
        return "warn"
    if len(consumer.versions) > 1:
        return "vary"
    return "own" if any(each.is_private for each in possibilities) else "ok"


def _verdict(plan: FederationPlan, width: int, style: Style) -> list[str]:
    """One line: whether it fits, and how that is known."""
    bounded = [key.key for key in plan.keys if key.proof is Proof.BOUNDED]
    how = "every load order was tried"
    if bounded:
        how = f"not every load order was tried for {counted(len(bounded), 'module')}"
    elif all(key.proof is Proof.ONE_VERSION for key in plan.keys):
        how = "no load order can change that"
    fits = not plan.errors
    text = f"{'Fits' if fits else 'Does not fit'}: {count_text(plan.findings)}; {how}."
    colour = Colour.GOOD if fits else Colour.BAD
    return [style.paint(line, colour) for line in paragraph(text, width)]
