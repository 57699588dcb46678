"""Runtime hosts: no federation plugin, a list of shared modules before the application."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any, Mapping, Sequence
from urllib.parse import urljoin
from urllib.request import urlopen

import pytest
from pants.core.goals.run import RunRequest
from pants.engine.fs import DigestContents
from pants.testutil.rule_runner import QueryRule, RuleRunner

from module_federation.goals.federation_plan import FederationPlanGoal
from module_federation.goals.package import PackagedContainer, PackagedContainerRequest
from module_federation.goals.run import FederatedHostRunFieldSet
from module_federation.sharing.contract.reader import read_contract
from module_federation.sharing.plan.model import FederationPlan
from module_federation.util_rules.bundle import Bundle, BundleRequest
from module_federation.util_rules.plans import PagePlan, PagePlanRequest
from rules import runtime_shop
from rules.runner import ENVIRONMENT, address, federation_runner, message_of
from rules.runtime_shop import CART, FILES, NOTES, OPTIONS, POLICY, POLICY_TEXT, SHELL

HOST = f"{SHELL}:host"
FOLDER = "shop.apps.shell/host"

Changes = Mapping[str, "str | None"]


def option(bundler: str) -> str:
    return f"--module-federation-bundler={bundler}"


def runner_of(changes: Changes | None = None, *options: str, **more: Any) -> RuleRunner:
    return federation_runner(
        runtime_shop.files(changes),
        options=[*OPTIONS, *options],
        queries=[
            QueryRule(PagePlan, [PagePlanRequest]),
            QueryRule(RunRequest, [FederatedHostRunFieldSet]),
        ],
        **more,
    )


def host_build(*fields: str) -> dict[str, str]:
    """The host's BUILD file with more fields."""
    more = "".join(f"{field}, " for field in fields)
    build = FILES[f"{SHELL}/BUILD"]
    return {f"{SHELL}/BUILD": build.replace("federated_host(", f"federated_host({more}")}


def packaged(runner: RuleRunner, spec: str = HOST) -> dict[str, bytes]:
    """File → content of what `package` writes for one container, below its folder."""
    made = runner.request(PackagedContainer, [PackagedContainerRequest(address(spec))])
    return {
        file.path[len(made.container.output_path) + 1 :]: file.content
        for file in runner.request(DigestContents, [made.digest])
    }


def without_hashes(names: Sequence[str]) -> list[str]:
    return sorted(re.sub(r"\.[0-9a-f]{8}\.", ".", name) for name in names)


def host_refusal(changes: Changes) -> str:
    return message_of(
        runner_of(changes), PackagedContainer, PackagedContainerRequest(address(HOST))
    )


def plan_of(changes: Changes | None = None) -> FederationPlan:
    page: PagePlan = runner_of(changes).request(PagePlan, [PagePlanRequest(address(HOST))])
    return page.plan


@pytest.mark.parametrize(("bundler", "number"), [("rspack", 0), ("webpack", 5)])
def test_what_is_packaged(bundler: str, number: int) -> None:
    files = packaged(runner_of(None, option(bundler)))
    assert without_hashes(list(files)) == [
        ".backstage/dynamic-features/remotes",
        "federation.json",
        "index.html",
        "mf-contract.json",
        "remotes.json",
        # What the application alone has of installed packages.
        f"static/js/{number}.js",
        "static/js/application.js",
        "static/js/main.js",
        "static/js/shared.clsx.js",
        "static/js/shared.react-dom.js",
        "static/js/shared.react.js",
    ]
    page = files["index.html"].decode()
    assert re.findall(r"<script [^>]*src=\"([^\"]*)\"", page) == [
        name for name in files if name.startswith("static/js/main.")
    ]
    assert json.loads(files["federation.json"])["host"]["name"] == "shell"


@pytest.mark.parametrize(("bundler", "tool"), [("rspack", "@rspack/core"), ("webpack", "webpack")])
def test_the_contract(bundler: str, tool: str) -> None:
    files = packaged(runner_of(None, option(bundler)))
    contract = read_contract(files["mf-contract.json"], "mf-contract.json")
    assert contract.is_runtime_host
    assert contract.strategy is None
    assert contract.consumes == ()
    provided = {
        each.key: (each.version, each.required, each.singleton, each.eager)
        for each in contract.provides
    }
    assert provided == {
        "clsx": ("2.1.1", "^2.0.0", False, False),
        "react": ("19.3.1", "*", True, True),
        "react-dom": ("19.3.1", "*", True, True),
    }
    for each in contract.provides:
        assert without_hashes(each.chunks) == [f"static/js/shared.{each.key}.js"]
        assert each.bytes == sum(len(files[chunk]) for chunk in each.chunks)
    assert [(each.alias, each.exposes) for each in contract.remotes] == [
        ("shop__cart", None),
        ("shop__notes", None),
    ]
    assert {each.path for each in contract.files} == {
        name for name in files if name.startswith("static/") or name == "index.html"
    }
    assert tool in contract.tools


