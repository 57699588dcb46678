from __future__ import annotations

import json

import pytest

from unit.cli.conftest import Federation, codes
from unit.cli.contracts import LIVE, Site, contract, react

_BOTH = "^18.0.0 || ^19.0.0"
_SHELL_19 = contract("shell", react("19.1.0"), remotes=("cart", "catalog"), exposes=())
_CART_19 = contract("cart", react("19.1.0"))


def test_one_by_one(federation: Federation, site: Site) -> None:
    files = site.candidates(
        _SHELL_19,
        contract("cart", react("18.3.1", _BOTH)),
        contract("catalog", react("18.3.1", _BOTH)),
    )
    answer = federation("order", *LIVE, "--candidate", *files)
    assert answer.status == 0
    assert answer.out == (
        "The candidates can be deployed one by one; 3 states checked.\n"
        "\n"
        "Deploy in this order:\n"
        "  1. cart\n"
        "  2. catalog\n"
        "  3. shell\n"
        "To roll back, undo the steps in the reverse order.\n"
    )
    document = json.loads(federation("order", *LIVE, "--candidate", *files, "--format", "json").out)
    assert (document["schema"], document["version"]) == ("mf-federation-order", 1)
    assert document["outcome"] == "one-by-one"
    assert document["steps"] == [["cart"], ["catalog"], ["shell"]]
    assert document["together"] == []


def test_together(federation: Federation, site: Site) -> None:
    files = site.candidates(_SHELL_19, _CART_19, contract("catalog", react("18.3.1", _BOTH)))
    answer = federation("order", *LIVE, "--candidate", *files)
    assert answer.status == 1
    assert "  1. catalog\n  2. cart and shell, at the same moment\n" in answer.out
    assert "After catalog, none of the others can be next:" in answer.out
    assert "cart brings 1 error:" in answer.out
    document = json.loads(federation("order", *LIVE, "--candidate", *files, "--format", "json").out)
    assert document["outcome"] == "together"
    assert document["together"] == [["cart", "shell"]]
    assert document["isSmallest"] is True
    assert document["stuckAfter"] == ["catalog"]
    assert [each["candidate"] for each in document["obstacles"]] == ["cart", "shell"]
    assert codes(document["obstacles"][0]["newErrors"]) == ["unsatisfied-singleton"]


def test_unfit(federation: Federation, site: Site) -> None:
    answer = federation("order", *LIVE, "--candidate", *site.candidates(_CART_19))
    assert answer.status == 1
    assert answer.out.startswith("The candidates do not fit: 1 new error once all of them")
    assert "Deploy in this order" not in answer.out


def test_old_errors_do_not_count(federation: Federation, site: Site) -> None:
    site.live(contract("catalog", react("18.3.1", "^17.0.0")))
    files = site.candidates(contract("cart", react("18.3.1", "^18.2.0")))
    answer = federation("order", *LIVE, "--candidate", *files)
    assert answer.status == 0
    assert "What is deployed has 1 error already, which did not count here." in answer.out


def test_a_new_remote(federation: Federation, site: Site) -> None:
    shell = contract("shell", react("18.3.1"), remotes=("cart", "catalog", "checkout"), exposes=())
    files = site.candidates(shell, contract("checkout", react("18.3.1")))
    answer = federation("order", *LIVE, "--candidate", *files)
    assert answer.status == 0
    assert "  1. checkout (new)\n  2. shell\n" in answer.out


def test_more_than_can_be_tried(federation: Federation, site: Site) -> None:
    names = [f"r{number:02}" for number in range(14)]
    site.live(contract("app", react("18.3.1"), remotes=names, exposes=()))
    site.live(*(contract(name, react("18.3.1")) for name in names))
    files = site.candidates(*(contract(name, react("18.3.1", "^18.2.0")) for name in names))
    answer = federation(
        "order", "--host", "live/app", "--remotes", "live/r*", "--candidate", *files
    )
    assert answer.status == 0
    assert "14 states checked" in answer.out


def test_the_verdict_goes_to_stdout(federation: Federation, site: Site) -> None:
    files = site.candidates(contract("cart", react("18.3.1")))
    answer = federation("order", *LIVE, "--candidate", *files, "--output-file", "order.txt")
    assert answer.out == "The candidates can be deployed one by one; 1 state checked.\n"
    assert "Deploy in this order" in (site.root / "order.txt").read_text()


@pytest.mark.parametrize(
    ("file_format", "start"),
    [
        ("text", "shell and 2 other"),
        ("json", '{\n  "schema": "mf-federation-plan"'),
        ("html", "<!"),
    ],
)
def test_the_plan_itself(federation: Federation, site: Site, file_format: str, start: str) -> None:
    answer = federation("plan", *LIVE, "--format", file_format)
    assert answer.status == 0
    assert answer.out.startswith(start)
    files = site.candidates(_CART_19)
    broken = federation("plan", *LIVE, "--candidate", *files, "--format", file_format)
    assert broken.status == 1
    assert "unsatisfied-singleton" in broken.out
