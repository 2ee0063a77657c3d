"""Structured logs: one JSON object a line in the log file, with the interaction it belongs to."""

import atexit
import logging
import logging.handlers
import queue
from pathlib import Path
from typing import Final

import structlog

LARGEST: Final = 20 * 1024 * 1024
KEPT: Final = 5

_COMMON: Final[list[structlog.typing.Processor]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]


def to_file(file: Path) -> None:
    """Sends all logs to a file that is turned over at 20 MiB; five old ones are kept.

    A thread writes it, so that no call waits for the disk; it ends with the process, when all is written."""
    file.parent.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(handlers=[_through_a_thread(file)], level=logging.INFO, force=True)
    logging.getLogger("panoramisk").setLevel(logging.ERROR)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_COMMON, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _through_a_thread(file: Path) -> logging.Handler:
    lines: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
    entrance = logging.handlers.QueueHandler(lines)
    entrance.setFormatter(
        structlog.stdlib.ProcessorFormatter(processor=structlog.processors.JSONRenderer(), foreign_pre_chain=_COMMON)
    )
    writer = logging.handlers.RotatingFileHandler(file, maxBytes=LARGEST, backupCount=KEPT)
    thread = logging.handlers.QueueListener(lines, writer)
    thread.start()
    atexit.register(thread.stop)
    return entrance
