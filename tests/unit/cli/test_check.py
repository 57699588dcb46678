from __future__ import annotations

import json
from pathlib import Path

import pytest

from unit.cli.conftest import Federation, codes
from unit.cli.contracts import LIVE, Site, contract, manifest, react

_CART_19 = contract("cart", react("19.1.0"))
_BOTH = "^18.0.0 || ^19.0.0"


def test_what_is_deployed_fits(federation: Federation, site: Site) -> None:
    answer = federation("check", *LIVE)
    assert answer.status == 0
    assert "all 3 that use it" in answer.out
    assert answer.out.splitlines()[-1].startswith("Fits: no errors")
    assert answer.err == ""


def test_a_candidate_that_does_not_fit(federation: Federation, site: Site) -> None:
    (candidate,) = site.candidates(_CART_19)
    answer = federation("check", *LIVE, "--candidate", candidate)
    assert answer.status == 1
    assert "[unsatisfied-singleton]" in answer.out
    assert "live/shell/mf-contract.json" in answer.out
    assert (
        "FAIL  cart replaces the deployed one: 1 new error (unsatisfied-singleton)." in answer.out
    )


def test_candidates_that_only_fit_together(federation: Federation, site: Site) -> None:
    shell = contract("shell", react("19.1.0"), remotes=("cart", "catalog"), exposes=())
    files = site.candidates(shell, _CART_19, contract("catalog", react("19.1.0")))
    answer = federation("check", *LIVE, "--candidate", *files)
    assert answer.status == 0
    assert "Together they fit" in answer.out


def test_json(federation: Federation, site: Site) -> None:
    (candidate,) = site.candidates(_CART_19)
    answer = federation("check", *LIVE, "--candidate", candidate, "--format", "json")
    document = json.loads(answer.out)
    assert (document["schema"], document["version"]) == ("mf-federation-check", 1)
    assert document["fits"] is False
    assert document["host"] == "shell"
    assert [(each["name"], each["role"], each["format"]) for each in document["containers"]] == [
        ("shell", "deployed", "contract"),
        ("cart", "deployed", "contract"),
        ("catalog", "deployed", "contract"),
        ("cart", "candidate", "contract"),
    ]
    (finding,) = document["findings"]
    assert finding["code"] == "unsatisfied-singleton"
    assert finding["file"] == "live/shell/mf-contract.json"
    assert finding["isNew"] is True
    (alone,) = document["candidates"]
    assert alone["name"] == "cart"
    assert alone["file"] == "next/cart/mf-contract.json"
    assert alone["fitsAlone"] is False
    assert codes(alone["newErrorsAlone"]) == ["unsatisfied-singleton"]


def test_sarif(federation: Federation, site: Site) -> None:
    (candidate,) = site.candidates(_CART_19)
    answer = federation("check", *LIVE, "--candidate", candidate, "--format", "sarif")
    assert answer.status == 1
    (run,) = json.loads(answer.out)["runs"]
    (result,) = run["results"]
    (location,) = result["locations"]
    uri = location["physicalLocation"]["artifactLocation"]["uri"]
    assert (result["ruleId"], uri) == ("unsatisfied-singleton", "live/shell/mf-contract.json")


def test_the_report_goes_to_a_file(federation: Federation, site: Site) -> None:
    (candidate,) = site.candidates(_CART_19)
    call = ("check", *LIVE, "--candidate", candidate)
    answer = federation(*call, "--output-file", "report.txt")
    assert answer.status == 1
    assert answer.out == "Does not fit: 1 error.\n"
    assert (site.root / "report.txt").read_text() == federation(*call).out


def test_old_errors_can_be_left_aside(federation: Federation, site: Site) -> None:
    site.live(contract("catalog", react("18.3.1", "^17.0.0")))
    (candidate,) = site.candidates(contract("cart", react("18.3.1", "^18.2.0")))
    call = ("check", *LIVE, "--candidate", candidate)
    assert federation(*call).status == 1
    answer = federation(*call, "--new-only")
    assert answer.status == 0
    assert "1 error above can be found in what is deployed already." in answer.out
    assert "Fits: no error is new." in answer.out
    document = json.loads(federation(*call, "--new-only", "--format", "json").out)
    assert [each["isNew"] for each in document["findings"]] == [False]
    assert document["fits"] is True


def test_warnings_can_count(federation: Federation, site: Site) -> None:
    call = ("check", "--host", "live/shell", "--remotes", "live/cart")
    answer = federation(*call)
    assert answer.status == 0
    assert "[remote-not-given]" in answer.out
    assert "shell loads catalog, which was not given." in answer.out
    strict = federation(*call, "--warnings-as-errors")
    assert strict.status == 1
    assert "Does not fit: warnings count as errors." in strict.out


