"""Service codes: what an agent dials from a phone to say whether she takes calls, and where.

`*1` available, `*2` away, `*3` signed out, for whoever takes calls at that phone; `*1` and an extension signs that
agent in at it, once she has keyed in her PIN.
"""

import hmac
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from typing import Final

import structlog

from config.audio import Prompt
from telephony.acd.staff import Staff
from telephony.agent import Presence
from telephony.call import Call
from telephony.clock import Clock

log = structlog.get_logger()

CODES: Final[Mapping[str, Presence]] = {
    "*1": Presence.AVAILABLE,
    "*2": Presence.AWAY,
    "*3": Presence.OFFLINE,
}
PIN_LENGTH: Final = 6
KEY_WITHIN: Final = 10.0
TRIES_PER_CALL: Final = 3
WRONG_PINS: Final = 5
LOCKED_FOR: Final = 300.0
_SIGN_IN: Final = "*1"
_UNKNOWN: Final = "code-unknown"


class ServiceCodes:
    """Serves agents' own calls. `pin` tells an agent's."""

    def __init__(self, staff: Staff, clock: Clock, pin: Callable[[str], str]) -> None:
        self._staff, self._clock, self._pin = staff, clock, pin
        self._wrong: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=WRONG_PINS))

    async def serve(self, call: Call, extensions: Mapping[str, str], prompts: Mapping[str, Prompt]) -> None:
        """Does what was dialled, for `extensions` of agents, and says what came of it; until she has hung up, nothing
        is offered at that phone."""
        phone, dialled = call.contact.customer, call.contact.address
        code, extension = dialled[:2], dialled[2:]
        with self._staff.calling(self._staff.agent_at(phone), dialled):
            said = "" if extension else self._choose(phone, code)
            await call.answer()
            if extension:
                guest = extensions.get(extension, "") if code == _SIGN_IN else ""
                said = await self._sign_in(call, guest, phone, prompts) if guest else _UNKNOWN
            log.info("service_code", phone=phone, code=dialled, said=said)
            await _say(call, prompts, said)
            await call.end()

    def _choose(self, phone: str, code: str) -> str:
        agent, presence = self._staff.agent_at(phone), CODES.get(code)
        if presence is Presence.AVAILABLE:
            done = self._staff.sign_in(agent, phone, f"dialled {code}")
        else:
            done = presence is not None and self._staff.choose(agent, presence, f"dialled {code}")
        return f"presence-{presence}" if done else _UNKNOWN

    async def _sign_in(self, call: Call, agent: str, phone: str, prompts: Mapping[str, Prompt]) -> str:
        for attempt in range(TRIES_PER_CALL):
            if self._locked(agent):
                return "pin-locked"
            await _say(call, prompts, "pin-wrong" if attempt else "")
            await _say(call, prompts, "pin")
            if hmac.compare_digest(await _keys(call), self._pin(agent)):
                self._wrong.pop(agent, None)
                self._staff.sign_in(agent, phone, "signed in with her PIN")
                return f"presence-{Presence.AVAILABLE}"
            self._wrong[agent].append(self._clock.monotonic())
        return "pin-wrong"

    def _locked(self, agent: str) -> bool:
        """Whether so many wrong PINs came in the last minutes that somebody may be guessing."""
        wrong = self._wrong[agent]
        return len(wrong) == WRONG_PINS and self._clock.monotonic() - wrong[0] < LOCKED_FOR


async def _keys(call: Call) -> str:
    """As many keys as a PIN has; fewer when she stops."""
    keys = ""
    while len(keys) < PIN_LENGTH and (key := await call.key(KEY_WITHIN)):
        keys += key
    return keys


async def _say(call: Call, prompts: Mapping[str, Prompt], name: str) -> None:
    if prompt := prompts.get(name):
        await call.say(prompt)
