"""The SIP side of a phone's account: its addresses, its registration, and the calls that arrive for it."""

from typing import Protocol
from urllib.parse import quote

import pjsua2 as pj

from telephony.phone.call import Owner, guarded
from telephony.phone.library import Library, local
from telephony.phone.protocol import Account, Registered, Unregistered

SAFE_IN_USER = "+*-_.!~'()&=,;?/$"
SRTP = {"off": pj.PJMEDIA_SRTP_DISABLED, "offered": pj.PJMEDIA_SRTP_OPTIONAL, "required": pj.PJMEDIA_SRTP_MANDATORY}
RETRY_SECONDS = 3
RETRY_SPREAD = 1


class Host(Owner, Protocol):
    """What an account needs of its phone, beyond what a call needs."""

    def arrived(self, sip_id: int, message: str) -> None:
        """An INVITE came; it must be given a call before this returns."""


class SipAccount(pj.Account):  # type: ignore[misc]
    """The account in the library; it registers only when told to."""

    def __init__(self, owner: Host) -> None:
        super().__init__()
        self.owner = owner
        self.registered = False
        self.create(_configuration(owner.account, owner.library))

    def register(self, wanted: bool) -> None:
        """Registers, or takes it back; raises ValueError for a caller, pj.Error while the last time goes on."""
        if not self.owner.account.register:
            raise ValueError("this phone is an outside caller and does not register")
        self.setRegistration(wanted)

    @guarded
    def onRegState(self, parameters: pj.OnRegStateParam) -> None:
        """The registrar answered, or did not."""
        self.registered = parameters.code // 100 == 2 and parameters.expiration > 0
        if self.registered:
            self.owner.emit(Registered(seconds=parameters.expiration))
        else:
            self.owner.emit(Unregistered(code=parameters.code, reason=parameters.reason))

    @guarded
    def onIncomingCall(self, parameters: pj.OnIncomingCallParam) -> None:
        """Somebody calls."""
        self.owner.arrived(parameters.callId, parameters.rdata.wholeMsg)


def address_of(account: Account, target: str) -> str:
    """The URI to call: a number is one at the account's server."""
    if target.startswith(("sip:", "sips:", "<", '"')):
        return target
    return _uri(account, f"{quote(target, safe=SAFE_IN_USER)}@{account.server}")


def _uri(account: Account, rest: str) -> str:
    return f"sip:{rest}" if account.transport == "udp" else f"sip:{rest};transport={account.transport}"


def _identity(account: Account) -> str:
    name = account.display_name.replace("\\", "\\\\").replace('"', '\\"')
    uri = f"sip:{quote(account.username, safe=SAFE_IN_USER)}@{account.domain or account.server}"
    return f'"{name}" <{uri}>' if name else f"<{uri}>"


def _configuration(account: Account, library: Library) -> pj.AccountConfig:
    config = pj.AccountConfig()
    config.idUri = _identity(account)
    config.sipConfig.transportId = library.transport
    config.mediaConfig.transportConfig = local(account, 0)
    config.mediaConfig.srtpUse = SRTP[account.srtp]
    config.mediaConfig.srtpSecureSignaling = 1 if account.srtp == "required" else 0
    # Whoever is called must find a phone behind NAT by itself; one that helps would hide that it does not.
    config.natConfig.contactRewriteUse = config.natConfig.viaRewriteUse = 0
    if account.register:
        _set_registrar(config.regConfig, account)
    if account.password:
        login = pj.AuthCredInfo("digest", "*", account.username, 0, account.password)
        config.sipConfig.authCreds.append(login)
    return config


def _set_registrar(registration: pj.AccountRegConfig, account: Account) -> None:
    registration.registrarUri = _uri(account, account.server)
    registration.registerOnAdd = False
    registration.timeoutSec = account.expires
    registration.retryIntervalSec = RETRY_SECONDS
    registration.randomRetryIntervalSec = RETRY_SPREAD
