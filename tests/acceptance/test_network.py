"""A center on a network, behind a router that translates addresses; its agents behind another, callers in the world."""

import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from config.certificates import Authority, authority
from telephony.asterisk.debian import Unpacked
from telephony.asterisk.install import AsteriskProgram
from telephony.asterisk.process import AsteriskProcess
from telephony.phone.mailbox import PhoneError
from telephony.phone.protocol import Account
from telephony.phone.remote import Phone
from tests import audio
from tests.acceptance.conftest import Throughline, make
from tests.acceptance.machines import Machine, tools
from tests.acceptance.sockets import Bound, bound

PUBLIC, AGENTS_PUBLIC = "192.0.2.10", "192.0.2.30"
CENTER, AGENT = "10.20.0.10", "10.30.0.10"
CARRIER, STRANGER = "198.51.100.10", "198.51.100.66"
SIP, SIPS = f"{PUBLIC}:5060", f"{PUBLIC}:5061"
AGENTS_TONE, CALLERS_TONE = 500, 900
TALK = 2.5
OPENED = f"""\
network: open
nat:
  public_address: {PUBLIC}
trunks:
  carrier:
    hosts: [{CARRIER}]
"""
ROUTER = f"""\
table ip nat {{
  chain arriving {{
    type nat hook prerouting priority dstnat
    ip daddr {PUBLIC} dnat to {CENTER}
  }}
  chain leaving {{
    type nat hook postrouting priority srcnat
    ip saddr {AGENT} meta l4proto {{ tcp, udp }} snat to {AGENTS_PUBLIC}:20000-60000 random
    ip saddr {CENTER} snat to {PUBLIC}
  }}
}}
table ip filter {{
  chain passing {{
    type filter hook forward priority filter
    policy drop
    ct state established,related accept
    ct status dnat accept
    ip daddr 198.51.100.0/24 accept
  }}
}}
"""


@dataclass
class World:
    """The machines of the test; `callers` has the carrier's address and a stranger's."""

    router: Machine
    center: Machine
    agent: Machine
    callers: Machine


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """Four machines; the router between them hides the center's network and the agent's."""
    with ExitStack() as stack:
        made = World(*_machines(tools(), stack))
        _connect(made.router, made.center, "10.20.0.1", CENTER, "center")
        _connect(made.router, made.agent, "10.30.0.1", AGENT, "agent")
        _connect(made.router, made.callers, "198.51.100.1", CARRIER, "callers")
        made.callers.ip("address", "add", f"{STRANGER}/24", "dev", "callers")
        made.router.rules(ROUTER)
        made.router.route()
        yield made


def _machines(programs: Unpacked, stack: ExitStack) -> Iterator[Machine]:
    first = stack.enter_context(closing(Machine(programs)))
    yield first
    for _ in range(3):
        yield stack.enter_context(closing(Machine(programs, first)))


def _connect(router: Machine, machine: Machine, routers: str, machines: str, name: str) -> None:
    router.link(machine, f"{routers}/24", f"{machines}/24", name)
    machine.ip("route", "add", "default", "via", routers)


@dataclass
class Remote(Throughline):
    """A center on one of the machines."""

    def run_on(self, machine: Machine) -> None:
        """`throughline run` there, until it says that it is open."""
        command = (*machine.through, sys.executable, "-u", "-m", "bridge.cli", "run")
        self.process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            if line.startswith("Ctrl-C stops"):
                return
        raise AssertionError("Throughline did not open:\n" + "".join(self.said))

    @property
    def file(self) -> Path:
        """center.yaml."""
        return self.home / "center" / "center.yaml"

    def shown(self, agent: str) -> dict[str, str]:
        """All that `throughline sip` prints."""
        return dict(json.loads(self.command("sip", agent, "--json").stdout))


@pytest.fixture(scope="module")
def center(world: World, asterisk_program: AsteriskProgram) -> Iterator[Remote]:
    """The shipped center, opened to the world by nothing but its own file."""
    home = Path(tempfile.mkdtemp(prefix="throughline-"))
    home.chmod(0o755)
    made = make(home, asterisk_program)
    del made.environment["THROUGHLINE_SIP"]
    running = Remote(home, SIP, made.url, made.environment)
    running.file.write_text(running.file.read_text().replace("network: loopback\n", OPENED))
    try:
        running.run_on(world.center)
        yield running
    finally:
        running.stop()
        shutil.rmtree(home)


@pytest.fixture
def asterisk(center: Remote, asterisk_program: AsteriskProgram) -> AsteriskProcess:
    return AsteriskProcess(asterisk_program, center.home / "asterisk")


class Telephones:
    """Phones on those machines; each sounds a tone and records what it hears."""

    def __init__(self, world: World, center: Remote, stack: AsyncExitStack, folder: Path) -> None:
        self._world, self._center, self._stack, self._folder = world, center, stack, folder

    async def agent(self, name: str, **more: Any) -> Phone:
        """An agent's phone behind NAT, which answers by itself; not registered yet."""
        login = {"username": name, "password": self._center.account(name).password, "address": AGENT}
        return await self._start(self._world.agent, AGENTS_TONE, {"server": SIP, "auto_answer": 0.2} | login | more)

    async def caller(self, address: str, username: str = "+442079460000") -> Phone:
        """A phone without an account."""
        who = {"username": username, "address": address, "server": SIP, "register": False}
        return await self._start(self._world.callers, CALLERS_TONE, who)

    def seconds(self, phone: Phone, tone: float) -> float:
        """For how long a phone heard a tone."""
        return audio.seconds_of(self._heard(phone.account.username), tone)

    def _heard(self, name: str) -> Path:
        return self._folder / f"{name}.wav"

    async def _start(self, machine: Machine, tone: int, settings: dict[str, Any]) -> Phone:
        sound = audio.sine(self._folder / f"{tone}.wav", tone, 1)
        settings |= {"play": str(sound), "loop": True, "record": str(self._heard(settings["username"]))}
        account = Account(**settings)
        return await self._stack.enter_async_context(await Phone.start(account, through=machine.through))


