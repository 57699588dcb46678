"""The command line of ``federation``."""

from __future__ import annotations

import argparse
from typing import List

from module_federation.cli.version import VERSION
from module_federation.sharing.report.terminal import MIN_WIDTH

_MAX_WIDTH = 1000

_FILES = """\
A file is a container's mf-contract.json, or a plain mf-manifest.json if nothing better is there
(what a manifest does not say is assumed, and said), or a folder that holds one of them. A candidate
replaces the deployed container of the same name; one with a new name is added."""

_STATUS = """\
exit status:
  0  it fits (check), there is an order (order), the plan has no errors (plan), nothing is missing
     (uploads)
  1  it does not: the findings say why
  2  the call is wrong, or a file cannot be read"""

_CHECK_EXAMPLES = """\
examples:
  Does what is deployed fit together?
    federation check --host live/shell --remotes live/cart live/catalog

  May this new cart go live?
    federation check --host live/shell --remotes 'live/*' --candidate dist/cart/mf-contract.json

  The same for a code host that shows findings beside the code:
    federation check --host live/shell --remotes 'live/*' --candidate dist/cart \\
      --format sarif --output-file findings.sarif
"""

_ORDER_EXAMPLES = """\
examples:
  In which order can these three go live?
    federation order --host live/shell --remotes 'live/*' \\
      --candidate dist/shell dist/cart dist/catalog
"""

_PLAN_EXAMPLES = """\
examples:
  A page for people who want to see it:
    federation plan --host live/shell --remotes 'live/*' --format html --output-file plan.html
"""

_UPLOADS = """\
Did all results reach the remote cache? Pants ends well when an upload failed, or was still under
way. Only its counters tell, which --stats-log writes at the end of a run. Reads the logs of one or
more runs; with no file, or with -, stdin."""

_UPLOADS_EXAMPLES = """\
examples:
  Fail a pipeline whose uploads were dropped:
    ./pants --stats-log package :: 2>&1 | tee pants.log
    federation uploads pants.log
"""


def parser() -> argparse.ArgumentParser:
    """The parser; its results have ``command`` and the options of that command."""
    top = argparse.ArgumentParser(
        prog="federation",
        description="Checks built Module Federation containers against each other, by the rules of "
        "the federation runtime. Reads files only.",
        epilog=f"{_CHECK_EXAMPLES}\n{_STATUS}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"federation {VERSION}")
    commands = top.add_subparsers(dest="command", metavar="command", required=True)
    check = _command(
        commands,
        "check",
        "do a host and its remotes fit together?",
        _CHECK_EXAMPLES,
        ["text", "json", "sarif"],
    )
    check.add_argument(
        "--warnings-as-errors", action="store_true", help="warnings end with status 1, too"
    )
    check.add_argument(
        "--new-only",
        action="store_true",
        help="errors that are there without the candidates do not count",
    )
    order = _command(
        commands,
        "order",
        "in which order can candidates be deployed?",
        _ORDER_EXAMPLES,
        ["text", "json"],
    )
    order.set_defaults(warnings_as_errors=False, new_only=False)
    plan = _command(
        commands,
        "plan",
        "who gets whose copy of what?",
        _PLAN_EXAMPLES,
        ["text", "json", "html"],
    )
    plan.set_defaults(warnings_as_errors=False, new_only=False)
    uploads = commands.add_parser(
        "uploads",
        help="did all results reach the remote cache?",
        description=_UPLOADS,
        epilog=f"{_UPLOADS_EXAMPLES}\n{_STATUS}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    uploads.add_argument(
        "logs", nargs="*", metavar="LOG", help="the log of one or more runs of Pants"
    )
    uploads.set_defaults(output_file=None)
    return top


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    purpose: str,
    examples: str,
    formats: List[str],
) -> argparse.ArgumentParser:
    command = commands.add_parser(
        name,
        help=purpose,
        description=f"{purpose[0].upper()}{purpose[1:]}\n\n{_FILES}",
        epilog=f"{examples}\n{_STATUS}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    command.add_argument("--host", required=True, metavar="FILE", help="the deployed host")
    command.add_argument(
        "--remotes",
        action="append",
        nargs="+",
        default=[],
        metavar="FILE",
        help="the deployed remotes; patterns such as 'live/*' may be quoted",
    )
    command.add_argument(
        "--candidate",
        action="append",
        nargs="+",
        default=[],
        metavar="FILE",
        required=name == "order",
        help="what shall be deployed",
    )
    command.add_argument(
        "--policy",
        metavar="FILE",
        help="a sharing policy (TOML), for its [findings] and [[silenced]]",
    )
    command.add_argument("--format", choices=formats, default="text", help="default: text")
    command.add_argument(
        "--output-file",
        metavar="FILE",
        help="write the report here, and only the verdict to stdout",
    )
    command.add_argument(
        "--width",
        type=_width,
        metavar="N",
        help=f"columns of text, at least {MIN_WIDTH}; default: the terminal's, else 100",
    )
    command.add_argument(
        "--colour",
        "--color",
        choices=["auto", "always", "never"],
        default="auto",
        help="default: auto, in a terminal unless NO_COLOR is set",
    )
    return command


def _width(text: str) -> int:
    try:
        width = int(text)
    except ValueError:
        width = 0
    if not MIN_WIDTH <= width <= _MAX_WIDTH:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no number of columns from {MIN_WIDTH} to {_MAX_WIDTH}"
        )
    return width
