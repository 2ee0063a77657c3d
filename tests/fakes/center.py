"""A center whose flows a test writes."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import config
from config.document import Document
from config.flows import FlowSource
from config.loader import Center, load
from config.schema import Queue
from tests.fakes.surface import prompts


@cache
def shipped() -> Center:
    """The center that ships."""
    return load(Path(config.__file__).parent / "center")


def a_center(*flows: Document) -> Center:
    """Its prompts are hello, choose, silent, wrong and bye, in English; only in German there is hallo. Its queue is
    sales. A flow's name is its file's."""
    return replace(
        shipped(),
        language="en",
        queues={"sales": Queue(name="sales", title="Sales")},
        flows={Path(flow.file).stem: FlowSource(Path(flow.file).stem, flow) for flow in flows},
        prompts={"en": prompts("hello", "choose", "silent", "wrong", "bye"), "de": prompts("hallo")},
        revision="r1",
    )