def test_the_list_of_remotes() -> None:
    files = packaged(runner_of())
    expected = [
        {
            "packageName": "@shop/cart",
            "remoteInfo": {
                "name": "shop__cart",
                "entry": "../../shop.apps.cart/remote/mf-manifest.json",
            },
            "exposedModules": ["."],
        },
        {
            "packageName": "@shop/notes",
            "remoteInfo": {
                "name": "shop__notes",
                "entry": "../../shop.apps.notes/remote/mf-manifest.json",
            },
            "exposedModules": [".", "alpha"],
        },
    ]
    assert json.loads(files["remotes.json"]) == expected
    assert json.loads(files[".backstage/dynamic-features/remotes"]) == expected


def test_addresses_in_the_list_of_remotes() -> None:
    base = "https://static.example.com/shop"
    files = packaged(runner_of(host_build(f'remotes_base_url="{base}"')))
    assert [each["remoteInfo"]["entry"] for each in json.loads(files["remotes.json"])] == [
        f"{base}/shop.apps.{name}/remote/mf-manifest.json" for name in ("cart", "notes")
    ]


def test_containers_of_one_package_are_listed_apart() -> None:
    changes = {
        **host_build(),
        f"{CART}/BUILD": FILES[f"{CART}/BUILD"]
        + 'federated_remote(name="again", container_name="again", exposes={".": "src/index.tsx"})'
        "\n",
    }
    changes[f"{SHELL}/BUILD"] = changes[f"{SHELL}/BUILD"].replace(
        "remotes=[", 'remotes=["shop/apps/cart:again", '
    )
    listed = json.loads(packaged(runner_of(changes))["remotes.json"])
    assert [each["packageName"] for each in listed] == ["again", "shop__cart", "@shop/notes"]


@pytest.mark.parametrize(
    ("fields", "is_listed"),
    [
        pytest.param(('host_style="standard"',), False, id="standard"),
        pytest.param(('host_style="standard"', "remotes_list=True"), True, id="asked for"),
        pytest.param(('host_style="runtime"', "remotes_list=False"), False, id="declined"),
    ],
)
def test_which_hosts_have_a_list(fields: Sequence[str], is_listed: bool) -> None:
    build = FILES[f"{SHELL}/BUILD"].replace('host_style="runtime"', ", ".join(fields))
    files = packaged(runner_of({f"{SHELL}/BUILD": build}))
    assert ("remotes.json" in files) is is_listed
    assert (".backstage/dynamic-features/remotes" in files) is is_listed


def test_defaults_that_are_not_installed_are_said(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    packaged(runner_of())
    (said,) = {text for text in caplog.messages if "leaves out what presets" in text}
    assert said == (
        f"{HOST} leaves out what presets or the policy file share and what is not installed for "
        f"{SHELL}/package.json: "
        "@emotion/react, @material-ui/core/styles, @material-ui/styles, @mui/material/styles, "
        "react-router, react-router-dom."
    )


def test_what_the_target_asks_for_must_be_installed() -> None:
    message = host_refusal(host_build('shared={"zod": True}'))
    assert "error: zod is to be in the list of shared modules" in message
    assert f"Add zod to `dependencies` in {SHELL}/package.json" in message


def test_the_application_provides_what_remotes_bring_no_copy_of() -> None:
    plan = plan_of()
    assert [str(each) for each in plan.findings if each.is_error] == []
    (host,) = [each for each in plan.members if each.name == "shell"]
    assert not host.container.is_bundle
    assert host.container.strategy is None
    assert host.container.consumes == ()
    assert {each.key: each.loaded for each in host.container.provides} == {
        "clsx": True,
        "react": True,
        "react-dom": True,
    }


def test_without_the_hosts_copy_the_plan_has_no_provider() -> None:
    plan = plan_of({POLICY: f"{POLICY_TEXT}\n[packages.react.hosts]\nshare = false\n"})
    missing = {each.package for each in plan.findings if each.code == "missing-provider"}
    assert missing == {"react"}


def test_a_strategy_that_somebody_tells() -> None:
    runner = runner_of(host_build('share_strategy="loaded-first"'))
    contract = read_contract(packaged(runner)["mf-contract.json"], "")
    assert contract.strategy == "loaded-first"


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        pytest.param(
            {f"{SHELL}/src/index.tsx": 'import("shop__cart/Panel");\n'},
            [
                f"{SHELL}/src/index.tsx:1: error: `shop__cart/Panel` is imported, but",
                "no plugin answers imports of remotes",
                '`instance.loadRemote("shop__cart/Panel")`',
            ],
            id="an import of a remote",
        ),
        pytest.param(
            host_build('exposes={"./Page": "src/index.tsx"}'),
            [HOST, "is a runtime host, which can expose nothing", '`host_style="standard"`'],
            id="exposed modules",
        ),
        pytest.param(
            {
                f"{NOTES}/BUILD": FILES[f"{NOTES}/BUILD"].replace(
                    "exposes=", 'remotes={"shell": "shop/apps/shell:host"}, exposes='
                )
            },
            [f"`remotes` has {HOST} as `shell`, which is a runtime host", f"{NOTES}:remote"],
            id="a runtime host as a remote",
        ),
    ],
)
def test_what_a_runtime_host_cannot_be(changes: Changes, parts: Sequence[str]) -> None:
    message = host_refusal(changes)
    for part in parts:
        assert part in message


