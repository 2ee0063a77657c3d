"""The files of flows, found and read; what they mean is checked by whoever runs them."""

import re
from dataclasses import dataclass

from config.document import Document
from config.fields import NAME
from config.files import CenterFiles


@dataclass(frozen=True, slots=True)
class FlowSource:
    """flows/<name>.yaml, its fields not yet looked at."""

    name: str
    document: Document


def read_flows(files: CenterFiles) -> dict[str, FlowSource]:
    """Every flow by its name."""
    flows: dict[str, FlowSource] = {}
    for path in files.listed("flows"):
        if path.suffix == ".yml" or (path.suffix == ".yaml" and not re.fullmatch(NAME, path.stem)):
            files.fault(path, "has a name that is not possible here", "Name it like `opening-hours.yaml`.")
        if path.suffix == ".yaml":
            flows[path.stem] = FlowSource(path.stem, files.read(files.name(path)))
    return flows
