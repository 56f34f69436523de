"""Pages that name their encoding, by any label that browsers know, and what has a few bad bytes."""

import codecs

import pytest

from answerdesk.knowledge.ingestion.parse import UnreadableDocument, parse
from answerdesk.knowledge.ingestion.parse.encodings import decode_by, find_encoding

HTML, XHTML, TEXT, CSV = "text/html", "application/xhtml+xml", "text/plain", "text/csv"
LOST = "\ufffd"


def read(content: bytes, media_type: str = HTML, name: str = "a") -> str:
    return "\n".join(block.text for block in parse(content, media_type, name).blocks)


def meta(label: str) -> bytes:
    return f'<meta http-equiv="Content-Type" content="text/html; charset={label}"><p>'.encode()


@pytest.mark.parametrize("label", ["iso-2022-kr", "hz-gb-2312", "ISO-2022-CN", "replacement"])
def test_an_encoding_that_browsers_refuse_is_refused(label: str) -> None:
    with pytest.raises(UnreadableDocument, match="save it as UTF-8") as refusal:
        read(meta(label) + b"~{VPND~}")
    assert refusal.value.reason == "encoding"


@pytest.mark.parametrize("label", ["", "utf-7", "punycode", "idna", "zlib", "utf_8_sig", "cp037"])
def test_a_name_of_pythons_is_no_label(label: str) -> None:
    assert find_encoding(label) is None


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("x-sjis", "cp932", "料理の製造年月日は裏に書いてある"),
        ("windows-31j", "cp932", "①㈱髙﨑 ～営業時間"),
        ("ms_kanji", "cp932", "はしご髙"),
        ("csISO2022JP", "iso2022_jp", "営業時間は九時から"),
        ("x-euc-jp", "euc_jp", "営業時間は九時から"),
        ("ks_c_5601-1987", "cp949", "영업시간 똠방각하"),
        ("korean", "cp949", "영업시간"),
        ("GB_2312-80", "gb18030", "营业时间，朱镕基"),
        ("x-gbk", "gb18030", "營業時間"),
        ("x-x-big5", "big5hkscs", "營業時間"),
        ("big5-hkscs", "big5hkscs", "啲嘢喺度"),
        ("l1", "cp1252", "Öffnung „täglich“ – 5 €"),
        ("ascii", "cp1252", "Öffnung „täglich“"),
        ("latin2", "iso8859-2", "Příliš žluťoučký kůň"),
        ("x-cp1250", "cp1250", "Příliš žluťoučký kůň"),
        ("l9", "iso8859-15", "5 € für Œuvre"),
        ("iso-ir-126", "iso8859-7", "Ώρες λειτουργίας"),
        ("ECMA-118", "iso8859-7", "Ώρες λειτουργίας"),
        ("iso-8859-9", "cp1254", "Çalışma “saatleri”"),
        ("latin5", "cp1254", "Şehir İstanbul"),
        ("iso-8859-8-i", "iso8859-8", "שעות פתיחה"),
        ("logical", "iso8859-8", "שעות פתיחה"),
        ("visual", "iso8859-8", "שעות"),
        ("asmo-708", "iso8859-6", "ساعات العمل"),
        ("koi8-r", "koi8-r", "Часы работы"),
        ("koi8-ru", "koi8-u", "Години роботи, їжа"),
        ("cyrillic", "iso8859-5", "Часы работы"),
        ("x-mac-ukrainian", "mac-cyrillic", "Години роботи"),
        ("866", "cp866", "Часы работы"),
        ("macintosh", "mac-roman", "Öffnungszeiten"),
        ("TIS-620", "cp874", "เวลาทำการ"),
        ("iso-8859-11", "cp874", "เวลาทำการ"),
        ("windows-1258", "cp1258", "đơn hàng"),
        ("cp1257", "cp1257", "Šiauliai, Kėdainiai"),
        ("unicode-1-1-utf-8", "utf-8", "Grüße"),
        ("\tUTF8 ", "utf-8", "Grüße"),
    ],
)
def test_a_page_is_read_by_every_label_of_its_encoding(label: str, codec: str, text: str) -> None:
    assert read(meta(label) + text.encode(codec)) == text


def test_letters_are_those_of_the_standard_where_pythons_differ() -> None:
    assert decode_by(b"\xad\xa1\xad\xea", "euc-jp") == "①㈱"
    assert decode_by(b"\x1b$B-!-j\x1b(B", "iso-2022-jp") == "①㈱"
    assert decode_by(b"\xa1\xc1", "euc-jp") == "～"
    assert decode_by(b"5 \x80", "gbk") == "5 €"
    assert decode_by(b"\xae\xbe", "koi8-u") == "ўЎ"
    assert decode_by(b"\xca", "windows-1255") == "\u05ba"
    assert decode_by(b"a\x81b", "windows-1252") == "a\x81b"
    assert decode_by(b"\xff", "windows-1253") == LOST
    assert decode_by(b"A\x80", "x-user-defined") == "A\uf780"


