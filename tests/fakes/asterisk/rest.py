"""The REST interface of the fake Asterisk: the operations that a controller uses, with the answers of a real one."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.fakes.asterisk.channels import Bridge, Channel
from tests.fakes.asterisk.exchange import Exchange
from tests.fakes.asterisk.phones import Registrar
from tests.fakes.clock import VirtualClock

NO_CONTENT: Final = None


@dataclass
class Refusal(Exception):
    """A status from 400 on; `name` is the field that says why."""

    status: int
    why: str
    name: str = "message"


class Rest:
    """Does requests. One that must wait for a playback to end waits, and with it the whole socket that it came by."""

    def __init__(self, exchange: Exchange, registrar: Registrar) -> None:
        self._exchange, self._registrar = exchange, registrar
        self.objects: dict[tuple[str, str], dict[str, str]] = {("endpoint", "loopback"): {}}
        self.globals: dict[str, tuple[str, float]] = {}
        self.unknown: list[str] = []
        self.started = VirtualClock().now()

    async def do(self, method: str, path: str, body: Mapping[str, Any]) -> Any:
        """The answer's content, None for 204; raises Refusal."""
        match [method, *path.split("/")]:
            case [_, "channels", *rest]:
                return await self._channels(method, rest, body)
            case [_, "bridges", *rest]:
                return await self._bridges(method, rest, body)
            case [_, "playbacks", id]:
                return self._playback(method, id)
            case ["GET", "endpoints", "PJSIP"]:
                return self._endpoints()
            case ["GET", "asterisk", "info"]:
                return {"status": {"startup_time": self.started.isoformat()}}
            case ["POST", "asterisk", "variable"]:
                self.globals[body["variable"]] = (body["value"], asyncio.get_running_loop().time())
                return NO_CONTENT
            case [_, "asterisk", "config", "dynamic", "res_pjsip", kind, id]:
                return self._object(method, (kind, id), body)
        return self._not_known(method, path)

    async def _channels(self, method: str, path: list[str], body: Mapping[str, Any]) -> Any:
        match [method, *path]:
            case ["GET"]:
                return [channel.shown() for channel in self._exchange.channels.values()]
            case ["POST", "create"]:
                return self._create(body)
            case ["DELETE", id]:
                return self._hang_up(id, body)
            case ["POST", id, "answer"]:
                self._exchange.answer(await self._when_quiet(id))
            case ["POST", id, "dial"]:
                self._exchange.dial(self._controlled(id), float(body["timeout"]))
            case ["GET", id, "variable"]:
                return self._variable(id, body["variable"])
            case ["POST", id, "variable"]:
                (await self._when_quiet(id)).variables[body["variable"]] = body["value"]
            case ["POST", id, "continue"]:
                self._exchange.leave_stasis(await self._when_quiet(id), body["extension"])
            case ["POST", id, "play", playback]:
                return self._play(id, playback, body["media"])
            case _:
                return self._not_known(method, "channels/" + "/".join(path))
        return NO_CONTENT

    async def _bridges(self, method: str, path: list[str], body: Mapping[str, Any]) -> Any:
        match [method, *path]:
            case ["GET"]:
                return [bridge.shown() for bridge in self._exchange.bridges.values()]
            case ["POST", id]:
                return self._make_bridge(id, body)
            case ["DELETE", id]:
                self._exchange.destroy_bridge(self._bridge(id))
            case ["POST", id, "moh"]:
                self._exchange.start_music(self._bridge(id), body["mohClass"])
            case ["POST", id, "addChannel"]:
                await self._add(self._bridge(id), body["channel"])
            case ["POST", id, "removeChannel"]:
                await self._remove(self._bridge(id), body["channel"])
            case _:
                return self._not_known(method, "bridges/" + "/".join(path))
        return NO_CONTENT

    def _variable(self, id: str, name: str) -> Any:
        channel = self._controlled(id)
        if name not in channel.variables and not name.endswith(")"):
            raise Refusal(404, "Provided variable was not found")
        return {"value": channel.variables.get(name, "")}

    def _create(self, body: Mapping[str, Any]) -> Any:
        if body.get("channelId") in self._exchange.channels:
            raise Refusal(409, "Channel with given unique ID already exists")
        phone = self._registrar.reachable(body["endpoint"].removeprefix("PJSIP/"))
        if phone is None:
            raise Refusal(500, "Allocation failed", "error")
        arguments = tuple(body.get("appArgs", "").split(","))
        channel = self._exchange.created(
            body.get("channelId", ""), phone, body["app"], arguments, body.get("originator", "")
        )
        channel.variables.update(body.get("variables", {}))
        return channel.shown()

    def _hang_up(self, id: str, body: Mapping[str, Any]) -> None:
        if (channel := self._exchange.channels.get(id)) is None:
            raise Refusal(404, "Channel not found")
        self._exchange.soon(self._exchange.hang_up, channel, int(body.get("reason_code", 16)))

    def _play(self, id: str, playback: str, media: str) -> Any:
        channel = self._controlled(id)
        if playback in self._exchange.playbacks.by_id:
            raise Refusal(409, "Playback with given unique ID already exists")
        return self._exchange.playbacks.play(channel, playback, media).shown()

    def _playback(self, method: str, id: str) -> Any:
        if (playback := self._exchange.playbacks.by_id.get(id)) is None:
            raise Refusal(404, "Playback not found")
        if method == "GET":
            return playback.shown()
        self._exchange.playbacks.stop(playback)
        return NO_CONTENT

    def _make_bridge(self, id: str, body: Mapping[str, Any]) -> Any:
        if id in self._exchange.bridges:
            raise Refusal(409, f"Bridge with id '{id}' already exists")
        return self._exchange.make_bridge(id, body["type"].partition(",")[0], body["name"]).shown()

    async def _add(self, bridge: Bridge, ids: str | list[str]) -> None:
        channels = [self._for_bridge(id) for id in ([ids] if isinstance(ids, str) else ids)]
        for channel in channels:
            await channel.quiet.wait()
            if channel.over:
                raise Refusal(409, f"Channel {channel.id} was hung up")
            self._exchange.enter_bridge(bridge, channel)

    async def _remove(self, bridge: Bridge, id: str) -> None:
        channel = self._for_bridge(id)
        await channel.quiet.wait()
        if channel.bridge is not bridge:
            raise Refusal(422, "Channel not in this bridge")
        self._exchange.leave_bridge(channel)

    def _for_bridge(self, id: str) -> Channel:
        channel = self._exchange.channels.get(id)
        if channel is None or channel.over:
            raise Refusal(400, "Channel not found")
        if not channel.app:
            raise Refusal(422, "Channel not in Stasis application")
        return channel

    def _controlled(self, id: str) -> Channel:
        channel = self._exchange.channels.get(id)
        if channel is None or channel.over:
            raise Refusal(404, "Channel not found")
        if not channel.app:
            raise Refusal(409, "Channel not in Stasis application")
        return channel

    async def _when_quiet(self, id: str) -> Channel:
        """A channel that plays does some commands only after that."""
        await self._controlled(id).quiet.wait()
        return self._controlled(id)

    def _bridge(self, id: str) -> Bridge:
        if (bridge := self._exchange.bridges.get(id)) is None:
            raise Refusal(404, "Bridge not found")
        return bridge

    def _endpoints(self) -> Any:
        accounts = (id for kind, id in self.objects if kind == "endpoint")
        return [{"technology": "PJSIP", "resource": each, "state": "offline", "channel_ids": []} for each in accounts]

    def _object(self, method: str, key: tuple[str, str], body: Mapping[str, Any]) -> Any:
        if method == "PUT":
            fields = {each["attribute"]: each["value"] for each in body["fields"]}
            self.objects[key] = self.objects.get(key, {}) | fields
        elif key not in self.objects:
            raise Refusal(404, "Object not found")
        elif method == "DELETE":
            del self.objects[key]
            return NO_CONTENT
        return [{"attribute": name, "value": value} for name, value in self.objects[key].items()]

    def _not_known(self, method: str, path: str) -> Any:
        """A controller that uses more than this fake knows must not pass unseen."""
        self.unknown.append(f"{method} {path}")
        raise Refusal(404, "Resource not found")
