"""The operations of Asterisk's REST interface that we use, by name, as its own rest-api documents spell them."""

from dataclasses import dataclass
from typing import Any, Final

from telephony.asterisk.ari import Ari
from telephony.asterisk.errors import Conflict, Disconnected, Fenced, NoReply
from telephony.fence import Fence


@dataclass(frozen=True, slots=True)
class Operation:
    """A request: `path` holds {names} for the parts of its address, `body` names the fields it may carry."""

    method: str
    path: str
    body: tuple[str, ...] = ()


ANSWER: Final = Operation("POST", "channels/{channelId}/answer")
HANG_UP: Final = Operation("DELETE", "channels/{channelId}", ("reason_code",))
CREATE: Final = Operation(
    "POST", "channels/create", ("endpoint", "app", "appArgs", "channelId", "originator", "formats", "variables")
)
DIAL: Final = Operation("POST", "channels/{channelId}/dial", ("caller", "timeout"))
CONTINUE: Final = Operation("POST", "channels/{channelId}/continue", ("context", "extension", "priority", "label"))
SET_VARIABLE: Final = Operation("POST", "channels/{channelId}/variable", ("variable", "value"))
GET_VARIABLE: Final = Operation("GET", "channels/{channelId}/variable", ("variable",))
PLAY: Final = Operation("POST", "channels/{channelId}/play/{playbackId}", ("media",))
PLAYBACK: Final = Operation("GET", "playbacks/{playbackId}")
STOP_PLAYBACK: Final = Operation("DELETE", "playbacks/{playbackId}")
CHANNELS: Final = Operation("GET", "channels")
BRIDGES: Final = Operation("GET", "bridges")
MAKE_BRIDGE: Final = Operation("POST", "bridges/{bridgeId}", ("type", "name"))
DESTROY_BRIDGE: Final = Operation("DELETE", "bridges/{bridgeId}")
ADD_TO_BRIDGE: Final = Operation("POST", "bridges/{bridgeId}/addChannel", ("channel",))
REMOVE_FROM_BRIDGE: Final = Operation("POST", "bridges/{bridgeId}/removeChannel", ("channel",))
START_MUSIC: Final = Operation("POST", "bridges/{bridgeId}/moh", ("mohClass",))
SET_GLOBAL: Final = Operation("POST", "asterisk/variable", ("variable", "value"))
INFO: Final = Operation("GET", "asterisk/info")
ENDPOINTS: Final = Operation("GET", "endpoints/{tech}")
GET_OBJECT: Final = Operation("GET", "asterisk/config/dynamic/{configClass}/{objectType}/{id}")
PUT_OBJECT: Final = Operation("PUT", "asterisk/config/dynamic/{configClass}/{objectType}/{id}", ("fields",))
DELETE_OBJECT: Final = Operation("DELETE", "asterisk/config/dynamic/{configClass}/{objectType}/{id}")


class Commands:
    """Sends operations. `key` says whose commands must keep their order: a call's caller channel.

    A lost connection or answer is no reason to fail: the operation is sent once more when Asterisk is back. All ids
    are of our choosing, so what had been done the first time is then a conflict, and no error."""

    def __init__(self, ari: Ari, fence: Fence) -> None:
        self._ari, self._fence = ari, fence

    async def send(self, key: str, operation: Operation, *path: str, **fields: Any) -> str:
        """Sends one operation and returns the answer's JSON text; errors as CommandSocket.request, and Fenced."""
        uri = operation.path
        for part in path:
            uri = _fill(uri, part)
        try:
            return await self._request(key, operation, uri, fields)
        except (Disconnected, NoReply):
            if not await self._ari.back(key):
                raise
        try:
            return await self._request(key, operation, uri, fields)
        except Conflict:
            return ""

    async def _request(self, key: str, operation: Operation, uri: str, fields: dict[str, Any]) -> str:
        if not self._fence.stands:
            raise Fenced(self._fence.reason)
        return await self._ari.request(key, operation.method, uri, fields or None)


def _fill(uri: str, part: str) -> str:
    before, _, rest = uri.partition("{")
    _, _, after = rest.partition("}")
    return f"{before}{part}{after}"
