"""The schema that other programs check contracts with says what the reader says."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import jsonschema
from hypothesis import HealthCheck, given, seed, settings

from module_federation.sharing.contract.model import Contract
from module_federation.sharing.contract.reader import ContractError, read_contract
from module_federation.sharing.contract.writer import contract_json
from unit.sharing.contract.contracts import CONTRACTS, spoiled
from unit.sharing.version_texts import SEED

SCHEMA = json.loads(
    resources.read_text("module_federation.sharing.contract", "mf-contract.schema.json")
)
_FUZZ = settings(
    max_examples=80,
    deadline=None,
    database=None,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
)


def violations(document: Any) -> list[str]:
    """What in a document breaks the schema: the keywords of the rules."""
    return [
        str(each.validator) for each in jsonschema.Draft7Validator(SCHEMA).iter_errors(document)
    ]


def test_it_is_a_schema() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)


@seed(SEED)
@_FUZZ
@given(CONTRACTS)
def test_every_contract_fits(contract: Contract) -> None:
    assert violations(json.loads(contract_json(contract))) == []


@seed(SEED)
@_FUZZ
@given(CONTRACTS.flatmap(lambda contract: spoiled(json.loads(contract_json(contract)))))
def test_what_breaks_the_schema_is_refused(document: Any) -> None:
    """The reader also refuses what a schema can't say, such as one file listed twice."""
    if not violations(document):
        return
    try:
        contract = read_contract(json.dumps(document).encode(), "bad.json")
    except ContractError:
        return
    # A property that may be null may also be left out.
    assert violations(json.loads(contract_json(contract))) == []
    assert set(violations(document)) <= {"required"}
