"""`check`, `federation-plan`, and what `package` does with a plan that has errors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Mapping, Sequence

import pytest
from pants.core.goals.check import Check
from pants.core.goals.package import Package
from pants.engine.internals.scheduler import ExecutionError
from pants.testutil.rule_runner import GoalRuleResult, RuleRunner

from module_federation.goals.federation_plan import FederationPlanGoal
from rules import small_shop
from rules.runner import ENVIRONMENT, federation_runner
from rules.small_shop import BUILD_FILES, CART, SHELL

#: The cart asks for a React that nobody has.
OLD_REACT = 'shared={"react": {"required_version": "^18.0.0"}}'


def cart_build(*fields: str) -> Mapping[str, str]:
    """The cart's BUILD file with more fields."""
    more = "".join(f", {field}" for field in fields)
    return {f"{CART}/BUILD": BUILD_FILES[f"{CART}/BUILD"].replace("})", f"}}{more})")}


def run_goal(
    goal: type, changes: Mapping[str, str | None], *args: str, options: Sequence[str] = ()
) -> tuple[RuleRunner, GoalRuleResult]:
    runner = federation_runner(small_shop.files(changes))
    result = runner.run_goal_rule(
        goal, args=[*args, "::"], global_args=options, env_inherit=set(ENVIRONMENT)
    )
    return runner, result


def refusal(goal: type, changes: Mapping[str, str | None]) -> str:
    """What a goal that has to fail says."""
    with pytest.raises(ExecutionError) as caught:
        run_goal(goal, changes)
    errors: Sequence[Exception] = caught.value.wrapped_exceptions
    return str(errors[0])


def test_a_sound_federation_passes() -> None:
    _, result = run_goal(Check, {})
    assert result.exit_code == 0
    assert "federation succeeded." in result.stderr


def test_check_fails_with_errors() -> None:
    _, result = run_goal(Check, cart_build(OLD_REACT))
    assert result.exit_code == 1
    assert "federation failed." in result.stderr


def test_package_refuses_a_container_whose_plan_has_errors() -> None:
    message = refusal(Package, cart_build(OLD_REACT))
    assert "can't be bundled" in message
    assert "[unsatisfied-singleton]" in message
    assert "shop__cart" in message
    assert "^18.0.0" in message


def test_package_only_warns_when_told_so(caplog: pytest.LogCaptureFixture) -> None:
    runner, result = run_goal(
        Package, cart_build(OLD_REACT), options=["--module-federation-plan-errors=warn"]
    )
    assert result.exit_code == 0
    assert Path(runner.build_root, "dist/shop.apps.cart/remote/remoteEntry.js").is_file()
    assert "[unsatisfied-singleton]" in caplog.text


def test_a_silenced_finding_stops_nothing() -> None:
    silence = 'silenced_findings={"unsatisfied-singleton react": "It is a test."}'
    _, result = run_goal(Check, cart_build(OLD_REACT, silence))
    assert result.exit_code == 0


def test_a_silence_without_a_finding_is_reported(caplog: pytest.LogCaptureFixture) -> None:
    silence = 'silenced_findings={"two-copies react": "Nobody knows."}'
    run_goal(Package, cart_build(silence))
    assert "[unused-silence]" in caplog.text


def test_a_policy_changes_severities() -> None:
    policy = '[findings]\nunsatisfied-singleton = "warning"\n'
    _, result = run_goal(
        Check,
        {**cart_build(OLD_REACT), "sharing.toml": policy},
        options=["--module-federation-policy-file=sharing.toml"],
    )
    assert result.exit_code == 0


def test_the_plan_as_text() -> None:
    _, result = run_goal(FederationPlanGoal, {})
    assert result.exit_code == 0
    assert "shop__shell" in result.stdout
    assert "react" in result.stdout


def test_the_plan_as_json_with_sizes() -> None:
    _, result = run_goal(FederationPlanGoal, {}, "--format=json", "--sizes=always")
    (document,) = json.loads(result.stdout)
    assert document["schema"] == "mf-federation-plan"
    names = [container["name"] for container in document["containers"]]
    assert names == ["shop__shell", "shop__cart"]
    assert document["sizes"]["shared"]["bytes"] > 100_000
    assert document["sizes"]["unknownCopies"] == 0


def test_the_plan_as_a_page_in_a_new_folder(tmp_path: Path) -> None:
    page = tmp_path / "reports/plan.html"
    run_goal(FederationPlanGoal, {}, "--format=html", f"--output-file={page}")
    assert page.read_text().startswith("<!doctype html>")
    assert "shop__cart" in page.read_text()
    assert '"unknownCopies":0' in page.read_text()


