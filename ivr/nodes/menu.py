"""menu: speaks a prompt and waits for one key. Each key offered is an exit.

Example::

    menu:
      type: menu
      prompt: menu
      timeout: 5 s
      attempts: 3
      no_input_prompt: no-input
      invalid_prompt: invalid
      exits: {"1": sales, "2": support, failed: sorry}
"""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Final

from pydantic import AfterValidator, Field

from config.durations import Seconds, between
from config.errors import refuse
from ivr.nodes.base import Node, Written
from ivr.session import Session

KEYS: Final = frozenset("0123456789*#")


def _with_a_key(exits: dict[str, str]) -> dict[str, str]:
    if KEYS.isdisjoint(exits):
        refuse("offers no key", 'Add an exit for one, such as `"1": sales`.')
    return exits


class Step(Node):
    """Leaves by the key pressed, or by `failed` when `attempts` are used up."""

    required_exits: ClassVar[tuple[str, ...]] = ("failed",)
    names: ClassVar[Mapping[str, str]] = {
        "prompt": "prompt",
        "no_input_prompt": "prompt",
        "invalid_prompt": "prompt",
    }
    exits: Annotated[dict[str, str], AfterValidator(_with_a_key)]
    prompt: str
    timeout: Annotated[Seconds, between(1, 60)] = 5.0
    attempts: Annotated[int, Field(strict=True, ge=1, le=10)] = 3
    no_input_prompt: str | None = None
    invalid_prompt: str | None = None

    @classmethod
    def possible_exit(cls, name: str, written: Written) -> bool:
        """One key of a phone, or `failed`."""
        return name in KEYS or super().possible_exit(name, written)

    @classmethod
    def waits(cls, exit: str) -> bool:
        """A menu always does."""
        return True

    async def run(self, session: Session) -> str:
        """Asks until a key fits. After a failure, keys still unread belong to no question."""
        for attempt in range(self.attempts):
            await session.say(self.prompt)
            key = await session.surface.key(self.timeout)
            if key in self.exits and key in KEYS:
                return key
            if attempt + 1 < self.attempts:
                await self._complain(session, self.no_input_prompt if key is None else self.invalid_prompt)
        await session.forget_keys()
        return "failed"

    async def _complain(self, session: Session, prompt: str | None) -> None:
        if prompt is not None:
            await session.say(prompt)
