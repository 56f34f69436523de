"""Texts and tables that name no encoding: the right letters, or none."""

import random
import time
from collections.abc import Callable
from typing import Final

import pytest

from answerdesk.knowledge.ingestion.parse import UnreadableDocument, parse
from answerdesk.knowledge.ingestion.parse.guessing import guess

CSV, TEXT, MARKDOWN = "text/csv", "text/plain", "text/markdown"

TABLES = {
    "cs": "Město;Cena\nČeské Budějovice;12\nPlzeň;14\nŽďár nad Sázavou;9\n",
    "tr": "Şehir;Fiyat\nİstanbul;12\nEskişehir;14\nMuğla;9\nKırşehir;8\n",
    "pl": "Miasto;Cena\nŁódź;12\nBiałystok;14\nCzęstochowa;9\nGdańsk;8\n",
    "hu": "Város;Ár\nGyőr;12\nSzékesfehérvár;14\nHódmezővásárhely;9\nKőszeg;8\n",
    "ro": "Oraş;Preţ\nBucureşti;12\nPiteşti;14\nBrăila;9\nTimişoara;8\n",
    "lt": "Miestas;Kaina\nŠiauliai;12\nPanevėžys;14\nKėdainiai;9\nTauragė;8\n",
    "lv": "Pilsēta;Cena\nRīga;12\nLiepāja;14\nJūrmala;9\nJēkabpils;8\n",
    "ru": "Город;Цена\nМосква;12\nКазань;14\nЙошкар-Ола;9\n",
    "uk": "Місто;Ціна\nКиїв;12\nЗапоріжжя;14\nЧернігів;9\n",
    "el": "Πόλη;Τιμή\nΑθήνα;12\nΘεσσαλονίκη;14\nΉλιος;9\n",
    "he": "עיר;מחיר\nירושלים;12\nחיפה;14\nאילת;9\n",
    "ar": "المدينة;السعر\nالقاهرة;12\nالإسكندرية;14\nأسوان;9\n",
    "de": "Stadt;Preis\nKöln;12\nGörlitz;14\nMünchen;9\nGießen;8\n",
    "fr": "Ville;Prix\nNîmes;12\nOrléans;14\nBesançon;9\nCrèvecœur;8\n",
    "es": "Ciudad;Precio\nMálaga;12\nLogroño;14\nCáceres;9\nAlcalá;8\n",
    "da": "By;Pris\nKøbenhavn;12\nÅrhus;14\nSønderborg;9\nHelsingør;8\n",
    "vi": "Thành phô;Giá\nHà Nôi;12\nĐà Lat;14\nCân Thơ;9\n",
    "th": "เมือง;ราคา\nกรุงเทพ;12\nเชียงใหม่;14\nภูเก็ต;9\n",
    "ja": "都市;値段\nおおさか;12\n横浜ベイ;14\nさいたま市;9\n",
    "zh": "城市;价格\n北京市;12\n上海市;14\n广州市;9\n哈尔滨市;8\n深圳市;7\n重庆市;6\n",
    "zh-hant": "城市;價格\n臺北;12\n高雄市;14\n臺南;9\n新竹;8\n花蓮;7\n",
    "ko": "도시;가격\n서울;12\n부산광역시;14\n대구;9\n",
}


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        *(("cs", "cp1250"), ("cs", "cp852"), ("tr", "cp1254"), ("pl", "cp1250")),
        *(("tr", "iso8859-9"), ("pl", "iso8859-2"), ("hu", "cp1250"), ("hu", "iso8859-2")),
        *(("ro", "cp1250"), ("lt", "cp1257"), ("lt", "iso8859-13"), ("lv", "cp1257")),
        *(("ru", "cp1251"), ("ru", "koi8-r"), ("ru", "iso8859-5"), ("ru", "cp866")),
        *(("ru", "mac-cyrillic"), ("uk", "cp1251"), ("uk", "koi8-u"), ("el", "cp1253")),
        *(("el", "iso8859-7"), ("he", "cp1255"), ("ar", "cp1256"), ("ar", "iso8859-6")),
        *(("de", "cp1252"), ("de", "mac-roman"), ("de", "cp850"), ("fr", "cp1252")),
        *(("fr", "mac-roman"), ("es", "cp1252"), ("da", "cp1252")),
        *(("th", "cp874"), ("ja", "cp932"), ("ja", "euc_jp")),
        *(("zh-hant", "big5"), ("ko", "cp949"), ("ja", "iso2022_jp")),
    ],
)
def test_a_table_of_a_few_rows_has_the_right_letters(language: str, encoding: str) -> None:
    text = TABLES[language]
    (read,) = parse(text.encode(encoding), CSV, "prices.csv").blocks
    (right,) = parse(text.encode(), CSV, "prices.csv").blocks
    assert read == right


@pytest.mark.parametrize("media_type", [TEXT, MARKDOWN, "text/html", "application/json"])
@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Die Größe der Tür für das Büro", "cp1252"),
        ("Zásilku vám doručíme do tří dnů na vaši adresu, pokud je zboží skladem", "cp1250"),
        ("Siparişiniz üç iş günü içinde kargoya verilir ve size ulaşır", "cp1254"),
        ("Посылка придёт через три дня", "cp1251"),
        ("The café’s menu – naïve, but à la carte", "cp1252"),
        ("It’s “free” — no fee", "cp1252"),
    ],
)
def test_other_texts_are_read_as_tables_are(media_type: str, text: str, encoding: str) -> None:
    content = f'"{text}"' if media_type == "application/json" else text
    (block,) = parse(content.encode(encoding), media_type, "a").blocks
    assert block.text.strip('"') == text


@pytest.mark.parametrize(
    "content",
    [
        b"\xf5\xfb;7\n\xfb\xf5;8\n",
        b"a;b\n\xc8\xe8;7\n",
        "Città;Prezzo\nForlì;12\n".encode("cp1252")[:6] + b"\xf8\xe8\xec;1\n",
        bytes(random.Random(7).choices(range(128, 256), k=4_000)),
        b"price;7\n\x81\x8d\x90;8\n",
    ],
)
def test_what_may_be_either_is_refused_with_what_to_do(content: bytes) -> None:
    with pytest.raises(UnreadableDocument, match="uncertain; save it as UTF-8") as refusal:
        parse(content, CSV, "a.csv")
    assert refusal.value.reason == "encoding"


_NO_ASCII: Final = bytes(one | 128 for one in range(256))
_ODD: Final[dict[str, Callable[[], bytes]]] = {
    "random": lambda: random.Random(7).randbytes(10_000_000).translate(_NO_ASCII),
    "one letter": lambda: b"a" * 9_999_999 + b"\xe9",
    "one word": lambda: b"\xe9" * 10_000_000,
    "letters": lambda: b"a\xe9" * 5_000_000,
    "words": lambda: b"\xe9 " * 5_000_000,
    "escapes": lambda: b"\x1b$B" * 3_333_333,
}
"""Made when a test asks: every process of a run reads this file."""


@pytest.mark.parametrize("kind", _ODD)
def test_the_work_is_bounded_however_odd_the_bytes(kind: str) -> None:
    content = _ODD[kind]()
    begun = time.process_time()
    guess(content)
    assert time.process_time() - begun < 8
