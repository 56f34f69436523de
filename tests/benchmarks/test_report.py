import json
from io import StringIO
from pathlib import Path

from answerdesk.answering.blocks import paragraphs
from answerdesk.answering.types import Abstain
from benchmarks.metrics import Figure
from benchmarks.product import sentences_shown
from benchmarks.report import Report, Table


def test_a_report_is_markdown_and_the_same_as_json(tmp_path: Path) -> None:
    output = StringIO()
    report = Report(output)
    report.section("retrieval", "Is it found?")
    table = Table("squad2", ("by", "n", "recall"), (("words", 3, Figure(2 / 3, 0.5, 0.75)),))
    report.add(table)
    report.finish()
    report.write_json(tmp_path / "figures.json")
    assert "| words | 3 | 0.667 (0.500–0.750) |" in output.getvalue()
    assert "cores" in output.getvalue()
    written = json.loads((tmp_path / "figures.json").read_text())
    (row,) = written["sections"]["retrieval"][0]["rows"]
    assert row == {"by": "words", "n": 3, "recall": {"value": 2 / 3, "low": 0.5, "high": 0.75}}


def test_an_abstention_shows_no_sentence() -> None:
    assert sentences_shown(Abstain(paragraphs("I don't know."), 0.1), "en") == 0
