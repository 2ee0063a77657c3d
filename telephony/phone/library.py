"""pjsua2 set up for one phone: no sound device, no thread of its own for SIP, one transport."""

import pjsua2 as pj

from telephony.phone.protocol import Account

SAMPLE_RATE = 8000
TRANSPORTS = {"udp": pj.PJSIP_TRANSPORT_UDP, "tcp": pj.PJSIP_TRANSPORT_TCP, "tls": pj.PJSIP_TRANSPORT_TLS}
CODECS = ("PCMU/8000", "PCMA/8000")


class Library:
    """The library of this process. Made once, polled by the thread that made it, and never destroyed.

    pjsua2 aborts when it is destroyed with calls alive and when a foreign thread enters it, so the process
    ends by os._exit. Two codecs keep an INVITE small enough for UDP and a recording comparable with what was played.
    """

    def __init__(self, account: Account) -> None:
        self._endpoint = pj.Endpoint()
        self._endpoint.libCreate()
        self._endpoint.libInit(_settings(account.log))
        self.transport = self._endpoint.transportCreate(TRANSPORTS[account.transport], local(account, account.port))
        self._endpoint.libStart()
        self._clock_runs = False
        self._prefer_codecs()
        self.start_clock()

    @property
    def address(self) -> tuple[str, int]:
        """Host and port that take SIP."""
        host, _, port = self._endpoint.transportGetInfo(self.transport).localName.rpartition(":")
        return host, int(port)

    @property
    def silence(self) -> pj.AudioMedia:
        """A source of silence, which keeps RTP flowing and the clock of a recording right."""
        return self._endpoint.audDevManager().getCaptureDevMedia()

    def poll(self, milliseconds: int) -> None:
        """Handles what has come, or waits for it so long; calls back into the calls and the account."""
        self._endpoint.libHandleEvents(milliseconds)
        self.start_clock()

    def stop_clock(self) -> None:
        """Stops sound until the next poll: RTP sent while its socket is being closed aborts the process."""
        self._endpoint.audDevManager().setNoDev()
        self._clock_runs = False

    def start_clock(self) -> None:
        """Lets sound run, as it does unless stopped."""
        if not self._clock_runs:
            self._endpoint.audDevManager().setNullDev()
            self._clock_runs = True

    def hang_up_all(self) -> None:
        """Ends every call."""
        self._endpoint.hangupAllCalls()

    def _prefer_codecs(self) -> None:
        for codec in self._endpoint.codecEnum2():
            wanted = codec.codecId.startswith(CODECS)
            self._endpoint.codecSetPriority(codec.codecId, 128 if wanted else 0)
        self._endpoint.codecSetPriority(CODECS[0], 255)


def local(account: Account, port: int) -> pj.TransportConfig:
    """A socket of this phone's own address; port 0 is a free one, above every range that servers use."""
    config = pj.TransportConfig()
    config.boundAddress = account.address
    config.port = port
    config.tlsConfig.CaListFile = account.authority
    config.tlsConfig.verifyServer = bool(account.authority)
    return config


def _settings(log: str | None) -> pj.EpConfig:
    config = pj.EpConfig()
    config.uaConfig.threadCnt = 0
    config.uaConfig.userAgent = "Throughline phone"
    config.logConfig.consoleLevel = 0
    config.logConfig.level = 5 if log else 0
    config.logConfig.filename = log or ""
    _set_media(config.medConfig)
    return config


def _set_media(media: pj.MediaConfig) -> None:
    media.clockRate = media.sndClockRate = SAMPLE_RATE
    media.noVad = True
    media.ecTailLen = 0
    media.sndAutoCloseTime = -1  # files are completed by the clock, also after the last call
    media.threadCnt = 0
    media.hasIoqueue = False
