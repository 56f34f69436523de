import pytest

from answerdesk.knowledge.ingestion.parse import ParsedDocument, UnreadableDocument, parse
from answerdesk.knowledge.ingestion.split import split
from answerdesk.knowledge.links import deep_link
from tests.knowledge.ingestion.pdf_files import PdfPage, mark, pdf_file

PDF = "application/pdf"
PROSE = (
    "The warranty covers every part of the machine for two years from the day",
    "on which it was delivered, provided that it was kept dry and was cleaned",
    "as this manual says. Parts that wear out are replaced once.",
)
JOINED = " ".join(PROSE)


def read(content: bytes, name: str = "manual.pdf") -> ParsedDocument:
    return parse(content, PDF, name)


def texts(*pages: PdfPage) -> list[str]:
    return [block.text for block in read(pdf_file(pages)).blocks]


def encrypted() -> bytes:
    """Return a PDF that says it is encrypted, by keys that fit no password."""
    content = pdf_file([PdfPage().write(700, *PROSE)])
    keys = f"/O <{'41' * 32}> /U <{'42' * 32}>"
    security = f"/Encrypt << /Filter /Standard /V 1 /R 2 {keys} /P -4 >> /ID [<00> <00>]"
    return content.replace(b"/Root", security.encode() + b" /Root")


