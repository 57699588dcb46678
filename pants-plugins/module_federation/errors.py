"""Errors that a user of the plugin can cause.

Each says what is wrong and what to do, and names target, file and line where there is one. Pants
prints the text of an exception as it stands, so it is written here as a person should read it.
"""

from __future__ import annotations

from pants.engine.addresses import Address


class ModuleFederationError(Exception):
    """A federation can't be built as the repository stands."""

    def __init__(
        self,
        problem: str,
        *,
        remedy: str,
        target: Address | None = None,
        file: str | None = None,
        line: int | None = None,
    ) -> None:
        """
        :param problem: what is wrong, one or more sentences.
        :param remedy: what the user can do about it.
        :param target: the target that asked for the work.
        :param file: the file at fault, relative to the build root.
        :param line: the line in it, counted from 1.
        """
        place = "" if file is None else f"{file}:{line}: " if line else f"{file}: "
        owner = "" if target is None else f"\nTarget: {target}"
        super().__init__(f"{place}{problem}{owner}\nTo fix it: {remedy}")
