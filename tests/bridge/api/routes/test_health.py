"""What a watchdog asks."""

from bridge.people.roles import Role
from tests.bridge.api.conftest import Center


async def test_it_lives_and_is_ready_while_asterisk_is_there(center: Center) -> None:
    watchdog = (await center.somebody()).client
    assert (await watchdog.get("/healthz")).json() == {"status": "ok"}
    assert (await watchdog.get("/readyz")).status_code == 200
    center.ready = False
    answer = await watchdog.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (503, False)


async def test_a_full_disk_keeps_nobody_from_calling_and_is_told(center: Center) -> None:
    center.journal.hindrance.met("the disk is full", 1)
    answer = await (await center.somebody()).client.get("/readyz")
    assert (answer.status_code, answer.json()["journal"]) == (200, False)


async def test_figures_are_for_who_may_read_them(center: Center) -> None:
    assert (await (await center.somebody()).client.get("/metrics")).status_code == 401
    maria = await center.signed_in("maria", Role.AUDITOR)
    answer = await maria.client.get("/metrics")
    assert answer.text == "throughline_up 1\n"
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
