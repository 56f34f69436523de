"""The import contracts cover what exists; `make lint` checks the imports themselves."""

import tomllib
from collections.abc import Mapping
from typing import Any

from tests.rules.test_layout import SLICES
from tests.rules.tree import PACKAGE, ROOT


def contracts() -> list[dict[str, Any]]:
    """Read the contracts of pyproject.toml."""
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed: list[dict[str, Any]] = configuration["tool"]["importlinter"]["contracts"]
    return listed


def uncovered(with_rows: Mapping[str, set[str]], listed: list[dict[str, Any]]) -> set[str]:
    """Return the slices whose tables or SQL no contract closes to the others.

    `with_rows` says which of `models` and `repository` each slice has: a contract names no other.
    """
    closed = {
        name
        for contract in listed
        if contract["type"] == "protected"
        for name, kinds in with_rows.items()
        if contract["allowed_importers"] == [f"answerdesk.{name}"]
        and {f"answerdesk.{name}.{kind}" for kind in kinds} <= set(contract["protected_modules"])
    }
    return with_rows.keys() - closed


def test_every_slice_with_tables_or_sql_has_a_contract() -> None:
    kinds = ("models", "repository")
    found = {
        name: {kind for kind in kinds if list((ROOT / PACKAGE / name).glob(f"{kind}*"))}
        for name in SLICES
    }
    with_rows = {name: kinds for name, kinds in found.items() if kinds}
    assert with_rows != {}
    assert uncovered(with_rows, contracts()) == set(), (
        "add a `protected` contract in pyproject.toml"
    )


def test_a_slice_without_a_contract_is_reported() -> None:
    with_rows = {"leads": {"models", "repository"}, "answering": {"repository"}}
    assert uncovered(with_rows, contracts()) == {"answering"}
    assert uncovered({"insights": {"models", "repository"}}, contracts()) == {"insights"}


def test_the_layers_are_exhaustive_and_no_import_is_ignored() -> None:
    (layers,) = [contract for contract in contracts() if contract["type"] == "layers"]
    assert layers["exhaustive"] is True
    assert [contract["name"] for contract in contracts() if contract.get("ignore_imports")] == []
