"""Whatever the command is given, it says one clear thing and shows no traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import module_federation
from module_federation.cli import main as command
from module_federation.cli.main import TRACEBACK_VARIABLE, main, run
from module_federation.sharing.contract.json_text import MAX_BYTES
from module_federation.sharing.contract.writer import contract_json
from unit.cli.conftest import Federation
from unit.cli.contracts import LIVE, SHOP, Site, contract, react

_COMMAND = (sys.executable, "-m", "module_federation.cli.main")


def _environment(**others: str) -> dict[str, str]:
    folder = Path(module_federation.__path__[0]).parent
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), *sys.path]), **others}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.json", None, "missing.json: There is no such file."),
        ("empty.json", b"", "empty.json"),
        ("text.json", b"hello", "text.json"),
        ("half.json", b'{\n "schema": "mf-contract",\n', "half.json"),
        ("binary.json", bytes(range(256)), "binary.json"),
        ("deep.json", b"[" * 200_000, "deep.json"),
        ("list.json", b"[]", "list.json"),
        ("other.json", b'{"schema": "something-else", "version": 1}', "other.json"),
        ("nan.json", b'{"schema": NaN}', "nan.json"),
        ("large.json", b" " * (MAX_BYTES + 1), "large.json: The file has more than 16 MiB."),
    ],
    ids=lambda value: value if isinstance(value, str) and value.endswith(".json") else "",
)
def test_unreadable_inputs(
    federation: Federation, site: Site, name: str, content: bytes | None, message: str
) -> None:
    if content is not None:
        (site.root / name).write_bytes(content)
    answer = federation("check", *LIVE, "--candidate", name)
    assert answer.status == 2
    assert answer.out == ""
    assert answer.err.startswith("federation: error: ")
    assert message in answer.err
    assert answer.err.count("\n") == 1


def test_a_pipe_that_nobody_writes_to_is_not_waited_for(federation: Federation, site: Site) -> None:
    os.mkfifo(site.root / "live/pipe")
    answer = federation("check", "--host", "live/shell", "--remotes", "live/*")
    assert (answer.status, answer.err.count("\n")) == (2, 1)
    assert "live/pipe: The file is empty." in answer.err


def test_an_empty_folder(federation: Federation, site: Site) -> None:
    (site.root / "empty").mkdir()
    answer = federation("check", "--host", "empty")
    assert answer.status == 2
    assert "empty: The folder holds neither mf-contract.json nor mf-manifest.json." in answer.err


def test_a_pattern_without_files(federation: Federation, site: Site) -> None:
    answer = federation("check", "--host", "live/shell", "--remotes", "elsewhere/*")
    assert answer.status == 2
    assert "elsewhere/*: The pattern fits no file." in answer.err


def test_a_pattern_for_several_hosts(federation: Federation, site: Site) -> None:
    answer = federation("check", "--host", "live/*")
    assert answer.status == 2
    assert "live/*: The pattern fits 3 files. Name one host." in answer.err


def test_a_pattern_for_all_contracts(federation: Federation, site: Site) -> None:
    """It fits the host too, which is no remote of its own; a file that is named twice is one."""
    answer = federation("check", "--host", "live/shell", "--remotes", "live/*", "live/cart")
    assert answer.status == 0
    assert answer.out == federation("check", *LIVE).out


def test_two_of_one_name(federation: Federation, site: Site) -> None:
    other = site.put("other", contract("cart", react("18.3.1")))
    answer = federation("check", *LIVE, other)
    assert answer.status == 2
    assert "other/cart/mf-contract.json: The container is named cart" in answer.err
    assert "live/cart/mf-contract.json" in answer.err
    assert "--candidate" in answer.err


def test_a_remote_named_like_the_host(federation: Federation, site: Site) -> None:
    other = site.put("other", contract("shell", react("18.3.1")))
    answer = federation("check", *LIVE, other)
    assert answer.status == 2
    assert "is named shell" in answer.err


def test_an_unreadable_policy(federation: Federation, site: Site) -> None:
    (site.root / "sharing.toml").write_text('[findings]\nunknown-code = "error"\n')
    answer = federation("check", *LIVE, "--policy", "sharing.toml")
    assert answer.status == 2
    assert "sharing.toml:2: There is no finding with the code `unknown-code`." in answer.err
    missing = federation("check", *LIVE, "--policy", "nowhere.toml")
    assert missing.status == 2
    assert "nowhere.toml cannot be read: No such file or directory." in missing.err


def test_a_report_that_cannot_be_written(federation: Federation, site: Site) -> None:
    answer = federation("check", *LIVE, "--output-file", "nowhere/report.txt")
    assert answer.status == 2
    assert "nowhere/report.txt: No such file or directory." in answer.err


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("check",),
        ("order", *LIVE),
        ("verify", *LIVE),
        ("check", *LIVE, "--format", "xml"),
        ("order", *LIVE, "--candidate", "live/cart", "--format", "sarif"),
        ("check", *LIVE, "--width", "20"),
        ("check", *LIVE, "--width", "wide"),
        ("check", *LIVE, "--candidates", "live/cart"),
    ],
    ids=["nothing", "no host", "no candidate", "command", "format", "sarif", "20", "wide", "typo"],
)
def test_wrong_calls(federation: Federation, site: Site, arguments: tuple[str, ...]) -> None:
    answer = federation(*arguments)
    assert answer.status == 2
    assert answer.err.startswith("usage: federation")


@pytest.mark.parametrize("command", [(), ("check",), ("order",), ("plan",)], ids=str)
def test_help(federation: Federation, command: tuple[str, ...]) -> None:
    answer = federation(*command, "--help")
    assert answer.status == 0
    assert "examples:" in answer.out
    assert "exit status:" in answer.out


def test_hostile_names_do_not_reach_the_terminal(federation: Federation, site: Site) -> None:
    document = json.loads(contract_json(SHOP[1]))
    document["exposes"][0]["name"] = "./\x1b[2J\u202e"
    path = site.root / "hostile.json"
    path.write_text(json.dumps(document))
    answer = federation("check", *LIVE, "--candidate", "hostile.json")
    assert "\x1b" not in answer.out + answer.err
    assert "\u202e" not in answer.out + answer.err


def test_nobody_reads_to_the_end(site: Site) -> None:
    """A closed pipe ends the command without a word, with the status of its verdict."""
    names = [f"remote_with_a_long_name_{number:03}" for number in range(150)]
    site.live(contract("app", react("18.3.1"), remotes=names, exposes=()))
    call = [*_COMMAND, "check", "--host", "live/app", "--format", "json"]
    process = subprocess.Popen(
        call,
        cwd=site.root,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == 0


def test_a_terminal_of_few_characters(site: Site) -> None:
    remote = contract("ü" * 90, react("18.3.1"))
    site.live(contract("app", react("18.3.1"), remotes=(remote.name,), exposes=()), remote)
    call = [*_COMMAND, "check", "--host", "live/app", "--remotes", f"live/{remote.name}"]
    done = subprocess.run(
        call,
        cwd=site.root,
        env=_environment(PYTHONIOENCODING="ascii", PYTHONUTF8="0"),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.isascii()


def test_an_unreadable_file(federation: Federation, site: Site) -> None:
    """Root may read everything, so the file is a link to itself."""
    (site.root / "loop.json").symlink_to("loop.json")
    answer = federation("check", *LIVE, "--candidate", "loop.json")
    assert answer.status == 2
    assert answer.err.startswith("federation: error: loop.json: ")


def test_a_mistake_in_the_command(
    federation: Federation, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("lost")

    monkeypatch.setattr(command, "read_inputs", fail)
    answer = federation("check", *LIVE)
    assert answer.status == 2
    assert "a mistake in the command itself: KeyError: 'lost'" in answer.err
    assert answer.err.count("\n") == 1
    monkeypatch.setenv(TRACEBACK_VARIABLE, "1")
    with pytest.raises(KeyError):
        main(["check", *LIVE])


_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.just([]),
    st.just({}),
)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    return [path, *(each for key, inner in items for each in _paths(inner, (*path, key)))]


@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_mutated_contracts_end_in_a_status(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("mutated")
    documents = [json.loads(contract_json(each)) for each in SHOP]
    victim = data.draw(st.sampled_from(documents))
    path = data.draw(st.sampled_from([each for each in _paths(victim) if each]))
    place = victim
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = data.draw(_SCALARS)
    files = []
    for index, document in enumerate(documents):
        file = folder / f"{index}.json"
        file.write_text(json.dumps(document))
        files.append(str(file))
    call = ["--host", files[0], "--remotes", *files[1:], "--candidate", files[1]]
    name = data.draw(st.sampled_from(("check", "order", "plan")))
    assert run([name, *call, "--output-file", str(folder / "report")]) in (0, 1, 2)
