"""Interactions as they are listed and told."""

from bridge.people.roles import Role
from tests.bridge.api.conftest import Center
from tests.bridge.facts_of_calls import a_call, a_call_cut_off, a_caller_unserved


async def test_the_newest_come_first_page_by_page(center: Center) -> None:
    maria = await center.signed_in("maria")
    calls = [a_call(customer=f"+49{number}") for number in range(5)]
    for call in calls:
        await center.told(call)
    seen: list[str] = []
    cursor = None
    while cursor or not seen:
        page = (await maria.gets("/interactions", limit=2, **({"cursor": cursor} if cursor else {}))).json()
        seen += [each["customer"]["number"] for each in page["items"]]
        cursor = page["next_cursor"]
    assert seen == [f"+49{number}" for number in reversed(range(5))]


async def test_one_is_told_with_its_contacts_and_all_that_happened(center: Center) -> None:
    maria, call = await center.signed_in("maria"), a_call(agent="ana", name="Ada")
    await center.told(call)
    told = (await maria.gets(f"/interactions/{call[0].interaction_id}")).json()
    assert (told["customer"]["name"], told["agent"], told["queue"], told["state"]) == ("Ada", "ana", "sales", "closed")
    assert [each["state"] for each in told["contacts"]] == ["closed"]
    assert any("ana" in each["text"] for each in told["timeline"])


async def test_a_list_is_narrowed(center: Center) -> None:
    maria = await center.signed_in("maria")
    done, going = a_call(agent="ana"), a_call(agent="bruno")
    await center.told([*done, *going[:6]])
    for query, wanted in (
        ({"state": "open"}, [going]),
        ({"state": "closed"}, [done]),
        ({"agent": "ana"}, [done]),
        ({"queue": "sales"}, [going, done]),
        ({"queue": "support"}, []),
    ):
        found = (await maria.gets("/interactions", **query)).json()["items"]
        assert [each["id"] for each in found] == [call[0].interaction_id for call in wanted]


async def test_who_may_want_to_be_called_back_is_listed(center: Center) -> None:
    maria, ana = await center.signed_in("maria"), await center.signed_in("ana", Role.AGENT, agent="ana")
    cut, away = a_call_cut_off(customer="+491"), a_caller_unserved(customer="492")
    await center.told([*a_call(), *cut, away])
    found = (await maria.gets("/interactions", cut_off=True)).json()["items"]
    assert [(each["customer"]["number"], each["cut_off"]["state"]) for each in found] == [
        ("492", "unserved"),
        ("+491", "queued"),
    ]
    assert [each["cut_off"] for each in (await maria.gets("/interactions")).json()["items"]].count(None) == 1
    told = (await maria.gets(f"/interactions/{away.interaction_id}")).json()
    assert told["timeline"][0]["text"] == "492 reached 1000 while nobody was in control, and was turned away"
    assert (await ana.gets("/interactions", cut_off=True)).json()["items"] == []


async def test_an_agent_sees_those_in_which_she_took_part_and_no_others(center: Center) -> None:
    ana = await center.signed_in("ana", Role.AGENT, agent="ana")
    hers, anothers = a_call(agent="ana"), a_call(agent="bruno")
    await center.told([*hers, *anothers])
    found = (await ana.gets("/interactions")).json()["items"]
    assert [each["id"] for each in found] == [hers[0].interaction_id]
    assert (await ana.gets(f"/interactions/{hers[0].interaction_id}")).status_code == 200
    assert (await ana.gets(f"/interactions/{anothers[0].interaction_id}")).status_code == 404


async def test_an_agent_without_a_login_of_an_agent_sees_none(center: Center) -> None:
    nobody = await center.signed_in("nobody", Role.AGENT)
    await center.told(a_call())
    assert (await nobody.gets("/interactions")).json()["items"] == []


async def test_a_contact_leads_to_its_interaction_for_who_may_see_it(center: Center) -> None:
    maria, ana = await center.signed_in("maria"), await center.signed_in("ana", Role.AGENT, agent="ana")
    call = a_call(agent="bruno")
    await center.told(call)
    (contact,) = (await maria.gets(f"/interactions/{call[0].interaction_id}")).json()["contacts"]
    shown = (await maria.gets(f"/contacts/{contact['id']}")).json()
    assert shown == contact | {"interaction_id": call[0].interaction_id}
    assert (await ana.gets(f"/contacts/{contact['id']}")).status_code == 404
    assert (await maria.gets("/contacts/nothing")).status_code == 404


async def test_a_supervisor_ends_any_call_and_an_agent_her_own(center: Center) -> None:
    maria, ana = await center.signed_in("maria"), await center.signed_in("ana", Role.AGENT, agent="ana")
    going, anothers = a_call(agent="ana")[:12], a_call(agent="bruno")[:12]
    await center.told([*going, *anothers])
    contact, other = (next(f.contact_id for f in call if hasattr(f, "contact_id")) for call in (going, anothers))
    assert (await ana.sends("POST", f"/contacts/{contact}/end")).status_code == 202
    assert (await ana.sends("POST", f"/contacts/{other}/end")).status_code == 404
    assert (await maria.sends("POST", f"/contacts/{other}/end")).status_code == 202
    assert (await maria.sends("POST", "/contacts/nobody/end")).status_code == 404
    assert center.ended == [contact, other, "nobody"]


async def test_what_is_only_offered_to_an_agent_is_not_hers_to_end(center: Center) -> None:
    ana, offered = await center.signed_in("ana", Role.AGENT, agent="ana"), a_call(agent="ana")[:9]
    await center.told(offered)
    contact = next(fact.contact_id for fact in offered if hasattr(fact, "contact_id"))
    assert (await ana.sends("POST", f"/contacts/{contact}/end")).status_code == 404


async def test_who_only_looks_ends_no_call(center: Center) -> None:
    auditor = await center.signed_in("auditor", Role.AUDITOR)
    assert (await auditor.sends("POST", "/contacts/x/end")).status_code == 403
