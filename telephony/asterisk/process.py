"""One Asterisk as a process: started in a session of its own, adopted, asked, stopped."""

import math
import os
import select
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from config.home import server_account
from telephony.asterisk.console import Console
from telephony.asterisk.install import AsteriskProgram

PAUSE = 0.05  # seconds between two looks for the control socket
SOON = 3.0  # seconds for an Asterisk that was told to end at once
LONGEST_SOCKET = 107  # bytes, by Linux
PASSED_ON = ("PATH", "TZ", "LANG")  # the rest of our environment may hold secrets


class StartFailed(RuntimeError):
    """Asterisk did not start; says the likely cause and the last lines of its log."""


class NotAnswering(RuntimeError):
    """Asterisk's control socket gave no answer in time."""


class AsteriskProcess:
    """The Asterisk of one `directory`, no matter who started it.

    Expects `directory`/etc/asterisk.conf that names `directory`/run and /log. Calls block up to their
    time-outs, in seconds. Never ask for `core restart`: by a loader of its own it does not come back."""

    def __init__(self, program: AsteriskProgram, directory: Path) -> None:
        self._program = program
        self._directory = directory.resolve()
        self._config = self._directory / "etc/asterisk.conf"
        self._socket = self._directory / "run/asterisk.ctl"
        self._pid = self._directory / "run/asterisk.pid"
        self._account = server_account()
        self._child: subprocess.Popen[bytes] | None = None

    def start(self, timeout: float = 20.0) -> None:
        """Start, and return when fully booted; raises StartFailed, also when a port that it wants is taken."""
        self._check()
        self.hand_over()
        for left_behind in (self._socket, self._pid):
            left_behind.unlink(missing_ok=True)
        console = Console(self._directory / "log")
        self._child = self._spawn()
        try:
            self._await_boot(self._child.pid, console, timeout)
        except BaseException:
            self._child.kill()
            self._child.wait()
            raise

    def hand_over(self) -> None:
        """As root, give the directory to the account that Asterisk runs as; again after new files are rendered."""
        for folder in ("run", "log"):
            (self._directory / folder).mkdir(exist_ok=True)
        if self._account:
            for path in (self._directory, *self._directory.rglob("*")):
                os.chown(path, self._account.uid, self._account.gid, follow_symlinks=False)

    def pid(self) -> int | None:
        """The process id of this directory's Asterisk, while it lives."""
        try:
            pid = int(self._pid.read_text())
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return None
        return pid if os.fsencode(self._config) in command else None

    def running(self, timeout: float = 5.0) -> bool:
        """Whether this directory's Asterisk lives and answers, so that it can be adopted."""
        self._reap()
        try:
            return self.pid() is not None and bool(self.cli("core show uptime", timeout))
        except NotAnswering:
            return False

    def wait_booted(self, timeout: float = 20.0) -> None:
        """Return when the living Asterisk has fully booted; raises NotAnswering."""
        answer = self.cli("core waitfullybooted", timeout)
        if "fully booted" not in answer:
            raise NotAnswering(f"It ended while it was starting. {answer}")

    def cli(self, command: str, timeout: float = 10.0) -> str:
        """What Asterisk's command line answers to `command`; raises NotAnswering."""
        with self._popen("-rx", command, output=subprocess.PIPE) as client:
            try:
                output, _ = client.communicate(timeout=timeout)
            except subprocess.TimeoutExpired as error:
                client.kill()
                raise NotAnswering(f"Asterisk did not answer `{command}` in {timeout:g} s.") from error
        answer = output.decode(errors="replace").strip()
        if client.returncode:
            raise NotAnswering(answer)
        return answer

    def ends(self, seconds: float) -> bool:
        """Wait so long for its end."""
        if (pid := self.pid()) is None:
            return True
        try:
            with _held(pid) as process:
                return _ended(process, seconds)
        except ProcessLookupError:
            return True

    def stop(self) -> None:
        """End it, with all calls that are up, and return when it is gone."""
        pid = self.pid()
        if pid is not None:
            with suppress(ProcessLookupError), _held(pid) as process:
                self._end(process)
        self._reap(SOON)

    def _end(self, process: int) -> None:
        if self._obeys("core stop now", SOON) and _ended(process, SOON):
            return
        for number in (signal.SIGTERM, signal.SIGKILL):
            signal.pidfd_send_signal(process, number)
            if _ended(process, SOON):
                return

    def _obeys(self, command: str, seconds: float) -> bool:
        try:
            self.cli(command, seconds)
        except NotAnswering:
            return False
        return True

    def _reap(self, seconds: float = 0) -> bool:
        """Whether no living child of ours is left after so many seconds."""
        try:
            return self._child is None or self._child.wait(seconds) is not None
        except subprocess.TimeoutExpired:
            return False

    def _check(self) -> None:
        if self.pid() or not self._reap(SOON):
            raise StartFailed(f"Asterisk already runs in {self._directory}: adopt it or stop it.")
        if not self._config.is_file():
            raise StartFailed(f"{self._config} does not exist: it is rendered from the center first.")
        if len(os.fsencode(self._socket)) > LONGEST_SOCKET:
            raise StartFailed(f"{self._socket} is too long a path for a socket: set THROUGHLINE_HOME to a shorter one.")
        for place in (self._directory, self._program.modules, Path(self._program.command[0]).parent):
            if self._account and not self._account.can_reach(place):
                remedy = "set THROUGHLINE_HOME to a folder that everybody can enter, or do not run as root"
                raise StartFailed(f"Asterisk runs as `nobody`, who cannot enter {place}: {remedy}.")

    def _spawn(self) -> subprocess.Popen[bytes]:
        # Not through a link that the servers' account may have put there.
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
        console = os.open(self._directory / "log/console.log", flags, 0o640)
        try:
            return self._popen("-f", "-n", output=console)
        finally:
            os.close(console)

    def _popen(self, *arguments: str, output: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            (*self._program.command, "-C", str(self._config), *arguments),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=self._directory,
            env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
            start_new_session=True,
            user=self._account.uid if self._account else None,
            group=self._account.gid if self._account else None,
            extra_groups=[] if self._account else None,
        )

    def _await_boot(self, pid: int, console: Console, timeout: float) -> None:
        try:
            self._await_socket(pid, timeout)
            self.wait_booted(timeout)
        except NotAnswering as error:
            raise StartFailed(f"Asterisk did not start. {error}\n{console.explanation()}") from error
        if taken := console.ports_taken():
            raise StartFailed("Another program holds a port that Asterisk needs:\n" + "\n".join(taken))

    def _await_socket(self, pid: int, timeout: float) -> None:
        with _held(pid) as process:
            for _ in range(math.ceil(timeout / PAUSE)):
                if _ended(process, PAUSE):
                    raise NotAnswering("It ended.")
                if self._socket.exists():
                    return
        raise NotAnswering(f"Its control socket was not there after {timeout:g} s.")


@contextmanager
def _held(pid: int) -> Iterator[int]:
    """A descriptor of process `pid`, which no later process of that number can take over."""
    descriptor = os.pidfd_open(pid)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _ended(process: int, seconds: float) -> bool:
    """Wait so long for the end of a process."""
    poll = select.poll()
    poll.register(process, select.POLLIN)
    return bool(poll.poll(seconds * 1000))
