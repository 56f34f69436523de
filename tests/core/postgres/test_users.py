"""As root and as another user, without touching anything outside the data folder."""

import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

import answerdesk
from tests.core.postgres.crew import Member, Place

_NOBODY = 65534
_NAMELESS = 54321
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


def can_run_as(uid: int) -> bool:
    """Whether this checkout and its interpreter are open to that user."""
    files = [sys.executable, answerdesk.__file__, psycopg.__file__, __file__]
    probe = 'for f in "$@"; do test -r "$f" || exit 1; done'
    return (
        subprocess.run(
            ["/bin/sh", "-c", probe, "sh", *files],
            user=uid,
            group=uid,
            extra_groups=[],
            check=False,
        ).returncode
        == 0
    )


@pytest.fixture(params=[None, _NOBODY, _NAMELESS], ids=["self", "nobody", "nameless"])
def user(request: pytest.FixtureRequest) -> int | None:
    uid: int | None = request.param
    if uid is not None and os.geteuid() != 0:
        pytest.skip("only root can become another user")
    if uid is not None and not can_run_as(uid):
        pytest.skip("this checkout is closed to other users; run the tests as that user instead")
    return uid


def snapshot(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Return the mode, owner and group of a folder, of what lies in it, and of those above it."""
    return {
        str(path): (found.st_mode, found.st_uid, found.st_gid)
        for path in (*folder.iterdir(), folder, *folder.parents)
        for found in (path.stat(),)
    }


def writable_files(place: Place) -> set[Path]:
    """Return what the server and its children hold open for writing, or share as memory."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").samefile(place.folder.cluster):
                found |= _held_by(process)
        except OSError:
            # It isn't ours to look at, or it has just ended, as a server's helpers do.
            continue
    return found


def _held_by(process: Path) -> set[Path]:
    held = set()
    for fd in (process / "fd").iterdir():
        details = (process / "fdinfo" / fd.name).read_text()
        flags = re.search(r"^flags:\s+(\d+)", details, re.MULTILINE)
        assert flags is not None
        if int(flags[1], 8) & os.O_ACCMODE != os.O_RDONLY:
            held.add(fd.readlink())
    for line in (process / "maps").read_text().splitlines():
        fields = line.split(maxsplit=5)
        if fields[1] == "rw-s":
            held.add(Path(fields[5]))
    return held


def is_no_file(path: Path) -> bool:
    """Whether this names a socket, a pipe, the null device or anonymous shared memory."""
    return str(path) in {"/dev/null", "/dev/zero (deleted)"} or bool(
        re.match(r"(socket|pipe|anon_inode):|/SYSV[0-9a-f]{8} \(deleted\)$", str(path))
    )


def test_the_server_runs_and_touches_nothing_outside_the_data_folder(user: int | None) -> None:
    owner = os.geteuid() if user is None else user
    with Place(owner=owner) as place:
        before = snapshot(place.parent)
        users = Path("/etc/passwd").read_bytes()
        with Member(place.data_dir, user=user) as member:
            member.started()
            assert member.query("SELECT '[1]'::vector::text") == [["[1]"]]
            files = {path for path in writable_files(place) if not is_no_file(path)}
            assert any(path.is_relative_to(place.folder.cluster) for path in files)
            assert not [path for path in files if not path.is_relative_to(place.folder.root)]
            member.leave()
        assert place.is_stopped()
        assert snapshot(place.parent) == before
        assert Path("/etc/passwd").read_bytes() == users
        made = [place.folder.root, *place.folder.root.rglob("*")]
        assert len(made) > 900
        assert {path.lstat().st_uid for path in made} == {owner}


@needs_root
def test_roots_folder_is_refused_to_another_user(place: Place) -> None:
    if not can_run_as(_NOBODY):
        pytest.skip("this checkout is closed to other users")
    place.data_dir.chmod(0o755)
    for mode in (0o700, 0o755):
        place.parent.chmod(mode)
        before = snapshot(place.folder.root)
        with Member(place.data_dir, user=_NOBODY) as member:
            message = member.refused("WrongOwner")
        assert str(place.parent) in message
        assert "root (0)" in message
        assert snapshot(place.folder.root) == before


@needs_root
def test_another_users_folder_is_refused_to_root(place: Place) -> None:
    os.chown(place.folder.root, _NOBODY, _NOBODY)
    try:
        before = snapshot(place.folder.root)
        with Member(place.data_dir) as member:
            message = member.refused("WrongOwner")
        assert "(65534)" in message
        assert snapshot(place.folder.root) == before
    finally:
        os.chown(place.folder.root, os.geteuid(), os.getegid())


def test_without_user_namespaces_root_is_told_what_to_do(new_place: Place) -> None:
    forbid = "echo 0 > /proc/sys/user/max_user_namespaces"
    as_root_without_namespaces = ("unshare", "--user", "--map-root-user", "/bin/sh", "-c")
    if subprocess.run([*as_root_without_namespaces, forbid], check=False).returncode != 0:
        pytest.skip("this machine lets nobody make the namespace that the test runs in")
    around = (*as_root_without_namespaces, f'{forbid}; exec "$@"', "sh")
    with Member(new_place.data_dir, around=around) as member:
        message = member.refused("NamespaceForbidden")
    assert "user namespaces are forbidden" in message
    assert "ordinary user" in message
    assert "DATABASE_URL" in message


@needs_root
def test_a_folder_that_only_roots_privileges_reach_is_named(new_place: Place) -> None:
    os.chown(new_place.parent, _NOBODY, _NOBODY)
    with Member(new_place.data_dir) as member:
        message = member.refused("NamespaceForbidden")
    assert f"{new_place.folder.root} cannot be reached" in message
