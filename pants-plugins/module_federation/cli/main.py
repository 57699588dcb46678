"""The entry point of the ``federation`` command."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from typing import Sequence, TextIO

from module_federation.cli.arguments import parser
from module_federation.cli.errors import CommandError
from module_federation.cli.inputs import read_inputs
from module_federation.cli.reports import (
    Report,
    View,
    check_report,
    order_report,
    plan_report,
)
from module_federation.cli.uploads import uploads_report
from module_federation.sharing.deployment.deployment import DeploymentError
from module_federation.sharing.negotiation import FederationError
from module_federation.sharing.report.terminal import MIN_WIDTH, clean

TROUBLE = 2
"""The exit status for a call or a file that is wrong; ``argparse`` uses it too."""

TRACEBACK_VARIABLE = "FEDERATION_TRACEBACK"
"""The environment variable for those who look for a mistake in the command."""

_INTERRUPTED = 130
_DEFAULT_WIDTH = 100


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status, whatever happens.

    Args:
        arguments: Without the program's name; None for those of the process.

    Raises:
        SystemExit: For ``--help``, ``--version`` and calls that cannot be parsed (status 2).
    """
    for stream in (sys.stdout, sys.stderr):
        _forgive(stream)
    try:
        return run(arguments)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception as error:
        if os.environ.get(TRACEBACK_VARIABLE):
            raise
        return _complain(
            f"This is a mistake in the command itself: {type(error).__name__}: {error}. Please "
            f"report it, with what {TRACEBACK_VARIABLE}=1 in the environment shows."
        )


def run(arguments: Sequence[str] | None = None) -> int:
    """As ``main``, but what cannot happen is raised."""
    options = parser().parse_args(arguments)
    try:
        report = _report(options)
        _write(report, options.output_file)
    except (CommandError, DeploymentError, FederationError) as error:
        return _complain(str(error))
    except (MemoryError, RecursionError) as error:
        return _complain(f"The input is too large or too deeply nested ({type(error).__name__}).")
    return report.status


def _report(options: argparse.Namespace) -> Report:
    if options.command == "uploads":
        return uploads_report(options.logs)
    inputs = read_inputs(
        options.host,
        [file for group in options.remotes for file in group],
        [file for group in options.candidate for file in group],
        options.policy,
    )
    view = _view(options)
    if options.command == "check":
        return check_report(
            inputs,
            view,
            warnings_as_errors=options.warnings_as_errors,
            new_only=options.new_only,
        )
    return order_report(inputs, view) if options.command == "order" else plan_report(inputs, view)


def _view(options: argparse.Namespace) -> View:
    is_terminal = options.output_file is None and sys.stdout.isatty()
    width = options.width
    if width is None:
        columns = shutil.get_terminal_size((_DEFAULT_WIDTH, 24)).columns
        width = columns if is_terminal else _DEFAULT_WIDTH
    colour = options.colour == "always"
    if options.colour == "auto":
        colour = is_terminal and not os.environ.get("NO_COLOR")
    return View(options.format, max(width, MIN_WIDTH), colour)


def _write(report: Report, output_file: str | None) -> None:
    if output_file is None:
        _print(report.text)
        return
    try:
        with open(
            output_file, "w", encoding="utf-8", errors="backslashreplace", newline="\n"
        ) as file:
            file.write(report.text)
    except OSError as error:
        reason = (error.strerror or str(error)).rstrip(".")
        raise CommandError(f"{output_file}: {reason}. The report is not there.") from None
    _print(f"{clean(report.summary)}\n")


def _print(text: str) -> None:
    """Writes to stdout; whoever reads it may have seen enough before its end (``| head``)."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes once more when it ends, which must not complain either.
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, sys.stdout.fileno())
        os.close(devnull)
    except OSError as error:
        raise CommandError(f"stdout: {error.strerror or error}. Nothing can be told.") from None


def _complain(message: str) -> int:
    sys.stderr.write(f"federation: error: {clean(message)}\n")
    return TROUBLE


def _forgive(stream: TextIO) -> None:
    """A terminal that lacks a character is to show its code, not to end the command."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
