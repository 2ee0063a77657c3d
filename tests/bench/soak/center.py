"""A Throughline of the soak's own: free ports, a folder of its own, short ringing and wrap-up, more agents."""

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from bridge.control import NotRunning, ask
from bridge.pbx import ARI_USER
from config.home import state_home
from config.instance import Instance, free_ports
from config.secrets import master_key
from tests.fleet.phone import Account
from tests.fleet.port import Address

PROJECT: Final = Path(__file__).parents[3]
OPEN_WITHIN: Final = 60.0
RTP_PORTS: Final = 600


class NotOpen(Exception):
    """Throughline did not open; with what it said."""


@dataclass(slots=True)
class OwnCenter:
    """A running Throughline."""

    instance: Instance
    server: Address
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    @classmethod
    def make(cls, agents: int) -> "OwnCenter":
        """Prepares its folder, which everybody may enter."""
        home = folder("throughline-soak-")
        _edit(home / "center" / "queues.yaml", _shorten)
        _edit(home / "center" / "agents.yaml", lambda all: _hire(all, agents))
        return cls.around(home)

    @classmethod
    def around(cls, home: Path, **more: str) -> "OwnCenter":
        """One on free ports in a folder that is ready; `more` are further settings of the environment."""
        sip, http = free_ports(2)
        low = 12000 + sip % 30 * RTP_PORTS
        own = {"HOME": str(home), "RTP": f"{low}-{low + RTP_PORTS - 2}"}
        own |= {"SIP": f"127.0.0.1:{sip}", "HTTP": f"127.0.0.1:{http}"} | more
        environment = {name: value for name, value in os.environ.items() if not name.startswith("THROUGHLINE_")}
        environment |= {f"THROUGHLINE_{name}": value for name, value in own.items()}
        return cls(Instance(home), ("127.0.0.1", sip), environment)

    def open(self) -> None:
        """`throughline run`; returns when it is open. Raises NotOpen."""
        said = self.instance.home / "said.log"
        with said.open("wb") as out:
            self.process = subprocess.Popen(
                (sys.executable, "-u", "-m", "bridge.cli", "run"),
                cwd=PROJECT,
                env=self.environment,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        end = time.monotonic() + OPEN_WITHIN
        while "is open" not in said.read_text():
            if self.process.poll() is not None or time.monotonic() > end:
                raise NotOpen(said.read_text())
            time.sleep(0.1)

    def close(self, keep: bool) -> None:
        """`throughline stop`, and the folder is removed unless it is kept."""
        if self.process:
            self.command("stop", "--grace", "0")
            self.process.wait(timeout=60)
        if not keep:
            shutil.rmtree(self.instance.home)

    def command(self, *arguments: str) -> str:
        """What a person would type after `throughline`, and what is answered."""
        whole = (sys.executable, "-m", "bridge.cli", *arguments)
        done = subprocess.run(whole, cwd=PROJECT, env=self.environment, capture_output=True, text=True, timeout=60)
        return done.stdout

    def accounts(self) -> list[Account]:
        """The logins of all agents."""
        names = YAML(typ="safe").load(self.instance.home / "center" / "agents.yaml")
        shown = [json.loads(self.command("sip", name, "--json")) for name in names]
        return [Account(each["username"], each["password"]) for each in shown]

    def asterisk(self) -> int:
        """Asterisk's process."""
        return int((self.instance.asterisk / "run" / "asterisk.pid").read_text())

    def controller(self) -> int | None:
        """The process that serves callers, which another one may have replaced; None while none does."""
        try:
            return int(ask(self.instance.control, "status", 5.0).result["process"])
        except (NotRunning, TimeoutError):
            return None

    def ari(self, collection: str) -> list[dict[str, Any]]:
        """What Asterisk has of `channels` or `bridges`; blocking."""
        secret = f"{ARI_USER}:{master_key(self.instance.key).derive('ari')}"
        request = urllib.request.Request(f"http://127.0.0.1:{self.instance.ports().ari}/ari/{collection}")
        request.add_header("Authorization", f"Basic {base64.b64encode(secret.encode()).decode()}")
        with urllib.request.urlopen(request, timeout=10) as response:
            return list(json.load(response))


def folder(prefix: str) -> Path:
    """A state directory with the shipped center, which everybody may enter."""
    home = Path(tempfile.mkdtemp(prefix=prefix))
    home.chmod(0o755)
    (home / "software").symlink_to((state_home(PROJECT, environment={}) / "software").resolve())
    shutil.copytree(PROJECT / "config" / "center", home / "center")
    return home


def _edit(file: Path, change: Callable[[Any], None]) -> None:
    yaml = YAML()
    content = yaml.load(file)
    change(content)
    yaml.dump(content, file)


def _shorten(queues: Any) -> None:
    for queue in queues.values():
        queue |= {"ring_time": "5 s", "wrap_up": "1 s"}


def _hire(agents: Any, count: int) -> None:
    for number in range(len(agents) + 1, count + 1):
        agents[f"agent-{number}"] = {
            "title": f"Agent {number}",
            "extension": 2000 + number,
            "queues": ["sales", "support"],
        }
