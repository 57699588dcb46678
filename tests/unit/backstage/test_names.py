"""Names of containers, for every name that a package can have."""

from __future__ import annotations

import pytest

from module_federation.naming import default_container_name, is_container_name


@pytest.mark.parametrize(
    ("package", "name"),
    [
        # As Backstage's own build has them.
        ("@internal/plugin-hello", "internal__plugin_hello"),
        ("@backstage/plugin-catalog", "backstage__plugin_catalog"),
        ("plugin", "plugin"),
        # Its build fails on these.
        ("@internal/container-a.b", "internal__container_a_b"),
        ("lodash.merge", "lodash_merge"),
        ("@acme/plugin~next", "acme__plugin_next"),
        ("3d-viewer", "_3d_viewer"),
        ("@1st/plugin", "_1st__plugin"),
        ("delete", "_delete"),
        ("history", "_history"),
        ("café", "caf_"),
    ],
)
def test_default_names(package: str, name: str) -> None:
    assert default_container_name(package) == name
    assert is_container_name(name)
