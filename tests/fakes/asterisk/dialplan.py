"""What the dialplan does with a caller: into the controller's application, or music until there is one.

Source: config/templates/extensions.conf.j2.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from tests.fakes.asterisk.channels import Channel
from tests.fakes.asterisk.exchange import Exchange

STALE_AFTER: Final = 4.0
ANSWER_AFTER: Final = 15
GIVE_UP_AFTER: Final = 300


class Dialplan:
    """Agents' service codes go to the application or nowhere; for callers it tries once a second.

    `active` tells whether an application listens, `beat` when the controller last beat."""

    def __init__(
        self, exchange: Exchange, app: str, active: Callable[[str], bool], beat: Callable[[], float | None]
    ) -> None:
        self._exchange, self._app, self._active, self._beat = exchange, app, active, beat

    async def follow(self, channel: Channel) -> None:
        """One channel, until it is in the application or has gone."""
        await asyncio.sleep(self._exchange.delay())
        if channel.exten.startswith("*"):
            self._serve(channel)
        else:
            await self._guard(channel)

    def _serve(self, channel: Channel) -> None:
        if self._active(self._app):
            self._exchange.enter_stasis(channel, self._app, ("service", channel.exten, channel.far.name))
        else:
            self._exchange.hang_up(channel)

    async def _guard(self, channel: Channel) -> None:
        for tries in range(1, GIVE_UP_AFTER + 1):
            if channel.over:
                return
            if self._attended():
                self._exchange.enter_stasis(channel, self._app, ("inbound", channel.exten))
                return
            self._entertain(channel, tries)
            await asyncio.sleep(1.0)
        self._exchange.hang_up(channel)

    def _attended(self) -> bool:
        beat = self._beat()
        fresh = beat is not None and asyncio.get_running_loop().time() - beat <= STALE_AFTER
        return fresh and self._active(self._app)

    def _entertain(self, channel: Channel, tries: int) -> None:
        channel.music = True
        if tries == ANSWER_AFTER:
            self._exchange.answer(channel)
        self._exchange.changed()
