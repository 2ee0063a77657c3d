"""The HTTP door of a controller: the API and the pages, joined to the app."""

import socket

from bridge.api.app import make_api
from bridge.api.limits import Limits
from bridge.api.revocations import Revocations
from bridge.api.server import Certificate, HttpServer
from bridge.api.services import Services
from bridge.app import App
from bridge.feed import Feed
from bridge.web.pages import mount_pages
from config.certificates import Authority
from config.instance import Instance
from config.reach import LOOPBACK, own_address
from config.settings import ANY_ADDRESS, Settings, TlsFiles, is_encrypted
from telephony.clock import Clock


class HttpDoor:
    """Serves until it is closed; calls need none of it."""

    def __init__(self, app: App, settings: Settings, instance: Instance, clock: Clock) -> None:
        self._feed = Feed(instance.journal, app.journal.last)
        app.journal.on_durable(self._feed.notice)
        self.services = Services(
            acd=app.acd,
            clock=clock,
            engine=app.engine,
            feed=self._feed,
            floor=app.floor,
            register=app.register,
            center=lambda: app.whole.center,
            flows=lambda: app.whole.flows,
            status=app.status,
            end_contact=app.end_contact,
            metrics=app.metrics.exposition,
            limits=Limits(clock),
            revocations=Revocations(),
        )
        app.register.on_revoked(self.services.revocations.revoked)
        pages = make_api(self.services)
        mount_pages(pages)
        self._server = HttpServer(pages, settings.http, certificate(settings, instance, clock), clock)

    def start(self) -> None:
        """Opens."""
        self._server.start()

    async def close(self) -> None:
        """Closes."""
        await self._server.close()
        await self._feed.close()


def certificate(settings: Settings, instance: Instance, clock: Clock) -> Certificate | None:
    """The PEM files for HTTPS: given ones, or one of our own authority."""
    if not is_encrypted(settings):
        return None
    if isinstance(settings.tls, TlsFiles):
        return Certificate(settings.tls.certificate, settings.tls.key)
    authority = Authority(instance.tls, clock.now())
    given = () if settings.http.host in ANY_ADDRESS else (settings.http.host,)
    authority.certificate((*given, own_address(), LOOPBACK, socket.gethostname(), "localhost"), "https")
    return Certificate(authority.file("https"))
