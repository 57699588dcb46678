"""Remotes, exposes and share keys by names that are not there, or cannot be used."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Iterator, Mapping, Sequence

from module_federation.sharing.finding_codes import FINDING_CODES
from module_federation.sharing.findings import Finding
from module_federation.sharing.plan.finders.view import PlanView
from module_federation.sharing.plan.finders.wording import first_few, listed, who
from module_federation.sharing.plan.members import Member, RemoteUse


def reference_findings(view: PlanView) -> Iterator[Finding]:
    """``unknown-remote``, ``unknown-expose`` and ``remote-not-given``.

    What a remote exposes is only judged where it is known.
    """
    for member in view.members:
        yield from _unknown_members(view, member)
        reported = {(each.code, each.file, each.line) for each in member.findings}
        for found in _uses(view, member):
            # A slice has found the same, and says it with more detail.
            if (found.code, found.file, found.line) not in reported:
                yield found


def _uses(view: PlanView, member: Member) -> Iterator[Finding]:
    for use in dict.fromkeys(member.uses):
        if use.alias not in member.remotes:
            yield _unknown_remote(member, use)
            continue
        remote = view.by_name.get(member.remotes[use.alias])
        if remote is not None and remote.exposes is not None and use.expose not in remote.exposes:
            yield _unknown_expose(member, remote, use)


def _unknown_remote(member: Member, use: RemoteUse) -> Finding:
    declared = sorted(member.remotes)
    known = f"it declares {listed(declared, 8)}" if declared else "it declares none"
    return Finding(
        "unknown-remote",
        FINDING_CODES["unknown-remote"].severity,
        f"{who(member)} imports `{_request(use)}`, but `{use.alias}` is no remote of it: {known}."
        + _guess(use.alias, declared),
        use.file,
        use.line,
        (),
        f"Add `{use.alias}` to the `remotes` of {member.label}, or correct the import.",
        member.label,
        (member.name,),
    )


def _unknown_expose(member: Member, remote: Member, use: RemoteUse) -> Finding:
    exposes = remote.exposes or ()
    known = {_request(RemoteUse(use.alias, each)): each for each in exposes}
    listing = listed((f"`{each}`" for each in known), 6) or "nothing"
    return Finding(
        "unknown-expose",
        FINDING_CODES["unknown-expose"].severity,
        f"{who(member)} imports `{_request(use)}`, which is not there: {who(remote)} exposes "
        f"{listing}." + _guess(_request(use), tuple(known)),
        use.file,
        use.line,
        (),
        f"Add `{use.expose}` to the `exposes` of {remote.label}, or correct the import.",
        member.label,
        (member.name, remote.name),
    )


def _request(use: RemoteUse) -> str:
    """``cart`` and ``./Cart`` as an import names them: ``cart/Cart``."""
    below = use.expose[2:] if use.expose.startswith("./") else use.expose.lstrip(".")
    return f"{use.alias}/{below}" if below else use.alias


def _guess(name: str, known: Sequence[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f" Did you mean `{close[0]}`?" if close else ""


def _unknown_members(view: PlanView, member: Member) -> Iterator[Finding]:
    missing = [each.name for each in member.container.remotes if each.name not in view.by_name]
    if missing:
        yield Finding(
            "remote-not-given",
            FINDING_CODES["remote-not-given"].severity,
            f"{who(member)} loads {listed(missing)}, of which this plan knows nothing: what "
            f"{'it shares' if len(missing) == 1 else 'they share'} is not checked.",
            None,
            None,
            (),
            f"Give {'its contract or manifest' if len(missing) == 1 else 'their contracts'} too.",
            member.label,
            (member.name, *missing),
        )


def reserved_names(view: PlanView, reserved: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """``reserved-key``.

    Args:
        reserved: Each share key that the plan had to leave out, since it, its version or its share
            scope has a name that every object inherits → the containers that use it.
    """
    for key, containers in sorted(reserved.items()):
        users = [each for each in containers if each in view.by_name]
        if not users:
            continue
        first = view.by_name[users[0]]
        facts = first.facts.get(key)
        origin = facts.origins[0] if facts and facts.origins else None
        yield Finding(
            "reserved-key",
            FINDING_CODES["reserved-key"].severity,
            f"{listed((who(first), *users[1:]))} {'shares' if len(users) == 1 else 'share'} "
            f"`{key}`; it or its share scope has a name, such as `constructor`, that every "
            "JavaScript object inherits. The federation runtime mistakes that for its own data: "
            "what is shared can go to the wrong containers, or get lost.",
            origin.file if origin else None,
            origin.line if origin else None,
            first_few(who(view.by_name[each]) for each in users),
            f'Do not share it (`[packages."{key}"]` with `share = false` in the policy file), or '
            "name its share scope otherwise.",
            first.label,
            tuple(users),
            facts.package if facts else key,
        )
