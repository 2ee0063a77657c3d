"""The layout of a state directory."""

import socket
from pathlib import Path

from config.instance import Instance, free_ports


def test_ports_are_chosen_once_and_kept(tmp_path: Path) -> None:
    ports = Instance(tmp_path).ports()
    assert Instance(tmp_path).ports() == ports
    assert ports.ari != ports.ami


def test_free_ports_are_different_and_free() -> None:
    ports = free_ports(5)
    assert len(set(ports)) == 5
    for port in ports:
        socket.create_server(("127.0.0.1", port)).close()


def test_everything_lies_in_the_home(tmp_path: Path) -> None:
    instance = Instance(tmp_path)
    places = [name for name, value in vars(Instance).items() if isinstance(value, property)]
    assert places
    assert all(getattr(instance, name).is_relative_to(tmp_path) for name in places)
