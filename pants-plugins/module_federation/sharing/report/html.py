"""The federation plan as one HTML page that needs nothing else: no network, no server, no build.

The page is written in plain ES modules, in ``page/``. They are put into one script here, each in a
scope of its own, so that a browser takes the file from a disk too.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import pkgutil
import re
from typing import Any, Mapping, Sequence

MODULES = (
    "dom.js",
    "state.js",
    "model.js",
    "words.js",
    "rows.js",
    "layout.js",
    "moving.js",
    "head.js",
    "findings.js",
    "matrix.js",
    "graph.js",
    "sizes.js",
    "replay.js",
    "detail.js",
    "main.js",
)
"""The modules of the page, each after those that it imports."""

_IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./([\w-]+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:function|const) (\w+))", re.MULTILINE)
_PLACE = re.compile(r"\{\{(\w+)\}\}")


def plan_page(documents: Sequence[Mapping[str, Any]]) -> str:
    """One page for the plans of one or several hosts, each as ``plan_document`` gives it.

    Names and texts of the documents cannot become markup or code: the script makes elements from
    texts only, and the page's own policy lets nothing run but that script.

    Raises:
        ValueError: there is no document.
    """
    if not documents:
        raise ValueError("A page needs the plan of at least one host.")
    style = _source("page.css").strip()
    script = _script()
    hosts = ", ".join(str(each["host"]) for each in documents)
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; "
        "img-src data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    )
    parts = {
        "policy": html.escape(policy),
        "title": html.escape(f"{hosts}: federation plan"),
        "style": style,
        "data": _inert_json(documents),
        "script": script,
    }
    return _PLACE.sub(lambda place: parts[place.group(1)], _source("page.html"))


def _script() -> str:
    return "\n".join(_enclosed(name) for name in MODULES)


def _enclosed(name: str) -> str:
    """A module as a function that is called at once and gives what it exports."""
    source = _source(name)
    exported = ", ".join(match.group(2) for match in _EXPORT.finditer(source))
    body = _IMPORT.sub(lambda match: f"const {match.group(1)} = ${match.group(2)};", source)
    body = _EXPORT.sub(lambda match: match.group(1), body).strip()
    return f"const ${name[:-3]} = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();"


def _source(name: str) -> str:
    data = pkgutil.get_data("module_federation.sharing.report", f"page/{name}")
    assert data is not None, f"sharing/report/page/{name} is not part of the installed plugin"
    return data.decode("utf-8")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _inert_json(value: Any) -> str:
    """JSON that holds nothing that an HTML parser would take for the end of the script."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
