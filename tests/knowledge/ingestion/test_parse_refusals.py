import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerdesk.core.errors import InvalidInput
from answerdesk.knowledge.ingestion.parse import (
    UnreadableDocument,
    media_type_of,
    parse,
    supported_extensions,
)
from answerdesk.knowledge.ingestion.split import split
from tests.knowledge.ingestion.office_files import cells, docx_file, paragraph, xlsx_file
from tests.knowledge.ingestion.pdf_files import PdfPage, pdf_file

TAGS = [
    *("<div>", "</div>", "<ul>", "</ul>", "<li>", "<table>", "<tr>", "<td>", "<dl>", "<dt>"),
    *("<dd>", "<details>", "<summary>", "<h2 id=a>", "</h2>", "<pre>", "<br>", "text "),
]
MARKDOWN, HTML, TEXT = "text/markdown", "text/html", "text/plain"


@pytest.mark.parametrize(
    ("name", "content", "media_type", "reason", "says"),
    [
        ("a.md", b"", MARKDOWN, "empty", "a.md: the file is empty"),
        ("a.txt", b" \n\t\r\n", TEXT, "empty", "empty"),
        ("a.txt", b"\xef\xbb\xbf", TEXT, "empty", "no text"),
        ("a.txt", "\u200b\x07".encode(), TEXT, "empty", "no text"),
        ("a.md", b"PK\x03\x04\x00\x00", MARKDOWN, "binary", "a.md: the file is binary"),
        ("a.txt", b"Gru\x81\xad\xfd", TEXT, "encoding", "byte 3 cannot be read"),
        ("a.html", b"<p>\xf5\xfb</p>", HTML, "encoding", "save it as UTF-8"),
        ("a.txt", codecs.BOM_UTF16_LE + b"a", TEXT, "encoding", "UTF-16"),
        ("a.txt", b"\xed\xa0\x80", TEXT, "encoding", "byte 0"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "image/png", "unsupported_type", "run OCR"),
        ("a.md", b"GIF89a", MARKDOWN, "unsupported_type", "it is an image"),
        ("a.xyz", b"text", "chemical/x-xyz", "unsupported_type", ".md .markdown"),
        ("a.bin", b"text", "application/octet-stream", "unsupported_type", "cannot be read"),
        ("a.html", b"<script>let x = 1</script>", HTML, "no_text", "built by a script"),
        ("a.md", b"<!-- nothing -->", MARKDOWN, "no_text", "a.md: the document has no text"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_name_and_the_reason(
    name: str, content: bytes, media_type: str, reason: str, says: str
) -> None:
    with pytest.raises(UnreadableDocument, match="^" + name) as refusal:
        parse(content, media_type, name)
    assert refusal.value.reason == reason
    assert says in refusal.value.message
    assert isinstance(refusal.value, InvalidInput)


@pytest.mark.parametrize("name", ["a.exe", "a", ".env", "archive.tar.dat"])
def test_the_type_of_a_file_that_cannot_be_read_is_refused(name: str) -> None:
    with pytest.raises(UnreadableDocument, match=r"\.html"):
        media_type_of(name)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        *(("a.doc", "save it as DOCX"), ("a.odt", "DOCX"), ("a.pptx", "PDF"), ("a.jpeg", "OCR")),
        *(("a.tar.gz", "unpack it"), ("a.7z", "unpack it"), ("a.mht", "HTML"), ("a.heic", "OCR")),
    ],
)
def test_a_type_that_is_not_read_says_which_one_to_save_it_as(name: str, says: str) -> None:
    with pytest.raises(UnreadableDocument, match=says):
        media_type_of(name)


def test_every_supported_extension_has_a_type_that_is_read() -> None:
    word, sheet = docx_file(paragraph("words")), xlsx_file({"A": cells({1: ["words"]})})
    contents: dict[str, bytes] = {
        ".pdf": pdf_file([PdfPage().write(700, "words")]),
        ".json": b'"words"',
        ".jsonl": b'"words"',
        ".ndjson": b'"words"',
    } | dict.fromkeys((".docx", ".docm"), word)
    contents |= dict.fromkeys((".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"), sheet)
    for extension in supported_extensions():
        name = f"A File{extension.upper()}"
        document = parse(contents.get(extension, b"words"), media_type_of(name), name)
        assert document.blocks[0].text.strip("- ") == "words"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        ("Grüße".encode(), TEXT),
        ("\ufeffGrüße".encode(), TEXT),
        ("\ufeffGrüße".encode("utf-16-le"), TEXT),
        ("Grüße".encode("utf-16"), TEXT),
        ("Grüße".encode("utf-32"), MARKDOWN),
        ("<meta charset=windows-1252><p>Grüße".encode("cp1252"), HTML),
        ("<meta charset='ISO-8859-1'><p>Grüße".encode("latin-1"), HTML),
        ("<meta charset=utf-16><p>Grüße".encode(), HTML),
        ("<meta charset=nonsense><p>Grüße".encode(), HTML),
    ],
)
def test_encodings_that_name_themselves_are_read(content: bytes, media_type: str) -> None:
    assert [block.text for block in parse(content, media_type, "a").blocks] == ["Grüße"]


