"""The spans of whole calls that are played on the fake stage, from the controller's own facts."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bridge.telemetry.spans import Spans
from tests.fakes.clock import VirtualClock, run
from tests.playbook.center import build
from tests.playbook.fake_stage import FakePlay, fake_stage
from tests.playbook.scenarios.talks import talk_and_agent_hangs_up

Act = Callable[[FakePlay], Awaitable[None]]


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("center") / "center")


def traced(act: Act, center: Path) -> list[ReadableSpan]:
    """The spans of a play, in the order of their begin."""

    async def perform() -> None:
        async with fake_stage(center) as play:
            spans = Spans(VirtualClock(), provider.get_tracer("test"), lambda _: None)
            play.app.facts.on_fact(spans.follow)
            await act(play)
            await play.settles()
        assert not spans.open

    exporter, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    run(perform())
    return sorted(exporter.get_finished_spans(), key=lambda span: (span.start_time or 0, span.context.span_id))


def told(span: ReadableSpan, *names: str) -> tuple[object, ...]:
    return tuple((span.attributes or {}).get(name) for name in names)


def of(spans: list[ReadableSpan], name: str) -> list[ReadableSpan]:
    return [span for span in spans if span.name == name]


def seconds(span: ReadableSpan) -> float:
    return ((span.end_time or 0) - (span.start_time or 0)) / 1e9


async def declined_first(play: FakePlay) -> None:
    ana, bob = await play.agent("ana"), await play.caller("bob")
    await bob.dials("1001")
    await ana.rings()
    await ana.declines()
    bruno = await play.agent("bruno")
    await bruno.rings()
    await bruno.answers()
    await play.passes(7)
    await bob.hangs_up()


async def gives_up(play: FakePlay) -> None:
    bob = await play.caller("bob")
    await bob.dials("1001")
    await play.passes(4)
    await bob.hangs_up()


def test_a_call_is_told_from_its_menu_to_its_wrap_up(center: Path) -> None:
    spans = traced(talk_and_agent_hangs_up, center)
    assert [told(span, "node", "exit") for span in of(spans, "node")][:4] == [
        ("opening", "open"),
        ("welcome", "done"),
        ("menu", "1"),
        ("sales", "served"),
    ]
    (root,) = of(spans, "interaction")
    assert {span.context.trace_id for span in spans} == {root.context.trace_id}
    assert "leg up" in [event.name for event in root.events]
    (leg,) = of(spans, "leg")  # the agent's had no time for a sound
    assert told(leg, "party", "loss") == ("caller", 0.0)
    assert (leg.end_time or 0) > (root.end_time or 0)
    assert seconds(of(spans, "wrap-up")[0]) == pytest.approx(1, abs=0.01)


def test_each_offer_stands_below_the_one_wait_and_the_talk_beside_it(center: Path) -> None:
    spans = traced(declined_first, center)
    (wait,), (talk,), (node,) = of(spans, "wait"), of(spans, "talk"), of(spans, "node")
    offers = of(spans, "offer")
    assert [told(offer, "agent", "outcome") for offer in offers] == [("ana", "refused"), ("bruno", "accepted")]
    assert {offer.parent.span_id for offer in offers if offer.parent} == {wait.context.span_id}
    assert talk.parent
    assert talk.parent.span_id == node.context.span_id
    assert told(wait, "queue", "outcome") == ("sales", "connected")
    assert [event.name for event in wait.events] == ["picked", "picked"]
    assert seconds(talk) == pytest.approx(7, abs=0.1)


def test_who_gives_up_has_a_wait_that_says_so(center: Path) -> None:
    spans = traced(gives_up, center)
    (wait,), (contact,) = of(spans, "wait"), of(spans, "contact")
    assert told(wait, "outcome") == ("abandoned",)
    assert told(contact, "outcome", "reason") == ("abandoned", "the caller hung up")
    assert seconds(wait) == pytest.approx(4, abs=0.1)
    assert not of(spans, "talk")
