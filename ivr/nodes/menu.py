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

from collections.abc import Iterator
from typing import Annotated, ClassVar, Final

from pydantic import Field

from config.durations import Seconds, between
from ivr.nodes.base import Node
from ivr.session import Session

KEYS: Final = frozenset("0123456789*#")


class Step(Node):
    """Leaves by the key pressed, or by `failed` when `attempts` are used up."""

    required_exits: ClassVar[tuple[str, ...]] = ("failed",)
    prompt: str
    timeout: Annotated[Seconds, between(1, 60)] = 5.0
    attempts: Annotated[int, Field(ge=1, le=10)] = 3
    no_input_prompt: str | None = None
    invalid_prompt: str | None = None

    def possible_exit(self, name: str) -> bool:
        """One key of a phone, or `failed`."""
        return name in KEYS or super().possible_exit(name)

    def prompts(self) -> Iterator[tuple[str, str]]:
        """The question and the two complaints."""
        for field in ("prompt", "no_input_prompt", "invalid_prompt"):
            if (name := getattr(self, field)) is not None:
                yield field, name

    async def run(self, session: Session) -> str:
        """Asks until a key fits."""
        for attempt in range(self.attempts):
            await session.say(self.prompt)
            key = await session.surface.key(self.timeout)
            if key in self.exits and key in KEYS:
                return key
            if attempt + 1 < self.attempts:
                await self._complain(session, self.no_input_prompt if key is None else self.invalid_prompt)
        return "failed"

    async def _complain(self, session: Session, prompt: str | None) -> None:
        if prompt is not None:
            await session.say(prompt)
