"""From the center and the instance to Asterisk's configuration files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import jinja2

from config.instance import Ports
from config.reach import Reach
from config.schema import Trunk, UnattendedSection
from config.settings import PortRange
from config.timeouts import Part, options

APP: Final = "throughline"
UNSERVED: Final = "unserved"
DRAINS: Final = "THROUGHLINE_DRAINS_UNTIL"
CERTIFICATE: Final = "tls.pem"
TRANSPORTS: Final = "pjsip_transports.conf"

MODULES: Final = (
    "app_stasis",
    "app_dial",
    "app_exec",
    "app_playback",
    "app_stack",
    "app_userevent",
    "bridge_builtin_features",
    "bridge_holding",
    "bridge_native_rtp",
    "bridge_simple",
    "bridge_softmix",
    "chan_bridge_media",
    "chan_pjsip",
    "codec_a_mu",
    "codec_alaw",
    "codec_g722",
    "codec_resample",
    "codec_ulaw",
    "format_pcm",
    "format_sln",
    "format_wav",
    "func_callerid",
    "func_channel",
    "func_db",
    "func_global",
    "func_logic",
    "func_strings",
    "pbx_config",
    "res_ari",
    "res_ari_applications",
    "res_ari_asterisk",
    "res_ari_bridges",
    "res_ari_channels",
    "res_ari_endpoints",
    "res_ari_events",
    "res_ari_model",
    "res_ari_playbacks",
    "res_ari_recordings",
    "res_crypto",
    "res_http_websocket",
    "res_musiconhold",
    "res_pjproject",
    "res_pjsip",
    "res_pjsip_acl",
    "res_pjsip_authenticator_digest",
    "res_pjsip_caller_id",
    "res_pjsip_dtmf_info",
    "res_pjsip_endpoint_identifier_ip",
    "res_pjsip_endpoint_identifier_user",
    "res_pjsip_header_funcs",
    "res_pjsip_logger",
    "res_pjsip_nat",
    "res_pjsip_path",
    "res_pjsip_pubsub",
    "res_pjsip_refer",
    "res_pjsip_registrar",
    "res_pjsip_rfc3326",
    "res_pjsip_sdp_rtp",
    "res_pjsip_session",
    "res_rtp_asterisk",
    "res_security_log",
    "res_sorcery_astdb",
    "res_sorcery_config",
    "res_sorcery_memory",
    "res_sorcery_memory_cache",
    "res_srtp",
    "res_stasis",
    "res_stasis_answer",
    "res_stasis_playback",
    "res_stasis_recording",
    "res_stasis_snoop",
    "res_timing_timerfd",
    "res_websocket_client",
)


CONSTANTS: Final = {
    "app": APP,
    "modules": MODULES,
    "pem": CERTIFICATE,
    "unserved": UNSERVED,
    "drains": DRAINS,
    "limits": options(Part.DOOR),
}


@dataclass(frozen=True, slots=True)
class Login:
    """A name and its secret."""

    username: str
    password: str


@dataclass(frozen=True, slots=True)
class Unattended:
    """What callers meet while no controller is there: `rule` as the administrator wrote it, `prompt` a file without
    its ending."""

    prompt: str | None
    rule: UnattendedSection = field(default_factory=UnattendedSection)


@dataclass(frozen=True, slots=True)
class Rendering:
    """All that the templates speak of. `program` has the folders `modules` and `data` of the Asterisk that runs.

    `certificate` is a key with its certificate, as PEM, where TLS is taken."""

    directory: Path
    program: Any
    node: str
    ports: Ports
    reach: Reach
    trunks: Mapping[str, Trunk]
    certificate: str | None
    rtp: PortRange
    ari: Login
    ami: Login
    language: str
    numbers: tuple[str, ...]
    music: Mapping[str, Path]
    unattended: Unattended

    def files(self) -> dict[str, str]:
        """Each file's name and text."""
        templates = _environment()
        values = {name: getattr(self, name) for name in self.__slots__} | CONSTANTS
        rendered = {
            name.removesuffix(".j2"): templates.get_template(name).render(values) for name in templates.list_templates()
        }
        return rendered | ({CERTIFICATE: self.certificate} if self.certificate else {})

    def write(self) -> bool:
        """Writes what differs, readable by its owner only since secrets are among it; tells whether anything did."""
        etc = self.directory / "etc"
        for folder in (
            etc,
            *(self.directory / name for name in ("run", "log", "lib/keys", "spool/recording", "cache")),
        ):
            folder.mkdir(parents=True, exist_ok=True)
        written = [_write(etc / name, text) for name, text in self.files().items()]
        return any(written)


def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - these are no web pages; what goes in is checked by the schema
    )


def _write(file: Path, text: str) -> bool:
    """Leaves an equal file alone, since Asterisk looks at the time of change before it reads one again."""
    if file.exists() and file.read_text() == text:
        return False
    file.touch(mode=0o600)
    file.write_text(text)
    return True