@pytest.mark.parametrize(
    ("content", "reason", "says"),
    [
        (b"", "empty", "empty"),
        (b"words", "broken", "is not a PDF despite its name"),
        (b"\0\1\2", "broken", "is not a PDF"),
        (b"%PDF-1.7\n%%EOF", "broken", "damaged"),
        (b"%PDF-1.7" + b"\xff" * 5_000, "broken", "damaged"),
        (pdf_file([]), "broken", "damaged"),
        (pdf_file([PdfPage()]), "no_text", "run OCR first"),
        (pdf_file([PdfPage(picture=True)]), "no_text", "1 of 1 pages are images"),
        (
            pdf_file([PdfPage().write(700, *PROSE), *[PdfPage(picture=True)] * 3]),
            "no_text",
            "3 of 4 pages are images of text); run OCR first",
        ),
        (encrypted(), "encrypted", "save it without one"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(
    content: bytes, reason: str, says: str
) -> None:
    with pytest.raises(UnreadableDocument, match=r"^manual\.pdf: ") as refusal:
        read(content)
    assert refusal.value.reason == reason
    assert says in refusal.value.message


def test_a_pdf_by_another_name_is_read_as_what_it_is() -> None:
    content = pdf_file([PdfPage().write(700, *PROSE)])
    for media_type, name in (("application/msword", "a.doc"), ("text/plain", "a.txt"), ("", "a")):
        assert [block.text for block in parse(content, media_type, name).blocks] == [JOINED]


def test_a_page_of_a_log_in_saved_as_pdf_is_read_as_the_page_it_is() -> None:
    (block,) = read(b"<!DOCTYPE html><title>x</title><p>Please log in.").blocks
    assert block.text == "Please log in."


def test_lines_become_paragraphs_and_each_says_its_page() -> None:
    short = PdfPage().write(700, *PROSE).write(640, "Acme Inc.", "Main Street 1", "Springfield")
    document = read(pdf_file([PdfPage().write(700, *PROSE), short]))
    assert [(block.anchor, block.text) for block in document.blocks] == [
        ("page=1", JOINED),
        ("page=2", JOINED),
        ("page=2", "Acme Inc.\nMain Street 1\nSpringfield"),
    ]
    assert deep_link("https://x.com/m.pdf", "page=2") == "https://x.com/m.pdf#page=2"
    assert {draft.anchor for draft in split(document)} == {"page=1", "page=2"}


def test_a_word_parted_at_a_lines_end_is_one_again() -> None:
    first = "The machine has to be cleaned before every use, or the guaran-"
    kept = "tee is lost. Use a long-term cleaner for it, one that says that it is long-"
    shared = "term, and mind the Haus-"
    page = PdfPage().write(700, first, kept, shared, "und Gartenordnung that hangs there.")
    (text,) = texts(page)
    assert "or the guarantee is lost. Use a long-term cleaner" in text
    assert text.endswith("is long-term, and mind the Haus- und Gartenordnung that hangs there.")


def test_a_paragraph_goes_on_over_the_page_and_past_the_notes_at_its_foot() -> None:
    first = PdfPage().write(160, PROSE[0]).write(120, "1 A note that is set smaller.", size=7)
    second = PdfPage().write(780, *PROSE[1:])
    assert texts(first, second) == [JOINED, "1 A note that is set smaller."]


def test_running_titles_and_page_numbers_are_dropped() -> None:
    pages = [
        PdfPage()
        .write(810, f"The manual, page {number}" if number % 2 else "Acme - 2026")
        .write(700, *PROSE)
        .write(600, "4 wheels", "7")
        .write(30, f"{number + 8}")
        for number in range(1, 9)
    ]
    assert set(texts(*pages)) == {JOINED, "4 wheels\n7"}


def test_what_only_one_page_has_at_its_edge_stays() -> None:
    pages = [PdfPage().write(810, f"Part of {name}").write(700, *PROSE) for name in "ABCDEF"]
    assert [text for text in texts(*pages) if text != JOINED] == [
        f"Part of {name}" for name in "ABCDEF"
    ]


def test_headings_are_those_of_the_outline() -> None:
    page = PdfPage().write(780, "1.1 Cleaning").write(740, *PROSE).write(640, "Never with")
    page.write(628, "water").write(600, *PROSE)
    document = read(
        pdf_file(
            [PdfPage().write(700, "Warranty").write(660, *PROSE), page],
            outline=[("Warranty", 1), ("Cleaning", 2), ("Never with water", 2)],
            title="The manual",
        )
    )
    assert document.title == "The manual"
    assert [(block.heading_path, block.anchor) for block in document.blocks] == [
        (("Warranty",), "page=1"),
        (("1.1 Cleaning",), "page=2"),
        (("Never with water",), "page=2"),
    ]


def test_without_an_outline_headings_are_what_is_set_larger_or_bold_and_alone() -> None:
    page = PdfPage().write(800, "The Machine", size=24).write(740, "Care", font="F2", size=14)
    page.write(710, *PROSE).write(650, "Spare parts", font="F2").write(630, *PROSE)
    page.write(560, *PROSE[:2], font="F1").write(536, "Bold words at the end.", font="F2")
    document = read(pdf_file([page], title="Microsoft Word - machine_v3.docx"))
    assert document.title == "The Machine"
    assert [block.heading_path for block in document.blocks] == [
        ("Care",),
        ("Care", "Spare parts"),
        ("Care", "Spare parts"),
    ]


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ("Terms of use", "Terms of use"),
        ("untitled", "Manual"),
        ("Microsoft Word - Terms.doc", "Manual"),
        ("terms_2024.indd", "Manual"),
        ("12345", "Manual"),
        ("", "Manual"),
    ],
)
def test_the_title_of_the_properties_is_taken_where_somebody_gave_it(
    given: str, title: str
) -> None:
    assert read(pdf_file([PdfPage().write(700, *PROSE)], title=given)).title == title


def test_lists_and_code_keep_their_shape() -> None:
    page = PdfPage().write(760, "What you need is this:")
    page.write(736, "• a key", "• a screwdriver that is long enough to reach the bottom of it")
    page.lines.append((82, 712, "F1", 10, "and a friend"))
    page.lines.append((90, 700, "F1", 10, "• who is strong"))
    page.write(670, "2. Open the lid.", "3. Close it.")
    page.write(640, "def run():", font="F3")
    page.lines.append((96, 628, "F3", 10, "return 1"))
    page.write(604, "run()", font="F3")
    assert texts(page) == [
        "What you need is this:",
        (
            "- a key\n- a screwdriver that is long enough to reach the bottom of it and a friend\n"
            "  - who is strong\n2. Open the lid.\n3. Close it."
        ),
        "def run():\n    return 1\n\nrun()",
    ]


def test_contents_lists_are_dropped() -> None:
    page = PdfPage().write(760, "Cleaning . . . . . . . . . 4", "Repairs ............ 17", *PROSE)
    assert texts(page) == [JOINED]


def test_columns_are_read_one_after_the_other() -> None:
    page = PdfPage()
    for number, text in enumerate(("The left column says that the", "machine runs on water and")):
        page.lines.append((60, 700 - 12 * number, "F1", 10, text))
    for number, text in enumerate(("on air, which it takes from", "the room that it stands in.")):
        page.lines.append((320, 700 - 12 * number, "F1", 10, text))
    (text,) = texts(page)
    assert text.startswith("The left column says that the machine runs on water and on air, which")
    assert text.endswith("it takes from the room that it stands in.")


def test_the_same_bytes_give_the_same_chunks() -> None:
    content = pdf_file([PdfPage().write(700, *PROSE)] * 5, outline=[("The warranty", 1)])
    assert split(read(content)) == split(read(content))


def spaced(page: PdfPage, top: float, step: float, *texts: str) -> PdfPage:
    """Add lines below each other with a step of their own."""
    for number, text in enumerate(texts):
        page.lines.append((72, top - number * step, "F1", 10, text))
    return page


def test_lines_of_a_text_set_wide_are_paragraphs_as_well() -> None:
    page = spaced(spaced(PdfPage(), 700, 18, *PROSE), 620, 18, *PROSE)
    assert texts(page) == [JOINED, JOINED]


def test_a_bullet_set_larger_makes_no_heading_of_its_item() -> None:
    page = PdfPage().write(760, *PROSE).write(700, *PROSE)
    for top, text in ((640, "Open the lid"), (620, "Take it out, and dry it")):
        page.lines.append((72, top, "F1", 14, "•"))
        page.lines.append((84, top, "F1", 10, text))
    document = read(pdf_file([page]))
    assert document.blocks[-1].text == "- Open the lid\n- Take it out, and dry it"
    assert {block.heading_path for block in document.blocks} == {()}


def test_markers_that_were_drawn_after_the_text_stand_before_their_items() -> None:
    page = PdfPage().write(760, "What you need is this:").write(730, "a key", "a lid")
    page.write(690, "Open it", "Close it").write(640, *PROSE)
    for top, marker in ((730, "•"), (718, "•"), (690, "1."), (678, "2."), (500, "•")):
        page.lines.append((60, top, "F1", 10, marker))
    assert texts(page)[1:] == ["- a key\n- a lid\n1. Open it\n2. Close it", JOINED]


def test_a_numbered_heading_below_the_title_is_no_part_of_it() -> None:
    page = PdfPage().write(800, "The Machine", "of Acme", size=18)
    page.write(752, "1. Care", size=18).write(720, *PROSE).write(660, *PROSE)
    document = read(pdf_file([page]))
    assert document.title == "The Machine of Acme"
    assert {block.heading_path for block in document.blocks} == {("1. Care",)}


def test_headings_at_the_same_place_of_each_page_are_no_running_titles() -> None:
    pages = [
        PdfPage().write(800, f"Step {number}", size=20).write(700, *PROSE) for number in range(1, 5)
    ]
    document = read(pdf_file(pages, title="The manual"))
    assert [block.heading_path for block in document.blocks] == [
        (f"Step {number}",) for number in range(1, 5)
    ]


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_pages_that_are_shown_turned_are_read_as_they_are_shown(turned: int) -> None:
    pages = [
        PdfPage(turned=turned).write(570, f"The manual, page {number}").write(450, *PROSE)
        for number in range(1, 5)
    ]
    found = texts(*pages)
    assert [text for text in found if text == JOINED] == [JOINED] * 4
    assert len(found) == (8 if turned == 180 else 4)


GREY = "0.8 g"
ACROSS = "1 0 0 1 100 680"
ARTIFACT = "/Artifact << /Subtype /Watermark /Type /Pagination >> BDC {}EMC\n"


def marked(under: str, form: str = "") -> list[PdfPage]:
    """Return three pages of a manual with a mark under their text."""
    pages = [
        PdfPage(under=under, form=form).write(700, *PROSE).write(500, *PROSE) for _ in range(3)
    ]
    pages[0].write(790, "The Machine", size=20)
    return pages


def in_letters(text: str) -> str:
    """Return a slanted text, letter by letter, as some programs draw it."""
    steps = enumerate(range(150, 150 + 50 * len(text), 50))
    return "".join(
        mark(text[at], at=f"0.7 0.7 -0.7 0.7 {step} {step + 100}", ink=GREY) for at, step in steps
    )


def tiled(text: str) -> str:
    """Return a small text all over the page, as portals mark what somebody has downloaded."""
    places = ((across, up) for across in range(50, 500, 100) for up in range(50, 800, 90))
    return "".join(
        mark(text, size=9, at=f"0.86 0.5 -0.5 0.86 {across} {up}", ink="0.85 g")
        for across, up in places
    )


@pytest.mark.parametrize(
    ("under", "form"),
    [
        (mark("DRAFT", ink=GREY), ""),
        (mark("DRAFT"), ""),
        (mark("DRAFT", at=ACROSS, ink=GREY), ""),
        (mark("DRAFT", at=ACROSS), ""),
        (mark("DRAFT", at=ACROSS, ink="/Thin gs"), ""),
        (in_letters("DRAFT"), ""),
        (tiled("ann@example.com"), ""),
        (ARTIFACT.format(mark("Printed for Ann", size=10, at="1 0 0 1 100 400")), ""),
        # Acrobat draws a form, and marks that.
        (ARTIFACT.format("/W Do "), mark("Printed for Ann", size=10, at="1 0 0 1 100 400")),
        ("q 0.7 0.7 -0.7 0.7 150 250 cm /W Do Q\n", mark("DRAFT", at="1 0 0 1 0 0", ink=GREY)),
    ],
)
def test_watermarks_are_left_out(under: str, form: str) -> None:
    document = read(pdf_file(marked(under, form)))
    assert document.title == "The Machine"
    assert [block.text for block in document.blocks] == [JOINED] * 6
    assert {block.heading_path for block in document.blocks} == {()}
    (alone,) = marked(under, form)[:1]
    if under != mark("DRAFT", at=ACROSS):
        assert texts(alone) == [JOINED, JOINED]


def test_what_only_looks_a_little_like_a_watermark_is_read() -> None:
    banner = "q 0 0 0.5 rg 0 740 595 102 re f Q\n"
    banner += mark("Acme Pumps", at="1 0 0 1 72 770", size=30, ink="1 g")
    assert read(pdf_file([PdfPage(under=banner).write(700, *PROSE)] * 2)).title == "Acme Pumps"

    def page(under: str) -> PdfPage:
        return PdfPage(under=under).write(600, *PROSE)

    slanted = "".join(
        mark(name, size=10, at=f"0.7 0.7 -0.7 0.7 {left} 710")
        for name, left in (("Free", 200), ("Team", 260))
    )
    assert " ".join(texts(page(slanted))).split()[:2] == ["Free", "Team"]
    chapters = [page(mark(f"Part {name}", at="1 0 0 1 72 630", size=30)) for name in "ABC"]
    assert [block.heading_path for block in read(pdf_file(chapters, title="All parts")).blocks] == [
        ("Part A",),
        ("Part B",),
        ("Part C",),
    ]
    header = ARTIFACT.format(mark("Call 555-1", size=10, at="1 0 0 1 72 810"))
    assert read(pdf_file([page(header)])).title == "Call 555-1"
    askew = "".join(
        mark(line, size=10, at=f"0.999 0.04 -0.04 0.999 72 {700 - 12 * at}")
        for at, line in enumerate(PROSE)
    )
    assert texts(PdfPage(under=askew)) == [JOINED]
    turned = "".join(
        mark(line, size=10, at=f"0.8 0.6 -0.6 0.8 {72 + 8 * at} {300 - 11 * at}", ink=GREY)
        for at, line in enumerate(PROSE)
    )
    assert " ".join(texts(PdfPage(under=turned))) == JOINED


def test_a_stamp_up_the_margin_is_no_title() -> None:
    stamp = mark("arXiv:2101.00001v1 1 Jan 2021", at="0 1 -1 0 40 250", size=20)
    page = PdfPage(under=stamp).write(790, "The Machine", size=16).write(700, *PROSE)
    document = read(pdf_file([page.write(600, *PROSE)]))
    assert document.title == "The Machine"
    assert {block.heading_path for block in document.blocks} == {()}


def raised(*parts: str) -> str:
    """Return what is read of a line whose parts are set on it, raised, on it, and so on."""
    page = PdfPage().write(760, *PROSE)
    left = 72.0
    for at, part in enumerate(parts):
        size, up = (6, 4) if at % 2 else (10, 0)
        page.lines.append((left, 680 + up, "F3", size, part))
        left += 0.6 * size * len(part)
    return texts(page)[-1]


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (("The disk survives 10", "6", " write cycles."), "The disk survives 10⁶ write cycles."),
        (("The key ring costs $11", "99", " only."), "The key ring costs $11.99 only."),
        (("Free delivery", "1", " in Europe."), "Free delivery in Europe."),
        (("Free delivery", "1,2", " in Europe."), "Free delivery in Europe."),
        (("It costs $20", "*", " a month."), "It costs $20 a month."),
        (("It weighs 240", "a", " kg."), "It weighs 240 kg."),
        (("25 m", "2", " and 4 m s", "-1", "."), "25 m² and 4 m s⁻¹."),
        (("The Kestrel", "TM", " client"), "The Kestrel™ client"),
        (("", "1", "Only in 2024."), "Only in 2024."),
        (("Part 106 and 2024-11, 1,250 x1",), "Part 106 and 2024-11, 1,250 x1"),
    ],
)
def test_raised_digits_stay_apart_and_marks_of_notes_are_left_out(
    parts: tuple[str, ...], said: str
) -> None:
    assert raised(*parts) == said


