"""Secret keys: weak and wrong ones refused, sealed things open where they belong only."""

import threading
from pathlib import Path

import pytest

from answerdesk.core.crypto import (
    FILE_NAME,
    Sealed,
    Sealer,
    load_secret_keys,
    new_secret_key,
    save_secret_keys,
)
from answerdesk.core.errors import InvalidInput, Unavailable

OLD, NEW = new_secret_key(), new_secret_key()


@pytest.mark.parametrize(
    "keys", [[], [""], ["change-me"], ["x" * 64], ["0123456789" * 3], [NEW, "short"]]
)
def test_a_missing_or_weak_key_is_refused(keys: list[str]) -> None:
    with pytest.raises(InvalidInput):
        Sealer(keys)


def test_what_is_sealed_opens_only_where_it_belongs() -> None:
    sealer = Sealer([NEW])
    sealed = sealer.seal(b"hunter2", bound_to="a:1")
    assert b"hunter2" not in sealed.data
    assert sealer.open(sealed, bound_to="a:1") == b"hunter2"
    with pytest.raises(Unavailable) as moved:
        sealer.open(sealed, bound_to="a:2")
    assert moved.value.code == "secret_damaged"


@pytest.mark.parametrize("position", [0, 12, -1])
def test_what_was_changed_does_not_open(position: int) -> None:
    sealer = Sealer([NEW])
    sealed = sealer.seal(b"hunter2", bound_to="a")
    changed = bytearray(sealed.data)
    changed[position] ^= 1
    for data in (bytes(changed), b"", sealed.data[:12], sealed.data[:-1]):
        with pytest.raises(Unavailable):
            sealer.open(Sealed(sealed.key_id, data), bound_to="a")


def test_the_same_secret_is_never_sealed_alike() -> None:
    sealer = Sealer([NEW])
    assert sealer.seal(b"x", bound_to="a").data != sealer.seal(b"x", bound_to="a").data


def test_the_newest_seals_and_all_open() -> None:
    sealed = Sealer([OLD]).seal(b"x", bound_to="a")
    both = Sealer([NEW, OLD])
    assert both.open(sealed, bound_to="a") == b"x"
    assert both.seal(b"x", bound_to="a").key_id == Sealer([NEW]).key_id
    with pytest.raises(Unavailable) as unknown:
        Sealer([NEW]).open(sealed, bound_to="a")
    assert unknown.value.code == "secret_key_missing"


def test_a_key_that_another_process_began_is_read_when_it_is_met(tmp_path: Path) -> None:
    save_secret_keys(tmp_path, [OLD])
    running = Sealer(load_secret_keys(tmp_path), reload=lambda: load_secret_keys(tmp_path))
    save_secret_keys(tmp_path, [NEW, OLD])
    sealed = Sealer([NEW]).seal(b"x", bound_to="a")
    assert running.open(sealed, bound_to="a") == b"x"


def test_derived_keys_differ_by_purpose_and_by_key() -> None:
    both = Sealer([NEW, OLD])
    assert both.derive("jwt") == Sealer([NEW]).derive("jwt")
    assert both.derive_all("jwt") == (Sealer([NEW]).derive("jwt"), Sealer([OLD]).derive("jwt"))
    assert len({both.derive("jwt"), both.derive("other"), Sealer([OLD]).derive("jwt")}) == 3
    assert len(both.derive("jwt")) == 32


def test_the_first_start_makes_one_key_whoever_starts_at_once(tmp_path: Path) -> None:
    found: list[tuple[str, ...]] = []
    threads = [
        threading.Thread(target=lambda: found.append(load_secret_keys(tmp_path))) for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 16
    assert len(set(found)) == 1
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_an_empty_or_unreadable_file_is_told_and_not_replaced(tmp_path: Path) -> None:
    for content in (b"", b"\n\n", b"\xff\xfe"):
        (tmp_path / FILE_NAME).write_bytes(content)
        with pytest.raises(Unavailable, match=FILE_NAME):
            load_secret_keys(tmp_path)
        assert (tmp_path / FILE_NAME).read_bytes() == content
