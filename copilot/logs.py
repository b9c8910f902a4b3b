"""Logs: one JSON line an event on stderr, and only what an operator must know."""

from __future__ import annotations

import logging
import sys

import structlog


def configure(level: int = logging.ERROR) -> None:
    """A command says itself what went wrong; only a server, which nobody watches, logs from `logging.WARNING` on."""
    structlog.configure(
        # Plain tracebacks: the pretty ones print local variables, and a secret may be among them.
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # Looked up at each use: whoever runs commands inside a process of their own may exchange the stream.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
