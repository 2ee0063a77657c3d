"""Queues and agents as they are now."""

from typing import Any

from bridge.people.roles import Role
from telephony.agent import Presence
from tests.bridge.api.conftest import Center, Person


async def line(person: Person, name: str) -> dict[str, Any]:
    agents = (await person.gets("/agents")).json()["items"]
    return dict(next(each for each in agents if each["name"] == name))


async def test_each_agent_has_a_line_that_says_what_she_is_to_the_router(center: Center) -> None:
    maria = await center.signed_in("maria")
    ana = await line(maria, "ana")
    assert (ana["fit"], ana["line"]) == (False, ana["line"])
    assert ana["line"]["text"] == "Her phone is not registered"
    center.acd.staff.phone_seen("ana")
    assert (await line(maria, "ana"))["fit"] is True
    center.acd.staff.choose("ana", Presence.AWAY, "lunch")
    away = await line(maria, "ana")
    assert (away["presence"], away["presence_reason"]) == ("away", "lunch")
    assert away["line"]["code"] == "away"


async def test_queues_tell_who_could_take_a_contact(center: Center) -> None:
    maria = await center.signed_in("maria")
    center.acd.staff.phone_seen("ana")
    queues = {each["name"]: each for each in (await maria.gets("/queues")).json()["items"]}
    assert (queues["sales"]["agents_free"], queues["sales"]["agents_total"], queues["sales"]["waiting"]) == (1, 3, 0)
    assert queues["sales"]["open"] is True


async def test_an_agent_chooses_for_herself_only_and_a_supervisor_for_all(center: Center) -> None:
    maria, ana = await center.signed_in("maria"), await center.signed_in("ana", Role.AGENT, agent="ana")
    away = {"presence": "away", "reason": "lunch"}
    assert (await ana.sends("PUT", "/agents/ana/presence", away)).json()["presence"] == "away"
    assert (await ana.sends("PUT", "/agents/bruno/presence", away)).status_code == 404
    assert (await maria.sends("PUT", "/agents/bruno/presence", away)).status_code == 200
    assert (await maria.sends("PUT", "/agents/nobody/presence", away)).status_code == 404
    assert (await maria.sends("PUT", "/agents/ana/presence", {"presence": "unresponsive"})).status_code == 422
