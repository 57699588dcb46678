"""The launcher's promises: what it hands to Pants, and that nothing can break its cache."""

from __future__ import annotations

import configparser
import os
import re
import signal
import statistics
import subprocess
import time
from pathlib import Path

import pytest

from launcher.scratch import PEX_CONTENT, Repository, executable, fake_node, handed_over


def environments(repository: Repository) -> list[Path]:
    """The environments in the cache, complete or not."""
    folders = [path.parent for path in repository.cache.glob("*/venv")]
    return [folder for folder in folders if not folder.is_symlink()]


def failure(repository: Repository, **environment: str) -> str:
    """Runs a launcher that must fail, and returns what it said."""
    process = repository.start(**environment)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 1, errors
    return errors


def test_becomes_the_native_client(repository: Repository) -> None:
    handed = repository.call("package", "::", "--tag=a b")
    assert handed["arguments"] == "package :: --tag=a b"
    assert handed["NO_SCIE_WARNING"] == "1"
    assert handed["PANTS_PLUGINS"] == "[]"
    server = subprocess.run([handed["_PANTS_SERVER_EXE"]], check=True, stdout=subprocess.PIPE)
    assert server.stdout == b"the server\n"


def test_the_pex_is_where_the_url_template_says(warm: Repository) -> None:
    handed = warm.call()
    url = handed["PANTS_PEX_CLI_URL_TEMPLATE"].format(version=handed["PANTS_PEX_CLI_VERSION"])
    assert Path(url[len("file://") :]).read_bytes() == PEX_CONTENT
    platforms = [
        entry.split("|")[1] for entry in handed["PANTS_PEX_CLI_KNOWN_VERSIONS"].split(",")[:-1]
    ]
    assert platforms == ["linux_x86_64", "linux_arm64", "macos_x86_64", "macos_arm64"]


def test_a_pex_with_other_content_is_refused(repository: Repository) -> None:
    (repository.root / "3rdparty/python/pex-cli.txt").write_text(f"2.0 {'0' * 64} 5\n")
    errors = failure(repository)
    assert "is not the one that 3rdparty/python/pex-cli.txt pins" in errors
    assert environments(repository) == []


def test_a_wheel_with_another_hash_is_refused(repository: Repository) -> None:
    pins = repository.root / "3rdparty/python/launcher.txt"
    pins.write_text(re.sub("sha256:[0-9a-f]{8}", "sha256:00000000", pins.read_text()))
    errors = failure(repository)
    assert "pip could not install 3rdparty/python/launcher.txt" in errors
    assert environments(repository) == []


def test_variables_that_are_set_are_left_alone(warm: Repository) -> None:
    handed = warm.call(PANTS_PLUGINS="['mine']", PIP_CERT="/some/bundle.pem")
    assert handed["PANTS_PLUGINS"] == "['mine']"
    assert handed["REQUESTS_CA_BUNDLE"] == "/some/bundle.pem"
    assert handed["NODE_EXTRA_CA_CERTS"] == "/some/bundle.pem"


def test_other_pins_make_another_environment(repository: Repository) -> None:
    repository.call()
    pins = repository.root / "3rdparty/python/launcher.txt"
    pins.write_text(f"# Newer.\n{pins.read_text()}")
    repository.call()
    assert len(environments(repository)) == 2


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        pytest.param({}, "no variable", id="no index is set"),
        pytest.param({"PIP_INDEX_URL": "file:///a"}, "['file:///a']", id="an index replaces"),
        pytest.param(
            {"PIP_INDEX_URL": "file:///a", "PIP_EXTRA_INDEX_URL": "file:///b file:///c"},
            "['file:///a', 'file:///b', 'file:///c']",
            id="extra indexes come after it",
        ),
        pytest.param({"PIP_EXTRA_INDEX_URL": "file:///b"}, "+['file:///b']", id="extra ones add"),
    ],
)
def test_pip_s_indexes_reach_pex(
    warm: Repository, variables: dict[str, str], expected: str
) -> None:
    handed = warm.call(**variables)
    assert handed.get("PANTS_PYTHON_REPOS_INDEXES", "no variable") == expected


def constrained_machine() -> bool:
    """Whether the machine that runs the tests has constraints for pip of its own."""
    folders = ("/etc/xdg/pip", "/etc", "/Library/Application Support/pip")
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(f"{folder}/pip.conf" for folder in folders)
    return any(parser.has_option(section, "constraint") for section in parser.sections())


