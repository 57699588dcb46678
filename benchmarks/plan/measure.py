"""Measures the federation plan: how it grows, and what collapsing like containers saves.

    python benchmarks/plan/measure.py [--keys 60] [--sizes 100,250,500,1000,2000]

Needs nothing but Python. Federations are generated, the same every time: a host and remotes, one in
ten of which loads remotes of its own. One in ten keys is provided in two or three versions, with
ranges that do not fit all of them; the others in one. Each container shares two thirds of the keys.
Remotes ask for them later, or all as soon as they are loaded. Families are packages of which three
keys are shared alike, as ``react``, ``react/jsx-runtime`` and ``react-dom`` are.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "pants-plugins"))

from module_federation.sharing.negotiation import (  # noqa: E402
    Consume,
    Container,
    Provide,
    Remote,
    Strategy,
)
from module_federation.sharing.plan import keys as planning  # noqa: E402
from module_federation.sharing.plan.exploration.canonical import explored  # noqa: E402
from module_federation.sharing.plan.exploration.classes import reach  # noqa: E402
from module_federation.sharing.plan.members import Member  # noqa: E402
from module_federation.sharing.plan.model import FederationPlan  # noqa: E402
from module_federation.sharing.plan.planner import plan_federation  # noqa: E402

VERSIONS = ("18.2.0", "18.3.1", "19.0.0")
RANGES = ("^18.2.0", "^18.3.0", "^19.0.0")


def federation(
    containers: int, keys: int, strategy: Strategy, *, at_start: bool = False, family: int = 1
) -> list[Member]:
    """A host and ``containers - 1`` remotes that share ``keys`` keys between them.

    ``at_start``: remotes ask for theirs when they are loaded. ``family``: so many keys are shared
    alike.
    """
    rnd = random.Random(containers)
    names = [f"team{number % 17}__app{number}" for number in range(containers - 1)]
    direct = [name for number, name in enumerate(names) if number % 10 or number < 10]
    parents = [name for number, name in enumerate(direct) if number % 10 == 0]
    nested: dict[str, list[str]] = {}
    for number, name in enumerate(sorted(set(names) - set(direct))):
        nested.setdefault(parents[number % len(parents)], []).append(name)
    shell = member("shell", keys, direct, strategy, rnd, at_start=True, family=family)
    return [
        shell,
        *(
            member(
                name, keys, nested.get(name, ()), strategy, rnd, at_start=at_start, family=family
            )
            for name in names
        ),
    ]


def member(
    name: str,
    keys: int,
    remotes: list[str] | tuple[str, ...],
    strategy: Strategy,
    rnd: random.Random,
    *,
    at_start: bool,
    family: int,
) -> Member:
    """One container; a host asks for its keys as soon as it starts."""
    provides, consumes = [], []
    is_shared, chosen = True, 0
    for index in range(keys):
        number, part = divmod(index, family)
        if part == 0:
            is_shared = rnd.random() >= 1 / 3
            chosen = rnd.randrange(2 + number // 10 % 2) if is_shared and number % 10 == 0 else 0
        if not is_shared:
            continue
        key, version = f"@acme/library-{number}/part-{part}", VERSIONS[chosen]
        is_singleton = number % 3 == 0
        provides.append(Provide(key, version, "default", RANGES[chosen], is_singleton, False))
        consumes.append(
            Consume(key, RANGES[chosen], is_singleton, False, False, ("default",), version)
        )
    started = frozenset(each.key for each in consumes if at_start)
    container = Container(
        name, strategy, tuple(provides), tuple(consumes), tuple(map(Remote, remotes))
    )
    return Member(container, "host" if at_start else "remote", name, at_start=started)


def measure(members: list[Member]) -> tuple[float, FederationPlan]:
    """Seconds of processor time for keys and findings, and the plan."""
    explored.cache_clear()
    before = time.process_time()
    plan = plan_federation(members, "shell")
    return time.process_time() - before, plan


def growth(
    sizes: list[int], keys: int, strategy: Strategy, *, at_start: bool = False, family: int = 1
) -> None:
    """Print how the time grows with the number of containers."""
    asked = "asked for when loaded" if at_start else "asked for later"
    print(f"\n{strategy.value}, {keys} keys in families of {family}, {asked}\n")
    print("| containers | seconds | ratio of times / ratio of sizes | moments | keys |")
    print("|---|---|---|---|---|")
    before: tuple[int, float] | None = None
    for size in sizes:
        members = federation(size, keys, strategy, at_start=at_start, family=family)
        spent, plan = measure(members)
        ratio = f"{spent / before[1] / (size / before[0]):.2f}" if before else ""
        proofs = Counter(each.proof.value for each in plan.keys)
        told = ", ".join(f"{count} {proof}" for proof, count in sorted(proofs.items()))
        states = sum(each.states for each in plan.keys)
        print(f"| {size} | {spent:.2f} | {ratio} | {states} | {told} |", flush=True)
        before = (size, spent)


def comparison(sizes: list[int], keys: int, strategy: Strategy) -> None:
    """Print what it takes to play the keys in conflict with all containers, and with classes."""
    print(f"\n{strategy.value}, keys in conflict, seconds of processor time\n")
    print("| containers | all containers | classes | ratio | moments | moments of classes |")
    print("|---|---|---|---|---|---|")
    for size in sizes:
        reached = reach(federation(size, keys, strategy), "shell")
        spent, moments = [0.0, 0.0], [0, 0]
        for plan in planning.plan_keys(list(reached.members.values()), "shell"):
            if plan.states:
                for side, is_whole in enumerate((True, False)):
                    explored.cache_clear()
                    before = time.process_time()
                    moments[side] += planning.play_key(reached, plan.key, is_whole).states
                    spent[side] += time.process_time() - before
        print(
            f"| {size} | {spent[0]:.2f} | {spent[1]:.2f} | {spent[0] / spent[1]:.1f} "
            f"| {moments[0]} | {moments[1]} |"
        )


def main() -> None:
    """Read the command line and print the tables."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--keys", type=int, default=60)
    arguments.add_argument("--sizes", default="100,250,500,1000,2000")
    options = arguments.parse_args()
    print(f"load average {os.getloadavg()[0]:.1f}")
    sizes = [int(each) for each in options.sizes.split(",")]
    for strategy in Strategy:
        growth(sizes, options.keys, strategy)
        growth(sizes, options.keys, strategy, at_start=True)
        growth(sizes, options.keys, strategy, at_start=True, family=3)
        comparison([4, 6, 8], options.keys, strategy)


if __name__ == "__main__":
    main()
