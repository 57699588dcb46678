"""A deploy order, or why there is none, as text."""

from __future__ import annotations

from typing import Sequence

from module_federation.sharing.deployment.deployment import (
    Deployment,
    DeployOrder,
    Obstacle,
    OrderOutcome,
)
from module_federation.sharing.report.finding_text import findings_lines
from module_federation.sharing.report.terminal import Colour, Style, clean, paragraph
from module_federation.sharing.report.wording import counted

_INDENT = "  "


def order_text(deployment: Deployment, order: DeployOrder, width: int, style: Style) -> list[str]:
    """The lines of the report; the first says what came of it."""
    colour = Colour.GOOD if order.outcome is OrderOutcome.ONE_BY_ONE else Colour.BAD
    lines = [style.paint(line, colour) for line in paragraph(order_verdict(order), width)]
    if order.steps:
        lines += ["", "Deploy in this order:"]
        lines += _steps(deployment, order, width)
        lines.append("To roll back, undo the steps in the reverse order.")
    if order.obstacles:
        lines += ["", *_obstacles(order, width, style)]
    if order.errors:
        lines += ["", *findings_lines(order.errors, width, style)]
    if deployment.before.errors:
        known = counted(len(deployment.before.errors), "error")
        text = f"What is deployed has {known} already, which did not count here."
        lines += ["", *paragraph(text, width)]
    return lines


def order_verdict(order: DeployOrder) -> str:
    """One or two sentences: whether there is an order, and how that is known."""
    states = counted(order.states, "state")
    if order.outcome is OrderOutcome.ONE_BY_ONE:
        return f"The candidates can be deployed one by one; {states} checked."
    if order.outcome is OrderOutcome.UNFIT:
        errors = counted(len(order.errors), "new error")
        return f"The candidates do not fit: {errors} once all of them are deployed."
    if order.outcome is OrderOutcome.UNDECIDED:
        return (
            f"No order was found in {states}. There are too many candidates to try all: deploy "
            "them in smaller sets."
        )
    size = max(len(step) for step in order.steps)
    if order.is_smallest:
        less = "fewer" if size > 2 else "one"
        return (
            f"The candidates cannot be deployed one by one: {size} of them must go live at the "
            f"same moment, {less} at a time leads nowhere; {states} checked."
        )
    return (
        "The candidates cannot be deployed one by one. All at the same moment works; whether less "
        f"would do was not tried with so many; {states} checked."
    )


def _steps(deployment: Deployment, order: DeployOrder, width: int) -> list[str]:
    lines: list[str] = []
    digits = len(str(len(order.steps)))
    for number, step in enumerate(order.steps, start=1):
        names = [
            f"{clean(name)} (new)" if deployment.is_addition(name) else clean(name) for name in step
        ]
        text = names[0]
        if len(names) > 1:
            text = f"{', '.join(names[:-1])} and {names[-1]}, at the same moment"
        label = f"{_INDENT}{number:>{digits}}. "
        lines += paragraph(text, width, label, " " * len(label))
    return lines


def _obstacles(order: DeployOrder, width: int, style: Style) -> list[str]:
    where = "From what is deployed"
    if order.stuck_after:
        where = f"After {_names(order.stuck_after)}"
    lines = paragraph(f"{where}, none of the others can be next:", width)
    for obstacle in order.obstacles:
        lines += ["", *_obstacle(obstacle, width, style)]
    return lines


def _obstacle(obstacle: Obstacle, width: int, style: Style) -> list[str]:
    head = f"{clean(obstacle.candidate)} brings {counted(len(obstacle.errors), 'error')}:"
    rest = max(width - len(_INDENT), 1)
    lines = findings_lines(obstacle.errors, rest, style)
    return [style.paint(head, Colour.STRONG), *(f"{_INDENT}{line}".rstrip() for line in lines)]


def _names(names: Sequence[str]) -> str:
    shown = [clean(each) for each in names]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
