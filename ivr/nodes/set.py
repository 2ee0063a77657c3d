"""set: writes variables of the flow.

A value is plain text, or after `=` an expression (the node type `branch` tells what it may use); text that begins with
`=` is written as `= '=...'`. All values are worked out from what was there before, then all are written. A value that
cannot be worked out leaves its variable as it was. Variables are text: `int(tries)` makes a number of one, and fails
before anything is written into it.

Example::

    count: {type: set, values: {tier: gold, tries: "= int(tries) + 1"}, exits: {done: menu}}
"""

from collections.abc import Collection
from typing import Annotated, ClassVar

from pydantic import AfterValidator

from ivr.fields import Value, Variable, few, is_variable
from ivr.nodes.base import Node, Written
from ivr.session import Session


class Step(Node):
    """Leaves by `done`."""

    required_exits: ClassVar[tuple[str, ...]] = ("done",)
    values: Annotated[dict[Variable, Value], AfterValidator(few)]

    @classmethod
    def variables(cls, written: Written) -> Collection[str]:
        """The names on the left."""
        values = written.get("values")
        return [name for name in values if is_variable(name)] if isinstance(values, dict) else ()

    async def run(self, session: Session) -> str:
        """Works out, then writes."""
        worked_out = {name: _text(value, session) for name, value in self.values.items()}
        session.variables.update({name: text for name, text in worked_out.items() if text is not None})
        return "done"


def _text(value: Value, session: Session) -> str | None:
    result = value if isinstance(value, str) else value.evaluate(session)
    return result if result is None or isinstance(result, str) else str(result).lower()
