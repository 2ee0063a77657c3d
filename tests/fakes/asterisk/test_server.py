"""The fake does what a real Asterisk 22 was seen to do where a controller might stumble over it."""

import asyncio
import json
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.fakes.asterisk.server import FakeAsterisk
from tests.fakes.clock import on_virtual_time

BEAT = {"variable": "THROUGHLINE_BEAT", "value": "1"}


class Controller:
    """A controller with one socket for events and requests, and all that came by it."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self.came: list[dict[str, Any]] = []

    async def ask(self, method: str, uri: str, **body: Any) -> tuple[int, Any]:
        """One request and its answer; what comes in between is kept."""
        await self.send(method, uri, **body)
        answer = await self.next("RESTResponse")
        return answer["status_code"], json.loads(answer.get("message_body", "null"))

    async def send(self, method: str, uri: str, **body: Any) -> None:
        """A request, whose answer is left for later."""
        request = {"type": "RESTRequest", "request_id": "1", "method": method, "uri": uri}
        await self._connection.send(json.dumps(request | {"message_body": json.dumps(body)}))

    async def next(self, kind: str) -> dict[str, Any]:
        """The next message of a type."""
        async with asyncio.timeout(60):
            while True:
                message: dict[str, Any] = json.loads(await self._connection.recv())
                self.came.append(message)
                if message["type"] == kind:
                    return message


@asynccontextmanager
async def asterisk() -> AsyncIterator[FakeAsterisk]:
    with TemporaryDirectory(prefix="fake-") as folder:
        fake = FakeAsterisk()
        await fake.open(Path(folder), 1, 2)
        try:
            yield fake
        finally:
            await fake.close()


@asynccontextmanager
async def controller(app: str = "throughline") -> AsyncIterator[Controller]:
    address = f"ws://127.0.0.1:1/ari/events?app={app}"
    async with connect(address, subprotocols=[Subprotocol("ari")], proxy=None) as connection:
        yield Controller(connection)


async def called(ours: Controller, fake: FakeAsterisk) -> str:
    """A caller in our hands; her channel's id."""
    await ours.ask("POST", "asterisk/variable", **BEAT)
    fake.caller("bob").dial("1000")
    return str((await ours.next("StasisStart"))["channel"]["id"])


def sound(folder: Path, seconds: int) -> str:
    """A silent prompt."""
    with wave.open(str(folder / "prompt.wav"), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(16000 * seconds))
    return f"sound:{folder / 'prompt'}"


@on_virtual_time
async def test_a_prompt_takes_its_time_and_its_events_come_in_order(tmp_path: Path) -> None:
    async with asterisk() as fake, controller() as ours:
        id = await called(ours, fake)
        status, playback = await ours.ask("POST", f"channels/{id}/play/p", media=sound(tmp_path, 7))
        began = asyncio.get_running_loop().time()
        finished = await ours.next("PlaybackFinished")
        assert (status, playback["id"], finished["playback"]["state"]) == (201, "p", "done")
        assert asyncio.get_running_loop().time() - began == pytest.approx(7, abs=0.01)
        kinds = [each["type"] for each in ours.came[-3:]]
        assert kinds == ["PlaybackStarted", "RESTResponse", "PlaybackFinished"]


@on_virtual_time
async def test_a_missing_file_fails_at_once(tmp_path: Path) -> None:
    async with asterisk() as fake, controller() as ours:
        id = await called(ours, fake)
        await ours.send("POST", f"channels/{id}/play/p", media="sound:/nowhere")
        assert (await ours.next("PlaybackFinished"))["playback"]["state"] == "failed"


@on_virtual_time
async def test_a_playback_holds_up_what_stands_behind_it_even_its_own_end(tmp_path: Path) -> None:
    async with asterisk() as fake, controller() as ours:
        id = await called(ours, fake)
        await ours.ask("POST", f"channels/{id}/play/p", media=sound(tmp_path, 7))
        await ours.send("POST", f"channels/{id}/variable", variable="A", value="1")
        await ours.send("DELETE", "playbacks/p")
        answers = [(await ours.next("RESTResponse"))["status_code"] for _ in range(2)]
        assert answers == [204, 404]
        assert asyncio.get_running_loop().time() > 7


@on_virtual_time
async def test_who_connects_second_replaces_the_first() -> None:
    async with asterisk() as fake, controller() as first:
        await first.ask("POST", "asterisk/variable", **BEAT)
        async with controller() as second:
            await first.next("ApplicationReplaced")
            fake.caller("bob").dial("1000")
            await second.next("StasisStart")
            status, channels = await first.ask("GET", "channels")
            assert (status, len(channels)) == (200, 1)


@pytest.mark.parametrize(
    ("request_line", "body", "status"),
    [
        ("DELETE channels/none", {}, 404),
        ("POST channels/none/answer", {}, 404),
        ("DELETE playbacks/none", {}, 404),
        ("POST bridges/none/addChannel", {"channel": "none"}, 404),
        ("POST bridges/there/addChannel", {"channel": "none"}, 400),
        ("POST bridges/there/removeChannel", {"channel": "none"}, 400),
        ("POST bridges/there", {"type": "mixing", "name": ""}, 409),
        ("POST channels/create", {"endpoint": "PJSIP/nobody", "app": "throughline"}, 500),
        ("POST channels/none/dial", {"timeout": 5}, 404),
        ("POST channels/none/no-such-thing", {}, 404),
    ],
)
def test_refusals_have_the_status_of_a_real_asterisk(request_line: str, body: dict[str, Any], status: int) -> None:
    @on_virtual_time
    async def refused() -> None:
        async with asterisk(), controller() as ours:
            await ours.ask("POST", "bridges/there", type="mixing", name="")
            method, _, uri = request_line.partition(" ")
            assert (await ours.ask(method, uri, **body))[0] == status

    refused()


@on_virtual_time
async def test_who_calls_while_nobody_listens_hears_music_and_gets_through_later() -> None:
    async with asterisk() as fake:
        bob = fake.caller("bob")
        bob.dial("1000")
        assert await fake.until(lambda: "music" in bob.hears, within=1)
        async with controller() as ours:
            await ours.ask("POST", "asterisk/variable", **BEAT)
            await ours.next("StasisStart")


@on_virtual_time
async def test_an_event_that_is_filtered_stays_away() -> None:
    async with asterisk() as fake, controller() as ours:
        await ours.ask("PUT", "applications/throughline/eventFilter", disallowed=[{"type": "ChannelStateChange"}])
        await ours.ask("POST", f"channels/{await called(ours, fake)}/answer")
        await asyncio.sleep(1)
        assert "ChannelStateChange" not in {each["type"] for each in ours.came}
