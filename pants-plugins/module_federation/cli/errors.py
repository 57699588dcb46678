"""Why the command could not do its work."""

from __future__ import annotations


class CommandError(Exception):
    """The call or its input is wrong: the message says what, where, and what to do.

    The command prints it, without a traceback, and ends with status 2.
    """
