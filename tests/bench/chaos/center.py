"""The center that is struck: numbers that lead straight into queues, long ringing, short wrap-up, many agents.

MENU is the shipped one, whose key 2 leads to `support`. SALES leads into `sales`, where the load waits. STUDIO leads to
agents who talk all the time, PATIENCE to nobody. CONTROL and CONTROL_MUSIC are Asterisk's own, past the controller.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bridge.pbx import secret
from config.instance import Instance
from config.secrets import master_key
from telephony.asterisk.install import find_or_install
from telephony.asterisk.process import AsteriskProcess
from tests.bench.soak.center import OwnCenter, folder
from tests.fleet.phone import Account
from tests.fleet.port import Address

SALES, STUDIO, PATIENCE, MENU = "1001", "1002", "1003", "1000"
CONTROL, CONTROL_MUSIC = "9001", "9002"
SUPPORTERS: Final = 3

_FLOW: Final = """\
start: wait
nodes:
  wait:
    type: queue
    queue: {queue}
    exits: {{served: end, timed_out: end, no_agent: end, full: end, closed: end}}
  end: {{type: hangup}}
"""
_QUEUES: Final = {"sales": SALES, "studio": STUDIO, "patience": PATIENCE, "support": ""}


@dataclass(frozen=True, slots=True)
class Staff:
    """How many agents serve the load, and how many talk all the time."""

    sales: int
    studio: int

    def queues(self) -> dict[str, str]:
        """Every agent's queue by her login."""
        sizes = {"sales": self.sales, "studio": self.studio, "support": SUPPORTERS}
        return {f"{queue}-{number}": queue for queue, size in sizes.items() for number in range(1, size + 1)}


def make(staff: Staff, database: str | None) -> OwnCenter:
    """A center not opened yet, in a folder of its own."""
    home = folder("throughline-chaos-")
    _write(home / "center", staff)
    return OwnCenter.around(home, **({"DATABASE": database} if database else {}))


def _write(center: Path, staff: Staff) -> None:
    numbers = "".join(f"  {number}: {{flow: {queue}}}\n" for queue, number in _QUEUES.items() if number)
    shipped = (center / "center.yaml").read_text().rstrip()
    (center / "center.yaml").write_text(f"{shipped}\n{numbers}")
    queue = "{}: {{title: {}, ring_time: 60 s, wrap_up: 1 s}}\n"
    (center / "queues.yaml").write_text("".join(queue.format(name, name.title()) for name in _QUEUES))
    agent = "{}: {{title: {}, extension: {}, queues: [{}]}}\n"
    agents = enumerate(staff.queues().items(), 2001)
    (center / "agents.yaml").write_text(
        "".join(agent.format(name, name, each, queue) for each, (name, queue) in agents)
    )
    for queue, number in _QUEUES.items():
        if number:
            (center / "flows" / f"{queue}.yaml").write_text(_FLOW.format(queue=queue))


def account(instance: Instance, agent: str) -> Account:
    """An agent's login."""
    return Account(agent, secret(master_key(instance.key), agent))


def add_control(instance: Instance, callee: Address) -> None:
    """Two numbers of Asterisk's own, without the controller: one calls `callee` and passes all sound through Asterisk's
    core, as ours does; one plays the music. Safe to repeat."""
    asterisk = AsteriskProcess(find_or_install(instance.software, lambda _: None), instance.asterisk)
    asterisk.cli("module load app_dial.so")
    dialled = "Dial(PJSIP/loopback/sip:control@{}:{},,tT)".format(*callee)
    for number, first, second in ((CONTROL, dialled, "Hangup()"), (CONTROL_MUSIC, "Answer()", "MusicOnHold()")):
        for step, application in enumerate((first, second), 1):
            asterisk.cli(f"dialplan add extension {number},{step},{application} into callers replace")
