from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest

from module_federation.sharing.report.html import MODULES, plan_page
from module_federation.sharing.report.plan_json import plan_document
from unit.sharing.report.uniform_plans import uniform_plan

HOSTILE = "</script><img src=x onerror=alert(1)><!--<script>\u2028\u2029{{script}}&amp;\ud800"


class _Elements(HTMLParser):
    """What an HTML parser sees: start tags, and the text of scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: dict[str, str] = {}
        self.policy = ""
        self._inside = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        self._inside = given.get("id") or given.get("type") or tag
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"] or ""

    def handle_data(self, data: str) -> None:
        self.texts[self._inside] = self.texts.get(self._inside, "") + data

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""


def _hostile_page() -> str:
    document = plan_document(uniform_plan(3, 2))
    document["host"] = HOSTILE
    document["containers"][0]["name"] = HOSTILE
    document["keys"][0]["key"] = HOSTILE
    return plan_page([document])


def test_hostile_names_are_inert() -> None:
    harmless = _Elements(plan_page([plan_document(uniform_plan(3, 2))]))

    hostile = _Elements(_hostile_page())

    assert hostile.tags == harmless.tags
    (document,) = json.loads(hostile.texts["plans"])
    assert document["host"] == HOSTILE


def test_the_policy_allows_nothing_but_the_page_itself() -> None:
    page = _Elements(plan_page([plan_document(uniform_plan(3, 2))]))

    assert page.policy.startswith("default-src 'none'; ")
    assert "unsafe" not in page.policy
    for name, text in (("script-src", page.texts["module"]), ("style-src", page.texts["style"])):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{name} 'sha256-{digest}'" in page.policy


def test_nothing_is_loaded_from_elsewhere() -> None:
    page = plan_page([plan_document(uniform_plan(3, 2))])

    addresses = set(re.findall(r"\b(?:https?:)?//[\w.-]+\.\w+[^\s\"']*", page))
    assert addresses <= {"http://www.w3.org/2000/svg"}


def test_the_same_documents_give_the_same_page() -> None:
    document = plan_document(uniform_plan(5, 3))

    assert plan_page([document]) == plan_page([document])


def test_every_module_is_inlined_after_those_it_imports() -> None:
    script = _Elements(plan_page([plan_document(uniform_plan(3, 2))])).texts["module"]

    assert not re.search(r"^(import|export)\b", script, re.MULTILINE)
    made: set[str] = set()
    for line in script.splitlines():
        opened = re.match(r"const (\$\w+) = \(\(\) => \{$", line)
        used = re.search(r"\} = (\$\w+);$", line)
        if opened:
            made.add(opened.group(1))
        elif used:
            assert used.group(1) in made, line
    assert made == {f"${name[:-3]}" for name in MODULES}


def test_a_page_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one host"):
        plan_page([])
