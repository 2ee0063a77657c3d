"""The pages held against the API: its types are written for TypeScript, and the compiler looks at every use.
`python -m bridge.web.types`"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any, cast

from bridge.api.app import make_api
from bridge.api.services import Services
from bridge.web.build import GENERATED, WEB, install
from bridge.web.node import BuildError, Node


def schema() -> dict[str, Any]:
    """The API as OpenAPI tells it; nothing of it runs."""
    return make_api(cast(Services, None)).openapi()


def write_types(node: Node) -> None:
    """The API's types in TypeScript, beside the sources. Raises BuildError."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "openapi.json"
        told.write_text(json.dumps(schema()))
        node.run("npm", "exec", "--", "openapi-typescript", str(told), "-o", str(GENERATED), within=WEB)


def main() -> int:
    """Writes the types and checks all sources of the pages."""
    try:
        node = install(print)
        write_types(node)
        node.run("npm", "run", "check", within=WEB)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
