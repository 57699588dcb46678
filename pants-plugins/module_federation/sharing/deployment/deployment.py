"""What is deployed, and what shall replace parts of it: does it fit, and in which order?

A state is what a page would load while some of the candidates have been deployed and the others
have not. Each state that is asked about is planned in full, as a federation of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import AbstractSet, Callable, FrozenSet, Sequence

from module_federation.sharing.deployment.assembly import assemble, run_time_remotes
from module_federation.sharing.deployment.replacement_order import (
    MAX_EXACT,
    MAX_STATES,
    Groups,
    fewest_together,
    single_steps,
)
from module_federation.sharing.deployment.trouble import errors_besides, trouble
from module_federation.sharing.finding_policy import FindingPolicy
from module_federation.sharing.findings import Finding
from module_federation.sharing.plan.members import Member
from module_federation.sharing.plan.model import FederationPlan
from module_federation.sharing.plan.planner import plan_federation

Planner = Callable[[Sequence[Member], str, FindingPolicy], FederationPlan]


class DeploymentError(ValueError):
    """A deployment that cannot be: the message says what and why."""


class OrderOutcome(Enum):
    """What came of the search for a deploy order.

    ``ONE_BY_ONE``: there is an order of single replacements.
    ``TOGETHER``: there is none, and it is proved; some must be replaced at the same moment.
    ``UNFIT``: the candidates do not fit, even when all have been deployed.
    ``UNDECIDED``: there are too many candidates to try all states, and none was found.
    """

    ONE_BY_ONE = "one-by-one"
    TOGETHER = "together"
    UNFIT = "unfit"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Verdict:
    """One state.

    Attributes:
        replaced: The candidates that have been deployed in it, sorted.
        plan: With what was found while the state was put together.
        new_errors: The errors that are not there in what is deployed.
    """

    replaced: tuple[str, ...]
    plan: FederationPlan
    new_errors: tuple[Finding, ...]


@dataclass(frozen=True)
class Obstacle:
    """Why the next single replacement is impossible: the errors that it would bring."""

    candidate: str
    errors: tuple[Finding, ...]


@dataclass(frozen=True)
class DeployOrder:
    """In which order the candidates can be deployed.

    Attributes:
        steps: The names that are replaced in each step; () if there is no order.
        states: So many states were planned.
        stuck_after: Where single replacements end, if there is no order of them: the names that
            can be deployed one by one.
        obstacles: What stops each of the other candidates there.
        errors: What is wrong when all have been deployed, for ``UNFIT``.
        is_smallest: For ``TOGETHER``: no less can be replaced at once. Only said of at most
            ``MAX_EXACT`` candidates; with more, all of them are one step.
    """

    outcome: OrderOutcome
    steps: Groups
    states: int
    stuck_after: tuple[str, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    errors: tuple[Finding, ...] = ()
    is_smallest: bool = False

    @property
    def together(self) -> Groups:
        """The steps that replace several containers at once."""
        return tuple(step for step in self.steps if len(step) > 1)


class Deployment:
    """What is deployed, and the candidates; each state is planned once.

    Args:
        host: The name of the host, which is deployed.
        deployed: The host and its remotes, at most one for each name.
        candidates: Each replaces the deployed container of its name, or is added to them.

    Raises:
        DeploymentError: The host is not deployed, or a name is there twice.
    """

    def __init__(
        self,
        host: str,
        deployed: Sequence[Member],
        candidates: Sequence[Member],
        policy: FindingPolicy = FindingPolicy(),  # noqa: B008 (it is frozen)
        planner: Planner = plan_federation,
    ) -> None:
        self.host = host
        self._deployed = _by_name(deployed)
        self._candidates = _by_name(candidates)
        if host not in self._deployed:
            raise DeploymentError(f"The host {host} is not among the deployed containers.")
        self._policy = policy
        self._planner = planner
        self._run_time = run_time_remotes(host, (*deployed, *candidates))
        self._new_errors: dict[FrozenSet[str], tuple[Finding, ...]] = {}
        self.before = self._plan(frozenset())
        self._known = trouble(self.before)

    @property
    def candidates(self) -> tuple[str, ...]:
        """The names of what shall be deployed, sorted."""
        return tuple(sorted(self._candidates))

    @property
    def states(self) -> int:
        """How many states with something replaced have been planned."""
        return len(self._new_errors)

    def is_addition(self, candidate: str) -> bool:
        """Whether a candidate replaces nothing."""
        return candidate not in self._deployed

    def verdict(self, replaced: AbstractSet[str]) -> Verdict:
        """The state in which these candidates have been deployed."""
        if not replaced:
            return Verdict((), self.before, ())
        plan = self._plan(replaced)
        return Verdict(tuple(sorted(replaced)), plan, self._note(replaced, plan))

    def new_errors(self, replaced: AbstractSet[str]) -> tuple[Finding, ...]:
        """The errors of a state that what is deployed does not have."""
        if not replaced:
            return ()
        known = self._new_errors.get(frozenset(replaced))
        return self._note(replaced, self._plan(replaced)) if known is None else known

    def _note(self, replaced: AbstractSet[str], plan: FederationPlan) -> tuple[Finding, ...]:
        new = errors_besides(plan, self._known)
        self._new_errors[frozenset(replaced)] = new
        return new

    def _plan(self, replaced: AbstractSet[str]) -> FederationPlan:
        members = dict(self._deployed)
        members.update((name, self._candidates[name]) for name in replaced)
        assembly = assemble(
            self.host,
            [members[name] for name in sorted(members)],
            run_time=self._run_time,
            to_come=self._candidates.keys() - members.keys(),
        )
        plan = self._planner(assembly.members, self.host, self._policy)
        findings = (*plan.findings, *self._policy.apply(assembly.findings))
        return replace(plan, findings=tuple(sorted(findings, key=lambda each: each.sort_key)))


def deploy_order(deployment: Deployment) -> DeployOrder:
    """An order of single replacements in which no state brings an error, or why there is none.

    Errors that what is deployed has already do not count. With at most ``MAX_EXACT`` candidates
    the answer is exact, and the order is the first in the alphabet. With more, so many states are
    tried as with ``MAX_EXACT``: an order that is found is right, and ``UNDECIDED`` says that none
    was found.
    """
    names = deployment.candidates
    errors = deployment.new_errors(frozenset(names))
    if errors:
        return DeployOrder(OrderOutcome.UNFIT, (), deployment.states, errors=errors)

    def holds(replaced: AbstractSet[str]) -> bool:
        return not deployment.new_errors(replaced)

    search = single_steps(names, holds, MAX_STATES)
    if search.order is not None:
        steps = tuple((name,) for name in search.order)
        return DeployOrder(OrderOutcome.ONE_BY_ONE, steps, deployment.states)
    obstacles = tuple(
        Obstacle(name, new)
        for name in names
        if name not in search.furthest
        for new in (deployment.new_errors({*search.furthest, name}),)
        if new
    )
    if not search.is_complete:
        return DeployOrder(
            OrderOutcome.UNDECIDED, (), deployment.states, search.furthest, obstacles
        )
    groups = fewest_together(names, holds) if len(names) <= MAX_EXACT else None
    return DeployOrder(
        OrderOutcome.TOGETHER,
        groups or (names,),
        deployment.states,
        search.furthest,
        obstacles,
        is_smallest=groups is not None,
    )


def _by_name(members: Sequence[Member]) -> dict[str, Member]:
    found: dict[str, Member] = {}
    for member in members:
        other = found.setdefault(member.name, member)
        if other is not member:
            raise DeploymentError(
                f"{other.label} and {member.label} are both named {member.name}: a page takes "
                "them for one. Give one of them only."
            )
    return found
