"""The center that scenarios play in: the shipped one with short times, more agents and two shortcuts.

1000 is the shipped menu (1 sales, 2 support). 1001 leads straight into sales; 1002 into `brief`, where nobody waits
longer than MAX_WAIT.
"""

import shutil
from pathlib import Path
from typing import Final

import config

SHIPPED: Final = Path(config.__file__).parent / "center"
RING_TIME: Final = 5.0
WRAP_UP: Final = 1.0
MAX_WAIT: Final = 3.0
AGENTS: Final = ("ana", "bruno", "carla", "david", "eva", "felix", "gina", "hugo", "ines", "jonas")

_NUMBERS: Final = "  1001: {flow: sales}\n  1002: {flow: brief}\n"
_QUEUE: Final = "{{title: {title}, ring_time: {ring:g} s, wrap_up: {wrap:g} s{more}}}"
_AGENT: Final = "{name}: {{title: {title} Example, extension: {extension}, queues: [sales, support, brief]}}\n"
_FLOW: Final = """\
start: {queue}
nodes:
  {queue}:
    type: queue
    queue: {queue}
    exits: {{served: bye, timed_out: sorry, no_agent: sorry, full: sorry, closed: sorry}}
  sorry: {{type: say, prompt: unavailable, exits: {{done: end}}}}
  bye: {{type: say, prompt: goodbye, exits: {{done: end}}}}
  end: {{type: hangup}}
"""


def build(folder: Path) -> Path:
    """Writes the center into a folder that does not exist yet."""
    shutil.copytree(SHIPPED, folder)
    numbers = folder / "center.yaml"
    numbers.write_text(numbers.read_text().rstrip() + "\n" + _NUMBERS)
    (folder / "queues.yaml").write_text(_queues())
    (folder / "agents.yaml").write_text("".join(_agent(number, name) for number, name in enumerate(AGENTS, 1)))
    for queue in ("sales", "brief"):
        (folder / "flows" / f"{queue}.yaml").write_text(_FLOW.format(queue=queue))
    return folder


def _queues() -> str:
    more = {"sales": "", "support": "", "brief": f", max_wait: {MAX_WAIT:g} s"}
    lines = (
        f"{name}: " + _QUEUE.format(title=name.title(), ring=RING_TIME, wrap=WRAP_UP, more=rest)
        for name, rest in more.items()
    )
    return "\n".join(lines) + "\n"


def _agent(number: int, name: str) -> str:
    return _AGENT.format(name=name, title=name.title(), extension=2000 + number)
