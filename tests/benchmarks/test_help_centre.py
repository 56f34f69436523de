"""The help-centre set: its packages, its scores, and what it prints of held-out sites."""

import gzip
import hashlib
import io
import json
import lzma
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.data import DataMissing
from benchmarks.help_centre.asking import Reply, listing, tables
from benchmarks.help_centre.packages import Page, cache_folder, pages, read_pages
from benchmarks.help_centre.places import PageText, locate, piece_at, texts_of, with_pieces
from benchmarks.help_centre.scoring import Piece, score, words
from benchmarks.help_centre.sites import WAYS, HelpQuestion, Part, Place, Site, questions, sites

SITE = Site(
    name="shop",
    what="a shop",
    use="held out",
    package="shop-help",
    version="1.0",
    client="pip",
    file="shop-help-1.0.tar.gz",
    sha256="",
    licence="MIT",
    root="shop-help-1.0/docs",
    pages=("*.md",),
    without=("draft*",),
)
FILES = {
    "shop-help-1.0/docs/returns.md": b"Send it back within 14 days.",
    "shop-help-1.0/docs/guides/paying.md": b"You pay by card.",
    "shop-help-1.0/docs/draft-returns.md": b"Thirty days?",
    "shop-help-1.0/docs/logo.png": b"?",
    "shop-help-1.0/README.md": b"Ours.",
    "elsewhere/docs/secret.md": b"?",
}
PIECE = Piece(
    "returns.md", "Send it back within 14 days of the day on which it came, in its own box."
)
KEY = ("14 days",)


