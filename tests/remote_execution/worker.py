"""Runs one action of the Remote Execution API, as `buildbox-casd` asks its runner to.

It takes the place of `buildbox-run`, which needs bubblewrap, ignores `output_files` and
`output_directories` (the only outputs that Pants 2.17.1 names), and makes the input root the root
folder of the machine. What it does is what the API says and no more, so that a command gets no help
that another server would not give: a new folder for each action, its variables and no others, no
named caches, and no word of the command replaced.

Called as a program with `--action=<file>`, `--action-result=<file>` and other flags of
buildbox-casd 1.4.25.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Iterator

# Started as a script, it has to say itself where its module is.
sys.path.insert(0, str(Path(__file__).absolute().parents[1]))

from remote_execution.messages import (
    Digest,
    Fields,
    decode,
    encode,
    messages,
    text,
    texts,
)

#: The variable that names the folder of buildbox-casd's cache.
CACHE = "CASD_CACHE"


class Blobs:
    """The content-addressable storage of buildbox-casd, where it keeps it: a file for each blob."""

    def __init__(self, cache: Path) -> None:
        self._objects = cache / "cas/objects"

    def path(self, digest: Digest) -> Path:
        return self._objects / digest.sha256[:2] / digest.sha256[2:]

    def read(self, message: bytes) -> bytes:
        """The blob that a `Digest` message names."""
        return self.path(Digest.read(message)).read_bytes()

    def add(self, content: bytes) -> Digest:
        digest = Digest(hashlib.sha256(content).hexdigest(), len(content))
        path = self.path(digest)
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            # Beside the cache, so that it can be moved there in one step.
            with tempfile.NamedTemporaryFile(delete=False) as aside:
                aside.write(content)
            os.chmod(aside.name, 0o644)
            os.rename(aside.name, path)
        return digest

    def lay_out(self, directory: bytes, folder: Path) -> None:
        """Writes a `Directory` message and all below it into an empty folder."""
        fields = decode(directory)
        for node in map(decode, messages(fields, 1)):
            path = folder / text(node, 1)
            shutil.copyfile(self.path(Digest.read(messages(node, 2)[0])), path)
            path.chmod(0o755 if 4 in node else 0o644)
        for node in map(decode, messages(fields, 2)):
            path = folder / text(node, 1)
            path.mkdir()
            self.lay_out(self.read(messages(node, 2)[0]), path)
        for node in map(decode, messages(fields, 3)):
            (folder / text(node, 1)).symlink_to(text(node, 2))

    def file_node(self, name: str, path: Path) -> bytes:
        """A `FileNode` or `OutputFile` message, whose fields have the same numbers."""
        digest = self.add(path.read_bytes())
        executable = bool(path.stat().st_mode & stat.S_IXUSR)
        return encode((1, name), (2, digest.message()), (4, executable))

    def tree(self, folder: Path) -> bytes:
        """A folder as a `Tree` message."""
        children: dict[Digest, bytes] = {}
        root = self._directory(folder, children)
        return encode((1, root), *((2, child) for child in children.values()))

    def _directory(self, folder: Path, children: dict[Digest, bytes]) -> bytes:
        files, folders, links = [], [], []
        for entry in sorted(folder.iterdir()):
            if entry.is_symlink():
                links.append((3, encode((1, entry.name), (2, os.readlink(entry)))))
            elif entry.is_dir():
                message = self._directory(entry, children)
                digest = self.add(message)
                children[digest] = message
                folders.append((2, encode((1, entry.name), (2, digest.message()))))
            else:
                files.append((1, self.file_node(entry.name, entry)))
        return encode(*files, *folders, *links)

    def outputs(self, command: Fields, here: Path) -> Iterator[tuple[int, bytes]]:
        """What the command made of what it was to make, as fields of an `ActionResult`.

        Pants 2.17.1 says what is a file and what a folder, and never uses `output_paths`.
        """
        for name in texts(command, 3):
            if (here / name).is_file():
                yield 2, self.file_node(name, here / name)
        for name in texts(command, 4):
            if (here / name).is_dir():
                digest = self.add(self.tree(here / name))
                yield 3, encode((1, name), (3, digest.message()))


def run(action: bytes, blobs: Blobs, folder: Path, *, forgetful: bool) -> bytes:
    """Runs an `Action` in an empty folder → `ActionResult`.

    :param forgetful: look at `output_paths` alone, as buildbox-run 1.4.25 does.
    """
    fields = decode(action)
    command = decode(blobs.read(messages(fields, 1)[0]))
    blobs.lay_out(blobs.read(messages(fields, 2)[0]), folder)
    here = folder / text(command, 6)
    for name in (*texts(command, 3), *texts(command, 4)):
        (here / name).parent.mkdir(parents=True, exist_ok=True)
    variables = [decode(message) for message in messages(command, 2)]
    done = subprocess.run(
        texts(command, 1),
        cwd=here,
        env={text(variable, 1): text(variable, 2) for variable in variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    outputs = () if forgetful else blobs.outputs(command, here)
    return encode(*outputs, (4, done.returncode), (5, done.stdout), (7, done.stderr))


def main() -> None:
    flags = {name: value for name, _, value in (flag.partition("=") for flag in sys.argv[1:])}
    action = Path(flags["--action"]).read_bytes()
    with tempfile.TemporaryDirectory(prefix="action-") as folder:
        blobs = Blobs(Path(os.environ[CACHE]))
        result = run(action, blobs, Path(folder), forgetful="--forgetful" in flags)
    Path(flags["--action-result"]).write_bytes(result)


if __name__ == "__main__":
    main()
