"""`federation uploads` after a slow link: with too little time for uploads, and with enough."""

from __future__ import annotations

from pathlib import Path

import pytest

from end_to_end.pants_repository import PantsRepository, copy_plugin, pants_toml
from module_federation.cli.main import main as federation
from remote_cache.proxy import proxy
from remote_cache.server import INSTANCE, CacheServer
from rules import small_shop

#: Seconds for each 64 KiB: the installed packages take minutes, the bundle does not.
SLOW = 1.0


@pytest.mark.parametrize(
    ("delay", "timeout", "status", "says"),
    [
        pytest.param(SLOW, 1, 1, "still under way when Pants ended", id="dropped"),
        pytest.param(0, 300, 0, "All uploads to the remote cache were confirmed", id="confirmed"),
    ],
)
def test_dropped_uploads_are_told(
    program: Path,
    server: CacheServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    delay: float,
    timeout: int,
    status: int,
    says: str,
) -> None:
    repository = PantsRepository(tmp_path / "repository", program)
    repository.root.mkdir()
    copy_plugin(repository.root)
    with proxy(server, delay=delay) as link:
        options = {
            "local_store_dir": f'"{tmp_path}/store"',
            "named_caches_dir": f'"{tmp_path}/named_caches"',
            "pantsd": "false",
            "remote_cache_write": "true",
            "remote_store_address": f'"{link.address}"',
            "remote_instance_name": f'"{INSTANCE}"',
            "session_end_tasks_timeout": str(timeout),
            "remote_store_rpc_concurrency": "24",
            "remote_cache_rpc_concurrency": "8",
            # Milliseconds: the server shares a busy machine with the build.
            "remote_cache_rpc_timeout_millis": "60000",
        }
        toml = pants_toml(tmp_path, GLOBAL=options, stats={"log": "true"})
        repository.write({**small_shop.files(), "pants.toml": toml})
        outcome = repository.succeed("package", f"{small_shop.CART}:remote")
    log = tmp_path / "pants.log"
    log.write_text(outcome.output)
    assert federation(["uploads", str(log)]) == status
    assert says in capsys.readouterr().out