def test_old_warnings_can_be_left_aside(federation: Federation, site: Site) -> None:
    (candidate,) = site.candidates(contract("cart", react("18.3.1")))
    call = ("check", "--host", "live/shell", "--remotes", "live/cart", "--candidate", candidate)
    assert federation(*call, "--warnings-as-errors").status == 1
    assert federation(*call, "--warnings-as-errors", "--new-only").status == 0


def test_a_remote_that_no_container_names(federation: Federation, site: Site) -> None:
    site.live(contract("extra", react("18.3.1", "^17.0.0")))
    answer = federation("check", *LIVE, "live/extra")
    assert answer.status == 1
    assert "[remote-not-loaded]" in answer.out
    assert "checked as if shell loaded" in answer.out


def test_a_module_that_is_gone(federation: Federation, site: Site) -> None:
    shell = contract(
        "shell",
        react("18.3.1"),
        remotes=("cart", "catalog"),
        exposes=(),
        uses={"cart": ("./App",), "catalog": ("./App",)},
    )
    site.live(shell)
    (candidate,) = site.candidates(contract("cart", react("18.3.1"), exposes=("./Other",)))
    assert federation("check", *LIVE).status == 0
    answer = federation("check", *LIVE, "--candidate", candidate)
    assert answer.status == 1
    assert "[unknown-expose]" in answer.out


def test_development_and_production(federation: Federation, site: Site) -> None:
    (candidate,) = site.candidates(contract("cart", react("18.3.1"), mode="development"))
    answer = federation("check", *LIVE, "--candidate", candidate)
    assert answer.status == 1
    assert "[mixed-modes]" in answer.out


def test_a_plain_manifest(federation: Federation, site: Site) -> None:
    path = site.put_manifest("next", manifest("cart", "19.1.0", "^19.0.0"))
    answer = federation("check", *LIVE, "--candidate", path)
    assert answer.status == 1
    assert "next/cart/mf-manifest.json is a manifest" in answer.out
    assert "[unsatisfied-singleton]" in answer.out
    document = json.loads(federation("check", *LIVE, "--candidate", path, "--format", "json").out)
    assert document["containers"][-1]["format"] == "manifest"
    assert "manifest-only" in codes(document["findings"])


def test_a_policy_silences(federation: Federation, site: Site) -> None:
    (candidate,) = site.candidates(_CART_19)
    (site.root / "sharing.toml").write_text(
        "[findings]\n"
        'remote-not-given = "error"\n'
        "[[silenced]]\n"
        'code = "unsatisfied-singleton"\n'
        'container = "cart"\n'
        'reason = "For one day only."\n'
    )
    call = ("check", *LIVE, "--candidate", candidate, "--policy", "sharing.toml")
    answer = federation(*call)
    assert answer.status == 0
    assert "For one day only." in answer.out
    sarif = json.loads(federation(*call, "--format", "sarif").out)
    (result,) = sarif["runs"][0]["results"]
    assert result["suppressions"][0]["justification"] == "For one day only."
    part = ("check", "--host", "live/shell", "--policy", "sharing.toml")
    assert federation(*part).status == 1


@pytest.mark.parametrize("file_format", ["text", "json", "sarif"])
def test_the_order_of_the_files_does_not_matter(
    federation: Federation, site: Site, file_format: str
) -> None:
    files = site.candidates(_CART_19, contract("catalog", react("18.3.1", _BOTH)))
    remotes = ["live/cart", "live/catalog"]
    answers = [
        federation(
            "check", "--host", "live/shell", "--format", file_format, "--remotes", *deployed,
            "--candidate", *candidates,
        ).out
        for deployed, candidates in ((remotes, files), (remotes[::-1], files[::-1]))
    ]  # fmt: skip
    assert answers[0] == answers[1]


def test_a_host_alone(federation: Federation, site: Site) -> None:
    (site.root / "solo").mkdir()
    site.put("solo", contract("solo", react("18.3.1")))
    answer = federation("check", "--host", "solo/solo")
    assert answer.status == 0
    assert "solo has no remotes" in answer.out


def test_width(federation: Federation, site: Site) -> None:
    (candidate,) = site.candidates(_CART_19)
    for width in (60, 80, 140):
        out = federation("check", *LIVE, "--candidate", candidate, "--width", str(width)).out
        lines = out.splitlines()
        # A path is never broken.
        assert all(len(line) <= width or " " not in line.strip() for line in lines)


def test_colours_on_demand(federation: Federation, site: Site) -> None:
    assert "\x1b[" not in federation("check", *LIVE).out
    assert "\x1b[32;1m" in federation("check", *LIVE, "--colour", "always").out


def test_nothing_is_written_beside_the_inputs(federation: Federation, site: Site) -> None:
    before = sorted(Path(site.root).rglob("*"))
    federation("check", *LIVE)
    assert sorted(Path(site.root).rglob("*")) == before
