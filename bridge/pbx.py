"""Our Asterisk: from the center and the instance to a running one that has what it needs."""

from pathlib import Path
from typing import Final

from config.home import server_account
from config.instance import Instance
from config.loader import Center
from config.rendering import Login, Rendering, Unattended
from config.revisions import keep_music
from config.secrets import MasterKey, master_key
from config.settings import Settings
from telephony.asterisk.accounts import Account
from telephony.asterisk.apt import Report
from telephony.asterisk.install import AsteriskProgram, find_or_install
from telephony.asterisk.process import AsteriskProcess, StartFailed

NODE: Final = "one"
ARI_USER: Final = "throughline"
AMI_USER: Final = "throughline"
_UNATTENDED_PROMPT: Final = "unattended"


def bring_up(settings: Settings, instance: Instance, center: Center, report: Report) -> AsteriskProcess:
    """Installs Asterisk if it is missing, renders its files, and starts it, or adopts the one that runs.

    Blocking. Raises InstallError, StartFailed."""
    _check_readable(instance.home)
    program = find_or_install(instance.software, report)
    process = AsteriskProcess(program, instance.asterisk)
    changed = rendering(settings, instance, center, program).write()
    if not process.running():
        process.start()
        report(f"Asterisk {program.version} started")
    else:
        process.hand_over()
        if changed:
            process.cli("core reload")
        report(f"Asterisk {program.version} was running and goes on")
    return process


def refresh(settings: Settings, instance: Instance, center: Center) -> None:
    """Renders for another revision of the center, and has the running Asterisk read what changed; calls go on.

    Blocking. Raises InstallError, NotAnswering."""
    program = find_or_install(instance.software, lambda _: None)
    process = AsteriskProcess(program, instance.asterisk)
    if rendering(settings, instance, center, program).write():
        process.hand_over()
        process.cli("core reload")


def accounts(center: Center, key: MasterKey) -> list[Account]:
    """The SIP accounts of the center's agents."""
    return [
        Account(agent.name, secret(key, agent.name), agent.title, agent.extension) for agent in center.agents.values()
    ]


def secret(key: MasterKey, agent: str) -> str:
    """An agent's SIP password: follows from the master key, her login and a generation."""
    return key.derive(f"sip:{agent}:1")


def rendering(settings: Settings, instance: Instance, center: Center, program: AsteriskProgram) -> Rendering:
    """What Asterisk's files say."""
    key = master_key(instance.key)
    prompt = center.prompts.get(center.language, {}).get(_UNATTENDED_PROMPT)
    return Rendering(
        directory=instance.asterisk,
        program=program,
        node=NODE,
        ports=instance.ports(),
        sip=settings.sip,
        rtp=settings.rtp,
        ari=Login(ARI_USER, key.derive("ari")),
        ami=Login(AMI_USER, key.derive("ami")),
        language=center.language,
        numbers=tuple(center.numbers),
        music=keep_music(center.music, instance.music),
        unattended=Unattended(str(prompt.path.with_suffix("")) if prompt else None),
    )


def _check_readable(directory: Path) -> None:
    if (account := server_account()) and not account.can_reach(directory):
        remedy = "set THROUGHLINE_HOME to a folder that everybody can enter, or do not run as root"
        raise StartFailed(f"Asterisk runs as `nobody`, who cannot enter {directory}: {remedy}.")
