"""The checks: the whole deterministic suite beside the bare automaton, and live answers for a room of writers."""

from __future__ import annotations

import random
import statistics
import threading
import time
from collections.abc import Callable
from functools import partial

from ahocorasick_rs import AhoCorasick

from copilot import rulepacks
from copilot.domain.brands import BannedTerm, Language, Voice
from copilot.domain.channels import Channel, limits_of
from copilot.domain.checks import TermSet, run, suite
from tests.bench.figures import Figure
from tests.bench.folder import LOGIN, PASSWORD
from tests.bench.server import Person, Server

_TERMS = 20_000
_LENGTH = 500
_ROUNDS = 60
_TIMES, _MORE = 3.0, 0.005
_WRITERS, _PAUSES, _THINKS = 20, 12, 1.0
_LIVE_LIMIT = 0.150
_POST = (
    "早上好，各位。春茶今天到店，三泡之后回甘更明显，85℃ 的水、5 克茶，慢慢来。上周有人问怎么存，放阴凉处，"
    "两个月内喝完口感不打折。想尝的回复「尝」，我给你留一小包，明天下午三点前都可以来拿。"
)


def suite_figures() -> list[Figure]:
    """A post of 500 characters with 20,000 terms loaded: ours beside one pass of the bare automaton."""
    chance = random.Random(7)
    signs = [chr(code) for code in range(0x4E00, 0x7000)]
    terms = list({"".join(chance.choices(signs, k=chance.randint(2, 4))) for _ in range(_TERMS)})
    voice = Voice(persona="x", banned=tuple(BannedTerm(term) for term in terms))
    checks = suite(
        brand_voice=voice,
        language=Language.ZH,
        channel=limits_of(Channel.COMMUNITY, Language.ZH),
        wanted=(80, 220),
        rules=rulepacks.compiled(*rulepacks.for_brand_language("zh")),
        known=TermSet.compile(voice, rulepacks.chinese()),
    )
    bare = AhoCorasick(terms)
    # No two rounds see the same text, so that nothing is remembered from the last.
    posts = [f"{number} {(_POST * 6)[:_LENGTH]}" for number in range(2 * _ROUNDS)]
    run(posts[0], checks)
    bare_seconds = [_timed(partial(bare.find_matches_as_indexes, post, overlapping=True)) for post in posts]
    ours = [_timed(partial(run, post, checks)) for post in posts[_ROUNDS:]]
    limit = _TIMES * statistics.median(bare_seconds) + _MORE
    return [
        Figure(
            "all checks of 500 characters, 20,000 terms loaded",
            statistics.median(ours),
            "s",
            limit,
            len(ours),
        ),
        Figure(
            "  one pass of the bare automaton (µs)",
            1e6 * statistics.median(bare_seconds),
            "",
            None,
            len(posts),
        ),
    ]


def live_figures(server: Server, desk: str) -> list[Figure]:
    """What the slowest twentieth waits when a room of writers types into one post, each pausing once a second."""
    waited: list[float] = []
    lock = threading.Lock()

    def write(number: int) -> None:
        with first.at_another_screen(server) as person:
            editing = person.editing(desk)
            for pause in range(_PAUSES):
                time.sleep(_THINKS)
                seconds = editing(f"{_POST}第 {number} 位，第 {pause} 次停顿。")
                with lock:
                    waited.append(seconds)

    with Person(server) as first:
        first.sign_in(LOGIN, PASSWORD)
        writers = [threading.Thread(target=write, args=(number,)) for number in range(_WRITERS)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
    if len(waited) < _WRITERS * _PAUSES:
        raise RuntimeError("a writer was not answered")
    slowest = statistics.quantiles(waited, n=20)[-1]
    return [
        Figure("live check, 20 writers, 95th percentile", slowest, "s", _LIVE_LIMIT, len(waited)),
        Figure("  median", statistics.median(waited), "s", None, len(waited)),
    ]


def _timed(deed: Callable[[], object]) -> float:
    began = time.perf_counter()
    deed()
    return time.perf_counter() - began
