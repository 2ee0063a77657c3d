"""An Asterisk of somebody else's: its own process, with files that an administrator wrote by hand."""

import re
from dataclasses import dataclass
from pathlib import Path

from config.instance import free_ports
from telephony.asterisk.install import AsteriskProgram
from telephony.asterisk.process import AsteriskProcess

ARI_PASSWORD = "p@ss,word/1"
AMI_PASSWORD = "manager-secret"

WRITTEN = {
    "asterisk.conf": """\
[directories]
astetcdir => {folder}/etc
astmoddir => {program.modules}
astdatadir => {program.data}
astvarlibdir => {folder}/lib
astdbdir => {folder}/lib
astkeydir => {folder}/lib
astagidir => {folder}/lib
astspooldir => {folder}/spool
astrundir => {folder}/run
astlogdir => {folder}/log
""",
    "logger.conf": "[logfiles]\nmessages.log => notice,warning,error\n",
    "modules.conf": """\
[modules]
autoload = yes
noload = bridge_holding.so
noload = chan_iax2.so
noload = chan_mgcp.so
noload = chan_skinny.so
noload = chan_unistim.so
noload = pbx_dundi.so
""",
    "http.conf": "[general]\nenabled = yes\nbindaddr = 127.0.0.1\nbindport = {ari}\n",
    "ari.conf": "[general]\nenabled = yes\n\n[center]\ntype = user\nread_only = yes\npassword = {ari_password}\n",
    "manager.conf": """\
[general]
enabled = yes
bindaddr = 127.0.0.1
port = {ami}

[center]
secret = {ami_password}
read = call
write = call
""",
    "pjsip.conf": """\
[office]
type = transport
protocol = udp
bind = 127.0.0.1:{sip}

[carrier]
type = endpoint
context = callers
disallow = all
allow = ulaw
direct_media = no

[carrier]
type = identify
endpoint = carrier
match = 127.0.0.1/32

[doorbell]
type = endpoint
context = office
accountcode = house

[ana]
type = endpoint
context = office
""",
    "extensions.conf": "[office]\nexten => 100,1,Hangup()\n",
    "indications.conf": "[general]\n",
    "rtp.conf": "[general]\nrtpstart = {rtp}\nrtpend = {rtp_end}\n",
}


@dataclass(frozen=True)
class Foreign:
    """Its folder, its process and its ports."""

    folder: Path
    process: AsteriskProcess
    sip: int
    ari: int
    ami: int

    @property
    def doors(self) -> str:
        """As THROUGHLINE_ASTERISK names it."""
        ari = f"http://center:p%40ss%2Cword%2F1@127.0.0.1:{self.ari}"
        return f"{ari},ami://center:{AMI_PASSWORD}@127.0.0.1:{self.ami}"

    def follow(self, remedy: str) -> None:
        """Does what a remedy says: puts its lines into the file that it names, in place of sections of those names."""
        named, _, lines = remedy.partition("\n")
        if not (found := re.search(r"[a-z_]+\.conf", named)) or not lines:
            return
        file = self.folder / "etc" / found[0]
        text = file.read_text() if file.exists() else ""
        secret = {"ari.conf": ARI_PASSWORD, "manager.conf": AMI_PASSWORD}.get(file.name, "")
        file.write_text(_merged(text, lines.replace("THE-PASSWORD-IN-THROUGHLINE_ASTERISK", secret)))

    def change(self, name: str, was: str, now: str) -> None:
        """Edits a file by hand."""
        file = self.folder / "etc" / name
        assert was in file.read_text()
        file.write_text(file.read_text().replace(was, now))

    def restart(self) -> None:
        """Ends it and starts it anew."""
        self.process.stop()
        self.process.start()


def foreign(folder: Path, program: AsteriskProgram) -> Foreign:
    """One in `folder`, not started yet."""
    ari, ami, sip, rtp = free_ports(4)
    low = 41000 + rtp % 50 * 200
    values = {"ari": ari, "ami": ami, "sip": sip, "rtp": low, "rtp_end": low + 198, "folder": folder}
    values |= {"program": program, "ari_password": ARI_PASSWORD, "ami_password": AMI_PASSWORD}
    for name in ("etc", "lib", "spool"):
        (folder / name).mkdir()
    for name, text in WRITTEN.items():
        (folder / "etc" / name).write_text(text.format(**values))
    return Foreign(folder, AsteriskProcess(program, folder), sip, ari, ami)


def _merged(text: str, lines: str) -> str:
    if not lines.startswith("["):
        kept = [line for line in text.splitlines() if line.replace("noload", "load") not in lines.splitlines()]
        return "\n".join([*kept, lines, ""])
    for section in filter(None, re.split(r"(?m)^(?=\[)", lines)):
        name = section.partition("\n")[0]
        text = re.sub(rf"(?ms)^{re.escape(name)}\n.*?(?=^\[|\Z)", "", text) + f"\n{section.rstrip()}\n"
    return text
