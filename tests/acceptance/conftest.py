"""A whole Throughline, as `throughline run` starts it, with real Asterisk, for all acceptance tests of a session."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bridge.control import ask
from config.instance import free_ports
from config.loader import Center, load
from telephony.asterisk.install import AsteriskProgram
from telephony.phone.protocol import Account
from telephony.phone.remote import Phone
from tests import audio

SHIPPED = Path(__file__).parents[2] / "config" / "center"


@dataclass
class Throughline:
    """A running center and how to reach it."""

    home: Path
    sip: str
    url: str
    environment: dict[str, str]
    process: subprocess.Popen[str] | None = None
    said: list[str] = field(default_factory=list)
    _accounts: dict[str, Account] = field(default_factory=dict)

    @property
    def center(self) -> Center:
        """The center being run."""
        return load(self.home / "center")

    def command(self, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """What a person would type after `throughline`, and then to it."""
        whole = (sys.executable, "-m", "bridge.cli", *arguments)
        return subprocess.run(
            whole, env=self.environment, input=typed, capture_output=True, text=True, timeout=60, check=False
        )

    def run(self, *options: str) -> None:
        """`throughline run`, until it has said all of its welcome."""
        self._forget()
        self.process = subprocess.Popen(
            (sys.executable, "-u", "-m", "bridge.cli", "run", *options),
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            if line.startswith("Ctrl-C stops"):
                return
        raise AssertionError("Throughline did not open:\n" + "".join(self.said))

    def _forget(self) -> None:
        """Lets go of a run that has ended."""
        if self.process:
            self.process.communicate(timeout=30)

    @property
    def controller(self) -> int:
        """The process that serves callers."""
        return int(ask(self.home / "control.sock", "status", 5.0).result["process"])

    def stop(self) -> None:
        """`throughline stop`."""
        done = self.command("stop", "--grace", "0")
        assert done.returncode == 0, done.stderr
        self._forget()

    def account(self, agent: str) -> Account:
        """An agent's account, as any softphone would be given it; who has asked once keeps it."""
        if agent not in self._accounts:
            shown = json.loads(self.command("sip", agent, "--json").stdout)
            self._accounts[agent] = Account(
                username=shown["username"], password=shown["password"], server=shown["domain"]
            )
        return self._accounts[agent]

    def why(self, interaction: str) -> list[dict[str, object]]:
        """An interaction's timeline."""
        done = self.command("why", interaction, "--json")
        assert done.returncode == 0, done.stderr
        return list(json.loads(done.stdout)["timeline"])


@contextmanager
def a_center(
    program: AsteriskProgram, disk: Path | None = None, settings: Mapping[str, str] | None = None
) -> Iterator[Throughline]:
    """The shipped center, running from a state directory of its own, on a disk that the test may choose."""
    home = Path(tempfile.mkdtemp(prefix="throughline-", dir=disk))
    home.chmod(0o755)
    running = make(home, program)
    running.environment |= settings or {}
    try:
        running.run()
        yield running
    finally:
        running.stop()
        shutil.rmtree(home)


@pytest.fixture(scope="session")
def throughline(asterisk_program: AsteriskProgram) -> Iterator[Throughline]:
    """One for all tests that leave it as it was."""
    with a_center(asterisk_program) as running:
        yield running


def make(home: Path, program: AsteriskProgram) -> Throughline:
    """A Throughline on free ports whose state is in `home`."""
    (home / "software").symlink_to(_software(program))
    shutil.copytree(SHIPPED, home / "center")
    return on_free_ports(home)


def on_free_ports(home: Path) -> Throughline:
    """A Throughline on free ports for a state that is there already."""
    sip, rtp, http = free_ports(3)
    address = f"127.0.0.1:{sip}"
    low = 20000 + (rtp % 100) * 200
    environment = os.environ | {
        "THROUGHLINE_HOME": str(home),
        "THROUGHLINE_SIP": address,
        "THROUGHLINE_HTTP": f"127.0.0.1:{http}",
        "THROUGHLINE_RTP": f"{low}-{low + 198}",
    }
    return Throughline(home, address, f"http://127.0.0.1:{http}", environment)


def _software(program: AsteriskProgram) -> Path:
    return next(folder for folder in program.modules.parents if folder.name == "software")


class Phones:
    """Starts phones, and ends them with the test."""

    def __init__(self, throughline: Throughline, stack: AsyncExitStack, folder: Path) -> None:
        self._throughline, self._stack, self.folder = throughline, stack, folder

    async def agent(self, name: str, tone: int = 0) -> Phone:
        """An agent's phone, registered; it sounds a tone in every call and records what it hears."""
        account = self._throughline.account(name)
        phone = await self._start(name, account, tone)
        await phone.register()
        return phone

    async def caller(self, name: str = "caller", tone: int = 0) -> Phone:
        """Somebody outside, without an account."""
        account = Account(username=name, server=self._throughline.sip, register=False, display_name=name.title())
        return await self._start(name, account, tone)

    def heard(self, name: str) -> Path:
        """What a phone recorded in its first call."""
        return self.folder / f"{name}.wav"

    async def _start(self, name: str, account: Account, tone: int) -> Phone:
        values = {each: getattr(account, each) for each in account.__struct_fields__}
        values["record"] = str(self.heard(name))
        if tone:
            sound = audio.sine(self.folder / f"tone-{tone}.wav", tone, seconds=1.0)
            values |= {"play": str(sound), "loop": True}
        return await self._stack.enter_async_context(await Phone.start(Account(**values)))


@pytest.fixture
async def phones(throughline: Throughline, tmp_path: Path) -> AsyncIterator[Phones]:
    """Phones for one test."""
    async with AsyncExitStack() as stack:
        yield Phones(throughline, stack, tmp_path)