def test_fields_of_every_host() -> None:
    page = '<!doctype html><html><head><title>Ours</title></head><body id="root"></body></html>'
    files = packaged(
        runner_of(
            {
                f"{SHELL}/page.html": page,
                **host_build(
                    'html="page.html"',
                    'public_path="https://static.example.com/shell/"',
                    'source_maps="on"',
                ),
            },
            "--module-federation-mode=development",
        )
    )
    html = files["index.html"].decode()
    assert "<title>Ours</title>" in html
    assert 'src="https://static.example.com/shell/static/js/main.' in html
    assert any(name.endswith(".js.map") for name in files)
    contract = read_contract(files["mf-contract.json"], "")
    assert contract.mode == "development"
    assert {each.key for each in contract.provides} == {"clsx", "react", "react-dom"}


def test_the_list_is_the_same_in_a_package_of_modules() -> None:
    """Node's rules for modules would give nothing but the default export of React."""
    manifest = json.loads(FILES[f"{SHELL}/package.json"])
    changes = {f"{SHELL}/package.json": json.dumps({**manifest, "type": "module"})}
    assert entry(packaged(runner_of(changes))) == entry(packaged(runner_of()))


def entry(files: Mapping[str, bytes]) -> bytes:
    (script,) = [content for name, content in files.items() if name.startswith("static/js/main.")]
    return script


def test_an_edit_of_the_application_leaves_shared_modules_as_they_are() -> None:
    def shared(changes: Changes | None) -> set[str]:
        return {name for name in packaged(runner_of(changes)) if "/shared." in name}

    changed = FILES[f"{SHELL}/src/index.tsx"] + 'import "./more";\n'
    more = {f"{SHELL}/src/index.tsx": changed, f"{SHELL}/src/more.ts": "console.log(1);\n"}
    assert shared(None) == shared(more)


def test_the_same_bytes_in_every_directory(tmp_path: Path) -> None:
    def build(name: str) -> dict[str, bytes]:
        folder = tmp_path / name
        folder.mkdir(parents=True)
        runner = runner_of(
            host_build('source_maps="on"'),
            bootstrap_args=[
                f"--local-store-dir={folder}/store",
                f"--named-caches-dir={folder}/named",
                f"--local-execution-root-dir={folder}",
            ],
        )
        made = runner.request(Bundle, [BundleRequest(address(HOST))])
        return {file.path: file.content for file in runner.request(DigestContents, [made.digest])}

    one, two = build("a"), build("another/folder-with-a-longer-name")
    assert one == two
    assert any(name.endswith(".map") for name in one)
    for name, content in one.items():
        assert str(tmp_path).encode() not in content, name


def test_the_plan_with_sizes(tmp_path: Path) -> None:
    def run(*args: str) -> str:
        result = runner_of().run_goal_rule(
            FederationPlanGoal,
            args=[*args, "--sizes=always", "::"],
            global_args=OPTIONS,
            env_inherit=set(ENVIRONMENT),
        )
        assert result.exit_code == 0
        return result.stdout

    (document,) = json.loads(run("--format=json"))
    host, *remotes = document["containers"]
    assert (host["name"], host["startsRuntime"]) == ("shell", True)
    assert not any(each.get("startsRuntime") for each in remotes)
    assert document["sizes"]["unknownCopies"] == 0
    assert document["sizes"]["duplicated"]["bytes"] == 0
    page = tmp_path / "plan.html"
    run("--format=html", f"--output-file={page}")
    assert "shop__notes" in page.read_text()


def test_run_serves_it_with_its_remotes() -> None:
    runner = runner_of()
    field_set = FederatedHostRunFieldSet.create(runner.get_target(address(HOST)))
    request = runner.request(RunRequest, [field_set])
    runner.write_digest(request.digest, path_prefix="site")
    folder = str(Path(runner.build_root, "site"))
    args = [each.replace("{chroot}", folder) for each in request.args]
    with subprocess.Popen([*args, "--port=0"], stdout=subprocess.PIPE, encoding="utf-8") as server:
        try:
            assert server.stdout is not None
            found = re.search(r"http://127\.0\.0\.1:\d+/", server.stdout.readline())
            assert found is not None
            url = found[0]
            listed = json.loads(get(f"{url}.backstage/dynamic-features/remotes"))
            assert json.loads(get(f"{url}remotes.json")) == listed
            for remote in listed:
                manifest = json.loads(get(urljoin(url, remote["remoteInfo"]["entry"])))
                assert manifest["name"] == remote["remoteInfo"]["name"]
            assert "static/js/main." in get(url)
        finally:
            server.terminate()


def get(url: str) -> str:
    with urlopen(url, timeout=30) as response:
        text: str = response.read().decode()
        return text
