"""branch: tries conditions in their order and leaves by the name of the first that is true.

A condition is an expression of the Common Expression Language (CEL). It may use the variables that a `set` can have
written before (text; empty until then), and what the system knows:
`caller` and `dialled` (numbers, as text), `language`, `attempt` (how often this node has been entered, a number),
`now.date` ("2026-12-25"), `now.weekday` ("mon" to "sun"), `now.time` ("09:30") and `now.hour` (0 to 23), all by the
center's clock. Text stands in quotes, is compared by `==`, `<` or `in ['sat', 'sun']`, and asked by
`caller.startsWith('+44')`, `endsWith`, `contains` and `size`; `int(...)`, `double(...)`, `bool(...)` and `string(...)`
make one kind of another; `&&`, `||`, `!` and `a ? b : c` combine. There are neither loops nor patterns. A condition
that fails ends the trial: the exit is `otherwise`.

Example::

    who:
      type: branch
      conditions:
        vip: tier == 'gold' || caller.startsWith('+3905')
        weekend: now.weekday in ['sat', 'sun']
        enough: attempt > 3
      exits: {vip: first, weekend: voicemail, enough: sorry, otherwise: menu}
"""

from collections.abc import Collection
from typing import Annotated, ClassVar, Final

from pydantic import AfterValidator

from config.errors import refuse
from config.fields import Name
from ivr.fields import Condition, few
from ivr.nodes.base import Node, Written
from ivr.session import Session

OTHERWISE: Final = "otherwise"


def _not_otherwise(name: str) -> str:
    if name == OTHERWISE:
        refuse("is the exit taken when no condition is true", "Give the condition another name.")
    return name


class Step(Node):
    """Leaves by the name of a condition, or by `otherwise`."""

    required_exits: ClassVar[tuple[str, ...]] = (OTHERWISE,)
    conditions: Annotated[dict[Annotated[Name, AfterValidator(_not_otherwise)], Condition], AfterValidator(few)]

    @classmethod
    def needed_exits(cls, written: Written) -> Collection[str]:
        """One for each condition, and `otherwise`."""
        conditions = written.get("conditions")
        return [*(conditions if isinstance(conditions, dict) else ()), OTHERWISE]

    async def run(self, session: Session) -> str:
        """Tries one after the other."""
        for exit, condition in self.conditions.items():
            if (answer := condition.evaluate(session)) is None:
                break
            if answer:
                return exit
        return OTHERWISE
