"""Our Asterisk: from the center and the instance to a running one that has what it needs."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bridge.listeners import Protocol, obstacle
from config.certificates import Authority, given
from config.foreign import ForeignAsterisk
from config.home import server_account
from config.instance import Instance
from config.loader import Center
from config.reach import LOOPBACK, Reach, own_address, reach, usable
from config.rendering import APP, TRANSPORTS, Login, Rendering, Unattended
from config.revisions import keep_music
from config.secrets import MasterKey, master_key
from config.settings import HostPort, Settings, TlsFiles
from telephony.asterisk.accounts import Account
from telephony.asterisk.ami import AmiAddress
from telephony.asterisk.apt import Report
from telephony.asterisk.ari import AriAddress
from telephony.asterisk.install import AsteriskProgram, find_or_install, passed_over
from telephony.asterisk.process import AsteriskProcess, StartFailed
from telephony.clock import SystemClock
from telephony.service_codes import PIN_LENGTH

NODE: Final = "one"
ARI_USER: Final = "throughline"
AMI_USER: Final = "throughline"
OUTDATED: Final = (
    "Asterisk still takes SIP where it did at its start: the new addresses of the network count after "
    "`throughline stop` and `throughline run`"
)
CHOOSE_SIP: Final = "End that program, or set THROUGHLINE_SIP to another address or port of this machine."
_UNATTENDED_PROMPT: Final = "unattended"


@dataclass(frozen=True, slots=True)
class Doors:
    """Where the controller speaks to its Asterisk; `ours` is one that we render for and start."""

    ari: AriAddress
    ami: AmiAddress
    ours: bool = True


def doors(instance: Instance, foreign: ForeignAsterisk | None = None) -> Doors:
    """Those of our own Asterisk, on loopback, or of one that somebody else started."""
    if foreign:
        ari, ami = foreign.ari, foreign.ami
        return Doors(
            AriAddress(ari.host, ari.port, ari.username, ari.password, APP),
            AmiAddress(ami.host, ami.port, ami.username, ami.password),
            ours=False,
        )
    key, ports = master_key(instance.key), instance.ports()
    return Doors(
        AriAddress("127.0.0.1", ports.ari, ARI_USER, key.derive("ari"), APP),
        AmiAddress("127.0.0.1", ports.ami, AMI_USER, key.derive("ami")),
    )


def bring_up(settings: Settings, instance: Instance, center: Center, report: Report) -> AsteriskProcess:
    """Installs Asterisk if it is missing, renders its files, and starts it, or adopts the one that runs.

    Blocking. Raises SettingsError, InstallError, StartFailed."""
    where = usable(reach(settings, center.network, center.nat))
    _check_readable(instance.home)
    if reason := passed_over():
        report(f"{reason}: Debian's is used, in a folder of its own")
    program = find_or_install(instance.software, report)
    process = AsteriskProcess(program, instance.asterisk)
    if process.pid() is None:
        _check_free(where)
        _keep_inside_free(instance, report)
    changed = rendering(settings, instance, center, program).write()
    if not process.running():
        process.start()
        report(f"Asterisk {program.version} started")
    else:
        process.hand_over()
        if changed:
            process.cli("core reload")
        report(f"Asterisk {program.version} was running and goes on")
        if outdated(instance):
            report(OUTDATED)
    return process


def sip_addresses(where: Reach) -> Iterator[tuple[str, Protocol, HostPort]]:
    """Where Asterisk takes SIP: what it is called, by which protocol, at which address."""
    yield "SIP", "udp", where.bind
    yield "SIP", "tcp", where.bind
    if where.secure_bind:
        yield "SIP over TLS", "tcp", where.secure_bind


def _check_free(where: Reach) -> None:
    """Asterisk itself would go on without the address, and be deaf."""
    for name, protocol, address in sip_addresses(where):
        if reason := obstacle(protocol, address.host, address.port):
            raise StartFailed(f"{name} cannot be taken: {protocol.upper()} {address} {reason}.\n{CHOOSE_SIP}")


def _keep_inside_free(instance: Instance, report: Report) -> None:
    """The ports between us and Asterisk are ours to choose: others are, when some program has come by one of these."""
    ports = instance.ports()
    for port in (ports.ari, ports.ami):
        if reason := obstacle("tcp", LOOPBACK, port):
            (instance.home / "ports.json").unlink()
            report(f"Port {port} inside {reason}: others are chosen")
            return


def outdated(instance: Instance) -> bool:
    """Whether Asterisk takes SIP at other addresses than those rendered last, for it binds at its start only."""
    rendered, started = instance.asterisk / "etc" / TRANSPORTS, instance.asterisk / "run/asterisk.pid"
    return started.exists() and rendered.stat().st_mtime > started.stat().st_mtime


def refresh(settings: Settings, instance: Instance, center: Center) -> None:
    """Renders for another revision of the center, and has the running Asterisk read what changed; calls go on.

    Blocking. Raises InstallError, NotAnswering."""
    program = find_or_install(instance.software, lambda _: None)
    process = AsteriskProcess(program, instance.asterisk)
    if rendering(settings, instance, center, program).write():
        process.hand_over()
        process.cli("core reload")


def accounts(center: Center, key: MasterKey, where: Reach | None) -> list[Account]:
    """The SIP accounts of the center's agents; `where` is our own Asterisk's reach."""
    media, secure = (where.media_host, where.secure) if where else (None, False)
    return [
        Account(agent.name, secret(key, agent.name), agent.title, agent.extension, media, secure)
        for agent in center.agents.values()
    ]


def secret(key: MasterKey, agent: str) -> str:
    """An agent's SIP password: follows from the master key, her login and a generation."""
    return key.derive(f"sip:{agent}:1")


def pin(key: MasterKey, agent: str) -> str:
    """What an agent keys in to sign in at another's phone; follows from the master key as her password does."""
    return key.derive_digits(f"pin:{agent}:1", PIN_LENGTH)


def rendering(settings: Settings, instance: Instance, center: Center, program: AsteriskProgram) -> Rendering:
    """What Asterisk's files say."""
    key = master_key(instance.key)
    prompt = center.prompts.get(center.language, {}).get(_UNATTENDED_PROMPT)
    where = usable(reach(settings, center.network, center.nat))
    return Rendering(
        directory=instance.asterisk,
        program=program,
        node=NODE,
        ports=instance.ports(),
        reach=where,
        trunks=center.trunks,
        certificate=certificate(settings, instance, where),
        rtp=settings.rtp,
        ari=Login(ARI_USER, key.derive("ari")),
        ami=Login(AMI_USER, key.derive("ami")),
        language=center.language,
        numbers=tuple(center.numbers),
        music=keep_music(center.music, instance.music),
        unattended=Unattended(str(prompt.path.with_suffix("")) if prompt else None, center.unattended),
    )


def certificate(settings: Settings, instance: Instance, where: Reach) -> str | None:
    """The key and certificate for TLS, as PEM; our own unless one is named. Raises SettingsError."""
    if not where.secure:
        return None
    now = SystemClock().now()
    if isinstance(settings.tls, TlsFiles):
        return given(settings.tls, now)
    names = (where.host, own_address(), LOOPBACK, socket.gethostname(), "localhost")
    return Authority(instance.tls, now).certificate(names)


def _check_readable(directory: Path) -> None:
    if (account := server_account()) and not account.can_reach(directory):
        remedy = "set THROUGHLINE_HOME to a folder that everybody can enter, or do not run as root"
        raise StartFailed(f"Asterisk runs as `nobody`, who cannot enter {directory}: {remedy}.")