@pytest.mark.parametrize("media_type", [MARKDOWN, HTML, TEXT])
def test_no_text_of_ours_has_characters_that_cannot_be_stored(media_type: str) -> None:
    content = "A\u200bB \x07C \x1b[31mred\x1b[0m &#0; &#xD800; &#1; \x0bend\n\nnext".encode()
    document = parse(content, media_type, "a")
    text = document.title + "".join(block.text for block in document.blocks)
    assert "AB C" in text
    assert not any(ord(one) < 32 and one not in "\n\t" for one in text)
    text.encode()


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        (HTML, "<div>" * 50_000 + "deep"),
        (HTML, "<blockquote><ul><li>" * 300 + "deep"),
        (HTML, "<details><summary>x</summary>" * 300 + "deep"),
        (HTML, "<table><tr><td>" * 300 + "deep"),
        (HTML, "<table>" + "<tr><td colspan=9999 rowspan=9999>x" * 300 + "<tr><td>deep"),
        (HTML, "<script>" * 20_000 + "</script>" + "<p>deep"),
        (MARKDOWN, ">" * 10_000 + " deep"),
        (MARKDOWN, "- " * 2_000 + "deep"),
        (MARKDOWN, "\n".join("  " * level + "- item" for level in range(300)) + " deep"),
        (MARKDOWN, "[" * 30_000 + "deep"),
        (MARKDOWN, "![a" * 10_000 + "deep"),
        (MARKDOWN, "*a " * 20_000 + "deep"),
        (TEXT, "a" * 1_000_000 + " deep"),
        (TEXT, ". " * 50_000 + "deep"),
    ],
)
def test_content_made_to_choke_a_reader_is_read(media_type: str, content: str) -> None:
    drafts = split(parse(content.encode(), media_type, "bomb"))
    assert any("deep" in draft.text for draft in drafts)
    assert max(len(draft.text) for draft in drafts) <= 1_600


@settings(max_examples=150)
@given(
    st.sampled_from([MARKDOWN, HTML, TEXT]),
    st.one_of(
        st.binary(max_size=200),
        st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
        st.text(alphabet="#>-*`|[]()<>!:~=_ \n\tab1.&;/\"'{}", max_size=200).map(str.encode),
        st.lists(
            st.sampled_from(TAGS),
            max_size=40,
        ).map(lambda tags: "".join(tags).encode()),
    ),
)
def test_any_bytes_are_read_or_refused(media_type: str, content: bytes) -> None:
    try:
        document = parse(content, media_type, "any")
    except UnreadableDocument:
        return
    assert document.title
    assert document.blocks
    assert all(block.text.strip() and "\0" not in block.text for block in document.blocks)
