"""The process of a phone survives what it is told, and none survives the one who told it."""

import asyncio
import os
import signal
import socket
import sys

from telephony.phone.protocol import Account, AnyEvent, Error, Ready, decode_event, encode
from telephony.phone.remote import Phone
from tests.telephony.phone.conftest import StartPhone

PHONE = (sys.executable, "-m", "telephony.phone")
CALLER = Account(register=False)
DRIVER = """
import asyncio
from telephony.phone.protocol import Account
from telephony.phone.remote import Phone

async def main():
    phone = await Phone.start(Account(register=False))
    print(phone.pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


async def talk_to_phone(lines: bytes) -> tuple[list[AnyEvent], int]:
    """What a phone answers to these lines, and its exit code."""
    process = await asyncio.create_subprocess_exec(
        *PHONE, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await asyncio.wait_for(process.communicate(lines), 20)
    assert process.returncode is not None
    return [decode_event(line) for line in output.splitlines()], process.returncode


async def until_gone(pid: int) -> None:
    """Returns when the process has ended, whoever its parent is by then."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    gone, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.add_reader(process, gone.set)
    try:
        await asyncio.wait_for(gone.wait(), 10)
    finally:
        loop.remove_reader(process)
        os.close(process)


async def test_it_ends_with_its_input() -> None:
    events, code = await talk_to_phone(encode(CALLER))
    assert [type(event) for event in events] == [Ready]
    assert code == 0


async def test_garbage_gives_errors_and_not_an_end() -> None:
    lines = [b"garbage", b"", b"\xff\xfe", b"{}", b'{"type":"dial","request":4}', b"x" * 200_000]
    events, code = await talk_to_phone(encode(CALLER) + b"\n".join(lines) + b'\n{"type":"quit"}\n')
    errors = [event for event in events if isinstance(event, Error)]
    assert len(errors) >= len(lines)
    assert [error.request for error in errors if error.request] == [4]
    assert code == 0


async def test_without_an_account_it_says_so_and_ends() -> None:
    for line in (b"", b"garbage\n", b'{"username": "a b"}\n'):
        (event,), code = await talk_to_phone(line)
        assert isinstance(event, Error)
        assert "account" in event.reason
        assert code == 2


async def test_a_port_that_is_taken_is_told() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        (event,), code = await talk_to_phone(encode(Account(port=taken.getsockname()[1])))
    assert isinstance(event, Error)
    assert "cannot start" in event.reason
    assert code == 1


async def test_a_signal_ends_it_well_and_its_call(start_phone: StartPhone) -> None:
    ann, bob = await start_phone("ann"), await start_phone("bob", auto_answer=0)
    await ann.call(bob.uri)
    await ann.answered()
    os.kill(ann.pid, signal.SIGTERM)
    assert (await bob.disconnected()).by == "them"
    await until_gone(ann.pid)


async def test_a_driver_that_is_killed_leaves_no_phone_behind() -> None:
    driver = await asyncio.create_subprocess_exec(sys.executable, "-c", DRIVER, stdout=asyncio.subprocess.PIPE)
    assert driver.stdout
    pid = int(await asyncio.wait_for(driver.stdout.readline(), 20))
    driver.kill()
    await driver.wait()
    await until_gone(pid)


async def test_a_phone_that_was_closed_is_gone() -> None:
    phone = await Phone.start(CALLER)
    await phone.close()
    await until_gone(phone.pid)
