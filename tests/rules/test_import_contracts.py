"""The import contracts cover what exists; `make lint` checks the imports themselves."""

import tomllib
from typing import Any

from tests.rules.test_layout import SLICES
from tests.rules.tree import PACKAGE, ROOT


def contracts() -> list[dict[str, Any]]:
    """Read the contracts of pyproject.toml."""
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed: list[dict[str, Any]] = configuration["tool"]["importlinter"]["contracts"]
    return listed


def uncovered(slices: set[str], listed: list[dict[str, Any]]) -> set[str]:
    """Return the slices whose tables and SQL no contract closes to the others."""
    closed = {
        name
        for contract in listed
        if contract["type"] == "protected"
        for name in slices
        if contract["allowed_importers"] == [f"answerdesk.{name}"]
        and {f"answerdesk.{name}.models", f"answerdesk.{name}.repository"}
        <= set(contract["protected_modules"])
    }
    return slices - closed


def test_every_slice_with_tables_or_sql_has_a_contract() -> None:
    with_rows = {
        name
        for name in SLICES
        for kind in ("models", "repository")
        if list((ROOT / PACKAGE / name).glob(f"{kind}*"))
    }
    assert with_rows != set()
    assert uncovered(with_rows, contracts()) == set(), (
        "add a `protected` contract in pyproject.toml"
    )


def test_a_slice_without_a_contract_is_reported() -> None:
    assert uncovered({"leads", "webhooks"}, contracts()) == {"webhooks"}


def test_the_layers_are_exhaustive_and_no_import_is_ignored() -> None:
    (layers,) = [contract for contract in contracts() if contract["type"] == "layers"]
    assert layers["exhaustive"] is True
    assert [contract["name"] for contract in contracts() if contract.get("ignore_imports")] == []