@pytest.mark.parametrize(
    ("configuration", "shut_out"),
    [
        pytest.param("[global]\nconstraint = /a.txt\n", True, id="the configuration has some"),
        pytest.param("[install]\r\n  CONSTRAINT: /a.txt", True, id="written in another way"),
        pytest.param("[global]\nno-constraints-here = 1\n", False, id="it has none"),
        pytest.param("\0", False, id="no text"),
    ],
)
def test_constraints_of_the_machine_do_not_reach_pex(
    warm: Repository, tmp_path: Path, configuration: str, shut_out: bool
) -> None:
    (tmp_path / "pip").mkdir()
    (tmp_path / "pip/pip.conf").write_text(configuration)
    handed = warm.call(XDG_CONFIG_DIRS=f"/nowhere:{tmp_path}")
    passed_on = "+['PIP_CONFIG_FILE=/dev/null', 'REQUESTS_CA_BUNDLE']"
    expected = passed_on if shut_out or constrained_machine() else None
    assert handed.get("PANTS_SUBPROCESS_ENVIRONMENT_ENV_VARS") == expected


def test_certificates_beside_constraints_are_passed_on(warm: Repository, tmp_path: Path) -> None:
    (tmp_path / "pip").mkdir()
    configuration = tmp_path / "pip/pip.conf"
    configuration.write_text("[global]\ncert = /some/ca.pem\n[install]\nconstraint = /a.txt\n")
    handed = warm.call(XDG_CONFIG_DIRS=str(tmp_path))
    assert handed["REQUESTS_CA_BUNDLE"] == "/some/ca.pem"
    handed = warm.call(XDG_CONFIG_DIRS=str(tmp_path), REQUESTS_CA_BUNDLE="/mine.pem")
    assert handed["REQUESTS_CA_BUNDLE"] == "/mine.pem"


# --- Finding Python ------------------------------------------------------------------------------


def forget_python(repository: Repository) -> None:
    """Makes the launcher search for an interpreter again, and find the environment for it."""
    for link in repository.cache.glob("ready-*"):
        link.unlink()


def test_no_python_says_what_to_do(repository: Repository, tmp_path: Path) -> None:
    errors = failure(repository, PATH=str(tmp_path / "bare"))
    assert "runs on CPython 3.9 (or 3.8, 3.7), and none was found" in errors
    for remedy in ("uv python install 3.9", "pyenv install 3.9", "PANTS_LAUNCHER_PYTHON="):
        assert remedy in errors
    assert not repository.cache.exists()


def test_an_unusable_chosen_python_is_named(repository: Repository) -> None:
    errors = failure(repository, PANTS_LAUNCHER_PYTHON="/no/such/python")
    assert "PANTS_LAUNCHER_PYTHON is /no/such/python" in errors


@pytest.mark.parametrize(
    ("place", "variables"),
    [
        pytest.param("bare/python3.9", {}, id="on PATH"),
        pytest.param("bare/python3", {}, id="on PATH under its plain name"),
        pytest.param("home/.pyenv/versions/3.9.1/bin/python3.9", {}, id="pyenv in the home folder"),
        pytest.param(
            "py env/versions/3.9.1/bin/python3.9", {"PYENV_ROOT": "{tmp}/py env"}, id="PYENV_ROOT"
        ),
        pytest.param(
            "other/versions/3.9.1/bin/python3.9",
            {"PATH": "{tmp}/bare:{tmp}/other/shims"},
            id="pyenv of another user, known by its shims",
        ),
        pytest.param("mine/py", {"PANTS_LAUNCHER_PYTHON": "{tmp}/mine/py"}, id="the chosen one"),
    ],
)
def test_finds_python(
    warm: Repository, tmp_path: Path, place: str, variables: dict[str, str]
) -> None:
    # What pyenv's shim does when another version is chosen.
    executable(tmp_path / "other/shims/python3.9", "#!/bin/sh\nexit 127\n")
    executable(tmp_path / place, (tmp_path / "tools/python3.9").read_text())
    forget_python(warm)
    environment = {
        "PATH": str(tmp_path / "bare"),
        **{name: value.format(tmp=tmp_path) for name, value in variables.items()},
    }
    assert warm.call("list", **environment)["arguments"] == "list"


