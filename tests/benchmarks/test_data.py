import json
from pathlib import Path

import pytest

from benchmarks.data import VARIABLE, DataMissing, passage_set, require
from benchmarks.split import FOLDS, HELD_OUT_FOLDS, fold, is_held_out


def write_set(folder: Path, name: str, paragraphs: list[tuple[str, str]], asked: str) -> None:
    (folder / name).mkdir()
    kb = [{"id": f"{name}:{n}", "title": t, "text": x} for n, (t, x) in enumerate(paragraphs)]
    common = {"q": asked, "rel": [f"{name}:0"], "answers": ["x"]}
    queries = [
        {"id": f"{name}-1", "impossible": False, **common},
        {"id": f"{name}-2", **common, "impossible": True, "q": "other", "answers": []},
    ]
    for file, rows in (("kb", kb), ("queries", queries)):
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / name / f"{file}.jsonl").write_text(text)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    return tmp_path


def test_no_folder_is_refused_by_the_name_of_the_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(DataMissing, match=f"Set {VARIABLE}"):
        passage_set("squad2")
    with pytest.raises(DataMissing, match=f"Set {VARIABLE}"):
        require()


def test_a_missing_file_is_named(folder: Path) -> None:
    with pytest.raises(DataMissing, match=r"no file squad2/kb\.jsonl"):
        passage_set("squad2")
    write_set(folder, "squad2", [("Warsaw", "One.")], "Why?")
    with pytest.raises(DataMissing, match=r"no file xquad_en/kb\.jsonl"):
        require()


def test_a_question_belongs_to_the_article_of_its_paragraph(folder: Path) -> None:
    write_set(folder, "squad2", [("Warsaw", "One."), ("Rhine", "Two.")], "Why?")
    found = passage_set("squad2")
    assert found.language == "en"
    assert [one.article for one in found.questions] == ["Warsaw", "Warsaw"]
    assert [one.impossible for one in found.questions] == [False, True]


def test_the_union_keeps_one_of_identical_paragraphs_and_questions(folder: Path) -> None:
    write_set(folder, "squad2", [("Warsaw", "One."), ("Warsaw", "Two.")], "Why?")
    write_set(folder, "xquad_en", [("Warsaw", "One."), ("Rhine", "Three.")], "Why?")
    union = passage_set("union")
    assert [one.id for one in union.paragraphs] == ["squad2:0", "squad2:1", "xquad_en:1"]
    assert [one.id for one in union.questions] == ["squad2-1"]


def test_the_union_leads_other_questions_to_the_paragraph_that_is_kept(folder: Path) -> None:
    write_set(folder, "squad2", [("Warsaw", "One.")], "Why?")
    write_set(folder, "xquad_en", [("Warsaw", "One.")], "How?")
    relevant = {one.text: one.relevant for one in passage_set("union").questions}
    assert relevant == {"Why?": {"squad2:0"}, "How?": {"squad2:0"}}


def test_the_articles_of_squad2_are_a_fold_each() -> None:
    titles = ["Warsaw", "French_and_Indian_War", "Scottish_Parliament", "1973_oil_crisis"]
    assert [fold(title) for title in [*titles, "Packet_switching"]] == list(range(FOLDS))


def test_an_article_is_on_one_side_however_its_title_is_written() -> None:
    assert fold("Black Death ") == fold("Black_Death")
    assert is_held_out("French and Indian War")
    assert not is_held_out("Warsaw")
    assert {1, 3} == HELD_OUT_FOLDS
    # By MD5; another number here would let fitted weights see what they are reported on.
    assert [fold(title) for title in ("Rhine", "Oxygen", "Kenya")] == [3, 2, 4]


def test_across_languages_the_translated_question_keeps_the_paragraph(folder: Path) -> None:
    write_set(folder, "xquad_en", [("Warsaw", "One.")], "Why?")
    write_set(folder, "xquad_de", [("Warsaw", "Eins.")], "Warum?")
    for language in ("en", "de"):
        path = folder / f"xquad_{language}" / "queries.jsonl"
        path.write_text(path.read_text().replace(f"xquad_{language}-", "same-"))
    across = passage_set("xquad_de on xquad_en")
    assert (across.name, across.language) == ("xquad_de on xquad_en", "en")
    assert [one.text for one in across.paragraphs] == ["One."]
    (question,) = across.questions
    assert (question.text, set(question.relevant)) == ("Warum?", {"xquad_en:0"})
