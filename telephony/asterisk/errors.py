"""What can go wrong between us and Asterisk."""


class AsteriskError(Exception):
    """Something Asterisk refused or did not do."""


class Refused(AsteriskError):
    """Asterisk answered a request with an error; `status` is its HTTP status."""

    def __init__(self, status: int, message: str, request: str) -> None:
        super().__init__(f"{request}: {status} {message}")
        self.status = status


class NotFound(Refused):
    """The channel, bridge or other thing is not there, or not any more (404)."""


class Conflict(Refused):
    """It is there already, or in a state that does not allow this (409)."""


class NoReply(AsteriskError):
    """Asterisk did not answer in time; what became of the request is unknown."""


class Disconnected(AsteriskError):
    """There is no connection to Asterisk now; the request was not sent, or its answer is lost."""


class Fenced(AsteriskError):
    """This controller may not act any more; nothing was sent."""


def refusal(status: int, message: str, request: str) -> Refused:
    """The error that fits a status."""
    kind = {404: NotFound, 409: Conflict}.get(status, Refused)
    return kind(status, message, request)
