"""The center that runs, to be read."""

from bridge.people.roles import Role
from tests.bridge.api.conftest import Center


async def test_all_files_can_be_read_by_who_watches_and_not_by_an_agent(center: Center) -> None:
    maria, ana = await center.signed_in("maria"), await center.signed_in("ana", Role.AGENT)
    shown = (await maria.gets("/configuration")).json()
    assert shown["center"]["name"] == "Harbour Lane Outdoor"
    assert {each["name"] for each in shown["queues"]} == {"sales", "support"}
    assert {"name": "welcome", "start": "welcome"}.items() <= shown["flows"][0].items() or shown["flows"]
    assert (await ana.gets("/configuration")).status_code == 403
