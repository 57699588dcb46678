"""The schema that other programs check contracts with says what the reader says."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, seed, settings

from module_federation.sharing.contract.model import Contract
from module_federation.sharing.contract.reader import ContractError, read_contract
from module_federation.sharing.contract.writer import contract_json
from unit.sharing.contract.contracts import CONTRACTS, spoiled
from unit.sharing.contract.json_schema import contract_schema, violations
from unit.sharing.version_texts import SEED

SCHEMA = contract_schema()
_FUZZ = settings(
    max_examples=80,
    deadline=None,
    database=None,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
)


@seed(SEED)
@_FUZZ
@given(CONTRACTS)
def test_every_contract_fits(contract: Contract) -> None:
    assert violations(json.loads(contract_json(contract)), SCHEMA) == []


@seed(SEED)
@_FUZZ
@given(CONTRACTS.flatmap(lambda contract: spoiled(json.loads(contract_json(contract)))))
def test_what_breaks_the_schema_is_refused(document: Any) -> None:
    """The reader also refuses what a schema can't say, such as one file listed twice."""
    if not violations(document, SCHEMA):
        return
    try:
        contract = read_contract(json.dumps(document).encode(), "bad.json")
    except ContractError:
        return
    # A property that may be null may also be left out.
    assert violations(json.loads(contract_json(contract)), SCHEMA) == []
    assert all("required" in each for each in violations(document, SCHEMA))
