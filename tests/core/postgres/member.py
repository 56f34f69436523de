"""A process that uses the server of a folder; started by the tests, told what to do line by line.

`member.py DATA_DIR TIMEOUT` prints a JSON object once it has started or failed, then answers each
line of its input with one: `query SQL`, `revive`, `leave`. It leaves when its input ends.
"""

import json
import sys
from pathlib import Path
from typing import Any

import psycopg

from answerdesk.core.postgres import EmbeddedPostgres, EmbeddedPostgresUnavailable


def say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def query(server: EmbeddedPostgres, statement: str) -> list[Any]:
    arguments = server.conninfo(user=server.admin_user, password=server.admin_password)
    with psycopg.connect(**arguments, autocommit=True, connect_timeout=5) as connection:
        cursor = connection.execute(statement.encode())
        return [list(row) for row in cursor.fetchall()] if cursor.description else []


def obey(server: EmbeddedPostgres, line: str) -> None:
    command, _, rest = line.strip().partition(" ")
    if command == "query":
        say({"rows": query(server, rest)})
    elif command == "revive":
        server.ensure_running()
        say({"revived": True})
    elif command == "leave":
        server.close()
        say({"left": True})


def main(data_dir: Path, timeout: float) -> None:
    try:
        server = EmbeddedPostgres.start(data_dir, timeout=timeout)
    except EmbeddedPostgresUnavailable as error:
        say({"error": type(error).__name__, "message": error.message})
        return
    started_at = query(server, "SELECT pg_postmaster_start_time()::text")
    say({"started_at": started_at[0][0]})
    for line in sys.stdin:
        obey(server, line)
    server.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
