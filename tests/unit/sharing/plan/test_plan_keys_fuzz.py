"""Random federations: the plan against every order of events, played without any short cut."""

from __future__ import annotations

from typing import Tuple

from hypothesis import given, seed

from module_federation.sharing.negotiation import Federation, play
from module_federation.sharing.plan.keys import plan_keys
from module_federation.sharing.plan.members import Member
from module_federation.sharing.plan.model import Proof
from unit.sharing.plan.brute_force import Fates, brute_force, nameless
from unit.sharing.plan.plan_federations import FUZZ, KEY, odd, regular
from unit.sharing.version_texts import SEED


def planned(members: Tuple[Member, ...], **options: int) -> Fates:
    """The plan in the form of ``brute_force``."""
    fates: Fates = {}
    for plan in plan_keys(members, members[0].name, only={KEY}, **options):
        assert plan.proof is not Proof.BOUNDED
        for consumer in plan.consumers:
            own = [
                each
                for member in members
                if member.name == consumer.container
                for each in member.container.consumes
                if each.key == KEY
            ]
            for each in consumer.possibilities:
                fate = (
                    consumer.container,
                    own.index(consumer.consume),
                    each.version,
                    each.is_private,
                    tuple(map(nameless, each.warnings)),
                    each.failure.code if each.failure else None,
                )
                assert fate not in fates
                fates[fate] = frozenset(each.providers)
    return fates


@seed(SEED)
@FUZZ
@given(regular())
def test_regular_federations_come_to_what_every_order_comes_to(
    members: Tuple[Member, ...],
) -> None:
    assert planned(members) == brute_force(members, KEY)


@seed(SEED)
@FUZZ
@given(odd())
def test_odd_federations_come_to_what_every_order_comes_to(members: Tuple[Member, ...]) -> None:
    assert planned(members, limit=100_000) == brute_force(members, KEY)


@seed(SEED)
@FUZZ
@given(regular())
def test_traces_lead_to_what_they_say(members: Tuple[Member, ...]) -> None:
    check_traces(members)


@seed(SEED)
@FUZZ
@given(odd())
def test_traces_of_odd_federations_lead_to_what_they_say(members: Tuple[Member, ...]) -> None:
    check_traces(members)


def check_traces(members: Tuple[Member, ...]) -> None:
    for plan in plan_keys(members, members[0].name, only={KEY}, limit=100_000):
        for consumer in plan.consumers:
            for each in consumer.possibilities:
                containers = tuple(member.container for member in members)
                *_, last = play(Federation(containers, each.arrival), each.trace)
                assert (last.copy.version if last.copy else None) == each.version
                assert last.is_private == each.is_private
                assert list(map(nameless, last.warnings)) == list(map(nameless, each.warnings))
                assert (last.failure and last.failure.code) == (each.failure and each.failure.code)
                assert last.copy is None or last.copy.container in each.providers
