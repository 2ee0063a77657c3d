"""The container's health check: whether callers are served now, by /readyz. Ends with 0 or 1."""

import ssl
import sys
import urllib.error
import urllib.request

from config.settings import ANY_ADDRESS, HostPort, Settings, is_encrypted

WITHIN = 4.0


def address(settings: Settings) -> str:
    """Where it is asked, from inside."""
    host = "127.0.0.1" if settings.http.host in ANY_ADDRESS else settings.http.host
    return f"http{'s' * is_encrypted(settings)}://{HostPort(host, settings.http.port)}/readyz"


def ready(url: str) -> bool:
    """Whether it answers with 200. The certificate may be for another name: it is our own machine that we ask."""
    unverified = ssl.create_default_context()
    unverified.check_hostname, unverified.verify_mode = False, ssl.CERT_NONE
    try:
        with urllib.request.urlopen(url, timeout=WITHIN, context=unverified) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


if __name__ == "__main__":
    sys.exit(0 if ready(address(Settings.read())) else 1)
