"""What a package manager says when it cannot install, as a person should read it."""

from __future__ import annotations

import re
from typing import NamedTuple

from module_federation.package_managers.model import ManagerKind, PackageManager

#: Of each package manager what tells that the lockfile does not fit the manifests.
_OUT_OF_STEP = {
    ManagerKind.NPM: ("in sync",),
    ManagerKind.PNPM: ("ERR_PNPM_OUTDATED_LOCKFILE", "ERR_PNPM_LOCKFILE_CONFIG_MISMATCH"),
    ManagerKind.YARN: ("YN0028", "would have been modified"),
    # The first is said by `bundler/install/yarn_classic.mjs`.
    ManagerKind.YARN_CLASSIC: ("lockfile-out-of-step:", "needs to be updated"),
}
_COMMAND = {
    ManagerKind.NPM: "npm ci",
    ManagerKind.PNPM: "pnpm install --frozen-lockfile",
    ManagerKind.YARN: "yarn install --immutable",
    ManagerKind.YARN_CLASSIC: "yarn install --frozen-lockfile",
}
_PREFIX = re.compile(
    r"^(?:npm (?:error|ERR!) ?|➤ YN0000: (?:[·┌│└] ?)?|➤ (?=YN)| ?(?:WARN|ERROR) +|\[\d/\d\] .*)"
)
_NOISE = re.compile(
    r"A complete log of this run|path /|code E|yarn install v|info Visit |Completed(?: in .*)?\Z"
    r"|lockfile-out-of-step:|Progress: |Failed with errors in |success Saved lockfile"
    r"|Done in |Scope: all |warning "
)
_SANDBOX = re.compile(r"(?:/[^\s/'\"]+)*/pants-sandbox-\w+/?")


class Explanation(NamedTuple):
    """What is wrong, and what to do."""

    problem: str
    remedy: str


def explain(manager: PackageManager, output: str, folder: str) -> Explanation:
    """Put a failed installation into words.

    Args:
        output: All that the process said.
        folder: The project as messages name it.
    """
    kind, said = manager.kind, tidied(output)
    if any(sign in output for sign in _OUT_OF_STEP[kind]):
        return Explanation(
            f"`{_COMMAND[kind]}` finds the lockfile out of step with the `package.json` files:\n"
            f"{said}",
            f"run `{kind.relock}` in `{folder}` and commit the result.",
        )
    settings = ".yarnrc.yml" if kind is ManagerKind.YARN else ".npmrc"
    return Explanation(
        f"{manager.label} could not install the packages of `{folder}`:\n{said}",
        f"see {kind.label}'s own message above. Registries and their keys belong into a "
        f"`{settings}` beside the lockfile; environment variables it names into "
        "`[module-federation].extra_env_vars`.",
    )


def tidied(output: str) -> str:
    """A package manager's words without prefixes, progress, its usage and paths of the sandbox."""
    lines = []
    for line in output.splitlines():
        text = _PREFIX.sub("", line).rstrip()
        if text.startswith("Clean install a project"):
            break
        if not _NOISE.match(text):
            lines.append(_SANDBOX.sub("", text))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
