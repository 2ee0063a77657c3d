"""Which phones are there, from what the manager interface tells."""

from telephony.asterisk.registrations import Registrations

Told = list[tuple[str, str]]


def watched() -> tuple[Registrations, Told]:
    told: Told = []
    return Registrations(lambda phone, trouble: told.append((phone, trouble))), told


def status(registrations: Registrations, status: str, uri: str = "sip:ana@127.0.0.1:4000") -> None:
    registrations.on_event("ContactStatus", {"AOR": "ana", "URI": uri, "ContactStatus": status})


def test_a_phone_that_registers_is_reachable() -> None:
    registrations, told = watched()
    status(registrations, "Created")
    assert told[-1] == ("ana", "")


def test_a_phone_that_unregisters_is_not() -> None:
    registrations, told = watched()
    status(registrations, "Created")
    status(registrations, "Removed")
    assert told[-1] == ("ana", "is not registered")


def test_a_phone_that_does_not_answer_is_not_and_comes_back() -> None:
    registrations, told = watched()
    status(registrations, "NonQualified")
    status(registrations, "Unreachable")
    assert told[-1] == ("ana", "does not answer")
    status(registrations, "Reachable")
    assert told[-1] == ("ana", "")


def test_one_phone_of_two_is_enough() -> None:
    registrations, told = watched()
    status(registrations, "Created", "sip:ana@127.0.0.1:4000")
    status(registrations, "Created", "sip:ana@127.0.0.1:5000")
    status(registrations, "Removed", "sip:ana@127.0.0.1:4000")
    assert told[-1] == ("ana", "")


def test_what_is_shown_after_a_reconnect_is_the_whole_truth() -> None:
    registrations, told = watched()
    status(registrations, "Created")
    told.clear()
    shown = [{"Event": "ContactList", "Endpoint": "bruno", "Uri": "sip:bruno@127.0.0.1:1", "Status": "Reachable"}]
    registrations.rebuild(shown, ["ana", "bruno"])
    assert told == [("ana", "is not registered"), ("bruno", "")]


def test_other_events_say_nothing() -> None:
    registrations, told = watched()
    registrations.on_event("FullyBooted", {})
    assert told == []
