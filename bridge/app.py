"""The controller: every part made and joined here, top to bottom."""

import asyncio
import os
from copy import deepcopy
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import msgspec
import structlog

from bridge.center import WholeCenter, read_center
from bridge.control import ControlServer
from bridge.facts import Facts
from bridge.floor import Floor
from bridge.interaction import Interactions
from bridge.journal import Journal, NotDurable
from bridge.pbx import NODE, Doors, accounts, doors, pin, refresh
from bridge.people.register import Register
from bridge.people.roles import Role
from bridge.people.users import User
from bridge.recovery import Bookkeeper, remembered
from bridge.status import AgentStatus, Status
from bridge.store.engine import asked, open_store
from bridge.store.projector import Projector
from bridge.telemetry.commands import TimedCommands
from bridge.telemetry.metrics import Metrics
from bridge.telemetry.tracing import Tracing, wanted
from bridge.walks import Walks
from config.instance import Instance
from config.loader import Center
from config.reach import reach
from config.rendering import APP
from config.secrets import master_key
from config.settings import Settings
from telephony.acd.dispatcher import Acd
from telephony.acd.places import QueuePolicy
from telephony.adoption import Adoption
from telephony.agent import Agent
from telephony.asterisk.accounts import publish
from telephony.asterisk.ami import Ami, Message
from telephony.asterisk.ari import Ari
from telephony.asterisk.errors import AsteriskError
from telephony.asterisk.heartbeat import Heartbeat
from telephony.asterisk.registrations import Registrations, shown_contacts
from telephony.asterisk.rtcp import LegQualities
from telephony.asterisk.strangers import Strangers
from telephony.asterisk.switchboard import Switchboard
from telephony.asterisk.unserved import forget, unserved_callers
from telephony.asterisk.world import World, look, tickets, with_answers
from telephony.call import Call
from telephony.clock import Clock
from telephony.contact import Medium
from telephony.delivery import VoiceDelivery
from telephony.events import CenterApplied
from telephony.fence import Fence
from telephony.lifesigns import LifeSigns
from telephony.lines import Lines
from telephony.reconciler import Reconciler
from telephony.record import Record
from telephony.service_codes import ServiceCodes
from telephony.stasis import FrontDoor
from telephony.tasks import FAILURES, TaskSet
from telephony.witness import complete, unexplained

log = structlog.get_logger()

STORE_WITHIN: Final = 5.0
PHONES_WITHIN: Final = 10.0
INVITED_FOR: Final = timedelta(hours=24)


