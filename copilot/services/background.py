"""What runs beside the pages in the one process that owns the data folder: jobs, the tick, a warm-up."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

from copilot.services.house import Services

log = structlog.get_logger()

WORKER = "server"


def start(services: Services) -> Callable[[], None]:
    """Starts the threads and returns at once; the function it returns lets them finish and ends them."""
    services.jobs.recover()
    services.drafting.recover()
    stop_consuming = services.parts.queue.consume(services.jobs.run)
    stop_ticking = services.ticking.start(WORKER, seconds=services.tick_seconds)
    threading.Thread(target=_warm_up, args=(services,), name="warm-up", daemon=True).start()

    def stop() -> None:
        stop_ticking()
        stop_consuming()

    return stop


def _warm_up(services: Services) -> None:
    """Loads what searching and writing need before a person waits for it; mends what a crash left."""
    try:
        # What takes a second and is wanted first: somebody opens a desk and types.
        for brand in services.brands.all():
            services.live.warm(brand=brand.id)
        for brand in services.brands.all():
            services.retrieval.search("warm", brand=brand.id, k=1)
        services.parts.writer.warm()
        services.indexing.catch_up()
    except Exception:
        # The pages work without: the next search meets the same fault and says so where someone reads it.
        log.exception("warm_up.failed")
