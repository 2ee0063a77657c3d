"""What each file may hold: defaults, limits, and nothing undeclared."""

from datetime import date
from ipaddress import IPv4Network
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from config.addresses import PRIVATE
from config.hours import Opening
from config.schema import Agent, CenterSection, HoursSection, Queue, Section

CENTER = {"name": "Harbour Lane", "timezone": "Europe/London"}
AGENT = {"name": "ana", "title": "Ana", "extension": 2001, "queues": ["sales"]}
QUEUE = {"name": "sales", "title": "Sales"}
HOURS = {"name": "shop", "week": {"mon-fri": ["09:00-17:00"]}}


def test_the_defaults_of_a_center() -> None:
    center = CenterSection.model_validate(CENTER)
    assert (center.language, center.network, center.numbers) == ("en", "loopback", {})
    assert (center.nat, center.trunks) == (None, {})
    assert center.timezone == ZoneInfo("Europe/London")


def test_a_center_behind_nat_with_a_trunk() -> None:
    trunks = {"carrier": {"hosts": ["198.51.100.10"]}}
    center = CenterSection.model_validate({**CENTER, "nat": {"public_address": "203.0.113.7"}, "trunks": trunks})
    assert center.nat is not None
    assert (center.nat.media_address, center.nat.local_networks) == (None, PRIVATE)
    assert center.trunks["carrier"].hosts == (IPv4Network("198.51.100.10/32"),)
    assert center.trunks["carrier"].codecs == ("ulaw", "alaw", "g722")


def test_the_defaults_of_a_queue() -> None:
    queue = Queue.model_validate(QUEUE)
    assert (queue.strategy, queue.music, queue.hours) == ("longest_idle", "default", None)
    assert (queue.ring_time, queue.wrap_up, queue.max_wait, queue.service_level) == (20, 10, None, 20)


def test_an_agent() -> None:
    agent = Agent.model_validate(AGENT)
    assert (agent.name, agent.title, agent.extension, agent.queues) == ("ana", "Ana", "2001", ("sales",))


def test_hours_with_closed_and_shortened_days() -> None:
    holidays = {"2026-12-25": "Christmas", "2026-12-24": {"name": "Eve", "open": ["09:00-12:00"]}}
    hours = HoursSection.model_validate({**HOURS, "timezone": "Asia/Tokyo", "holidays": holidays})
    assert hours.timezone == ZoneInfo("Asia/Tokyo")
    assert hours.holidays[date(2026, 12, 25)].open == ()
    assert hours.holidays[date(2026, 12, 24)].open == (Opening(540, 720),)


def test_sections_are_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Queue.model_validate(QUEUE).title = "Other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("model", "data"),
    [
        (CenterSection, {**CENTER, "network": "closed"}),
        (CenterSection, {**CENTER, "timezone": None}),
        (CenterSection, {**CENTER, "numbers": {"x": {"flow": "a"}}}),
        (CenterSection, {**CENTER, "numbers": {"1": "welcome"}}),
        (CenterSection, {**CENTER, "numbers": ["1000"]}),
        (CenterSection, {**CENTER, "owner": "me"}),
        (CenterSection, {**CENTER, "nat": {}}),
        (CenterSection, {**CENTER, "nat": "203.0.113.7"}),
        (CenterSection, {**CENTER, "nat": {"public_address": "203.0.113.7", "local_networks": []}}),
        (CenterSection, {**CENTER, "trunks": {"carrier": {}}}),
        (CenterSection, {**CENTER, "trunks": {"Carrier": {"hosts": ["198.51.100.10"]}}}),
        (CenterSection, {**CENTER, "trunks": {"carrier": {"hosts": "198.51.100.10"}}}),
        (CenterSection, {**CENTER, "trunks": {"carrier": {"hosts": ["198.51.100.10"], "codecs": []}}}),
        (CenterSection, {**CENTER, "trunks": {"carrier": {"hosts": ["198.51.100.10"], "codecs": ["g729"]}}}),
        (Queue, {**QUEUE, "ring_time": "4 s"}),
        (Queue, {**QUEUE, "ring_time": "121 s"}),
        (Queue, {**QUEUE, "wrap_up": "11 min"}),
        (Queue, {**QUEUE, "max_wait": 0}),
        (Queue, {**QUEUE, "service_level": 0}),
        (Queue, {**QUEUE, "strategy": 1}),
        (Agent, {**AGENT, "queues": "sales"}),
        (Agent, {**AGENT, "queues": ["sales", "sales"]}),
        (Agent, {**AGENT, "queues": [1]}),
        (Agent, {"name": "ana", "title": "Ana"}),
        (HoursSection, {**HOURS, "week": {"mon": "09:00-17:00"}}),
        (HoursSection, {**HOURS, "week": {"mon": ["09:00-17:00", "16:00-18:00"]}}),
        (HoursSection, {**HOURS, "week": {"mon-tue": [], "tue": []}}),
        (HoursSection, {**HOURS, "holidays": {"2026-12-25": None}}),
        (HoursSection, {**HOURS, "holidays": {"2026-12-25": {"name": "Eve", "opne": []}}}),
    ],
)
def test_what_a_section_refuses(model: type[Section], data: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(data)
