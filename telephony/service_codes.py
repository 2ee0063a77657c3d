"""Service codes: what an agent dials from her phone to say whether she takes calls."""

from collections.abc import Mapping
from typing import Final

import structlog

from config.audio import Prompt
from telephony.acd.dispatcher import Acd
from telephony.agent import Presence
from telephony.call import Call

log = structlog.get_logger()

CODES: Final[Mapping[str, Presence]] = {
    "*1": Presence.AVAILABLE,
    "*2": Presence.AWAY,
    "*3": Presence.OFFLINE,
}
_UNKNOWN: Final = "code-unknown"


async def serve(call: Call, acd: Acd, prompts: Mapping[str, Prompt]) -> None:
    """Does what the code says for the agent whose phone calls, and tells her; until she has hung up, no contact is
    offered to her."""
    agent, code = call.contact.customer, call.contact.address
    with acd.calling(agent, code):
        presence = CODES.get(code)
        done = presence is not None and acd.choose(agent, presence, f"dialled {code}")
        log.info("service_code", agent=agent, code=code, done=done)
        await call.answer()
        if prompt := prompts.get(f"presence-{presence}" if done else _UNKNOWN):
            await call.say(prompt)
        await call.end()
