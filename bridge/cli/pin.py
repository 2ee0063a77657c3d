"""throughline pin: what an agent keys in at another's phone."""

from typing import Annotated

import typer

from bridge.cli._place import here, told
from bridge.cli.sip import center_with
from bridge.pbx import pin as pin_of
from config.secrets import master_key


def pin(agent: Annotated[str, typer.Argument(help="The agent's login, such as ana.")]) -> None:
    """Print the PIN with which an agent signs in at a colleague's phone.

    There she dials *1 and her own extension, such as *12001, and keys it in.

    Example: throughline pin ana
    """
    with told():
        place = here()
        center_with(agent, place)
        print(pin_of(master_key(place.instance.key), agent))