@pytest.mark.parametrize(
    ("head", "codec"),
    [
        ('<?xml version="1.0" encoding="windows-1251"?><html><p>', "cp1251"),
        ("<meta charset=windows-1251><p>", "cp1251"),
        ("<!-- <meta charset=koi8-r> --><meta charset='windows-1251'><p>", "cp1251"),
        ('<meta name="description" content="charset=koi8-r"><meta charset="cp1251"><p>', "cp1251"),
        ('<META CONTENT="text/html;charset=CP1251" HTTP-EQUIV=content-type><p>', "cp1251"),
        ('<style>@charset "koi8-r";</style><p>', "utf-8"),
        ("<meta charset=utf-16le><p>", "utf-8"),
        ("<meta charset=koi8-r><p>", "utf-8-sig"),
        ("<meta charset=koi8-r><p>", "utf-16"),
    ],
)
def test_what_names_the_encoding_and_what_does_not(head: str, codec: str) -> None:
    assert read((head + "Часы работы").encode(codec)).endswith("Часы работы")


def test_a_page_that_says_user_defined_means_windows_1252() -> None:
    assert read("<meta charset=x-user-defined><p>Öffnung „täglich“".encode("cp1252")) == (
        "Öffnung „täglich“"
    )


def test_xhtml_names_its_encoding_in_its_first_line() -> None:
    page = (
        '<?xml version="1.0" encoding="koi8-r"?><html xmlns="http://www.w3.org/1999/xhtml"><head>'
        '<meta charset="utf-8"/></head><body><p>Часы работы</p></body></html>'
    )
    assert read(page.encode("koi8-r"), XHTML) == "Часы работы"


FEES = b"# Fees\n\nThe fee is 7 euros for Gr\xc3\xb6\xc3\x9fland.\n\nExcerpt caf\xc3..."
LONG = "Lieferung nach Größland dauert drei Tage und kostet 7 €. "


@pytest.mark.parametrize(
    ("content", "media_type", "expected"),
    [
        (FEES, "text/markdown", 1),
        (LONG.encode() + b"caf\xc3", TEXT, 1),
        (LONG.encode() + b"Preis \xe2\x82", TEXT, 1),
        (LONG.encode()[:30] + b"\xff" + LONG.encode()[30:], TEXT, 1),
        (LONG.encode()[:30] + b"\0" + LONG.encode()[30:], TEXT, 1),
        (b"Open\0 at nine and at ten", TEXT, 1),
        (LONG.encode() * 9 + b"\xe9\xa0 \xf0\x9f", TEXT, 2),
        (b"<meta charset=utf-8><p>" + LONG.encode() + b"caf\xc3...", HTML, 1),
        (meta("shift_jis") + ("営業時間は九時から" * 5).encode("cp932") + b"\xfd", HTML, 1),
        (codecs.BOM_UTF8 + LONG.encode() + b"caf\xe9", TEXT, 1),
        (codecs.BOM_UTF16_LE + LONG.encode("utf-16-le") + b"a", TEXT, 1),
        ("Stadt;Preis\nKöln;7\nGöttingen;8\n".encode() + b"M\xfcnchen;9\n", CSV, 1),
        (b"The order reaches you on time, every \x81 time, in all cities.", TEXT, 1),
    ],
)  # fmt: skip
def test_a_bad_byte_costs_itself_and_the_rest_is_read(
    content: bytes, media_type: str, expected: int
) -> None:
    assert read(content, media_type).count(LOST) == expected


def test_zeros_that_fill_a_file_up_are_nothing_lost() -> None:
    assert read(LONG.encode() + b"\0" * 400, TEXT) == LONG.strip()


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["Größe und Preis\n", "Часы работы: с девяти до шести\n"])
def test_utf_16_needs_no_mark(codec: str, text: str) -> None:
    assert read((text * 3).encode(codec), TEXT).startswith(text.strip())


@pytest.mark.parametrize("text", ["a,b,c\n{},2,3\n", "1,1,{}1,1\n", "Open: {}nine\nto six\n"])
def test_a_zero_among_ascii_letters_makes_no_utf_16(text: str) -> None:
    assert read(text.format("\0").encode(), TEXT) == text.format("\ufffd").strip()
