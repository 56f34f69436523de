import re
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from answerdesk.knowledge.ingestion.parse import Block, BlockKind, ParsedDocument, parse
from answerdesk.knowledge.ingestion.pieces import width
from answerdesk.knowledge.ingestion.split import MOST, ChunkDraft, embedding_text, split

SENTENCE = "The quick brown fox jumps over the lazy dog near the river bank. "


def document(*blocks: Block, language: str = "en") -> ParsedDocument:
    return ParsedDocument("Title", blocks, language)


def spoken(draft: ChunkDraft) -> list[str]:
    return [span.of(draft.text) for span in draft.sentences]


def test_an_ordinary_paragraph_is_one_chunk() -> None:
    text = (SENTENCE * 22).strip()
    assert 1_400 < len(text) <= 1_500
    (draft,) = split(document(Block("paragraph", text, ("A",), "a")))
    assert (draft.text, draft.heading_path, draft.anchor) == (text, ("A",), "a")
    assert spoken(draft) == [SENTENCE.strip()] * 22


def test_a_long_paragraph_is_parted_between_sentences_into_equal_chunks() -> None:
    drafts = split(document(Block("paragraph", (SENTENCE * 60).strip())))
    assert [draft.ordinal for draft in drafts] == list(range(len(drafts)))
    assert all(draft.text.endswith("bank.") for draft in drafts)
    sizes = [len(draft.text) for draft in drafts]
    assert max(sizes) - min(sizes) <= 2 * len(SENTENCE)


def test_a_sentence_without_end_is_cut_at_spaces_and_one_word_anywhere() -> None:
    words = split(document(Block("paragraph", "word " * 1_000)))
    assert all(set(draft.text.split()) == {"word"} for draft in words)
    (first, *_) = split(document(Block("paragraph", "x" * 5_000)))
    assert len(first.text) <= MOST


def test_sections_do_not_mix() -> None:
    drafts = split(
        document(
            Block("paragraph", SENTENCE * 3, ("A",), "a"),
            Block("paragraph", SENTENCE * 3, ("A", "B"), "b"),
            Block("list", "- one\n- two", ("A", "B"), "b"),
        )
    )
    assert [(draft.heading_path, draft.anchor) for draft in drafts] == [
        (("A",), "a"),
        (("A", "B"), "b"),
    ]
    assert drafts[1].text.endswith("\n\n- one\n- two")


def test_tiny_neighbours_under_one_parent_share_a_chunk_but_questions_do_not() -> None:
    tiny = [Block("paragraph", f"${n}", ("Prices", name), name) for n, name in enumerate("abc")]
    (draft,) = split(document(*tiny))
    assert (draft.heading_path, draft.anchor) == (("Prices",), "a")
    assert spoken(draft) == ["a\n$0", "b\n$1", "c\n$2"]
    questions = [Block("paragraph", "Yes.", ("FAQ", f"Is it {n}?"), None) for n in range(3)]
    assert len(split(document(*questions))) == 3
    apart = [Block("paragraph", "Yes.", (parent, "Name"), None) for parent in "AB"]
    assert len(split(document(*apart))) == 2


def test_lists_tables_and_code_are_parted_between_items_rows_and_lines() -> None:
    items = "\n".join(f"- item {n} {SENTENCE}\n  - inner {n}" for n in range(40))
    rows = "\n".join(f"Plan: {n} | About: {SENTENCE}" for n in range(40))
    code = "\n".join(f"    call({n})  # {SENTENCE}" for n in range(40))
    for kind, text, start in (
        ("list", items, "- "),
        ("table", rows, "Plan: "),
        ("code", code, "call"),
    ):
        drafts = split(document(Block(kind, text)))  # type: ignore[arg-type]
        assert len(drafts) > 2
        assert all(draft.kind == kind and draft.text.lstrip().startswith(start) for draft in drafts)


def test_the_caption_of_a_table_stands_above_each_part() -> None:
    rows = "\n".join(f"Plan: {n} | About: {SENTENCE}" for n in range(40))
    drafts = split(document(Block("table", f"Our plans\n{rows}", has_caption=True)))
    assert len(drafts) > 2
    assert all(spoken(draft)[0] == "Our plans" for draft in drafts)