@pytest.fixture
async def telephones(world: World, center: Remote, tmp_path: Path) -> AsyncIterator[Telephones]:
    async with AsyncExitStack() as stack:
        yield Telephones(world, center, stack, tmp_path)


async def talk(telephones: Telephones, agent: Phone, caller: Phone) -> bool:
    """A call through the menu to the agent: both hear each other. Tells whether the agent's sound was encrypted."""
    await agent.register()
    await caller.call("1000")
    await caller.answered()
    await caller.dtmf("1")
    await agent.incoming(15)
    await agent.answered()
    await asyncio.sleep(TALK)
    stats = await agent.stats()
    await caller.hangup()
    await agent.disconnected()
    assert telephones.seconds(agent, CALLERS_TONE) > TALK * 0.8
    assert telephones.seconds(caller, AGENTS_TONE) > TALK * 0.8
    return stats.encrypted


def calls(asterisk: AsteriskProcess) -> int:
    """How many calls Asterisk has begun since its start."""
    return int(asterisk.cli("core show channels count").split()[-3])


async def test_an_agent_behind_nat_and_a_caller_elsewhere_hear_each_other(
    world: World, center: Remote, telephones: Telephones
) -> None:
    assert center.account("ana").server == SIP
    assert not world.center.reaches(AGENT), "the agent's own address must lead nowhere"
    ana, caller = await telephones.agent("ana"), await telephones.caller(CARRIER)
    assert not await talk(telephones, ana, caller)


async def test_with_tls_the_agents_sound_is_encrypted(center: Remote, telephones: Telephones) -> None:
    shown = center.shown("bruno")
    assert shown["tls"] == SIPS
    bruno = await telephones.agent(
        "bruno", server=SIPS, transport="tls", authority=shown["certificate"], srtp="offered"
    )
    assert await talk(telephones, bruno, await telephones.caller(CARRIER))


async def test_a_phone_that_trusts_another_authority_does_not_log_in(telephones: Telephones, tmp_path: Path) -> None:
    Authority(tmp_path, datetime.now(UTC)).certificate(["127.0.0.1"])
    bruno = await telephones.agent("bruno", server=SIPS, transport="tls", authority=str(authority(tmp_path)))
    with pytest.raises(PhoneError, match=r"not registered: 503 .*(TLS|SSL|certificate)"):
        await bruno.register()


@pytest.mark.parametrize("name", ["+442079460000", "loopback", "trunk.carrier", "ana"])
async def test_a_call_from_anywhere_else_is_refused(
    name: str, telephones: Telephones, asterisk: AsteriskProcess
) -> None:
    before = calls(asterisk)
    stranger = await telephones.caller(STRANGER, name)
    await stranger.call("1000")
    with pytest.raises(PhoneError, match=r"disconnected.*401"):
        await stranger.answered()
    assert calls(asterisk) == before


def test_a_stranger_learns_nothing(world: World, asterisk: AsteriskProcess) -> None:
    before = calls(asterisk)
    command = (*world.callers.through, sys.executable, "-m", "tests.acceptance.stranger", STRANGER, SIP)
    tried = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout)
    for method, by_user in tried.items():
        refusals = {answer for answers in by_user.values() for answer in answers}
        assert len(refusals) == 1, f"{method} tells users apart: {by_user}"
        (refusal,) = refusals
        assert refusal.startswith("SIP/2.0 401 ")
        assert "\r\nServer: Throughline\r\n" in refusal
        assert "asterisk" not in refusal.lower()
    assert calls(asterisk) == before


def test_the_controllers_doors_stay_shut(asterisk: AsteriskProcess) -> None:
    pid = asterisk.pid()
    assert pid is not None
    opened = {each for each in bound(pid) if not each.inside and each.protocol == "tcp"}
    assert opened == {Bound("tcp", "0.0.0.0", 5060), Bound("tcp", "0.0.0.0", 5061)}
    assert len([each for each in bound(pid) if each.inside and each.protocol == "tcp"]) == 2


async def test_hosts_and_codecs_of_trunks_change_while_it_runs(telephones: Telephones, center: Remote) -> None:
    hosts = f"hosts: [{CARRIER}]"
    center.file.write_text(center.file.read_text().replace(hosts, f"hosts: [{STRANGER}]\n    codecs: [g722]"))
    applied = center.command("apply")
    assert applied.returncode == 0, applied.stderr + applied.stdout
    known, unknown = await telephones.caller(STRANGER, "known"), await telephones.caller(CARRIER, "unknown")
    for caller, code in ((known, 488), (unknown, 401)):
        await caller.call("1000")
        with pytest.raises(PhoneError, match=rf"disconnected.*{code}"):
            await caller.answered()
