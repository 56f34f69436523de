"""The page that says what is kept names every table, and is right about what goes along."""

import re
from pathlib import Path

from tests.conftest import Rows

PAGE = Path(__file__).parents[2] / "docs/explanation/what-is-kept.md"

_ROW = re.compile(r"^\| `(\w+)` \|([^|]*)\|([^|]*)\|$", re.MULTILINE)
_TABLES = """
select table_name from information_schema.tables
where table_schema = 'public' and table_type = 'BASE TABLE'
"""
_CASCADES = """
select child.relname, parent.relname from pg_constraint c
join pg_class child on child.oid = c.conrelid join pg_class parent on parent.oid = c.confrelid
where c.contype = 'f' and c.confdeltype = 'c'
"""


def listed() -> dict[str, tuple[str, str]]:
    found = _ROW.findall(PAGE.read_text(encoding="utf-8"))
    assert len({name for name, _, _ in found}) == len(found), "a table is listed twice"
    return {name: (holds.strip(), how.strip()) for name, holds, how in found}


def test_every_table_is_listed(rows: Rows) -> None:
    tables = {name for (name,) in rows(_TABLES)}
    assert set(listed()) == tables, (
        "Say in docs/explanation/what-is-kept.md what a new table holds of visitors, and how that "
        "is erased"
    )


def test_each_says_what_it_holds_and_how_that_goes(rows: Rows) -> None:
    for name, (holds, how) in listed().items():
        assert holds, name
        assert (how == "–") == holds.startswith("Nothing"), name


def test_what_goes_with_something_else_does(rows: Rows) -> None:
    above: dict[str, set[str]] = {}
    for child, parent in rows(_CASCADES):
        above.setdefault(child, set()).add(parent)
    checked = 0
    for name, (_, how) in listed().items():
        for parent in re.findall(r"with its `(\w+)`", how):
            assert parent in _ancestors(name, above), f"{name} does not go with its {parent}"
            checked += 1
    assert checked > 10


def _ancestors(table: str, above: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    left = [table]
    while left:
        for parent in above.get(left.pop(), ()):
            if parent not in found:
                found.add(parent)
                left.append(parent)
    return found
