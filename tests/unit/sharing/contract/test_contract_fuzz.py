"""Random contracts and random damage: what is written is read again, and nothing else is raised."""

from __future__ import annotations

import json
import os
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from module_federation.sharing.contract.model import Contract
from module_federation.sharing.contract.order import in_order
from module_federation.sharing.contract.reader import (
    ContractError,
    read_contract,
    read_contract_or_manifest,
)
from module_federation.sharing.contract.writer import contract_json
from module_federation.sharing.plan.from_contracts import member_from_contract
from unit.sharing.contract.contracts import CONTRACTS, spoiled
from unit.sharing.contract.manifests import MANIFEST
from unit.sharing.version_texts import SEED

_FUZZ = settings(
    max_examples=int(os.environ.get("MF_FUZZ_CONTRACTS", "120")),
    deadline=None,
    database=None,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
)


@seed(SEED)
@_FUZZ
@given(CONTRACTS)
def test_what_is_written_is_read_again(contract: Contract) -> None:
    written = contract_json(contract).encode()

    assert read_contract(written, "one.json") == in_order(contract)
    assert read_contract_or_manifest(written, "one.json") == in_order(contract)
    assert contract_json(read_contract(written, "one.json")).encode() == written


@seed(SEED)
@_FUZZ
@given(CONTRACTS, st.randoms(use_true_random=False))
def test_the_order_of_lists_does_not_matter(contract: Contract, random: Any) -> None:
    """But for several versions of one key, of which the first one counts."""
    document = json.loads(contract_json(contract))
    for name in ("exposes", "remotes", "files", "shareScopes"):
        random.shuffle(document[name])
    for scope in document["shareScopes"]:
        random.shuffle(scope["consumes"])

    shuffled = json.dumps(document).encode()
    assert contract_json(read_contract(shuffled, "one.json")) == contract_json(contract)


def read_damaged(content: bytes) -> None:
    error = None
    try:
        contract = read_contract_or_manifest(content, "bad.json")
    except ContractError as caught:
        error = caught
    if error is not None:
        assert error.file == "bad.json"
        assert error.problem
        assert error.remedy
        assert error.line is None or 1 <= error.line <= content.count(b"\n") + 1
        return
    # What is accepted can be used, and is what a careful writer would write.
    member_from_contract(contract, "bad.json")
    assert read_contract(contract_json(contract).encode(), "again.json") == contract


@seed(SEED)
@_FUZZ
@given(CONTRACTS.flatmap(lambda contract: spoiled(json.loads(contract_json(contract)))))
def test_a_spoiled_contract_gives_a_contract_error(document: Any) -> None:
    read_damaged(json.dumps(document, indent=1).encode())


@seed(SEED)
@_FUZZ
@given(spoiled(MANIFEST))
def test_a_spoiled_manifest_gives_a_contract_error(document: Any) -> None:
    read_damaged(json.dumps(document, indent=1).encode())


@seed(SEED)
@_FUZZ
@given(CONTRACTS, st.data())
def test_damaged_bytes_give_a_contract_error(contract: Contract, data: st.DataObject) -> None:
    content = bytearray(contract_json(contract).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        end = place + data.draw(st.integers(0, 5))
        content[place:end] = data.draw(st.binary(max_size=3) | st.sampled_from((b'"', b"[", b"}")))
        if not content:
            break
    read_damaged(bytes(content))


@seed(SEED)
@_FUZZ
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode()))
def test_any_bytes_give_a_contract_error(content: bytes) -> None:
    read_damaged(content)
