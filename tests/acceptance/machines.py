"""Machines with networks of their own on this one: Linux network namespaces, by any user who may make them."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import pytest

from config.home import state_home
from telephony.asterisk.debian import Unpacked, unpack

PROJECT = Path(__file__).parents[2]
TOOLS = ("iproute2", "nftables")
ROUTES = "/proc/sys/net/ipv4/ip_forward"
LIVES = "echo up && exec cat"  # until its input closes, which it does when we end in whatever way


class Machine:
    """A network namespace; it is there as long as this object is not closed, and while something runs in it."""

    def __init__(self, tools: Unpacked, first: "Machine | None" = None) -> None:
        self._tools, self._user = tools, os.geteuid()
        command = (*first._as_root, "unshare", "--net") if first else (*_namespaces(self._user),)
        self._holder = subprocess.Popen(
            (*command, "sh", "-c", LIVES), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        assert self._holder.stdout is not None
        if (said := self._holder.stdout.readline()) != b"up\n":
            self.close()
            pytest.skip(f"this machine does not let us make network namespaces: {said.decode().strip()}")
        self.ip("link", "set", "lo", "up")

    @property
    def pid(self) -> int:
        """The process that holds the namespace."""
        return self._holder.pid

    @property
    def through(self) -> tuple[str, ...]:
        """What to put before a command so that it runs there, as the user that we are."""
        if self._user == 0:
            return self._as_root
        return (*self._as_root, "unshare", "--user", f"--map-user={self._user}", f"--map-group={os.getegid()}")

    @property
    def _as_root(self) -> tuple[str, ...]:
        own = () if self._user == 0 else ("--user", "--preserve-credentials")
        return ("nsenter", f"--target={self.pid}", "--net", *own)

    def ip(self, *arguments: str) -> None:
        """iproute2's `ip` there."""
        self._run(*self._tools.command("ip"), *arguments)

    def rules(self, text: str) -> None:
        """Its packet filter and address translation, in the language of nftables."""
        self._run(*self._tools.command("nft"), "-f", "-", given=text)

    def route(self) -> None:
        """Passes packets on from now."""
        self._run("sh", "-c", f"echo 1 > {ROUTES}")

    def link(self, other: Self, mine: str, others: str, name: str) -> None:
        """A cable between the two, called `name` at both ends, with an address and its prefix length at each."""
        self.ip("link", "add", "name", name, "type", "veth", "peer", "name", name, "netns", str(other.pid))
        for end, address in ((self, mine), (other, others)):
            end.ip("address", "add", address, "dev", name)
            end.ip("link", "set", name, "up")

    def reaches(self, address: str) -> bool:
        """Whether a packet from there to the address is answered, within a second, if only by a refusal."""
        try_it = "import socket, sys; socket.create_connection((sys.argv[1], 9), 1)"
        done = subprocess.run((*self._as_root, sys.executable, "-c", try_it, address), capture_output=True, text=True)
        return done.returncode == 0 or "ConnectionRefused" in done.stderr

    def close(self) -> None:
        """Gives the namespace up."""
        self._holder.communicate()

    def _run(self, *command: str, given: str = "") -> None:
        done = subprocess.run(
            (*self._as_root, *command), input=given, capture_output=True, text=True, timeout=20, check=False
        )
        assert done.returncode == 0, f"{command}: {done.stderr}"


def _namespaces(user: int) -> Sequence[str]:
    return ("unshare", "--net") if user == 0 else ("unshare", "--user", "--map-root-user", "--net")


def tools() -> Unpacked:
    """The programs that make networks, from Debian, unpacked beside Asterisk."""
    return unpack(TOOLS, state_home(PROJECT, environment={}) / "software" / "network-tools", print)
