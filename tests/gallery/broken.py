"""What an entry of the gallery is: a broken federation, the finding about it, and the proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Optional

from gallery.description import Description
from gallery.elsewhere import Elsewhere
from gallery.page import Got, Observed, Step
from module_federation.sharing.findings import Finding


@dataclass(frozen=True)
class Expected:
    """The finding that an entry must have.

    :param container: the name of the container that is blamed.
    :param file: the file to blame, and in it the line with this text.
    :param words: what its message must have.
    :param remedy: what its remedy must have.
    :param package: the package that it is about.
    :param chain: what its chain must have.
    """

    container: Optional[str] = None
    file: Optional[str] = None
    at: str = ""
    words: Sequence[str] = ()
    remedy: Sequence[str] = ()
    package: Optional[str] = None
    chain: Sequence[str] = ()

    def differences(self, finding: Finding, files: Mapping[str, str]) -> list[str]:
        """In what a finding is not as expected."""
        found = []
        if self.container is not None and finding.containers[:1] != (self.container,):
            found.append(f"blames {finding.containers}, not {self.container}")
        if self.package is not None and finding.package != self.package:
            found.append(f"is about {finding.package}, not {self.package}")
        line = line_of(files[self.file], self.at) if self.file is not None and self.at else None
        if (finding.file, finding.line) != (self.file, line):
            found.append(f"stands at {finding.place or 'no place'}, not at {self.file}:{line}")
        missing = [word for word in self.words if word not in finding.message]
        found += [f"says nothing of {word!r}: {finding.message}" for word in missing]
        missing = [word for word in self.remedy if word not in finding.remedy]
        found += [f"does not advise {word!r}: {finding.remedy}" for word in missing]
        steps = "\n".join(finding.chain)
        missing = [word for word in self.chain if word not in steps]
        found += [f"shows no way by {word!r}:\n{steps}" for word in missing]
        if not finding.remedy:
            found.append("advises nothing")
        return found


@dataclass(frozen=True)
class Shown:
    """A load order, and what the page shows of each step.

    :param steps: each step with what comes of it, in the words of `told`.
    :param logged: words of a warning or an error in the console.
    :param values: JavaScript → what it says at the end.
    """

    steps: Sequence[tuple[Step, str]]
    arrival: Sequence[str] = ()
    offline: Sequence[str] = ()
    logged: Sequence[str] = ()
    values: Mapping[str, object] = field(default_factory=dict)

    def differences(self, observed: Observed) -> list[str]:
        """In what a page is not as expected."""
        found = [
            f"{step}: {told(got)} instead of {expected}"
            for (step, expected), got in zip(self.steps, observed.outcomes)
            if told(got) != expected
        ]
        found += [
            f"{script} is {observed.values[script]!r} instead of {expected!r}"
            for script, expected in self.values.items()
            if observed.values[script] != expected
        ]
        log = "\n".join(observed.problems)
        found += [
            f"{words!r} is not in the log:\n{log}" for words in self.logged if words not in log
        ]
        return found


def told(got: Got) -> str:
    """What came of a step: "cart 2.1.1", the first line of the error, or "done".

    A warning is mentioned, not quoted.
    """
    if got.error is not None:
        return got.error.splitlines()[0]
    text = "done" if got.copy is None else f"{got.copy[0]} {got.copy[2]}"
    return f"{text} with a warning" if got.warnings else text


@dataclass(frozen=True)
class Broken:
    """One entry of the gallery.

    :param code: the code of the finding.
    :param refused: what the bundler's refusal says, where the plan lets it come to that.
    :param also: codes of findings that come with it; no others may be there, besides infos.
    :param healed: the federation after somebody did what the remedy says.
    """

    code: str
    description: Description
    finding: Expected
    shown: Sequence[Shown] = ()
    refused: Sequence[str] = ()
    also: Sequence[str] = ()
    healed: Optional[Description] = None


@dataclass(frozen=True)
class Deployed(Broken):
    """An entry that is judged by contracts, as the `federation` command judges them.

    :param given: the remotes that are given; by default all.
    :param candidates: the containers that are given as candidates.
    :param manifests: the containers of which only the plain manifest is given.
    :param live: what is deployed, if it is not the same; its host is given then.
    :param elsewhere: container → how somebody else builds it.
    """

    given: Optional[Sequence[str]] = None
    candidates: Sequence[str] = ()
    manifests: Sequence[str] = ()
    live: Optional[Description] = None
    elsewhere: Mapping[str, Elsewhere] = field(default_factory=dict)


def line_of(text: str, part: str) -> int:
    """The first line, from 1, that has `part`."""
    return next(i for i, line in enumerate(text.splitlines(), 1) if part in line)
