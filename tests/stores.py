"""An empty store at its newest schema, made once: who only needs one copies it. Tests of the schema make their own."""

import asyncio
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from bridge.store.engine import open_store
from bridge.store.schema import make_tables


@cache
def empty_store() -> bytes:
    """Its file, for SQLite. Blocking; works beside a running event loop."""
    with tempfile.TemporaryDirectory(prefix="store-") as folder, ThreadPoolExecutor(1) as aside:
        file = Path(folder) / "throughline.sqlite"
        aside.submit(asyncio.run, _make(file)).result()
        return file.read_bytes()


async def _make(file: Path) -> None:
    engine = open_store(None, file)
    await make_tables(engine)
    await engine.dispose()
