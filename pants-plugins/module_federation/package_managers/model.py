"""Package managers, and which one a project asks for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class ManagerKind(Enum):
    """A package manager that projects can be installed with. Yarn is two programs."""

    NPM = "npm"
    PNPM = "pnpm"
    YARN_CLASSIC = "yarn-classic"
    YARN = "yarn"

    @property
    def command(self) -> str:
        """The program's name on a command line, and in the `packageManager` field."""
        return _COMMANDS[self]

    @property
    def label(self) -> str:
        """The name in messages."""
        return _LABELS[self]

    @property
    def lockfile(self) -> str:
        """The name of its lockfile."""
        return _LOCKFILES[self]

    @property
    def npm_package(self) -> str:
        """The npm package that holds the program."""
        return _NPM_PACKAGES[self]

    @property
    def relock(self) -> str:
        """The command that brings its lockfile in step with the manifests."""
        return _RELOCK[self]


_COMMANDS = {
    ManagerKind.NPM: "npm",
    ManagerKind.PNPM: "pnpm",
    ManagerKind.YARN_CLASSIC: "yarn",
    ManagerKind.YARN: "yarn",
}
_LABELS = {
    ManagerKind.NPM: "npm",
    ManagerKind.PNPM: "pnpm",
    ManagerKind.YARN_CLASSIC: "Yarn 1",
    ManagerKind.YARN: "Yarn",
}
_LOCKFILES = {
    ManagerKind.NPM: "package-lock.json",
    ManagerKind.PNPM: "pnpm-lock.yaml",
    ManagerKind.YARN_CLASSIC: "yarn.lock",
    ManagerKind.YARN: "yarn.lock",
}
# The same that corepack 0.32 takes (`config.json`, `definitions`, `npmRegistry` for Yarn 2 on).
_NPM_PACKAGES = {
    ManagerKind.NPM: "npm",
    ManagerKind.PNPM: "pnpm",
    ManagerKind.YARN_CLASSIC: "yarn",
    ManagerKind.YARN: "@yarnpkg/cli-dist",
}
_RELOCK = {
    ManagerKind.NPM: "npm install --package-lock-only",
    ManagerKind.PNPM: "pnpm install --lockfile-only",
    ManagerKind.YARN_CLASSIC: "yarn install",
    ManagerKind.YARN: "yarn install --mode=update-lockfile",
}


@dataclass(frozen=True)
class PinnedHash:
    """
    :param algorithm: a name that Node's `crypto.createHash` knows, such as `sha512`.
    :param hexadecimal: the hash in lower case.
    """

    algorithm: str
    hexadecimal: str


@dataclass(frozen=True)
class PackageManager:
    """The package manager of one project.

    :param version: such as `10.4.1`. None for the npm that comes with Node.js, and for a release
        that is checked in.
    :param pinned_hash: the hash behind the version in the `packageManager` field.
    :param release: a Yarn that is checked in (`yarnPath`), relative to the project.
    """

    kind: ManagerKind
    version: str | None = None
    pinned_hash: PinnedHash | None = None
    release: str | None = None

    @property
    def label(self) -> str:
        """Name and version for messages."""
        return f"{self.kind.label} {self.version}" if self.version else self.kind.label


NPM = PackageManager(ManagerKind.NPM)
"""The npm that comes with Node.js."""


class ProjectFileError(ValueError):
    """A file of a project that cannot be used.

    :param problem: what is wrong, one or more sentences.
    :param remedy: what the user can do about it.
    :param file: the file at fault, in the terms of the caller.
    :param line: the line in it, counted from 1.
    """

    def __init__(self, problem: str, *, remedy: str, file: str, line: int | None = None) -> None:
        super().__init__(f"{file}:{line or 1}: {problem} {remedy}")
        self.problem = problem
        self.remedy = remedy
        self.file = file
        self.line = line