def test_letters_that_mark_notes_are_left_out_on_a_page_that_has_such_notes() -> None:
    page = PdfPage()
    note = [(72, 82, "F3", 6, "a"), (75.6, 80, "F3", 8, "Evaluate it after a year.")]
    page.lines += [(72, 700, "F3", 10, "Consider imaging"), (168, 704, "F3", 6, "a")]
    page.lines += [(72, 600, "F3", 10, "A plan and a visa"), *note]
    assert texts(page) == ["Consider imaging", "A plan and a visa", "Evaluate it after a year."]


@pytest.mark.parametrize("up", [4, 7])
def test_raised_digits_that_stand_on_a_line_of_their_own_belong_to_what_they_follow(
    up: int,
) -> None:
    page = PdfPage()
    page.lines += [(72, 700, "F1", 10, "It survives 10"), (130.9, 700 + up, "F1", 6, "6")]
    page.lines += [(138, 700, "F1", 10, "cycles.")]
    assert texts(page) == ["It survives 10⁶ cycles."]


def test_lowered_digits_stay_where_they_are() -> None:
    page = PdfPage().write(760, *PROSE)
    page.lines += [(72, 680, "F3", 10, "CO"), (84, 678, "F3", 6, "2"), (88, 680, "F3", 10, " only")]
    assert texts(page)[-1] == "CO2 only"


