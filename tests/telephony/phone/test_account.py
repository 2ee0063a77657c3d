"""A phone registers, is refused, and takes its registration back."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from telephony.phone.mailbox import PhoneError, PhoneTimeout
from tests.telephony.phone.conftest import StartPhone
from tests.telephony.phone.registrar import Registrar


@pytest.fixture
async def registrar() -> AsyncIterator[Registrar]:
    loop = asyncio.get_running_loop()
    _, registrar = await loop.create_datagram_endpoint(lambda: Registrar("secret"), local_addr=("127.0.0.1", 0))
    yield registrar
    registrar.close()


async def test_a_challenge_is_answered_with_the_password(start_phone: StartPhone, registrar: Registrar) -> None:
    ana = await start_phone("ana", password="secret", register=True, server=registrar.address, expires=120)
    assert (await ana.register()).seconds == 120
    assert registrar.challenges == 1
    assert (await ana.unregister()).code == 200
    assert registrar.granted == [120, 0]


async def test_a_wrong_password_is_refused(start_phone: StartPhone, registrar: Registrar) -> None:
    ana = await start_phone("ana", password="wrong", register=True, server=registrar.address)
    with pytest.raises(PhoneError, match="403 Forbidden"):
        await ana.register()
    assert registrar.granted == []


async def test_a_silent_registrar_is_not_waited_for_longer_than_asked(start_phone: StartPhone) -> None:
    ana = await start_phone("ana", password="secret", register=True, server="127.0.0.1:9")
    with pytest.raises(PhoneTimeout, match=r"ana waited 0.5 s for registered or unregistered; what came: ready"):
        await ana.register(within=0.5)


async def test_a_phone_that_ends_takes_its_registration_back(start_phone: StartPhone, registrar: Registrar) -> None:
    ana = await start_phone("ana", password="secret", register=True, server=registrar.address)
    await ana.register()
    await ana.close()
    assert registrar.granted[-1] == 0