def test_nothing_to_plan() -> None:
    runner = federation_runner(small_shop.files())
    result = runner.run_goal_rule(
        FederationPlanGoal, args=["shop/libs/ui::"], env_inherit=set(ENVIRONMENT)
    )
    assert result.exit_code == 0
    assert "no `federated_host`" in result.stderr


# ---------------------------------------------------------------------------------------
# Remotes of other repositories
# ---------------------------------------------------------------------------------------

REVIEWS = {
    "id": "acme__reviews",
    "name": "acme__reviews",
    "metaData": {
        "name": "acme__reviews",
        "type": "app",
        "buildInfo": {"buildVersion": "1.0.0", "buildName": "@acme/reviews"},
        "remoteEntry": {"name": "remoteEntry.js", "path": "", "type": "global"},
        "types": {"path": "", "name": "", "zip": "", "api": ""},
        "globalName": "acme__reviews",
        "pluginVersion": "2.9.2",
        "publicPath": "auto",
    },
    "shared": [
        {
            "id": "acme__reviews:react",
            "name": "react",
            "version": "19.0.0",
            "singleton": True,
            "requiredVersion": "^19.0.0",
            "assets": {"js": {"sync": [], "async": []}, "css": {"sync": [], "async": []}},
        }
    ],
    "remotes": [],
    "exposes": [
        {
            "id": "acme__reviews:Reviews",
            "name": "Reviews",
            "path": "./Reviews",
            "assets": {"js": {"sync": [], "async": []}, "css": {"sync": [], "async": []}},
        }
    ],
}

ENTRY = "https://reviews.example.com/mf-manifest.json"


def with_reviews(
    manifest: object = REVIEWS, *, request: str = "reviews/Reviews"
) -> Mapping[str, str | None]:
    """The shop, whose shell loads the reviews of another repository."""
    return {
        "external/BUILD": (
            "federated_external_remote(\n"
            '    name="reviews",\n'
            '    contract="reviews.json",\n'
            f'    entry="{ENTRY}",\n'
            ")\n"
        ),
        "external/reviews.json": manifest if isinstance(manifest, str) else json.dumps(manifest),
        f"{SHELL}/BUILD": BUILD_FILES[f"{SHELL}/BUILD"].replace(
            "remotes={", 'remotes={"reviews": "external:reviews", '
        ),
        f"{SHELL}/src/index.tsx": small_shop.SOURCES[f"{SHELL}/src/index.tsx"].replace(
            "const Cart", f'lazy(() => import("{request}"));\nconst Cart'
        ),
    }


def test_an_external_remote_is_planned_and_loaded_but_not_built() -> None:
    runner, result = run_goal(Package, with_reviews())
    assert result.exit_code == 0
    dist = Path(runner.build_root, "dist")
    assert sorted(path.name for path in dist.iterdir()) == ["shop.apps.cart", "shop.apps.shell"]
    manifest = json.loads((dist / "shop.apps.shell/host/mf-manifest.json").read_text())
    assert ENTRY in {remote["entry"] for remote in manifest["remotes"]}
    listing = json.loads((dist / "shop.apps.shell/host/federation.json").read_text())
    assert listing["remotes"][1] == {
        "alias": "reviews",
        "name": "acme__reviews",
        "address": "external:reviews",
        "entry": ENTRY,
        "exposes": ["./Reviews"],
    }
    _, planned = run_goal(FederationPlanGoal, with_reviews(), "--format=json")
    (document,) = json.loads(planned.stdout)
    assert "acme__reviews" in [each["name"] for each in document["containers"]]


def test_what_an_external_remote_asks_for_is_checked() -> None:
    shared = [{**REVIEWS["shared"][0], "version": "18.3.1", "requiredVersion": "^18.0.0"}]  # type: ignore[index]
    _, result = run_goal(Check, with_reviews({**REVIEWS, "shared": shared}))
    assert result.exit_code == 1


def test_a_module_that_an_external_remote_does_not_expose() -> None:
    message = refusal(Package, with_reviews(request="reviews/Revues"))
    assert f"{SHELL}/src/index.tsx:" in message
    assert "reviews/Reviews" in message


@pytest.mark.parametrize(
    ("manifest", "parts"),
    [
        pytest.param("{", ["external/reviews.json", "external:reviews"], id="no JSON"),
        pytest.param({"name": 1}, ["external/reviews.json"], id="no manifest"),
    ],
)
def test_a_contract_that_is_none(manifest: object, parts: Sequence[str]) -> None:
    message = refusal(Package, with_reviews(manifest))
    assert all(part in message for part in parts)
    assert "To fix it" in message


def test_a_contract_that_is_not_there() -> None:
    assert "external/reviews.json" in refusal(
        Package, {**with_reviews(), "external/reviews.json": None}
    )
