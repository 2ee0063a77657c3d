"""The steps of a random history: what a caller, an agent or misfortune does, and how much time passes then.

What somebody does depends on how things stand with them, so that no step is wasted. Each step tells what it did.
"""

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Final

from tests.fakes.asterisk.phones import AgentPhone, Phone
from tests.playbook.fake_stage import FakePlay

CALLERS: Final = ("bob", "kim", "lea", "max")
AGENTS: Final = ("ana", "bruno", "carla")
PAUSES: Final = (0.01, 0.0, 0.3, 1.0, 2.0, 3.5, 5.0, 8.0)
NUMBERS: Final = ("1001", "1001", "1000", "1002")
IN_A_CALL: Final = ("stays", "stays", "presses 1", "hangs up", "presses 1", "presses 9", "vanishes")
FREE: Final = ("waits", "leaves", "dials *1", "dials *2", "vanishes")
RUNG: Final = ("answers", "answers", "answers", "declines", "is busy", "ignores it", "vanishes")
TALKING: Final = ("talks on", "hangs up", "talks on", "vanishes")
MISFORTUNES: Final = (
    "the controller dies",
    "the controller dies before a command",
    "the controller dies after a command",
    "the controller stands still",
    "the controller freezes",
    "another controller takes over",
    "the connection drops",
    "the events drop",
    "the manager interface drops",
    "Asterisk is away",
    "Asterisk dies",
)
SHORT: Final = (0.05, 0.5, 1.0, 2.1, 3.0)


@dataclass(frozen=True)
class Calls:
    """A caller: dials while she has no call, does something else while she has."""

    who: str
    dials: str
    then: str
    pause: float

    async def happen(self, stage: "Scene") -> str:
        """Does it; in words."""
        phone = stage.phone(self.who)
        if phone.channel is None:
            phone.vanished = False
            phone.dial(self.dials)
            return f"{self.who} dials {self.dials}"
        await _in_a_call(phone, self.then)
        return f"{self.who} {self.then}"


@dataclass(frozen=True)
class Works:
    """An agent: comes while she is not there, and does one thing or another while she is free, rung or in a call. When
    a phone rings, it is the turn of whoever sits there."""

    who: str
    free: str
    rung: str
    talking: str
    pause: float

    async def happen(self, stage: "Scene") -> str:
        """Does it; in words."""
        phone = stage.agent(self.who)
        if phone.vanished or stage.play.asterisk.registrar.reachable(phone.name) is None:
            phone.vanished = False
            stage.play.asterisk.registrar.register(phone)
            return f"{phone.name} comes"
        what = self.rung if phone.rings else self.talking if phone.channel else self.free
        await _work(stage, phone, what)
        return f"{phone.name} {what}"


@dataclass(frozen=True)
class Befalls:
    """A misfortune: `lasts` seconds, or until another controller comes; `command` counts those about calls from now,
    and `forgets` is how many seconds of facts a controller that dies had not on disk."""

    what: str
    lasts: float
    command: int
    forgets: float
    pause: float

    async def happen(self, stage: "Scene") -> str:
        """Lets it happen; in words."""
        words = f"{self.what}, {self.lasts:g} s"
        if self.what.endswith("a command"):
            stage.at_command(self.command, self.what.split()[-3], self.lasts, self.forgets)
            return f"{words}, the {self.command}. from now, and forgets {self.forgets:g} s"
        stage.befall(self.what, self.lasts, self.forgets)
        return f"{words}, and forgets {self.forgets:g} s" if self.what.endswith("dies") else words


Step = Calls | Works | Befalls


class Scene:
    """Everybody's phone, and what may befall who serves them."""

    def __init__(self, play: FakePlay) -> None:
        self.play = play
        self._callers = {name: play.asterisk.caller(name) for name in CALLERS}
        self._agents = {name: play.asterisk.agent(name) for name in AGENTS}
        for name in AGENTS[:2]:
            play.asterisk.registrar.register(self._agents[name])

    def phone(self, caller: str) -> Phone:
        """A caller's phone."""
        return self._callers[caller]

    def agent(self, name: str) -> AgentPhone:
        """The phone of an agent, or of another one where it rings."""
        return next((phone for phone in self._agents.values() if phone.rings), self._agents[name])

    def at_command(self, number: int, moment: str, after: float, forgets: float) -> None:
        """The controller dies just before or after a command, and another comes after so many seconds."""
        commands = self.play.asterisk.commands
        getattr(commands, moment)[len(commands.seen) + number] = partial(self.play.parent.kill, after, forgets)

    def befall(self, what: str, seconds: float, forgets: float) -> None:
        """Lets a misfortune happen."""
        asterisk, parent = self.play.asterisk, self.play.parent
        match what:
            case "the controller dies":
                parent.kill(seconds, forgets)
            case "the controller stands still":
                parent.stand_still(seconds)
            case "the controller freezes":
                parent.freeze(seconds, after=0.5)
            case "another controller takes over":
                parent.begins()
            case "the connection drops":
                asterisk.sockets.drop()
            case "the events drop":
                asterisk.sockets.drop("throughline")
            case "the manager interface drops":
                asterisk.manager.drop()
            case "Asterisk is away":
                asterisk.go_away(seconds)
            case "Asterisk dies":
                asterisk.die()
                asyncio.get_running_loop().call_later(seconds, asterisk.live)

    async def ends(self) -> None:
        """Everybody hangs up, once somebody is there to notice."""
        self.play.asterisk.commands.before.clear()
        self.play.asterisk.commands.after.clear()
        await self.play.passes(max(SHORT))
        await self.play.served()
        for phone in (*self._callers.values(), *self._agents.values()):
            phone.vanished = False
            phone.hang_up()


async def tell(play: FakePlay, steps: list[Step]) -> list[str]:
    """Lets the steps of a history happen, until all is over; returns what happened, a line a step. Should something
    fail meanwhile, what happened until then is noted with the error."""
    stage, story = Scene(play), list[str]()
    try:
        for step in steps:
            at = asyncio.get_running_loop().time()
            story.append(f"{at:8.3f} {await step.happen(stage)}")
            await play.passes(step.pause)
        story.append(f"{asyncio.get_running_loop().time():8.3f} everybody hangs up")
        await stage.ends()
    except BaseException as error:
        error.add_note("\n".join(story))
        raise
    return story


async def _in_a_call(phone: Phone, what: str) -> None:
    match what.split():
        case ["presses", key]:
            await phone.press(key)
        case ["hangs", _]:
            phone.hang_up()
        case ["vanishes"]:
            phone.vanish()


async def _work(stage: Scene, phone: AgentPhone, what: str) -> None:
    match what.split():
        case ["leaves"]:
            stage.play.asterisk.registrar.unregister(phone)
        case ["dials", code]:
            phone.dial(code)
        case ["vanishes"]:
            phone.vanish()
            stage.play.asterisk.registrar.lose(phone)
        case ["answers"]:
            phone.answer()
        case ["declines"]:
            phone.decline()
        case ["is", "busy"]:
            phone.be_busy()
        case ["hangs", _]:
            phone.hang_up()
