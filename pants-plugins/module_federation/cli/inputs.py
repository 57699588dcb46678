"""The files that the command is given, read into members of a federation."""

from __future__ import annotations

import glob
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Iterable, Sequence

from module_federation.cli.errors import CommandError
from module_federation.sharing.contract.json_text import MAX_BYTES
from module_federation.sharing.contract.manifest import MANIFEST_FILE
from module_federation.sharing.contract.model import Contract
from module_federation.sharing.contract.reader import ContractError, read_contract_or_manifest
from module_federation.sharing.contract.writer import CONTRACT_FILE
from module_federation.sharing.finding_codes import FINDING_CODES
from module_federation.sharing.finding_policy import FindingPolicy
from module_federation.sharing.findings import Finding
from module_federation.sharing.plan.from_contracts import member_from_contract
from module_federation.sharing.plan.members import Member
from module_federation.sharing.policy import PolicyError, effective_policy, parse_policy
from module_federation.sharing.report.wording import counted


@dataclass(frozen=True)
class Given:
    """One container that the command was given.

    Attributes:
        path: Its file, relative to the working folder if it lies below it.
        real_path: The same file without links.
    """

    path: str
    real_path: str
    contract: Contract
    member: Member


@dataclass(frozen=True)
class Inputs:
    """Everything that a call names, read.

    Attributes:
        host: The deployed host.
        remotes: The deployed remotes, by the path they were given as.
        candidates: What shall be deployed, likewise.
    """

    host: Given
    remotes: tuple[Given, ...]
    candidates: tuple[Given, ...]
    policy: FindingPolicy

    @property
    def deployed(self) -> tuple[Given, ...]:
        """The host and the remotes."""
        return (self.host, *self.remotes)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is to be said of the files themselves, with the policy applied."""
        manifests = [
            each for each in (*self.deployed, *self.candidates) if not each.contract.is_complete
        ]
        return self.policy.apply([_assumed(manifests)] if manifests else [])


def read_inputs(
    host: str, remotes: Sequence[str], candidates: Sequence[str], policy: str | None
) -> Inputs:
    """Read all files of a call.

    A remote that is the host's own file is left out, since a pattern for all contracts fits the
    host's too. The same file twice is read once.

    Raises:
        CommandError: A file is missing, unreadable or no contract, or two of the deployed (or two
            of the candidates) have the same name.
    """
    (host_path,) = _one(_files([host]), host)
    given_host = _given(host_path)
    given_host = replace(given_host, member=replace(given_host.member, kind="host"))
    given_remotes = tuple(
        each for each in map(_given, _files(remotes)) if each.real_path != given_host.real_path
    )
    given_candidates = tuple(map(_given, _files(candidates)))
    _check_names((given_host, *given_remotes))
    _check_names(given_candidates)
    return Inputs(given_host, given_remotes, given_candidates, _policy(policy))


def read_limited(path: str) -> bytes:
    """The content of a file, or of a pipe; a pipe that nobody writes to is empty.

    Raises:
        CommandError: It cannot be read, or has more than ``MAX_BYTES``.
    """
    try:
        with open(path, "rb", opener=open_at_once) as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {_reason(error)}.") from None
    if len(content) > MAX_BYTES:
        raise CommandError(
            f"{path}: The file has more than {MAX_BYTES // 1024 // 1024} MiB. That is no contract: "
            "check the path."
        )
    return content


def open_at_once(path: str, flags: int) -> int:
    """Opening a named pipe would wait until somebody writes to it, for ever perhaps."""
    if not hasattr(os, "O_NONBLOCK"):
        return os.open(path, flags)
    descriptor = os.open(path, flags | os.O_NONBLOCK)
    os.set_blocking(descriptor, True)
    return descriptor


def _one(paths: list[str], written: str) -> list[str]:
    if len(paths) != 1:
        raise CommandError(f"{written}: The pattern fits {len(paths)} files. Name one host.")
    return paths


def _files(written: Iterable[str]) -> list[str]:
    """The files that arguments stand for, each once, in order."""
    found: dict[str, str] = {}
    for argument in written:
        for path in _matches(argument):
            file = _file_in(path) if os.path.isdir(path) else path
            found.setdefault(os.path.realpath(file), file)
    return list(found.values())


def _matches(argument: str) -> list[str]:
    """A shell that finds nothing, or is none, hands a pattern over as it is."""
    if os.path.lexists(argument) or not glob.has_magic(argument):
        return [argument]
    matches = sorted(glob.glob(argument, recursive=True))
    if not matches:
        raise CommandError(f"{argument}: The pattern fits no file. Check the path.")
    return matches


def _file_in(folder: str) -> str:
    for name in (CONTRACT_FILE, MANIFEST_FILE):
        path = os.path.join(folder, name)
        if os.path.exists(path):
            return path
    raise CommandError(
        f"{folder}: The folder holds neither {CONTRACT_FILE} nor {MANIFEST_FILE}. Name the folder "
        "that the container was built into, or the file itself."
    )


def _given(path: str) -> Given:
    if not os.path.exists(path):
        raise CommandError(f"{path}: There is no such file. Check the path.")
    content = read_limited(path)
    shown = _shown(path)
    try:
        contract = read_contract_or_manifest(content, shown)
    except ContractError as error:
        raise CommandError(str(error)) from None
    member = member_from_contract(contract, shown)
    return Given(shown, os.path.realpath(path), contract, member)


def _assumed(manifests: Sequence[Given]) -> Finding:
    """What ``contract.manifest`` makes up for want of knowledge."""
    first = manifests[0]
    what = "is a manifest, which does"
    if len(manifests) > 1:
        what = f"and {counted(len(manifests) - 1, 'other file')} are manifests, which do"
    return Finding(
        "manifest-only",
        FINDING_CODES["manifest-only"].severity,
        f"{first.path} {what} not say all. Assumed: such a container provides, asks for and brings "
        "along each module that is listed, in the scope `default`, neither strict nor eager, and "
        "its strategy is version-first. Unchecked: development and production builds that meet, "
        "and which modules of remotes are imported.",
        first.path,
        chain=tuple(each.path for each in manifests) if len(manifests) > 1 else (),
        remedy=f"Give the {CONTRACT_FILE} that was built beside a manifest, where there is one.",
        containers=tuple(each.member.name for each in manifests),
    )


def _shown(path: str) -> str:
    """Reports name files as a repository does, however the call named them."""
    absolute = os.path.abspath(path)
    try:
        return Path(absolute).relative_to(os.getcwd()).as_posix()
    except ValueError:
        return Path(absolute).as_posix()


def _check_names(given: Sequence[Given]) -> None:
    seen: dict[str, Given] = {}
    for each in given:
        other = seen.setdefault(each.member.name, each)
        if other is not each:
            raise CommandError(
                f"{each.path}: The container is named {each.member.name}, as is that of "
                f"{other.path}. A page takes them for one: give one of them, or rename one. What "
                "shall replace a deployed container is a --candidate."
            )


def _policy(path: str | None) -> FindingPolicy:
    if path is None:
        return FindingPolicy()
    try:
        return effective_policy(parse_policy(read_limited(path), _shown(path))).findings
    except PolicyError as error:
        raise CommandError(str(error)) from None
    except RecursionError:
        raise CommandError(f"{path}: The file is nested too deeply. Correct it.") from None


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).rstrip(".")
