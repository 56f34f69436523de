"""Identity tokens: what a site has signed well, and everything else."""

import json
import time
from typing import Any
from uuid import UUID

import jwt
import pytest

from answerdesk.conversations.visitors.identity import verify_identity
from answerdesk.core.errors import NotAuthenticated
from answerdesk.core.tenancy import ProjectId

HOUR = 3600
SECRET = "mE7vR2xKq9Lw4TzB8nYc1HdJ6sGf3PaUmE7vR2xKq9Lw4TzB8nYc1HdJ6sGf3PaU"


def encoded(payload: bytes, algorithm: str = "HS256") -> str:
    """Sign bytes that need not be claims."""
    return jwt.PyJWS().encode(payload, SECRET, algorithm=algorithm)


def claims(**more: Any) -> dict[str, Any]:
    return {"sub": "user-1", "exp": int(time.time()) + HOUR, **more}


def verify(token: str) -> Any:
    return verify_identity(token, SECRET.encode(), ProjectId(UUID(int=7)))


def refused(token: str) -> NotAuthenticated:
    with pytest.raises(NotAuthenticated) as caught:
        verify(token)
    return caught.value


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"exp": None}, "no exp"),
        ({"sub": None}, "no sub"),
        ({"sub": ""}, "sub"),
        ({"sub": " "}, "sub"),
        ({"sub": 7}, ""),
        ({"sub": "a\0b"}, "sub"),
        ({"sub": "\ud800"}, "sub"),
        ({"sub": "x" * 256}, "sub"),
        ({"email": 7}, "email"),
        ({"email": "x" * 321}, "email"),
        ({"name": ["x"]}, "name"),
        ({"exp": "soon"}, ""),
        ({"exp": []}, ""),
        ({"iat": "soon"}, ""),
        ({"aud": "proj_00000000000000000000000000000008"}, "aud"),
        ({"aud": []}, "aud"),
        ({"aud": {"a": 1}}, "aud"),
    ],
)
def test_claims_that_do_not_hold_are_refused(more: dict[str, Any], said: str) -> None:
    payload = {name: value for name, value in claims(**more).items() if value is not None}
    error = refused(encoded(json.dumps(payload).encode()))
    assert error.code == "identity_token_invalid"
    assert said in error.message


def test_times_that_do_not_hold_are_refused() -> None:
    now = int(time.time())
    assert "24 hours" in refused(jwt.encode(claims(exp=now + 25 * HOUR), SECRET)).message
    assert "future" in refused(jwt.encode(claims(iat=now + HOUR), SECRET)).message
    assert "future" in refused(jwt.encode(claims(nbf=now + HOUR), SECRET)).message
    assert refused(jwt.encode(claims(exp=now - HOUR), SECRET)).code == "identity_token_expired"
    assert verify(jwt.encode(claims(exp=now + 24 * HOUR, iat=now + 30), SECRET)).subject == "user-1"


@pytest.mark.parametrize("algorithm", ["HS384", "HS512", "none"])
def test_another_algorithm_is_refused(algorithm: str) -> None:
    key = "" if algorithm == "none" else SECRET
    token = jwt.encode(claims(), key, algorithm=algorithm)
    assert "algorithm" in refused(token).message


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"null",
        b"[]",
        b'"x"',
        b"\xff\xfe",
        b"[" * 3000,
        b'{"sub":"u","exp":1e999}',
        b'{"sub":"u","exp":NaN}',
        b'{"sub":"u","exp":-1e999}',
        b'{"sub":"u","exp":99999999999999999999999999}',
        b'{"sub":"u","exp":9999999999,"iat":1e999}',
        b'{"sub":"u","exp":true}',
    ],
)
def test_a_payload_that_is_none_is_refused(payload: bytes) -> None:
    assert refused(encoded(payload)).code in ("identity_token_invalid", "identity_token_expired")


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "🙂", "x" * 5000, "e30.e30.e30", "\0"])
def test_what_is_no_token_is_refused(token: str) -> None:
    assert refused(token).code == "identity_token_invalid"


def test_another_secret_signs_nobody() -> None:
    token = jwt.encode(claims(), "another secret of the same length", algorithm="HS256")
    assert "identity secret" in refused(token).message


def test_the_audience_may_be_this_project() -> None:
    project = "proj_00000000000000000000000000000007"
    assert verify(jwt.encode(claims(aud=project), SECRET)).subject == "user-1"
    assert verify(jwt.encode(claims(aud=["shop", project]), SECRET)).subject == "user-1"
