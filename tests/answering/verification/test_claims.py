"""The sentences of an answer in Markdown, with what they cite."""

from answerdesk.answering.verification import claims


def test_citations_belong_to_the_sentence_that_they_are_in_or_after() -> None:
    text = "It costs 5 euros [1]. It is blue.[2][3] It is light [1, 2]."
    found = claims(text)
    assert [one.text for one in found] == ["It costs 5 euros.", "It is blue.", "It is light."]
    assert [one.cited for one in found] == [(0,), (1, 2), (0, 1)]


def test_a_span_is_where_the_sentence_stands() -> None:
    text = "# Plans\n\n- **Basic** costs 5 euros. [2]\n- Team costs 12.\n"
    for one in claims(text):
        assert one.span.of(text).strip("*[]2 .").startswith(one.text.split()[0].strip("*"))
    assert [one.text for one in claims(text)] == [
        "Plans",
        "Basic costs 5 euros.",
        "Team costs 12.",
    ]


def test_code_and_rules_claim_nothing() -> None:
    text = "Run this:\n\n```sh\nrm -rf everything [1]\n```\n\n---\n\nIt is done."
    assert [one.text for one in claims(text)] == ["Run this:", "It is done."]


def test_a_number_in_brackets_beyond_two_digits_is_no_citation() -> None:
    (found,) = claims("The list has entries [1984] and a link to [this](https://example.com/a).")
    assert found.cited == ()
    assert found.text.endswith("a link to this.")


def test_zero_cites_nothing() -> None:
    (found,) = claims("It is so [0].")
    assert found.cited == ()