def test_what_introduces_a_list_stays_with_it() -> None:
    drafts = split(
        document(
            Block("paragraph", (SENTENCE * 9).strip()),
            Block("paragraph", "We take:"),
            Block("list", f"- {SENTENCE * 18}"),
        )
    )
    assert [draft.text.startswith("We take:\n\n- ") for draft in drafts] == [False, True]


def test_a_chunk_is_never_wider_than_the_most() -> None:
    sizes = (150, 1_490, 1_000, 1_000)
    blocks = [Block("paragraph", (SENTENCE * 40)[:size].strip()) for size in sizes]
    drafts = split(document(*blocks))
    assert max(width(draft.text) for draft in drafts) <= MOST


def test_fragments_join_their_neighbours() -> None:
    (draft,) = split(document(Block("paragraph", "Yes. That works for all of them. Really!")))
    assert spoken(draft) == ["Yes. That works for all of them. Really!"]
    (cards,) = split(
        document(Block("list", "- Visa\n- Mastercard and Maestro cards\n- Other cards too"))
    )
    assert spoken(cards) == ["- Visa\n- Mastercard and Maestro cards", "- Other cards too"]


def test_dense_scripts_make_shorter_chunks() -> None:
    text = "これは日本語の文章です。" * 100
    drafts = split(document(Block("paragraph", text), language="ja"))
    assert all(len(draft.text) <= MOST / 3 for draft in drafts)
    assert set(spoken(drafts[0])) == {"これは日本語の文章です。"}


def test_the_embedder_reads_the_headings_first() -> None:
    (draft,) = split(document(Block("paragraph", "It costs $3. It takes long.", ("A", "B"), "b")))
    text, spans = embedding_text(draft, "Title")
    assert text == "Title > A > B\nIt costs $3. It takes long."
    assert [span.of(text) for span in spans] == spoken(draft)
    assert len(embedding_text(draft, "long " * 500)[0]) < 300


def test_a_real_page_is_split_the_same_each_time() -> None:
    content = "\n\n".join(
        f"## Part {n}\n\n{SENTENCE * n}\n\n- a\n- b" for n in range(1, 40)
    ).encode()
    once, again = (split(parse(content, "text/markdown", "a.md")) for _ in range(2))
    assert once == again


KINDS: list[BlockKind] = ["paragraph", "list", "table", "code", "quote"]
BLOCKS = st.builds(
    Block,
    st.sampled_from(KINDS),
    st.one_of(
        st.text(alphabet="aB.! \n-:|12。語", min_size=1, max_size=400),
        st.text(alphabet="ab .\n語", min_size=1, max_size=30).map(lambda text: text * 120),
    ).filter(lambda text: bool(text.strip())),
    st.sampled_from([(), ("A",), ("A", "B"), ("A", "C"), ("A", "D?")]),
    st.sampled_from([None, "a"]),
)


def letters(text: str) -> Counter[str]:
    return Counter(re.sub(r"\s", "", text))


@settings(max_examples=60, deadline=None)
@given(st.lists(BLOCKS, max_size=6))
def test_no_text_is_lost_and_every_bound_holds(blocks: list[Block]) -> None:
    drafts = split(document(*blocks))
    read, written = Counter[str](), Counter[str]()
    for block in blocks:
        read += letters(block.text)
    for draft in drafts:
        written += letters(draft.text)
        assert width(draft.text) <= MOST
        assert draft.text.strip()
        end = 0
        for span in draft.sentences:
            assert end <= span.start < span.end <= len(draft.text)
            assert not draft.text[end : span.start].strip()
            end = span.end
        assert not draft.text[end:].strip()
    headings = Counter("ABCD?" * len(blocks))
    assert not read - written
    assert not written - read - headings
    assert [draft.ordinal for draft in drafts] == list(range(len(drafts)))


@settings(max_examples=40, deadline=None)
@given(st.lists(BLOCKS, min_size=1, max_size=4))
def test_the_order_is_kept(blocks: list[Block]) -> None:
    one_section = [Block(block.kind, block.text) for block in blocks]
    written = "".join(draft.text for draft in split(document(*one_section)))
    read = "".join(block.text for block in blocks)
    assert re.sub(r"\s", "", written) == re.sub(r"\s", "", read)
