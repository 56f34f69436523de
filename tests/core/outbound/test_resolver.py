"""Names are looked up within a deadline, by the system or from a table."""

import asyncio
from ipaddress import IPv4Address, IPv6Address

import pytest

from answerdesk.core.outbound import FixedResolver, HostUnknown, SystemResolver, Unreachable


async def test_the_system_knows_this_machine() -> None:
    resolver = SystemResolver()
    found = await resolver.resolve("localhost")
    await resolver.close()
    assert set(found) <= {IPv4Address("127.0.0.1"), IPv6Address("::1")}
    assert found


@pytest.mark.parametrize("host", ["nobody.invalid", "a" * 63 + ".invalid"])
async def test_a_name_that_is_not_there_is_told(host: str) -> None:
    resolver = SystemResolver()
    with pytest.raises((HostUnknown, Unreachable)):
        await resolver.resolve(host)
    await resolver.close()


async def test_a_look_up_ends_at_its_deadline() -> None:
    resolver = SystemResolver(seconds=0)
    with pytest.raises(Unreachable) as error:
        await resolver.resolve("localhost")
    assert error.value.code == "timed_out"
    await resolver.close()


async def test_a_closed_resolver_looks_nothing_up() -> None:
    resolver = SystemResolver()
    await resolver.close()
    with pytest.raises(Unreachable):
        await resolver.resolve("localhost")


async def test_the_fake_answers_each_look_up_in_turn() -> None:
    resolver = FixedResolver({"host.example": [["192.0.2.1"], ["192.0.2.2", "::1"]]})
    answers = [await resolver.resolve("host.example") for _ in range(3)]
    second = [IPv4Address("192.0.2.2"), IPv6Address("::1")]
    assert answers == [[IPv4Address("192.0.2.1")], second, second]
    assert resolver.look_ups["host.example"] == 3
    with pytest.raises(HostUnknown):
        await resolver.resolve("other.example")
    await asyncio.gather(resolver.close(), resolver.close())
