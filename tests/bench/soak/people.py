"""Who calls and who answers in a soak: a seeded mix of the patient, the hasty and the absent."""

import asyncio
import random
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from tests.fleet.call import Call
from tests.fleet.fleet import Fleet, Manner

NUMBER: Final = "1000"
LONGEST_CALL: Final = 120.0
VANISH_EVERY: Final = 45.0
REGISTER_EVERY: Final = 300.0


@dataclass(frozen=True, slots=True)
class Errand:
    """One caller's plan: `thinks` before each key (with no key: before she leaves), `patience` after the last one, how
    long after an agent's phone rings she leaves, how long she talks, whether she stays for the goodbye."""

    kind: str
    keys: str = ""
    thinks: float = 0.0
    patience: float = LONGEST_CALL
    leaves_rung: float | None = None
    talks: float = 1.0
    stays: bool = False


WEIGHTS: Final = {
    "served": 80,
    "leaves at once": 1,
    "leaves in prompt": 4,
    "leaves in menu": 3,
    "leaves waiting": 3,
    "leaves rung": 4,
    "wrong key": 3,
    "only wrong keys": 1.5,
    "no key": 0.5,
}


def errand(chance: random.Random) -> Errand:
    """The next caller's."""
    kind = chance.choices([*WEIGHTS], [*WEIGHTS.values()])[0]
    queue, talks, stays = chance.choice("12"), chance.uniform(1, 3), chance.random() < 0.5
    thinks = chance.uniform(0.2, 4)
    match kind:
        case "leaves at once":
            return Errand(kind, thinks=chance.uniform(0, 0.01))
        case "leaves in prompt":
            return Errand(kind, thinks=chance.uniform(0.05, 1.8))
        case "leaves in menu":
            return Errand(kind, thinks=chance.uniform(2.5, 6))
        case "leaves waiting":
            return Errand(kind, queue, thinks, patience=chance.uniform(0, 1.5))
        case "leaves rung":
            return Errand(kind, queue, thinks, leaves_rung=chance.uniform(0, 0.4), talks=talks)
        case "wrong key":
            return Errand(kind, chance.choice("3456789*#") + queue, thinks, talks=talks, stays=stays)
        case "only wrong keys":
            return Errand(kind, "".join(chance.choices("3456789*#", k=3)), thinks, stays=True)
        case "no key":
            return Errand(kind, thinks=LONGEST_CALL, stays=True)
    return Errand(kind, queue, thinks, talks=talks, stays=stays)


async def run(call: Call, errand: Errand) -> None:
    """Carries an errand out on a call that has been dialled; afterwards the call is over."""
    report = call.report
    if errand.kind == "leaves at once":
        await call.pause(errand.thinks)
    elif await call.until(lambda: report.answered is not None, LONGEST_CALL):
        await _choose(call, errand)
        await _wait_and_talk(call, errand)
    call.hang_up()


async def _choose(call: Call, errand: Errand) -> None:
    for key in errand.keys:
        await call.pause(errand.thinks)
        call.press(key)
    if not errand.keys:
        await call.pause(errand.thinks)
        call.hang_up()


async def _wait_and_talk(call: Call, errand: Errand) -> None:
    if errand.leaves_rung is not None and await call.until(lambda: call.offered is not None, errand.patience):
        await call.pause(errand.leaves_rung)
    elif await call.until(lambda: bool(call.report.heard), errand.patience):
        await call.pause(LONGEST_CALL if errand.stays else errand.talks)


def manner(chance: random.Random) -> Manner:
    """How an agent treats the next call."""
    draw, after = chance.random(), chance.uniform(0.02, 0.6)
    if draw < 0.03:
        return Manner("declines", after)
    if draw < 0.04:
        return Manner("is busy", 0.0)
    if draw < 0.046:
        return Manner("never answers")
    if draw < 0.05:
        after = chance.uniform(4.9, 5.1)  # as the ringing ends
    return Manner("answers", after, chance.choice((chance.uniform(0.3, 3), chance.uniform(1, 4))))


async def absences(fleet: Fleet, chance: random.Random) -> None:
    """Now and then an agent's phone is gone without a word and comes back."""
    while True:
        await asyncio.sleep(chance.expovariate(1 / VANISH_EVERY))
        await chance.choice(fleet.agents).vanish(chance.uniform(1, 25))


async def registrations(fleet: Fleet) -> None:
    """Phones say again where they are before it is forgotten."""
    while True:
        await asyncio.sleep(REGISTER_EVERY)
        for phone in fleet.agents:
            with suppress(TimeoutError):  # it has vanished meanwhile
                if not phone.away:
                    await phone.register()