def test_asks_uv_for_python(warm: Repository, tmp_path: Path) -> None:
    hidden = executable(tmp_path / "hidden/py", (tmp_path / "tools/python3.9").read_text())
    executable(
        tmp_path / "bare/uv",
        f'#!/bin/sh\ncase "$*" in "python find "*3.9) echo "{hidden}" ;; *) exit 2 ;; esac\n',
    )
    forget_python(warm)
    assert warm.call("list", PATH=str(tmp_path / "bare"))["arguments"] == "list"


# --- Finding Node.js -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "suits"),
    [
        pytest.param("v18.20.8", False, id="18"),
        pytest.param("v20.18.3", False, id="20 before 20.19"),
        pytest.param("v20.19.0", True, id="20.19"),
        pytest.param("v21.7.3", False, id="21"),
        pytest.param("v22.11.0", False, id="22 before 22.12"),
        pytest.param("v22.12.0", True, id="22.12"),
        pytest.param("v23.0.0", True, id="23"),
        pytest.param("v24.19.0", True, id="24"),
        pytest.param("gibberish", False, id="no version at all"),
    ],
)
def test_which_node_suits(warm: Repository, tmp_path: Path, version: str, suits: bool) -> None:
    node = executable(tmp_path / "tools/node", fake_node(version))
    used = Path(warm.call()["node"])
    assert (used == node) is suits
    assert suits or warm.cache in used.parents


def test_another_node_at_the_same_path_is_noticed(warm: Repository, tmp_path: Path) -> None:
    node = tmp_path / "tools/node"
    assert warm.call()["node"] == str(node)
    executable(node, fake_node("v18.0.0"))
    # Package managers restore the time at which the file was built.
    os.utime(node, (1_600_000_000, 1_600_000_000))
    assert warm.call()["node"] != str(node)


def test_goes_behind_a_version_manager_s_shim(warm: Repository, tmp_path: Path) -> None:
    real = executable(tmp_path / "manager/22/bin/node", fake_node("v22.20.0"))
    executable(real.parent / "npm", "#!/bin/sh\n")
    executable(tmp_path / "tools/node", f'#!/bin/sh\nexec "{real}" "$@"\n')
    assert warm.call()["node"] == str(real)
    assert warm.call("warm")["node"] == str(real)


@pytest.mark.parametrize("missing", ["node", "npm"])
def test_provides_node_with_its_npm(warm: Repository, tmp_path: Path, missing: str) -> None:
    (tmp_path / "tools" / missing).unlink()
    node = Path(warm.call()["node"])
    npm = subprocess.run([str(node.parent / "npm")], check=True, stdout=subprocess.PIPE)
    assert npm.stdout == b"the npm\n"
    assert warm.call("warm")["node"] == str(node)


# --- The cache -----------------------------------------------------------------------------------


def test_several_at_once(repository: Repository) -> None:
    processes = [repository.start(str(number)) for number in range(3)]
    handed = [handed_over(process) for process in processes]
    assert [each["arguments"] for each in handed] == ["0", "1", "2"]
    assert len({each["_PANTS_SERVER_EXE"] for each in handed}) == 1
    assert len(environments(repository)) == 1


@pytest.mark.parametrize(
    ("signal_number", "delay"),
    [
        pytest.param(signal.SIGKILL, 0.05, id="killed while it searches"),
        pytest.param(signal.SIGKILL, 0.8, id="killed while it makes the environment"),
        pytest.param(signal.SIGKILL, 2.0, id="killed in the middle"),
        pytest.param(signal.SIGKILL, 3.0, id="killed towards the end"),
        pytest.param(signal.SIGTERM, 1.5, id="terminated in the middle"),
    ],
)
def test_killed_half_way(repository: Repository, signal_number: int, delay: float) -> None:
    process = repository.start()
    time.sleep(delay)
    os.killpg(process.pid, signal_number)
    process.communicate(timeout=60)
    handed = repository.call("again")
    assert handed["arguments"] == "again"
    assert len(environments(repository)) == 1


def test_an_environment_without_its_interpreter_is_made_anew(repository: Repository) -> None:
    repository.call()
    (environment,) = environments(repository)
    (environment / "venv/bin/python").unlink()
    (environment / "venv/bin/python").symlink_to("/no/such/python")
    assert repository.call("again")["arguments"] == "again"


def test_the_launcher_itself_takes_milliseconds(warm: Repository) -> None:
    warm.call()
    took = []
    for _ in range(20):
        started = time.perf_counter()
        warm.call()
        took.append(time.perf_counter() - started)
    # The native client here is a script that starts four processes, about 5 ms of this.
    assert statistics.median(took) < 0.1, took