class App:
    """One controller beside one Asterisk. When its `fence` has fallen it does nothing more, and is to be closed."""

    def __init__(
        self, settings: Settings, instance: Instance, whole: WholeCenter, clock: Clock, asterisk: Doors | None = None
    ) -> None:
        self._settings, self._instance, self._clock = settings, instance, clock
        self._key, center = master_key(instance.key), whole.center
        self._asterisk = asterisk or doors(instance)
        self.fence = Fence(clock)
        self._tasks, self._vital = TaskSet("app"), TaskSet("vital", self._broken)

        self.journal = Journal(instance.journal, clock)
        self.engine = open_store(settings.database, instance.store)
        self.projector = Projector(instance.journal, self.engine, clock)
        self.journal.on_durable(self.projector.notice)
        self._interactions = Interactions()
        self.facts = Facts(self.journal, self._interactions, self.fence)
        self.register = Register(self.journal, self.projector, self.engine, clock)

        self.metrics = Metrics(clock, self._status, lambda queue: self.acd.longest_wait(queue))
        self.facts.on_fact(self.metrics.follow)

        self._tracing = Tracing(clock) if wanted() else None
        if self._tracing:
            self.facts.on_fact(self._tracing.follow)

        record = Record(self.facts)
        self.ari = Ari(
            self._asterisk.ari,
            clock,
            on_event=lambda event: self.front_door.on_event(event),
            on_connect=self._asterisk_connected,
            on_replaced=self.fence.replaced,
            on_failure=self._broken,
        )
        self.commands = TimedCommands(self.ari, self.fence, clock, self.metrics.command)
        self.switchboard = Switchboard(self.commands, APP)
        self.lines = Lines(record, NODE)
        delivery = VoiceDelivery(self.lines, self.switchboard)
        self.acd = Acd(clock, self.facts, record, {Medium.VOICE: delivery})
        self.acd.configure(_policies(center), _agents(center))
        self._walks = Walks(instance.revisions, whole, self.acd, clock, self.facts)
        self.floor = Floor(self.acd, clock)
        self.facts.on_fact(self.floor.follow)
        self.service_codes = ServiceCodes(self.acd.staff, clock, partial(pin, self._key))
        self._strangers = Strangers(self.commands, APP, clock)
        self.front_door = FrontDoor(
            clock,
            self.facts,
            record,
            self.lines,
            self.switchboard,
            self._walks.begin,
            self._serve_code,
        )
        self._adoption = Adoption(
            clock,
            record,
            self.lines,
            self.switchboard,
            delivery,
            self.acd,
            self.front_door,
            self._walks.go_on,
            self._serve_code,
        )
        self._bookkeeper: Bookkeeper | None = None
        self._started: datetime | None = None
        self._reconciler = Reconciler(
            clock,
            self.commands,
            APP,
            self.lines,
            self.switchboard,
            self.acd,
            self.front_door,
            self._strangers,
            self.metrics.healed,
        )
        self._life_signs = LifeSigns(clock, self.lines, self.switchboard)
        self.registrations = Registrations(self.acd.staff.phone_seen)
        self.qualities = LegQualities(self.facts)
        self.facts.on_fact(self.qualities.follow)
        self.ami = Ami(
            self._asterisk.ami,
            clock,
            on_connect=self._manager_connected,
            on_event=self._on_manager_event,
        )
        self.heartbeat = Heartbeat(self.commands, clock)
        self.control = ControlServer(
            instance.control,
            {
                "apply": self.apply,
                "status": self.status,
                "invite": self.invite,
                "save_user": self.save_user,
                "remove_user": self.remove_user,
            },
        )

    async def start(self) -> None:
        """Connects; callers are served from then on."""
        self._projecting = self._tasks.spawn(self.projector.run(), "projector")
        self._vital.spawn(self.fence.watch(self.metrics.late), "event loop")
        self.ari.start()
        await self.ari.connected.wait()
        self._vital.spawn(self.ami.run(), "ami")
        self._vital.spawn(self.heartbeat.run(self.ari.connected), "heartbeat")
        self._vital.spawn(self._reconciler.run(self.ari.connected), "reconciler")
        self._vital.spawn(self._life_signs.run(), "signs of life")
        self._tasks.spawn(self._offer_without_phones(), "phones unknown")
        await self.control.start()

    async def apply(self, revision: str) -> dict[str, str]:
        """Takes a kept revision into use: for new calls, and at once for queues and agents. No call is touched.

        Raises ConfigErrors, AsteriskError; what runs then goes on as before."""
        whole = await asyncio.to_thread(read_center, self._instance.revisions / revision)
        if self._asterisk.ours:
            await asyncio.to_thread(refresh, self._settings, self._instance, whole.center)
        await self._publish_accounts(whole.center)
        was, self._walks.whole = self.whole.center.revision, whole
        self.acd.configure(_policies(whole.center), _agents(whole.center))
        self.facts.publish(CenterApplied(was=was, now=revision))
        await self._look_for_phones()
        return {"was": was, "now": revision}

    @property
    def whole(self) -> WholeCenter:
        """The center that is in use."""
        return self._walks.whole

    def end_contact(self, contact: str) -> bool:
        """Hangs up a call; tells whether there was such a one."""
        if call := self.lines.calls.get(contact):
            call.hang_up()
        return call is not None

    async def invite(self) -> str:
        """The secret of the first administrator's invitation; empty when there is an administrator.

        Raises TimeoutError when the store is slow or away."""
        await asyncio.wait_for(self.projector.caught_up(), STORE_WITHIN)
        return await self.register.invite(self._clock.now() + INVITED_FOR) or ""

    async def save_user(self, username: str, role: str, title: str, agent: str, password: str) -> None:
        """Adds or changes a user, as whoever may enter the state directory.

        Raises LookupError, LastAdministrator, NotKept, StoreAway."""
        if agent and agent not in self.whole.center.agents:
            raise LookupError(f"there is no agent {agent} in this center; --agent names the one that she is")
        with asked():
            async with self.register.changing:
                await self.register.save(User(username, Role(role), title, agent), password or None, by="command line")

    async def remove_user(self, username: str) -> None:
        """Removes one. Raises LastAdministrator, NotKept, StoreAway."""
        with asked():
            async with self.register.changing:
                await self.register.remove(username, by="command line")

    async def status(self) -> Status:
        """How things stand now."""
        return self._status()

    def _status(self) -> Status:
        since = self.journal.hindrance.since
        return Status(
            revision=self.whole.center.revision,
            ari=self.ari.connected.is_set(),
            ami=self.ami.connected,
            waiting={queue: self.acd.waiting(queue) for queue in self.whole.center.queues},
            talking={queue: self.acd.talking(queue) for queue in self.whole.center.queues},
            agents={name: AgentStatus.of(agent, self.floor.standing(agent)) for name, agent in self.acd.agents.items()},
            facts=self.journal.last,
            projected=self.projector.reached,
            set_aside=self.projector.set_aside,
            failures=dict(FAILURES),
            process=os.getpid(),
            unwritten=self.journal.unwritten,
            hindered=since.isoformat(timespec="seconds") if since else "",
            hindrance=self.journal.hindrance.why,
        )

    async def let_go(self) -> None:
        """Does nothing more from now on, and leaves the journal to whoever comes next."""
        self.fence.drop("it is closing")
        self.ari.retire()
        await self.journal.close()

    async def close(self) -> None:
        """Lets go of Asterisk first, so that no call notices, then of all else."""
        await self.let_go()
        await self.control.close()
        await self.ari.close()
        self.projector.stop()
        await asyncio.wait({self._projecting}, timeout=STORE_WITHIN)
        await self._tasks.close()
        await self._vital.close()
        await self.front_door.close()
        await self.acd.close()
        await self.switchboard.close()
        await self.engine.dispose()
        if self._tracing:
            await self._tracing.close()

    async def _serve_code(self, call: Call) -> None:
        center = self.whole.center
        extensions = {agent.extension: name for name, agent in center.agents.items()}
        await self.service_codes.serve(call, extensions, center.prompts.get(center.language, {}))

    async def _asterisk_connected(self) -> None:
        """After each connect: what Asterisk knows is the truth."""
        if self._bookkeeper is None:
            await self._take_up()
        else:
            await self._catch_up()
        await self._publish_accounts(self.whole.center)

    async def _take_up(self) -> None:
        """At the first connect, from which on any other controller is fenced off: goes on with what it left."""
        began = self._clock.monotonic()
        await self.journal.begin()
        recorded = await asyncio.to_thread(remembered, self._instance.journal)
        ledger, world = deepcopy(recorded), await look(self.commands, APP)
        known = await tickets(self.commands, unexplained(ledger, world))
        untold = complete(ledger, world, known, self._walks.stands, self._clock.now())
        world = await with_answers(self.commands, world, ledger.offers())
        self._bookkeeper = Bookkeeper(self._clock, self.journal, recorded)
        self.facts.on_fact(self._bookkeeper.follow)
        self.acd.pause(max(ledger.highest, self.journal.last))
        self.acd.staff.remember(ledger.people)
        self.qualities.remember(ledger.legs.values())
        for fact in (*self._interactions.take_up(recorded), *untold):
            self.facts.publish(fact)
        counts = self._adoption.take_up(ledger, world)
        self.floor.remember(ledger.people)
        self._connected_to(world)
        self.metrics.taken_up(counts)
        log.info("taken_up", seconds=round(self._clock.monotonic() - began, 3), **msgspec.to_builtins(counts))

    async def _catch_up(self) -> None:
        world = await look(self.commands, APP)
        self.front_door.catch_up(world.channels, cut_off=self._started != world.started)
        await self.switchboard.catch_up()
        self._connected_to(world)
        if self.ami.connected:
            self._tasks.spawn(self._note_the_unserved(), "unserved callers")

    def _connected_to(self, world: World) -> None:
        self._started = world.started

        async def see_to_strangers() -> None:
            try:
                await self._strangers.see_to(world, self.lines.legs)
            except AsteriskError as error:
                log.info("strangers_later", reason=str(error) or "the connection is lost; the next one does it")

        self._tasks.spawn(see_to_strangers(), "strangers")

    def _on_manager_event(self, name: str, message: Message) -> None:
        self.registrations.on_event(name, message)
        self.qualities.on_event(name, message)

    async def _manager_connected(self) -> None:
        """After each connect: who was turned away while nobody was there, and which phones are."""
        await self._phones_known()
        self._tasks.spawn(self._note_the_unserved(), "unserved callers")

    async def _note_the_unserved(self) -> None:
        """Asterisk forgets them once they are kept here."""
        try:
            for caller in await unserved_callers(self.ami):
                number = self.journal.last + 1
                self.facts.publish(caller.fact())
                await self.journal.durable(number)
                await forget(self.ami, caller)
        except (AsteriskError, NotDurable) as error:
            log.info("unserved_later", reason=str(error) or "the connection is lost; the next one does it")

    async def _offer_without_phones(self) -> None:
        """Should the manager interface stay away, phones are taken to be as they were."""
        await self._clock.sleep(PHONES_WITHIN)
        self.acd.go_on()

    def _broken(self, task: str) -> None:
        """What we cannot be without has failed: whoever comes next does without what broke it."""
        self.fence.drop(f"{task} failed")

    async def _phones_known(self) -> None:
        shown = await shown_contacts(self.ami)
        await self.ari.connected.wait()
        self.registrations.rebuild(shown, self.whole.center.agents)
        self.acd.go_on()

    async def _look_for_phones(self) -> None:
        try:
            await self._phones_known()
        except AsteriskError as error:
            log.info("phones_later", reason=str(error) or "the connection is lost; the next one tells")

    async def _publish_accounts(self, center: Center) -> None:
        where = reach(self._settings, center.network, center.nat) if self._asterisk.ours else None
        await publish(self.commands, accounts(center, self._key, where))


def _policies(center: Center) -> list[QueuePolicy]:
    return [
        QueuePolicy(
            queue.name,
            queue.strategy,
            queue.ring_time,
            queue.wrap_up,
            queue.max_wait,
            queue.music,
            center.hours[queue.hours] if queue.hours else None,
        )
        for queue in center.queues.values()
    ]


def _agents(center: Center) -> list[Agent]:
    return [Agent(agent.name, agent.title, frozenset(agent.queues)) for agent in center.agents.values()]
