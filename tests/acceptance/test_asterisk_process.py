"""A real Asterisk is started, adopted by a second controller, asked, and stopped."""

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from telephony.asterisk.install import AsteriskProgram
from telephony.asterisk.process import AsteriskProcess, NotAnswering, StartFailed

ASTERISK_CONF = """\
[directories]
astetcdir => {directory}/etc
astmoddir => {program.modules}
astdatadir => {program.data}
astvarlibdir => {directory}/lib
astdbdir => {directory}/lib
astkeydir => {directory}/lib
astagidir => {directory}/lib
astspooldir => {directory}/lib
astrundir => {directory}/run
astlogdir => {directory}/log
"""
LOGGER_CONF = "[logfiles]\nmessages.log => warning,error\n"
HTTP_CONF = "[general]\nenabled = yes\nbindaddr = 127.0.0.1\nbindport = {port}\n"
MODULES_CONF = "[modules]\nautoload = no\n"


@pytest.fixture
def directory(server_path: Path, asterisk_program: AsteriskProgram) -> Path:
    etc = server_path / "etc"
    etc.mkdir()
    (server_path / "lib").mkdir()
    (etc / "asterisk.conf").write_text(ASTERISK_CONF.format(directory=server_path, program=asterisk_program))
    (etc / "logger.conf").write_text(LOGGER_CONF)
    (etc / "modules.conf").write_text(MODULES_CONF)
    return server_path


@pytest.fixture
def process(directory: Path, asterisk_program: AsteriskProgram) -> Iterator[AsteriskProcess]:
    process = AsteriskProcess(asterisk_program, directory)
    yield process
    process.stop()


def test_started_adopted_asked_and_stopped(
    process: AsteriskProcess, directory: Path, asterisk_program: AsteriskProgram
) -> None:
    assert not process.running()
    process.start()
    pid = process.pid()
    assert pid is not None
    assert os.getsid(pid) == pid
    assert os.geteuid() != 0 or Path(f"/proc/{pid}").stat().st_uid != 0

    adopted = AsteriskProcess(asterisk_program, directory)
    assert adopted.running()
    adopted.wait_booted()
    assert asterisk_program.version in adopted.cli("core show version")
    with pytest.raises(StartFailed, match="already runs"):
        adopted.start()

    adopted.stop()
    assert adopted.pid() is None
    assert not process.running()
    assert not Path(f"/proc/{pid}").exists()


def test_it_starts_again_after_it_was_killed(process: AsteriskProcess) -> None:
    process.start()
    killed = process.pid()
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    process.stop()
    assert not process.running()
    process.start()
    assert process.running()
    assert process.pid() != killed


def test_one_that_hangs_is_not_adopted_but_can_be_stopped(
    process: AsteriskProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("telephony.asterisk.process.SOON", 0.3)
    process.start()
    pid = process.pid()
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    assert not process.running(timeout=0.5)
    with pytest.raises(NotAnswering, match="did not answer"):
        process.cli("core show version", timeout=0.5)
    process.stop()
    assert process.pid() is None


def test_a_taken_port_is_named(process: AsteriskProcess, directory: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        (directory / "etc/http.conf").write_text(HTTP_CONF.format(port=port))
        with pytest.raises(StartFailed, match=f"holds a port[^$]*{port}"):
            process.start()
    assert process.pid() is None


def test_an_asterisk_that_ends_tells_why(process: AsteriskProcess, directory: Path) -> None:
    (directory / "etc/modules.conf").write_text(f"{MODULES_CONF}require => res_not_there.so\n")
    with pytest.raises(StartFailed, match="res_not_there"):
        process.start()
    assert process.pid() is None


def test_a_directory_without_configuration_is_refused(server_path: Path, asterisk_program: AsteriskProgram) -> None:
    with pytest.raises(StartFailed, match=r"asterisk\.conf does not exist"):
        AsteriskProcess(asterisk_program, server_path).start()


def test_a_path_too_long_for_a_socket_is_refused(directory: Path, asterisk_program: AsteriskProgram) -> None:
    deep = directory / ("deep" * 25)
    (deep / "etc").mkdir(parents=True)
    (deep / "etc/asterisk.conf").touch()
    with pytest.raises(StartFailed, match="too long"):
        AsteriskProcess(asterisk_program, deep).start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root switches to another account")
def test_a_directory_closed_to_servers_is_refused(directory: Path, asterisk_program: AsteriskProgram) -> None:
    directory.chmod(0o700)
    with pytest.raises(StartFailed, match="cannot enter"):
        AsteriskProcess(asterisk_program, directory).start()
