"""Citations are titled so that a reader can tell them apart."""

from collections.abc import Sequence
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerdesk.answering.citing import LONGEST_TITLE, citation_titles, section_title
from answerdesk.answering.types import Citation

_IDS = UUID(int=0)


def cited(
    title: str, headings: Sequence[str] = (), document: str = "a.md", url: str | None = None
) -> Citation:
    place = f"{document} {url} {headings}"
    return Citation(
        chunk_id=uuid5(_IDS, place),
        document_id=uuid5(_IDS, f"{document} {url}"),
        document=document,
        title=title,
        heading_path=tuple(headings),
        anchor=None,
        url=url,
        quote="",
        score=1.0,
    )


@pytest.mark.parametrize(
    ("title", "headings", "expected"),
    [
        ("Shipping", (), "Shipping"),
        ("Shipping", ("Norway",), "Shipping › Norway"),
        ("Shipping", ("SHIPPING ",), "Shipping"),
        ("Shipping\n rates", ("By  weight",), "Shipping rates › By weight"),
        ("Shipping", ("",), "Shipping"),
        ("Plans", ("Plans", "Small"), "Plans › Small"),
    ],
)
def test_a_title_has_the_document_and_its_section(
    title: str, headings: Sequence[str], expected: str
) -> None:
    assert section_title(title, headings) == expected


def test_a_long_title_loses_its_middle_and_never_its_end() -> None:
    document, section = "How we ship " * 10, "What a parcel to Norway costs"
    title = section_title(document, (section,))
    assert len(title) <= LONGEST_TITLE
    assert title.startswith("How we ship How we")
    assert title.endswith(f"… › {section}")
    longer = section_title(document, (f"{'Parcels and letters ' * 8}to Norway",))
    assert len(longer) <= LONGEST_TITLE
    assert longer.startswith("How we ship")
    assert longer.endswith("to Norway")
    assert section_title(f"{document}to Norway", ()).endswith("to Norway")


@given(st.text(min_size=1), st.lists(st.text(), max_size=3))
def test_no_title_is_too_long(title: str, headings: list[str]) -> None:
    assert len(section_title(title, tuple(headings))) <= LONGEST_TITLE


def test_pages_of_one_title_are_told_apart_by_their_sections() -> None:
    pages = [cited("Docs", (place,), f"{place}.md") for place in ("Norway", "Sweden")]
    assert citation_titles(pages) == ["Docs › Norway", "Docs › Sweden"]


def test_sections_of_one_name_are_told_apart_by_the_nearest_heading_that_differs() -> None:
    prices = [
        cited("Rates", ("Rates", "2024", "Letters", "Norway")),
        cited("Rates", ("Rates", "2025", "Letters", "Norway")),
        cited("Rates", ("Rates", "Hours")),
    ]
    assert citation_titles(prices) == [
        "Rates › 2024 › Norway",
        "Rates › 2025 › Norway",
        "Rates › Hours",
    ]
    assert citation_titles([cited("T", ("A", "X")), cited("T", ("X",))]) == ["T › A › X", "T › X"]


def test_documents_that_read_the_same_are_told_apart_by_their_paths() -> None:
    files = [cited("Notes", (), "2024/notes.md"), cited("Notes", (), "2025/notes.md")]
    assert citation_titles(files) == ["Notes (2024/notes.md)", "Notes (2025/notes.md)"]
    pages = [
        cited("Shop", ("Help",), "x", f"https://shop.example/{place}") for place in ("no", "se")
    ]
    assert citation_titles(pages) == ["Shop › Help (/no)", "Shop › Help (/se)"]
    long = [cited("N", (), f"{'folder/' * 20}{place}.md") for place in ("no", "se")]
    for title, place in zip(citation_titles(long), ("no", "se"), strict=True):
        assert len(title) <= LONGEST_TITLE
        assert title.endswith(f"{place}.md)")


def test_passages_of_one_section_read_the_same() -> None:
    one = cited("Shipping", ("Norway",))
    assert citation_titles([one, one]) == ["Shipping › Norway"] * 2


@given(
    st.lists(
        st.builds(
            cited,
            st.sampled_from(("Docs", "Help")),
            st.lists(st.sampled_from(("A", "B", "C")), max_size=3),
            st.sampled_from(("a.md", "b.md")),
        ),
        max_size=6,
    )
)
def test_documents_are_always_told_apart(citations: list[Citation]) -> None:
    titles = citation_titles(citations)
    assert all(len(title) <= LONGEST_TITLE for title in titles)
    documents: dict[str, set[UUID]] = {}
    for title, one in zip(titles, citations, strict=True):
        documents.setdefault(title, set()).add(one.document_id)
    assert all(len(ids) == 1 for ids in documents.values())
