"""Archives of packages, as npm's registry serves them, ordinary ones and others."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Mapping, Sequence

ROOT = "package"


@dataclass(frozen=True)
class Entry:
    """
    :param path: as it stands in the archive, the first folder included.
    :param link: where it leads, if it is a link.
    """

    path: str
    content: bytes = b""
    mode: int = 0o644
    kind: bytes = tarfile.REGTYPE
    link: str = ""


def file(path: str, content: bytes = b"", mode: int = 0o644) -> Entry:
    """A file of a package."""
    return Entry(f"{ROOT}/{path}", content, mode)


def manifest(name: str, **more: object) -> Entry:
    """A package's `package.json`."""
    return file("package.json", json.dumps({"name": name, "version": "1.0.0", **more}).encode())


def archive(entries: Sequence[Entry]) -> bytes:
    """A gzipped tar archive."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", format=tarfile.PAX_FORMAT) as tar:
        for entry in entries:
            info = tarfile.TarInfo(entry.path)
            info.type, info.mode, info.linkname = entry.kind, entry.mode, entry.link
            info.size = len(entry.content) if info.isreg() else 0
            tar.addfile(info, io.BytesIO(entry.content))
    return buffer.getvalue()


def write_project(
    root: Path, packages: Mapping[str, bytes], *, section: str = "dependencies"
) -> None:
    """Writes a project that depends on archives that lie in it: name → archive."""
    is_optional = section == "optionalDependencies"
    dependencies = {name: f"file:archives/{number}.tgz" for number, name in enumerate(packages)}
    locked: Dict[str, object] = {"": {"name": "project", "version": "1.0.0", section: dependencies}}
    (root / "archives").mkdir(parents=True)
    for name, content in packages.items():
        resolved = dependencies[name]
        (root / resolved[len("file:") :]).write_bytes(content)
        digest = base64.b64encode(hashlib.sha512(content).digest()).decode()
        locked[f"node_modules/{name}"] = {
            "version": "1.0.0",
            "resolved": resolved,
            "integrity": f"sha512-{digest}",
            **({"optional": True} if is_optional else {}),
        }
    described = {"name": "project", "version": "1.0.0"}
    lock = {**described, "lockfileVersion": 3, "requires": True, "packages": locked}
    (root / "package-lock.json").write_text(json.dumps(lock))
    (root / "package.json").write_text(json.dumps({**described, section: dependencies}))