def tar(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        link = tarfile.TarInfo("shop-help-1.0/docs/link.md")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return packed.getvalue()


def kept(folder: Path, content: bytes, name: str = SITE.file) -> tuple[Site, Path]:
    path = folder / name
    path.write_bytes(content)
    return replace(SITE, sha256=hashlib.sha256(content).hexdigest(), file=name), path


def test_another_file_than_the_pinned_one_is_refused(tmp_path: Path) -> None:
    site, path = kept(tmp_path, tar(FILES))
    path.write_bytes(path.read_bytes() + b"!")
    with pytest.raises(DataMissing, match="is not the shop-help"):
        read_pages(site, path)


def test_a_package_without_pages_is_refused(tmp_path: Path) -> None:
    site, path = kept(tmp_path, tar({"shop-help-1.0/README.md": b"Ours."}))
    with pytest.raises(DataMissing, match=r"has no pages below shop-help-1\.0/docs"):
        read_pages(site, path)


def test_a_page_that_is_too_large_is_refused(tmp_path: Path) -> None:
    site, path = kept(tmp_path, tar({"shop-help-1.0/docs/a.md": b"a" * (4 * 1024 * 1024 + 1)}))
    with pytest.raises(DataMissing, match="more or larger pages"):
        read_pages(site, path)


def test_a_deb_that_is_none_is_refused(tmp_path: Path) -> None:
    site, path = kept(tmp_path, b"?" * 100, "shop-help_1.0_all.deb")
    with pytest.raises(DataMissing, match="no Debian package"):
        read_pages(site, path)


def test_a_package_that_cannot_be_had_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    site = replace(SITE, sha256="0" * 64)
    with pytest.raises(DataMissing, match=r"could not be downloaded with pip.*Put shop-help-1\.0"):
        pages(site)
    assert list(cache_folder().iterdir()) == []


def test_only_what_the_patterns_name_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    cache_folder().mkdir()
    site, _ = kept(cache_folder(), tar(FILES))
    assert [page.path for page in pages(site)] == ["guides/paying.md", "returns.md"]
    assert pages(site)[1].content == b"Send it back within 14 days."


def test_a_deb_is_read_like_any_other_archive(tmp_path: Path) -> None:
    data = lzma.compress(gzip.decompress(tar(FILES)))
    members = [(b"debian-binary", b"2.0\n"), (b"control.tar.xz", b"odd"), (b"data.tar.xz", data)]
    packed = b"!<arch>\n"
    for name, content in members:
        packed += b"%-16s%-12d%-6d%-6d%-8s%-10d`\n" % (name, 0, 0, 0, b"100644", len(content))
        packed += content + b"\n" * (len(content) % 2)
    site, path = kept(tmp_path, packed, "shop-help_1.0_all.deb")
    assert [page.path for page in read_pages(site, path)] == ["guides/paying.md", "returns.md"]


def test_nothing_shown_is_an_abstention_and_something_else_is_wrong() -> None:
    assert score(None, [PIECE], KEY) == "abstained"
    assert score("You pay by card.", [PIECE], KEY) == "wrong"


def test_the_piece_is_right_with_its_heading_but_not_in_the_middle_of_a_page() -> None:
    assert score(PIECE.text, [PIECE], KEY) == "right"
    assert score("Returns\n**Send** it back within 14 days of the day!", [PIECE], KEY) == "right"
    # Seventeen words: two and a half times as many and forty more are 82.
    assert score(f"{PIECE.text} {'more ' * 65}", [PIECE], KEY) == "right"
    assert score(f"{PIECE.text} {'more ' * 66}", [PIECE], KEY) == "partly"


def test_without_its_key_a_piece_is_at_best_partly_shown() -> None:
    assert score(PIECE.text.replace("14", "15"), [PIECE], KEY) == "partly"
    assert score("14 days", [PIECE], KEY) == "partly"
    assert score("It is 14 or 15 days.", [PIECE], KEY) == "wrong"
    assert score(PIECE.text, [PIECE], ("14 days", "for free")) == "partly"


def test_a_repeated_word_counts_as_often_as_the_piece_has_it() -> None:
    piece = Piece("a.md", "one two three four five six")
    assert score("one one one one one one", [piece], ("nine",)) == "wrong"
    assert score("one two", [piece], ("nine",)) == "partly"


def test_an_option_is_another_word_than_its_letter() -> None:
    piece = Piece("a.md", "Use the -a option.")
    assert score("Use the -a option.", [piece], ("-a",)) == "right"
    assert score("Use a option.", [piece], ("-a",)) == "partly"
    assert score("Press Ctrl+Z.", [Piece("a.md", "Press Ctrl+Z.")], ("ctrl+z",)) == "right"


def test_the_piece_of_any_page_that_answers_is_right() -> None:
    other = Piece("faq.md", "Two weeks, which is 14 days, and not one more.")
    assert score(other.text, [PIECE, other], KEY) == "right"


def test_of_a_held_out_site_only_totals_are_printed() -> None:
    asked = HelpQuestion("q1", {"bare": "How long?"}, "Returns", (PIECE,), KEY)
    absent = HelpQuestion("q2", {"bare": "In Norway?"})
    replies = [
        Reply(asked, "bare", "How long?", PIECE.text, frozenset({"returns.md"})),
        Reply(asked, "story", "A gift. How long?", None, frozenset()),
        Reply(absent, "bare", "In Norway?", "You pay by card.", frozenset({"paying.md"})),
    ]
    answerable, unanswerable = tables(SITE, 2, replies)
    assert [row[:6] for row in answerable.rows] == [
        ("bare", 1, 1, 0, 0, 0),
        ("story", 1, 0, 0, 0, 1),
    ]
    assert unanswerable.rows[0][:3] == ("bare", 1, 1)
    printed = answerable.markdown() + unanswerable.markdown()
    assert not any(text in printed for text in ("How long", "Norway", "14 days", "returns.md"))
    assert listing(SITE, replies) is None


def test_a_site_for_tuning_lists_what_was_shown() -> None:
    asked = HelpQuestion("q1", {"bare": "How long?"}, "Returns", (PIECE,), KEY)
    absent = HelpQuestion("q2", {"bare": "In Norway?"})
    replies = [
        Reply(asked, "bare", "How long?", "14 days |\nor less", frozenset()),
        Reply(absent, "bare", "In Norway?", None, frozenset()),
    ]
    table = listing(replace(SITE, use="tuning"), replies)
    assert table is not None
    assert table.rows == (
        ("q1, bare", "How long?", "partly", "14 days \\| or less"),
        ("q2, bare", "In Norway?", "abstained", ""),
    )


@pytest.mark.parametrize("site", sites(), ids=lambda site: site.name)
def test_a_set_has_what_was_promised(site: Site) -> None:
    asked = questions(site.name)
    answerable = [one for one in asked if one.places]
    absent = [one for one in asked if not one.places]
    assert (len(answerable), len(absent)) == (60, 30)
    assert sum(one.follow_up is not None for one in answerable) == 15
    assert all(tuple(one.ways) == WAYS for one in answerable)
    assert len({text for one in asked for text in one.ways.values()}) == 60 * 5 + 30 * 2
    assert len({one.id for one in asked}) == 90


@pytest.mark.parametrize("site", sites(), ids=lambda site: site.name)
def test_no_page_is_quoted(site: Site) -> None:
    for one in questions(site.name):
        for part in (part for place in one.places for part in place.parts):
            texts = (part,) if isinstance(part, str) else (part.begins, part.ends)
            assert all(len(words(text)) <= 6 for text in texts), one.id


@pytest.mark.soak  # Unpacks 200 MB.
@pytest.mark.parametrize("site", sites(), ids=lambda site: site.name)
def test_each_piece_is_in_its_page_and_the_right_answer_to_its_question(site: Site) -> None:
    if not (cache_folder() / site.file).is_file():
        pytest.skip(f"{site.file} is not kept here; a run of the benchmark fetches it")
    texts = texts_of(pages(site))
    asked = [with_pieces(one, texts) for one in questions(site.name)]
    # Only ids, since nobody reads the questions to a held-out site.
    assert [one.id for one in asked for piece in one.pieces if not _is_right(piece, one)] == []


def _is_right(piece: Piece, question: HelpQuestion) -> bool:
    return score(piece.text, [piece], question.key) == "right"


RETURNS = PageText.of(
    Page(
        "returns.html",
        b"<body><script>var a</script><p>Send it <b>back</b> within 14 days. Send it back in its "
        b"own box.</p><ol><li>Print the label that we sent you.</li><li>Stick it on the outside of "
        b"the box.</li></ol><p>We pay within two working days after it came, never in cash.</p>"
        b"<p>We pay within one working day after it came, never in cash.</p></body>",
    )
)


def place(*parts: Part | str, document: str = "returns.html") -> Place:
    return Place(document, parts)


@pytest.mark.parametrize(
    ("sought", "fault"),
    [
        (place(Part("send it back", "in cash", 7)), "not in returns.html"),
        (place(Part("send", "box", 1000)), "not in returns.html"),
        (place(Part("send it back", "", 3), document="faq.html"), "not in faq.html"),
        (place(Part("we pay within", "never in cash", 11)), "not in returns.html"),
        (place(Part("send it back", "14 days", 6), Part("it", "it", 4)), "not in returns.html"),
        (place(Part("send it", "", 5)), "more than once in returns.html"),
    ],
    ids=["other end", "too long", "other page", "other length", "second part", "several"],
)
def test_a_piece_that_is_not_in_its_page_is_refused_without_showing_it(
    sought: Place, fault: str
) -> None:
    question = HelpQuestion("shop-07", {"bare": "How long?"}, places=(sought,))
    with pytest.raises(DataMissing) as refused:
        with_pieces(question, {"returns.html": RETURNS})
    assert str(refused.value).startswith(f"shop-07: the piece that answers is {fault}.")
    assert "send" not in str(refused.value).lower()


@pytest.mark.parametrize("piece", ["You pay by card only.", "Send it back and pay by card alone."])
def test_a_piece_that_is_not_in_a_page_has_no_place(piece: str) -> None:
    with pytest.raises(ValueError, match="does not have these words"):
        locate(piece, RETURNS)


@pytest.mark.parametrize(
    ("piece", "parts", "text"),
    [
        ("Send it back", [("send it back", "", 3)], "Send it back"),
        (
            "Send it back within 14 days. Send it back in its own box.",
            [("send it back", "its own box", 13)],
            "Send it back within 14 days. Send it back in its own box",
        ),
        (
            "1. Print the label that we sent you.\n2. Stick it on the outside of the box.",
            ["1", ("print the label", "we sent you", 7), "2", ("stick it on", "of the box", 8)],
            "1 Print the label that we sent you 2 Stick it on the outside of the box",
        ),
        # Three words at either end are another sentence's, too.
        (
            "We pay within one working day after it came, never in cash.",
            [("we pay within one", "came never in cash", 12)],
            "We pay within one working day after it came, never in cash",
        ),
    ],
    ids=["short", "one run", "steps", "four words"],
)
def test_a_piece_is_found_again_at_its_place(
    piece: str, parts: list[str | tuple[str, str, int]], text: str
) -> None:
    row = {"document": "returns.html", "piece": locate(piece, RETURNS)}
    expected = tuple(one if isinstance(one, str) else Part(*one) for one in parts)
    assert Place.read(row) == Place("returns.html", expected)
    assert piece_at(Place.read(row), {"returns.html": RETURNS}, "shop-07").text == text


def test_two_sites_are_held_out() -> None:
    assert [site.use for site in sites()] == ["tuning", "tuning", "held out", "held out"]
    assert len({site.sha256 for site in sites()}) == 4


def test_a_question_is_read_with_all_that_it_has(tmp_path: Path) -> None:
    row = {
        "id": "shop-01",
        "document": "returns.md",
        "heading": "Returns",
        "piece": ["1", {"begins": "you have 14", "ends": "14 days", "words": 4}],
        "also": [{"document": "faq.md", "heading": "How long?", "piece": ["For 14 days"]}],
        "key": ["14 days"],
        "ways": {"bare": "How long?"},
        "follow_up": {"before": "Can I send it back?", "then": "How long?"},
    }
    (tmp_path / "shop.jsonl").write_text(json.dumps(row) + "\n")
    (one,) = questions("shop", tmp_path)
    assert one.places == (
        Place("returns.md", ("1", Part("you have 14", "14 days", 4))),
        Place("faq.md", ("For 14 days",)),
    )
    assert one.follow_up is not None
    assert one.follow_up.then == "How long?"
