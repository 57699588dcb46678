"""What is wrong, or worth knowing, about what is shared."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """How bad it is: an error breaks pages, a warning may, an info never does."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True)
class Finding:
    """One thing found.

    Attributes:
        code: A stable slug, such as ``two-copies``; ``finding_codes`` lists all.
        message: What is wrong, in one or two sentences.
        file: Path relative to the repository, where one is to blame.
        line: Line in ``file``, from 1.
        chain: How it comes about, one step per text; for several copies, one text per copy.
        remedy: What to do.
        target: The address of the target, or the path of the contract, that it is about.
        containers: The names of all containers that have a part in it, the blamed one first.
        package: The package that it is about, by the name importers use.
        silenced_because: The reason that somebody gave for not wanting to hear of it; then it is
            shown in reports only, and stops nothing.
        column: Column in ``line``, from 1, where it is known.
    """

    code: str
    severity: Severity
    message: str
    file: str | None = None
    line: int | None = None
    chain: tuple[str, ...] = ()
    remedy: str = ""
    target: str | None = None
    containers: tuple[str, ...] = ()
    package: str | None = None
    silenced_because: str | None = None
    column: int | None = None

    @property
    def sort_key(self) -> tuple[str, int, str, str]:
        """Findings in the order of files and lines, those without a file first."""
        return (self.file or "", self.line or 0, self.code, self.message)

    @property
    def is_error(self) -> bool:
        """Whether it stops a build."""
        return self.severity is Severity.ERROR and self.silenced_because is None

    @property
    def place(self) -> str:
        """``file:line:column``, or as much of it as is known."""
        parts = [self.file, self.line, self.line and self.column]
        return ":".join(str(part) for part in parts if part) if self.file else ""

    def __str__(self) -> str:
        place = f"{self.place}: " if self.place else ""
        head = f"{place}{self.severity.value}: {self.message} [{self.code}]"
        steps = "".join(f"\n    {step}" for step in self.chain)
        return f"{head}{steps}\n    To do: {self.remedy}" if self.remedy else f"{head}{steps}"
