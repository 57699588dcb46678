"""The real federation runtime, in one Node process for all tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from unit.sharing.negotiation.real_runtime import RealRuntime
from unit.sharing.oracle import Oracle


@pytest.fixture(scope="session")
def real_runtime(oracle: Oracle) -> Iterator[RealRuntime]:
    runtime = RealRuntime(oracle.node_modules)
    yield runtime
    runtime.close()
