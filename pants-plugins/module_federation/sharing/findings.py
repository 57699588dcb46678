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
        code: A stable slug, such as ``two-copies``.
        message: What is wrong, in one or two sentences.
        file: Path relative to the repository, where one is to blame.
        line: Line in ``file``, from 1.
        chain: How it comes about, one step per text; for several copies, one text per copy.
        remedy: What to do.
    """

    code: str
    severity: Severity
    message: str
    file: str | None = None
    line: int | None = None
    chain: tuple[str, ...] = ()
    remedy: str = ""

    @property
    def sort_key(self) -> tuple[str, int, str, str]:
        """Findings in the order of files and lines, those without a file first."""
        return (self.file or "", self.line or 0, self.code, self.message)

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.file and self.line else ""
        place = place or (f"{self.file}: " if self.file else "")
        head = f"{place}{self.severity.value}: {self.message} [{self.code}]"
        steps = "".join(f"\n    {step}" for step in self.chain)
        return f"{head}{steps}\n    {self.remedy}" if self.remedy else f"{head}{steps}"
