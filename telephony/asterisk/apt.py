"""An apt of our own: the host's mirror, proxies and keys, but none of its state, hooks or pins."""

import os
import re
import shlex
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from telephony.asterisk.mirror import debian_mirror

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
OPTIONS = "THROUGHLINE_APT_OPTIONS"
INSTEAD = "or install Asterisk 22.10.1 or newer yourself: it is then used"

Report = Callable[[str], None]


class InstallError(Exception):
    """Software could not be installed: `what` went wrong and its `remedy`, both words for a person."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}\n{remedy}")
        self.what = what
        self.remedy = remedy


@dataclass(frozen=True)
class PrivateApt:
    """apt with all of its state in one directory, for one Debian suite."""

    state: Path
    suite: str

    def download(self, packages: Sequence[str], report: Report) -> list[Path]:
        """Fetch `packages` and all they depend on, keeping what an interrupted run has fetched.

        Raises InstallError."""
        self._prepare()
        report(f"Reading the package lists of Debian {self.suite}")
        self._get("update", report=report)
        self._get("autoclean", report=report)
        self._get("install", "-y", "--no-install-recommends", "--download-only", *packages, report=report)
        return sorted((self.state / "cache/archives").glob("*.deb"))

    def _prepare(self) -> None:
        for folder in ("lists/partial", "cache/archives/partial"):
            (self.state / folder).mkdir(parents=True, exist_ok=True)
        # Nothing counts as installed: every library is fetched, also those the host has in an older version.
        (self.state / "status").write_text("")
        (self.state / "sources.list").write_text(f"deb [signed-by={_keyring()}] {_mirror()} {self.suite} main\n")
        (self.state / "apt.conf").write_text(_SETTINGS.format(state=self.state) + _host_settings())

    def _get(self, *arguments: str, report: Report) -> None:
        command = ("apt-get", *_options(), *arguments)
        environment = {**os.environ, "LC_ALL": "C", "APT_CONFIG": str(self.state / "apt.conf")}
        with _started(command, environment) as apt:
            output = list(_follow(apt.stdout or (), report))
        if apt.returncode:
            raise explain(output)


# The host's own files are not read: their hooks act on the host, and their pins are not meant for us.
_SETTINGS = """\
Dir::State "{state}";
Dir::State::lists "{state}/lists";
Dir::State::status "{state}/status";
Dir::Cache "{state}/cache";
Dir::Etc::main "/dev/null";
Dir::Etc::parts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::Etc::sourcelist "{state}/sources.list";
Dir::Etc::sourceparts "/dev/null";
APT::Sandbox::User "root";
APT::Status-Fd "1";
APT::Update::Error-Mode "any";
Acquire::Languages "none";
"""
_FROM_HOST = re.compile(r"Acquire::(?!IndexTargets|Languages|Changelogs)|APT::Architecture ")


def _host_settings() -> str:
    """The host's proxies, time-outs and architecture, as apt itself understands them."""
    lines = run("apt-config", "dump").splitlines(keepends=True)
    kept = [line for line in lines if _FROM_HOST.match(line)]
    no_foreign = [line.replace("Architecture", "Architectures::") for line in kept if line.startswith("APT::")]
    return "".join(kept + no_foreign)


def _options() -> list[str]:
    try:
        return shlex.split(os.environ.get(OPTIONS, ""))
    except ValueError as error:
        raise InstallError(f"{OPTIONS} cannot be read: {error}.", "Write it as for a shell: -o Name=value.") from error


def _keyring() -> Path:
    if not KEYRING.is_file():
        what = "Debian's archive keys are not on this machine."
        raise InstallError(what, f"Install the package debian-archive-keyring, {INSTEAD}.")
    return KEYRING


def _mirror() -> str:
    if uri := debian_mirror():
        return uri
    what = "The apt sources of this machine name no Debian mirror."
    raise InstallError(what, f"Add one for your release, {INSTEAD}.")


def run(*command: str) -> str:
    """What `command` prints; raises InstallError when it fails or is not on this machine."""
    with _started(command, {**os.environ, "LC_ALL": "C"}) as process:
        output, _ = process.communicate()
    if process.returncode:
        raise explain(output.splitlines())
    return output


def _started(command: Sequence[str], environment: dict[str, str]) -> subprocess.Popen[str]:
    pipe, both = subprocess.PIPE, subprocess.STDOUT
    try:
        return subprocess.Popen(command, env=environment, stdout=pipe, stderr=both, text=True)
    except (FileNotFoundError, PermissionError) as error:
        raise InstallError(f"This machine has no {command[0]}.", f"Install it, {INSTEAD}.") from error


_TOLD = (
    (re.compile(r"Need to get (.+) of archives"), r"Downloading \1"),
    (re.compile(r"Fetched (.+) in (\S+)"), r"Downloaded \1 in \2"),
)


def _follow(output: Iterable[str], report: Report) -> Iterator[str]:
    """Pass apt's output on, and report how far it is."""
    told = 0
    for line in output:
        if status := re.match(r"dlstatus:\d+:(\d+)", line):
            quarter = int(status[1]) // 25 * 25
            if told < quarter < 100:
                report(f"Downloaded {quarter} %")
            told = max(told, quarter)
        else:
            yield line
            _tell(line, report)


def _tell(line: str, report: Report) -> None:
    for pattern, words in _TOLD:
        if match := pattern.match(line):
            report(match.expand(words))


_MIRROR_LACKS = f"Name a full Debian mirror in this machine's apt sources, {INSTEAD}."
_CAUSES = (
    (
        "No space left|enough free space",
        "The disk is full",
        "Make room (about 600 MB), or set THROUGHLINE_HOME to a folder on another disk.",
    ),
    (
        "is expired",
        "The mirror's package lists have expired",
        f"Check this machine's clock. Is the mirror old on purpose? {OPTIONS}='-o Acquire::Check-Valid-Until=false'",
    ),
    (
        "not valid yet",
        "The mirror's package lists are from the future",
        "This machine's clock is behind: set it.",
    ),
    (
        "failure resolving|could not resolve|could not connect|unable to connect|timed out|unreachable",
        "The Debian mirror of this machine cannot be reached",
        "Check the network and apt's proxy, and run again: what was downloaded is kept.",
    ),
    (
        "Unable to locate package|no installation candidate|unmet dependencies",
        "The Debian mirror of this machine lacks a package",
        _MIRROR_LACKS,
    ),
    (
        "NO_PUBKEY|is not signed|invalid signature",
        "The mirror is signed by a key that this machine does not know",
        "Upgrade the package debian-archive-keyring.",
    ),
    (
        "have a Release file",
        "The Debian mirror of this machine lacks the release that is needed",
        _MIRROR_LACKS,
    ),
)


def explain(output: Sequence[str]) -> InstallError:
    """The error that tells a person what apt's or dpkg's `output` means."""
    errors = [line.strip() for line in output if re.match("E:|W:|Err:|dpkg|tar", line)]
    text = "\n".join(errors or output)
    for pattern, what, remedy in _CAUSES:
        if line := re.search(f"^.*(?:{pattern}).*$", text, re.IGNORECASE | re.MULTILINE):
            return InstallError(f"{what}: {line[0]}", remedy)
    return InstallError(f"apt failed: {text}", f"{OPTIONS} can give apt further options.")
