"""The real stage: `throughline run` with a real Asterisk, and real softphones."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from bridge import journal
from bridge.pbx import ARI_USER, pin
from config.instance import Instance
from config.loader import load
from config.secrets import master_key
from telephony.asterisk.ari import AriAddress
from telephony.asterisk.ari_socket import CommandSocket
from telephony.contact import TRANSITIONS, ContactState
from telephony.events import AnyFact, AssignmentMoved, ContactArrived, ContactMoved, LegMoved, ReachabilityChanged
from telephony.phone.protocol import Account
from telephony.phone.remote import Phone
from tests.acceptance.conftest import Throughline
from tests.playbook.evidence import Evidence, Ring, Told
from tests.playbook.invariants import check
from tests.playbook.real_ears import Ears, tone_file
from tests.playbook.real_people import RealAgent, RealCaller
from tests.playbook.registry import Act

SETTLED_WITHIN: Final = 20.0
LOOK_EVERY: Final = 0.1
GRAIN: Final = 0.3
LOOKING: Final = "playbook"
ALL: Final = 1_000_000


class RealPlay:
    """One performance on the real stage."""

    def __init__(self, throughline: Throughline, looker: CommandSocket, stack: AsyncExitStack, folder: Path) -> None:
        self._throughline, self._looker, self._stack, self._folder = throughline, looker, stack, folder
        self._center = load(throughline.home / "center")
        self._ears = Ears(self._center, folder)
        self._agents: list[RealAgent] = []
        self._record: list[journal.Entry] = []
        self._since = len(self._told())

    async def agent(self, name: str) -> RealAgent:
        """An agent whose phone is registered, and known to the controller."""
        account = await asyncio.to_thread(self._throughline.account, name)
        agent = RealAgent(name, await self._phone(name, account), self._ears, partial(self._recording, name))
        self._agents.append(agent)
        await agent.phone.register()
        await self._becomes(lambda: self._reachable(name))
        return agent

    async def caller(self, name: str) -> RealCaller:
        """Somebody outside."""
        account = Account(username=name, server=self._throughline.sip, register=False, display_name=name.title())
        return RealCaller(name, await self._phone(name, account), self._ears, partial(self._recording, name))

    def pin(self, agent: str) -> str:
        """An agent's PIN."""
        return pin(master_key(Instance(self._throughline.home).key), agent)

    async def passes(self, seconds: float) -> None:
        """Time passes."""
        await asyncio.sleep(seconds)

    async def settles(self) -> None:
        """Nothing goes on in the record, and Asterisk has nothing left."""
        await self._becomes(lambda: not self._goes_on())
        for _ in range(round(SETTLED_WITHIN / LOOK_EVERY)):
            if not await self.left():
                return
            await asyncio.sleep(LOOK_EVERY)

    async def evidence(self) -> Evidence:
        """What can be seen of the performance from outside."""
        told = self._told()
        return Evidence(
            told=told,
            queues={name: frozenset(agent.queues) for name, agent in self._center.agents.items()},
            rings=self._rings(),
            departures=dict(_departures(told)),
            left=await self.left(),
            grain=GRAIN,
            since=self._since,
        )

    async def left(self) -> list[str]:
        """What Asterisk has of calls."""
        channels = msgspec.json.decode(await self._looker.request("GET", "channels"))
        bridges = msgspec.json.decode(await self._looker.request("GET", "bridges"))
        mattering = (each for each in bridges if each["bridge_type"] == "mixing" or each["channels"])
        return [f"channel {each['name']}" for each in channels] + [f"bridge {each['id']}" for each in mattering]

    async def _phone(self, name: str, account: Account) -> Phone:
        tone = tone_file(self._folder, self._ears.voice(name))
        sound = {"play": str(tone), "loop": True, "record": str(self._folder / f"{name}-{{call}}.wav")}
        return await self._stack.enter_async_context(await Phone.start(msgspec.structs.replace(account, **sound)))

    def _recording(self, name: str, call: int) -> Path:
        return self._folder / f"{name}-{call}.wav"

    def _told(self) -> list[Told]:
        known = self._record
        last = known[-1].sequence if known else 0
        self._record = [*known, *journal.read(Instance(self._throughline.home).journal, last, ALL)]
        return [Told(datetime.fromisoformat(entry.at).timestamp(), _fact(entry)) for entry in self._record]

    def _rings(self) -> list[Ring]:
        wall = time.time() - time.perf_counter()
        return [
            Ring(agent.name, contact, wall + began, wall + ended if ended else None)
            for agent in self._agents
            for contact, began, ended in agent.rang()
        ]

    def _goes_on(self) -> bool:
        """Whether a contact or an agent's part in one has not ended."""
        now: dict[str, bool] = {}
        for told in self._told()[self._since :]:
            match told.fact:
                case ContactArrived(contact_id=id):
                    now[id] = True
                case ContactMoved(contact_id=id, now=state):
                    now[id] = bool(TRANSITIONS[ContactState(state)])
                case AssignmentMoved(assignment_id=id, now=state):
                    now[id] = state not in _PARTS_OVER
        return any(now.values())

    def _reachable(self, name: str) -> bool:
        changes = (each.fact for each in self._told() if isinstance(each.fact, ReachabilityChanged))
        return next((each.reachable for each in reversed(list(changes)) if each.agent == name), False)

    async def _becomes(self, condition: Callable[[], bool]) -> None:
        for _ in range(round(SETTLED_WITHIN / LOOK_EVERY)):
            if await asyncio.to_thread(condition):
                return
            await asyncio.sleep(LOOK_EVERY)


_PARTS_OVER: Final = {"done", "refused", "unanswered", "withdrawn"}


@asynccontextmanager
async def real_stage(throughline: Throughline, folder: Path) -> AsyncIterator[RealPlay]:
    """A performance in a center that runs already; its phones go with it."""
    instance = Instance(throughline.home)
    password = master_key(instance.key).derive("ari")
    address = AriAddress("127.0.0.1", instance.ports().ari, ARI_USER, password, LOOKING)
    async with AsyncExitStack() as stack:
        connection = await stack.enter_async_context(
            connect(address.uri(LOOKING), subprotocols=[Subprotocol("ari")], proxy=None)
        )
        looker = CommandSocket()
        serving = asyncio.create_task(looker.serve(connection))
        stack.callback(serving.cancel)
        await asyncio.sleep(0)
        yield RealPlay(throughline, looker, stack, folder)


async def perform_for_real(act: Act, throughline: Throughline, folder: Path) -> None:
    """Plays a scenario on the real stage, waits until it has settled, and checks what can be seen."""
    async with real_stage(throughline, folder) as play:
        await act(play)
        await play.settles()
        check(await play.evidence())


def _fact(entry: journal.Entry) -> Any:
    whole = {"type": entry.type, "interaction_id": entry.interaction_id, **entry.body, **entry.contents}
    return msgspec.convert(whole, AnyFact)


def _departures(told: Sequence[Told]) -> Iterator[tuple[str, float]]:
    """When the caller of each contact left, as the controller knows it."""
    for each in told:
        match each.fact:
            case LegMoved(contact_id=contact, party="caller", now="ended"):
                yield contact, each.at
