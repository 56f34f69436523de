"""A failure is shown with what the servers said meanwhile, also those that ended."""

import secrets

import httpx

from tests.conftest import Server, servers_said, serving


def test_what_a_server_says_during_a_test_is_shown(server: Server, visitor: httpx.Client) -> None:
    word = secrets.token_hex(8)
    visitor.get(f"/{word}")
    assert server.logs(word)
    assert [text.count(word) for title, text in servers_said() if server.url in title] == [1]


def test_what_it_said_before_is_not(server: Server) -> None:
    with serving(ANSWERDESK_WORKER="0") as own, own.client() as client:
        word = secrets.token_hex(8)
        client.get(f"/{word}")
        assert own.logs(word)
        own.heard = own.log_bytes
        assert own.url not in str(servers_said())
        word = secrets.token_hex(2000)
        client.get(f"/{word}")
        assert own.logs(word)
    [said] = [text for title, text in servers_said() if own.url in title]
    assert word in said or len(said) == 4096
    assert len(said) <= 4096