def test_digits_of_text_up_the_margin_are_not_raised() -> None:
    page = PdfPage(under=mark("Model M106 of 2024", at="0 1 -1 0 40 250", size=10))
    assert texts(page.write(700, *PROSE))[0] == "Model M106 of 2024"


def test_ticks_of_a_table_are_read_also_where_they_stand_alone() -> None:
    page = PdfPage().write(760, *PROSE)
    page.lines += [(72, 600, "F1", 10, "Single sign-on"), (300, 600, "F4", 10, "4")]
    page.lines += [(72, 588, "F1", 10, "Backups"), (300, 588, "F4", 10, "8")]
    page.lines += [(300, 500, "F4", 10, "4")]
    assert texts(page) == [JOINED, "Single sign-on ✔ Backups ✘", "✔"]


def test_text_that_was_laid_over_a_scanned_page_is_no_code() -> None:
    page = PdfPage(picture=True, under="3 Tr\n")
    page.write(700, "The text of a scanned page is recognised and", "laid over it.", font="F3")
    (block,) = read(pdf_file([page])).blocks
    assert (block.kind, block.text) == (
        "paragraph",
        "The text of a scanned page is recognised and laid over it.",
    )


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("M¨unchen, P´eter, J´erˆome, Ma˜nana", "München, Péter, Jérôme, Mañana"),
        ("tr`es, gar¸con, gar c¸on, ¨Ubung", "très, gar¸con, gar çon, Übung"),
        # No letter has this accent, or none stands there.
        ("´t is y¯ = 2, `echo` and ˜ /x", "´t is y¯ = 2, `echo` and ˜ /x"),
    ],
)
def test_tex_sets_accents_beside_their_letters(written: str, said: str) -> None:
    pages = [PdfPage().write(700, written)]
    (block,) = read(pdf_file(pages, producer="pdfTeX-1.40.24")).blocks
    assert block.text == said
    # Elsewhere the acute accent is an apostrophe, as people type it.
    (block,) = read(pdf_file([PdfPage().write(700, "l´eau")], producer="Word")).blocks
    assert block.text == "l´eau"
