"""Questions from the command line, one at a time and in batches."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.agents.language_models.conftest import CHAT, refuses, says
from tests.entrypoints.installation import (
    PROGRAM,
    Installation,
    documents,
    installation,
    write_files,
)
from tests.waiting import PATIENCE
from tests.webhooks.receiver import Receiver, receiving

REFUND = "How many days does a refund take?"
PARCELS = "When do parcels leave the warehouse?"


@pytest.fixture(scope="module")
def desk() -> Iterator[Installation]:
    """An installation that knows a little."""
    with installation() as made:
        write_files(
            made.data_dir.parent / "docs",
            {
                "refunds.md": "# Refunds\n\nA refund takes eleven days.\n",
                "sub/parcels.txt": "Parcels leave the warehouse at noon.\n",
                **{f"other/{n}.md": f"A parcel of sort {n} is blue.\n" for n in range(12)},
            },
        )
        made.run("ingest", "docs").ok()
        yield made


def batch(*questions: tuple[object, str]) -> bytes:
    return b"".join(json.dumps({"id": id_, "q": q}).encode() + b"\n" for id_, q in questions)


def test_bad_lines_of_a_batch_are_named_and_the_rest_is_answered(desk: Installation) -> None:
    lines = [
        batch((1, REFUND)),
        b"\n",
        b"no json\n",
        b'{"id": "n", "q": "a\\u0000b"}\n',
        b'{"id": "u", "q": "\xff"}\n',
        b'{"id": "long", "q": "' + b"x" * (2 * 1024 * 1024) + b'"}\n',
        json.dumps({"id": "p", "q": PARCELS, "rel": ["x"], "answers": []}).encode(),
    ]
    done = desk.run("ask", "--batch", "-", given=b"".join(lines))
    assert done.status == 1
    first, *bad, last = done.lines
    assert "eleven days" in first["answer"]
    assert (last["id"], documents(last["sources"])) == ("p", ["sub/parcels.txt"])
    assert [(one["id"], " ".join(one["error"].split()[:2]).rstrip(":")) for one in bad] == [
        (None, "line 3"),
        ("n", "line 4"),
        (None, "line 5"),
        (None, "line 6"),
    ]


def test_an_unknown_project_is_refused_with_those_that_are(desk: Installation) -> None:
    done = desk.run("search", REFUND, "--project", "proj_" + "0" * 32, "--json")
    error = json.loads(done.errors)["error"]
    assert (done.status, error["code"]) == (1, "project_not_found")
    assert "docs (proj_" in error["message"]


def test_what_is_not_known_is_admitted(desk: Installation) -> None:
    asked = desk.run("ask", "Zebra quasar xylophone?", "--json").ok().json
    assert asked["abstained"] is True
    assert asked["sources"] == []
    assert asked["confidence"] < 0.5
    assert "I don't have that" in asked["answer"]


def test_an_answer_has_its_sources_and_confidence(desk: Installation) -> None:
    asked = desk.run("ask", REFUND, "--json").ok().json
    assert set(asked) == {"answer", "decision", "abstained", "confidence", "sources"}
    assert "A refund takes eleven days." in asked["answer"]
    assert asked["abstained"] is False
    assert 0 < asked["confidence"] <= 1
    (source,) = asked["sources"]
    assert set(source) == {"document", "title", "score"}
    assert (source["document"], source["title"]) == ("refunds.md", "Refunds")


def test_an_answer_for_people_numbers_its_sources(desk: Installation) -> None:
    done = desk.run("ask", REFUND, "--project", "docs").ok()
    assert done.output.startswith("A refund takes eleven days.\n\n[1] Refunds — refunds.md")
    assert "Confidence 0." in done.output or "Confidence 1." in done.output
    assert done.errors == ""


def test_search_returns_ten_documents_and_no_answer(desk: Installation) -> None:
    found = desk.run("search", "What sort of parcel is blue?", "--json").ok().json
    assert set(found) == {"sources"}
    assert len(found["sources"]) == 10
    assert len(set(documents(found["sources"]))) == 10
    scores = [one["score"] for one in found["sources"]]
    assert scores == sorted(scores, reverse=True)
    fewer = desk.run("search", "What sort of parcel is blue?", "--limit", "3").ok()
    fields = [line.split("\t") for line in fewer.output.splitlines()]
    assert [document for _, document, _ in fields] == documents(found["sources"])[:3]


def test_a_batch_keeps_its_order(desk: Installation, tmp_path: Path) -> None:
    questions = [(n, f"Which colour has a parcel of sort {n % 12}?") for n in range(40)]
    file = tmp_path / "questions.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + batch(*questions).rstrip(b"\n"))
    found = desk.run("search", "--batch", file, "--limit", "1").ok().lines
    assert [one["id"] for one in found] == list(range(40))
    assert [documents(one["sources"]) for one in found] == [
        [f"other/{n % 12}.md"] for n in range(40)
    ]
    assert all(set(one) == {"id", "sources"} for one in found)


def test_small_talk_is_replied_to(desk: Installation) -> None:
    said = desk.run("ask", "Who are you?", "--json").ok().json
    assert (said["decision"], said["abstained"], said["confidence"]) == ("small_talk", False, None)
    assert said["sources"] == []
    assert "docs" in said["answer"]
    assert "You're welcome!" in desk.run("ask", "thanks a lot").ok().output


def test_each_line_is_answered_before_the_next_is_asked(desk: Installation) -> None:
    """As a program does that keeps one `ask --batch -` running."""
    with subprocess.Popen(
        [PROGRAM, "ask", "--batch", "-"],
        env=desk.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for id_, question in (("a", REFUND), ("b", PARCELS)):
            process.stdin.write(batch((id_, question)))
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == id_
        process.stdin.close()
        assert process.wait(60) == 0


def test_a_reader_that_has_enough_ends_a_batch_silently(desk: Installation) -> None:
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [PROGRAM, "ask", "--batch", "-"],
        env=desk.environment,
        stdin=subprocess.PIPE,
        stdout=writing,
        stderr=subprocess.PIPE,
    )
    os.close(writing)
    os.close(reading)
    _, errors = process.communicate(batch(*[(n, REFUND) for n in range(20)]), timeout=PATIENCE)
    assert errors == b""
    assert process.returncode == 128 + 13


def test_the_real_model_answers_in_other_words(tmp_path: Path) -> None:
    with installation(ANSWERDESK_EMBEDDER="minilm") as desk:
        folder = write_files(
            tmp_path / "docs",
            {
                "money.md": "# Payments\n\nCustomers get their money back within eleven days.\n",
                "times.md": "# Opening\n\nThe shop opens at nine in the morning.\n",
            },
        )
        assert desk.run("ingest", folder, "--json").ok().json["chunks"] == 2
        found = desk.run("search", "How long does a refund take?", "--json").ok().json["sources"]
        assert documents(found) == ["money.md", "times.md"]


@pytest.fixture(scope="module")
def modelled() -> Iterator[tuple[Installation, Receiver]]:
    """An installation whose agent answers with a model; and the service that runs it."""
    with (
        receiving() as receiver,
        installation(ANSWERDESK_PROVIDER_NETWORKS="127.0.0.0/8") as made,
    ):
        write_files(made.data_dir.parent / "docs", {"refunds.md": "A refund takes eleven days.\n"})
        made.run("ingest", "docs").ok()
        key = (made.data_dir / "owner.key").read_text().strip()
        with (
            made.serving() as told,
            httpx.Client(
                base_url=told["url"], headers={"Authorization": f"Bearer {key}"}, timeout=PATIENCE
            ) as owner,
        ):
            named = {"name": "M", "provider": "compatible", "model": "tiny"}
            model = {**named, "url": f"{receiver.url}/v1"}
            added = owner.post("/v1/language-models", json=model, params={"unchecked": "true"})
            assert added.status_code == 201, added.text
            [project] = owner.get("/v1/projects").json()["items"]
            [agent] = owner.get(f"/v1/projects/{project['id']}/agents").json()["items"]
            path = f"/v1/projects/{project['id']}/agents/{agent['id']}"
            assert owner.patch(path, json={"model": "M"}).status_code == 200
        yield made, receiver


def test_the_agents_model_answers_and_what_no_source_says_is_told(
    modelled: tuple[Installation, Receiver],
) -> None:
    desk, receiver = modelled
    receiver.at(CHAT, says("It takes eleven days. ", "It costs nine euros."))
    asked = desk.run("ask", REFUND).ok()
    assert "It takes eleven days. [1] It costs nine euros." in asked.output
    assert "No source says: It costs nine euros." in asked.output
    told = desk.run("ask", REFUND, "--json").ok().json
    assert told["answer"] == "It takes eleven days. [1] It costs nine euros."
    assert documents(told["sources"]) == ["refunds.md"]
    batched = desk.run("ask", "--batch", "-", given=batch((1, REFUND), (2, REFUND))).ok()
    assert [one["answer"] for one in batched.lines] == [told["answer"]] * 2
    assert len(receiver.of(CHAT)) == 4


def test_a_search_asks_no_model_and_without_the_model_the_passages_answer(
    modelled: tuple[Installation, Receiver],
) -> None:
    desk, receiver = modelled
    asked = len(receiver.of(CHAT))
    desk.run("search", REFUND).ok()
    assert len(receiver.of(CHAT)) == asked
    receiver.at(CHAT, *[refuses(401)] * 3)
    assert desk.run("ask", REFUND, "--json").ok().json["answer"] == "A refund takes eleven days."
