"""What a collector receives of a call, by OTLP over HTTP; and that one that is away or slow costs a call nothing."""

import asyncio
import threading

import pytest

from bridge.telemetry.tracing import COLLECTOR, Tracing, wanted
from telephony.clock import SystemClock
from telephony.events import ContactArrived
from tests.bridge.facts_of_calls import a_call
from tests.bridge.telemetry.collector import attributes, collecting

CALLS = 500
NOBODY = "http://127.0.0.1:1"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in COLLECTOR:
        monkeypatch.delenv(name, raising=False)
    return


def test_without_a_collector_there_is_no_tracing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not wanted()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", NOBODY)
    assert wanted()


async def test_a_collector_receives_the_tree_of_a_call(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = a_call(agent="ana", customer="+4930123456", name="Ada Lovelace")
    with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.address)
        tracing = Tracing(SystemClock())
        for fact in facts:
            tracing.follow(fact)
        await tracing.close()
    assert collector.service == "throughline"
    assert collector.tree() == [
        "interaction",
        "  contact",
        "    node",
        "      wait",
        "        offer",
        "      talk",
        "    wrap-up",
    ]
    (trace,) = {span.trace_id.hex() for span in collector.spans}
    assert trace == facts[0].interaction_id.replace("-", "")
    said = str([(attributes(span), [attributes(each) for each in span.events]) for span in collector.spans])
    assert "4930123456" not in said
    assert "Ada" not in said


async def test_a_collector_that_is_away_or_slow_holds_up_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many times as many spans as the queue takes: they are dropped, and memory stays as it is.

    Nobody is waited for: a collector that answers nothing would hold all this up for ever."""
    with collecting(slow=True) as slow:
        for address in (NOBODY, slow.address):
            monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
            tracing = Tracing(SystemClock())
            async with asyncio.timeout(30):
                for facts in [a_call() for _ in range(CALLS)]:
                    for fact in facts:
                        tracing.follow(fact)
                    await asyncio.sleep(0)
                await tracing.close(within=0.2)
            if address == NOBODY:
                await asyncio.to_thread(ended)
            assert not tracing._spans.open
        assert slow.requests >= 1


def ended() -> None:
    """Nothing tries again in the background."""
    for each in threading.enumerate():
        if each.name.startswith("Otel"):
            each.join(5)
            assert not each.is_alive(), each.name


async def test_a_contact_of_an_earlier_controller_has_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.address)
        tracing = Tracing(SystemClock())
        for fact in a_call():
            if not isinstance(fact, ContactArrived):
                tracing.follow(fact)
        await tracing.close()
    assert not collector.spans
