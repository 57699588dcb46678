"""From containers as somebody gives them to a federation that can be planned.

A build graph knows every container. A deploy pipeline has a folder of contracts: a remote may be
missing from it, and a container may be in it that nobody names.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import AbstractSet, Mapping, Sequence

from module_federation.sharing.finding_codes import FINDING_CODES
from module_federation.sharing.findings import Finding
from module_federation.sharing.negotiation import Remote
from module_federation.sharing.plan.members import Member


@dataclass(frozen=True)
class Assembly:
    """A federation that is closed: all that its members load is there, and nothing else.

    Attributes:
        members: The host first, the others by name.
        findings: What the plan of these members says nothing about.
    """

    members: tuple[Member, ...]
    findings: tuple[Finding, ...]


def run_time_remotes(host: str, members: Sequence[Member]) -> frozenset[str]:
    """The containers that none of ``members`` names as a remote, the host apart.

    Whoever gives them means that they are part of the page, so an application must load them by
    a list that it reads at run time.

    Args:
        members: All containers that are known, in all their versions: what only the next version
            of a host names is no remote of that kind.
    """
    named = {remote.name for member in members for remote in member.container.remotes}
    return frozenset(member.name for member in members) - named - {host}


def assemble(
    host: str,
    members: Sequence[Member],
    *,
    run_time: AbstractSet[str] = frozenset(),
    to_come: AbstractSet[str] = frozenset(),
) -> Assembly:
    """Closes a federation over what its host can load.

    * Remotes in ``run_time`` are loaded by the host, after those that it names.
    * A remote that is not among ``members`` is taken out: unchecked, with a warning, or with an
      error if it is in ``to_come``, since a page would ask for what is not there yet.
    * Members that nothing of this federation loads are left out.

    Args:
        host: The name of the host, which is one of ``members``.
        members: At most one for each name.
        run_time: See ``run_time_remotes``; names that are not among ``members`` are ignored.
        to_come: Containers that will be deployed, but are not yet.
    """
    by_name = {member.name: member for member in members}
    loaded_by_host = {remote.name for remote in by_name[host].container.remotes}
    unnamed = sorted((run_time & by_name.keys()) - loaded_by_host)
    by_name[host] = _with_remotes(by_name[host], unnamed)
    findings = [_not_loaded(by_name[host], by_name[name]) for name in unnamed]
    reached: dict[str, None] = {host: None}
    queue = [host]
    while queue:
        for remote in by_name[queue.pop()].container.remotes:
            if remote.name in by_name and remote.name not in reached:
                reached[remote.name] = None
                queue.append(remote.name)
    closed = []
    for name in [host, *sorted(reached.keys() - {host})]:
        member, absent = _closed(by_name[name], by_name)
        closed.append(member)
        findings += [_absent(member, remote, to_come) for remote in absent]
    return Assembly(tuple(closed), tuple(findings))


def _with_remotes(host: Member, names: Sequence[str]) -> Member:
    if not names:
        return host
    remotes = (*host.container.remotes, *(Remote(name) for name in names))
    return replace(host, container=replace(host.container, remotes=remotes))


def _closed(member: Member, known: Mapping[str, Member]) -> tuple[Member, list[str]]:
    """A member without the remotes that are not known, and their names."""
    absent = [each.name for each in member.container.remotes if each.name not in known]
    if not absent:
        return member, []
    remotes = tuple(each for each in member.container.remotes if each.name in known)
    aliases = {alias: name for alias, name in member.remotes.items() if name in known}
    gone = member.remotes.keys() - aliases.keys()
    closed = replace(
        member,
        container=replace(member.container, remotes=remotes),
        remotes=aliases,
        uses=tuple(each for each in member.uses if each.alias not in gone),
    )
    return closed, sorted(set(absent))


def _absent(member: Member, remote: str, to_come: AbstractSet[str]) -> Finding:
    if remote in to_come:
        return Finding(
            "remote-not-deployed",
            FINDING_CODES["remote-not-deployed"].severity,
            f"{member.name} loads {remote}, which is not deployed yet.",
            remedy=f"Deploy {remote} before {member.name}, or together with it.",
            target=member.label,
            containers=(member.name, remote),
        )
    return Finding(
        "remote-not-given",
        FINDING_CODES["remote-not-given"].severity,
        f"{member.name} loads {remote}, which was not given. What {remote} shares, asks for and "
        "loads is unchecked.",
        remedy=f"Give the contract of {remote} too.",
        target=member.label,
        containers=(member.name, remote),
    )


def _not_loaded(host: Member, remote: Member) -> Finding:
    return Finding(
        "remote-not-loaded",
        FINDING_CODES["remote-not-loaded"].severity,
        f"No container names {remote.name} as a remote. It is checked as if {host.name} loaded "
        "it at run time, after the remotes that it names.",
        remedy=f"Leave {remote.name} out if it is no part of this page.",
        target=remote.label,
        containers=(remote.name, host.name),
    )
