"""Packages are unpacked whole or not at all, by one run at a time, and once."""

import hashlib
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from telephony.asterisk.apt import InstallError, PrivateApt, Report
from telephony.asterisk.debian import Unpacked, unpack

CONTROL = "Package: hello\nVersion: 1:2.0-1\nArchitecture: all\nMaintainer: nobody\nDescription: says it\n"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A real package with one program, which is set-user-id, in a folder closed to others."""
    tree = tmp_path / "tree"
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "DEBIAN/control").write_text(CONTROL)
    (tree / "usr/bin").mkdir(parents=True)
    (tree / "usr/bin/hello").write_text("#!/bin/sh\necho hello $1\n")
    (tree / "usr/bin/hello").chmod(0o4700)
    (tree / "usr").chmod(0o700)
    built = tmp_path / "hello_1%3a2.0-1_all.deb"
    subprocess.run(["dpkg-deb", "--build", tree, built], check=True, capture_output=True)
    return built


@pytest.fixture
def downloads(archive: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every download is of our archive; the list has what was asked for."""
    asked: list[str] = []

    def download(apt: PrivateApt, packages: Sequence[str], report: Report) -> list[Path]:
        asked.extend(packages)
        apt.state.mkdir(exist_ok=True)
        return [archive]

    monkeypatch.setattr(PrivateApt, "download", download)
    return asked


def test_the_program_runs_and_the_lock_names_the_package(downloads: list[str], archive: Path, tmp_path: Path) -> None:
    tree = unpack(["hello"], tmp_path / "software/hello", print)
    said = subprocess.run([*tree.command("hello"), "you"], capture_output=True, text=True, check=True)
    assert said.stdout == "hello you\n"
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    assert (tmp_path / "software/hello/packages.lock").read_text() == f"hello 1:2.0-1 {digest}\n"


def test_everybody_may_read_and_run_and_nothing_is_set_user_id(downloads: list[str], tmp_path: Path) -> None:
    root = unpack(["hello"], tmp_path / "hello", print).root
    modes = {path: path.stat().st_mode & 0o7777 for path in (root.parent, root, root / "usr", root / "usr/bin/hello")}
    assert set(modes.values()) == {0o755}


def test_a_second_run_does_nothing(downloads: list[str], tmp_path: Path) -> None:
    unpack(["hello"], tmp_path / "hello", print)
    told: list[str] = []
    unpack(["hello"], tmp_path / "hello", told.append)
    assert downloads == ["hello"]
    assert told == []


def test_other_packages_replace_the_tree(downloads: list[str], tmp_path: Path) -> None:
    unpack(["hello"], tmp_path / "hello", print)
    unpack(["hello", "more"], tmp_path / "hello", print)
    assert downloads == ["hello", "hello", "more"]


def test_an_interrupted_unpack_is_redone(downloads: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(path: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    into = tmp_path / "hello"
    with monkeypatch.context() as once:
        once.setattr(Path, "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            unpack(["hello"], into, print)
    assert not into.exists()
    (tmp_path / "hello.partial/root/left over").touch()
    root = unpack(["hello"], into, print).root
    assert (root / "usr/bin/hello").exists()
    assert not (root / "left over").exists()
    assert not (tmp_path / "hello.partial").exists()


def test_a_broken_archive_leaves_nothing_that_looks_complete(
    downloads: list[str], archive: Path, tmp_path: Path
) -> None:
    archive.write_bytes(archive.read_bytes()[:200])
    with pytest.raises(InstallError):
        unpack(["hello"], tmp_path / "hello", print)
    assert not (tmp_path / "hello").exists()


def test_a_folder_that_cannot_be_written_is_an_error_for_a_person(downloads: list[str], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InstallError, match="THROUGHLINE_HOME"):
        unpack(["hello"], tmp_path / "file/hello", print)


def test_two_runs_unpack_once(downloads: list[str], tmp_path: Path) -> None:
    runs = [threading.Thread(target=unpack, args=(["hello"], tmp_path / "hello", print)) for _ in range(4)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert downloads == ["hello"]


@pytest.mark.parametrize("loader", ["x86_64-linux-gnu/ld-linux-x86-64.so.2", "aarch64-linux-gnu/ld-linux-aarch64.so.1"])
def test_a_tree_with_a_loader_runs_by_it(tmp_path: Path, loader: str) -> None:
    for file in (f"usr/lib/{loader}", "usr/sbin/server"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    libraries = f"{(tmp_path / 'usr/lib' / loader).parent}:{tmp_path / 'usr/lib'}"
    expected = (str(tmp_path / "usr/lib" / loader), "--library-path", libraries, str(tmp_path / "usr/sbin/server"))
    assert Unpacked(tmp_path).command("server") == expected
    assert Unpacked(tmp_path).command("usr/sbin/server") == expected


def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InstallError, match="server is not in"):
        Unpacked(tmp_path).command("server")
