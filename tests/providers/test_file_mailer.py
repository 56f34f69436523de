"""Letters in a file: for its owner's eyes, bounded, whole, and none of them another's."""

import asyncio
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from answerdesk.providers.file_mailer import FileMailer
from answerdesk.providers.mailer import Mail, MailUnavailable
from tests.providers.test_mailer_contract import LETTER, read_letters

WRITER = """
import asyncio, sys
from pathlib import Path
from answerdesk.providers.file_mailer import FileMailer
from answerdesk.providers.mailer import Mail

async def write():
    mailer = FileMailer(Path(sys.argv[1]), most_bytes=20_000)
    for number in range(100):
        await mailer.send(Mail(f"{sys.argv[2]}-{number}@example.com", "Hello", "Text\\n" * 20))

asyncio.run(write())
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "letters.txt"


def send(mailer: FileMailer, mail: Mail) -> None:
    asyncio.run(asyncio.wait_for(mailer.send(mail), 30))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_file_is_its_owners_from_the_start(path: Path) -> None:
    before = os.umask(0)
    try:
        send(FileMailer(path), LETTER)
    finally:
        os.umask(before)
    assert mode(path) == 0o600


def test_nothing_is_added_to_a_file_that_others_can_read(path: Path) -> None:
    path.write_text("of before", encoding="utf-8")
    path.chmod(0o644)
    with path.open("rb") as spying:
        send(FileMailer(path), LETTER)
        assert spying.read() == b"of before"
    assert mode(path) == 0o600
    assert read_letters(path) == [(LETTER.to, LETTER.subject, LETTER.text)]


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_what_is_no_file_of_ours_is_left_alone(path: Path, kind: str) -> None:
    elsewhere = path.with_name("elsewhere")
    elsewhere.write_bytes(b"")
    if kind == "link":
        path.symlink_to(elsewhere)
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.mkdir()
    with pytest.raises(MailUnavailable, match=r"letters\.txt cannot be written"):
        send(FileMailer(path), LETTER)
    assert elsewhere.read_bytes() == b""


def test_a_folder_that_is_gone_is_told_as_passing(tmp_path: Path) -> None:
    with pytest.raises(MailUnavailable, match="No such file"):
        send(FileMailer(tmp_path / "gone" / "letters.txt"), LETTER)


def test_the_files_never_grow_beyond_their_bound(path: Path) -> None:
    mailer = FileMailer(path, most_bytes=2000)
    for number in range(40):
        send(mailer, Mail(f"ann{number}@example.com", "Hello", "Text\n" * 20))
    old = path.with_name("letters.txt.old")
    assert {one.name for one in path.parent.iterdir()} == {path.name, old.name}
    assert max(path.stat().st_size, old.stat().st_size) <= 2000
    assert (mode(path), mode(old)) == (0o600, 0o600)
    kept = [to for to, *_ in (*read_letters(old), *read_letters(path))]
    assert kept == [f"ann{number}@example.com" for number in range(40 - len(kept), 40)]
    assert len(kept) > 4


def test_a_letter_larger_than_the_bound_is_written_all_the_same(path: Path) -> None:
    mailer = FileMailer(path, most_bytes=100)
    for _ in range(2):
        send(mailer, LETTER)
    assert len(read_letters(path)) == 1


def test_nobodys_text_passes_for_another_letter_or_moves_the_cursor(path: Path) -> None:
    forged = (
        "--- 2026-01-01 00:00:00 UTC, not mailed: x ---\nTo:      eve@example.com\n"
        "\u2028--- 2026-01-01\x1b[2J\x9b2J\r--- x\x00\ud800 ---\n"
    )
    send(FileMailer(path), Mail("ann@example.com", "Hello", forged))
    ((to, subject, text),) = read_letters(path)
    assert (to, subject) == ("ann@example.com", "Hello")
    assert text.startswith("--- 2026-01-01 00:00:00 UTC")
    written = path.read_text(encoding="utf-8")
    assert not set(written) & set("\x1b\x9b\r\x00\u2028")
    assert [line for line in written.splitlines() if line.startswith("---")] == [
        written.splitlines()[0]
    ]


def test_many_processes_lose_no_letter_and_mix_none(path: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), f"w{number}"])
        for number in range(3)
    ]
    assert [one.wait(120) for one in writers] == [0, 0, 0]
    kept = [*read_letters(path.with_name("letters.txt.old")), *read_letters(path)]
    assert {(subject, text) for _, subject, text in kept} == {("Hello", "Text\n" * 20)}
    # Of each, those that were written last are there, in their order.
    for number in range(3):
        own = [to for to, *_ in kept if to.startswith(f"w{number}-")]
        assert own == [f"w{number}-{place}@example.com" for place in range(100 - len(own), 100)]
    assert len(kept) > 100


def test_half_a_letter_is_taken_back(path: Path) -> None:
    limited = (
        "import resource\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))\n"
        "import signal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited + WRITER, str(path), "full"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "letters.txt cannot be written" in done.stderr
    letters = read_letters(path)
    assert letters
    assert {text for *_, text in letters} == {"Text\n" * 20}
