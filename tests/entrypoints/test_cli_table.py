"""Tables of the command line, on a terminal and in a pipe."""

import os
import subprocess
import sys

ID = "src_" + "0123456789abcdef" * 2
NAME = "https://example.com/" + "a-long-way-down/" * 5
CODE = f"""
from answerdesk.entrypoints.cli.table import write_table
write_table([{{"id": {ID!r}, "name": {NAME!r}, "state": "good"}}])
"""


def test_a_narrow_terminal_shows_ids_in_one_piece_and_cuts_nothing_off() -> None:
    reading, writing = os.openpty()
    environment = {**os.environ, "COLUMNS": "70", "TERM": "xterm"}
    try:
        subprocess.run([sys.executable, "-c", CODE], stdout=writing, check=True, env=environment)
        shown = os.read(reading, 65536).decode()
    finally:
        os.close(writing)
        os.close(reading)
    assert ID in shown
    name = "".join(line[len(ID) :].split()[0] for line in shown.splitlines()[1:] if line.strip())
    assert name == NAME


def test_a_pipe_gets_a_line_of_fields() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, check=True, text=True)
    assert done.stdout == f"{ID}\t{NAME}\tgood\n"
