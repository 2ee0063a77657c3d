"""A PostgreSQL for tests: Debian's packages in a folder of their own, run as an ordinary user on a free port."""

import os
import secrets
import shlex
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest

from config.home import server_account
from config.instance import free_ports
from telephony.asterisk.apt import INSTEAD, InstallError
from telephony.asterisk.debian import Unpacked, unpack

USER: Final = "throughline"
UP_WITHIN: Final = 30.0
PROGRAMS: Final = ("postgres", "initdb")
Words = tuple[str, ...]


def install(software: Path) -> Path:
    """The folder of PostgreSQL's programs, unpacked from Debian once. Fails the test in words for a person."""
    try:
        return _prefix(unpack(["postgresql"], software / "postgresql", print)) / "bin"
    except InstallError as error:
        remedy = error.remedy.replace(f", {INSTEAD}", "")
        pytest.fail(f"The tests need PostgreSQL from Debian. {error.what}\n{remedy}", pytrace=False)


def _prefix(tree: Unpacked) -> Path:
    """A place like that of the packages, in which each program starts by the tree's own loader: initdb starts postgres
    by itself, and both find their other files from where they lie."""
    (package,) = (tree.root / "usr/lib/postgresql").iterdir()
    place = tree.root.parent / "run" / "lib" / "postgresql" / package.name
    (place / "bin").mkdir(parents=True, exist_ok=True)
    _link(place / "lib", package / "lib")
    _link(tree.root.parent / "run" / "share", tree.root / "usr/share")
    for name in PROGRAMS:
        loader, *rest = tree.command(f"usr/lib/postgresql/{package.name}/bin/{name}")
        _write(place / "bin" / name, f'#!/bin/sh\nexec {shlex.quote(loader)} --argv0 "$0" {shlex.join(rest)} "$@"\n')
    return place


def _link(link: Path, target: Path) -> None:
    with suppress(FileExistsError):
        link.symlink_to(target)


def _write(file: Path, text: str) -> None:
    """In one step: another run may be starting it now."""
    new = file.with_name(f"{file.name}.{os.getpid()}")
    new.write_text(text)
    new.chmod(0o755)
    new.replace(file)


def _as_server() -> Words:
    """What a command is begun with so that it runs as the servers' account, and never outlives us."""
    account = server_account()
    user = () if account is None else (f"--reuid={account.uid}", f"--regid={account.gid}", "--clear-groups")
    return ("setpriv", "--pdeathsig", "INT", *user)


@dataclass
class PostgreSQL:
    """One server: its data in `folder`, which the servers' account can enter."""

    programs: Path
    folder: Path
    port: int = field(default_factory=lambda: free_ports(1)[0])
    password: str = field(default_factory=secrets.token_hex)
    _process: subprocess.Popen[bytes] | None = None

    def make(self) -> None:
        """Makes its data."""
        data, password = self.folder / "data", self.folder / "password"
        data.mkdir(mode=0o700)
        password.touch(0o600)
        password.write_text(self.password)
        if account := server_account():
            for own in (data, password):
                os.chown(own, account.uid, account.gid)
        options = f"-D {data} -U {USER} --encoding=UTF8 --locale=C --no-sync --auth=scram-sha-256 --pwfile={password}"
        command = (str(self.programs / "initdb"), *options.split())
        done = subprocess.run((*_as_server(), *command), cwd="/", capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self, **settings: str) -> None:
        """Starts it, with settings of postgresql.conf; it can be asked afterwards."""
        end = time.monotonic() + UP_WITHIN
        while not self._answers():
            if self._process is None or self._process.poll() is not None:
                self._launch(settings)  # also again: processes of one that was killed may hold its data for a moment
            assert time.monotonic() < end, (self.folder / "log").read_text()
            time.sleep(0.02)

    def _launch(self, settings: dict[str, str]) -> None:
        fixed = {"listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": ""}
        chosen = [f"--{name}={value}" for name, value in (fixed | settings).items()]
        with (self.folder / "log").open("ab") as log:
            command = [*_as_server(), str(self.programs / "postgres"), "-D", str(self.folder / "data"), *chosen]
            self._process = subprocess.Popen(command, cwd="/", stdout=log, stderr=log)

    def _answers(self) -> bool:
        try:
            self.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def end(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT ends connections and closes its files, SIGQUIT stops at once, SIGKILL kills."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(UP_WITHIN)
            self._process = None

    def url(self, database: str = "postgres") -> str:
        """For THROUGHLINE_DATABASE."""
        return f"postgresql://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """A connection past our own code, in which each statement is a transaction."""
        return psycopg.connect(self.url(database), autocommit=True)

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Runs one statement."""
        with self.connect(database) as connection:
            connection.execute(statement.encode())

    @contextmanager
    def database(self) -> Iterator[str]:
        """The URL of an empty database, which is dropped afterwards."""
        name = f"test_{secrets.token_hex(6)}"
        self.execute(f"CREATE DATABASE {name}")
        try:
            yield self.url(name)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")
