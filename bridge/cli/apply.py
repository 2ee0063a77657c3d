"""throughline apply: takes the center's files into use without touching a call."""

import typer
from rich.console import Console

from bridge.center import read_center
from bridge.cli._place import fail, here, revisions, told
from bridge.control import NotRunning, ask
from bridge.pbx import OUTDATED, outdated


def apply() -> None:
    """Check the center's files and take them into use: for new calls, and at once for queues and agents.

    Files with a fault change nothing: what runs goes on, and every fault is told.

    Example: throughline apply
    """
    with told():
        place = here()
        center = read_center(place.center).center
        kept = revisions(place)
        kept.keep(center)
        try:
            answer = ask(place.instance.control, "apply", revision=center.revision)
        except NotRunning:
            kept.make_current(center.revision)
            Console().print(f"Revision {center.revision} is kept: nothing runs now, it takes effect at the next run.")
            raise typer.Exit from None
        except TimeoutError:
            fail("The controller gave no answer; what runs is unchanged. Its log tells more.")
        if answer.error:
            fail(answer.error)
        kept.make_current(center.revision)
    was = answer.result["was"]
    same = was == center.revision
    Console().print(f"Revision {was} runs already." if same else f"Revision {center.revision} runs now, after {was}.")
    if place.foreign:
        Console().print(
            "Asterisk's own files are not ours: `throughline doctor` tells what they lack now.", soft_wrap=True
        )
    elif outdated(place.instance):
        Console().print(f"{OUTDATED}.")
