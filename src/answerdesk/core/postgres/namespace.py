"""Runs PostgreSQL for root, which it refuses, without creating or choosing another user.

Inside a user namespace with a single mapping, the calling user's files belong to an ordinary user
and PostgreSQL does not see root. Outside, nothing changes: no file changes its owner, and no
permission is widened.
"""

import os
import pwd
import subprocess
import sys
from pathlib import Path

from answerdesk.core.postgres.errors import NamespaceForbidden

_LAUNCHER = Path(__file__).with_name("namespace_launcher.py")
_ROOT = 0
_OVERFLOW_UID = 65534
"""The owner id that unmapped files have inside a namespace: the last choice for a mapping."""


def needs_namespace() -> bool:
    """Whether PostgreSQL would refuse this user: root, or one without a name (initdb checks)."""
    return os.geteuid() == _ROOT or not _has_name(os.geteuid())


def in_namespace(command: list[str]) -> list[str]:
    """Return the command that runs `command` as an ordinary user in a new user namespace."""
    user = _inner_user()
    return [
        sys.executable,
        "-I",  # The caller's environment and folder must not affect what is imported.
        "-S",
        str(_LAUNCHER),
        str(user.pw_uid),
        str(user.pw_gid),
        *command,
    ]


def check_namespace(binary: Path, folder: Path) -> None:
    """Raise `NamespaceForbidden` unless `binary` and `folder` can be used inside a namespace."""
    probes = {
        "user namespaces are forbidden on this machine": ["/bin/sh", "-c", "exit 0"],
        f"{binary} cannot be run without root's privileges": [str(binary), "--version"],
        f"{folder} cannot be reached without root's privileges": [
            "/bin/sh",
            "-c",
            'test -x "$1" && test -w "$1"',
            "sh",
            str(folder),
        ],
    }
    for reason, probe in probes.items():
        result = subprocess.run(  # noqa: S603 - our own command.
            in_namespace(probe), stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
        if result.returncode != 0:
            detail = result.stderr.decode(errors="replace").strip()
            raise NamespaceForbidden(
                f"PostgreSQL does not run as {_caller()}, and the user namespace that would let it"
                f" run does not work here: {reason}{f' ({detail})' if detail else ''}. Run"
                " Answerdesk as an ordinary user, or set DATABASE_URL to a PostgreSQL server."
            )


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _caller() -> str:
    uid = os.geteuid()
    return "root" if uid == _ROOT else f"user {uid}, who has no name in /etc/passwd"


def _inner_user() -> pwd.struct_passwd:
    users = [user for user in pwd.getpwall() if user.pw_uid != _ROOT]
    if not users:
        raise NamespaceForbidden(
            f"PostgreSQL does not run as {_caller()}, and /etc/passwd has no other user to appear"
            " as inside a user namespace. Add one (such as nobody), or set DATABASE_URL to"
            " a PostgreSQL server."
        )
    return min(users, key=lambda user: (user.pw_uid == _OVERFLOW_UID, user.pw_uid))
