"""A draft through the pages against the bare client on the same model service, round by round."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

import openai

from tests.bench import stub
from tests.bench.figures import Figure, median, ratio
from tests.bench.folder import BRAND, LOGIN, PASSWORD
from tests.bench.server import Drafted, Person, Server

_ROUNDS = 20
_WARMING = 2
_WHOLE_EVERY = 3  # Whole answers take six seconds each, and the first token does not know what follows it.
_WHOLE, _SHORT = 200, 4
_LIMIT = 1.10
_WHOLE_LIMIT = 1.03
_WISH_LIMIT = 1.2  # The bundled embedder reads the wish first, and the bare client does nothing of the kind.
_PROMPT = "Write a short evening post for people who bake bread slowly."


def settings(service: stub.Stub) -> dict[str, str]:
    return {
        "COPILOT_LLM_BASE_URL": service.base_url,
        "COPILOT_LLM_API_KEY": "none",
        "COPILOT_LLM_MODEL": stub.MODEL,
    }


def measured(server: Server, service: stub.Stub, post: int) -> list[Figure]:
    """Every side meets the same load: all take part in each round, in turning order."""
    desk = f"/b/{BRAND}/posts/{post}"
    with Person(server) as person, openai.OpenAI(base_url=service.base_url, api_key="none") as client:
        person.sign_in(LOGIN, PASSWORD)
        sides: dict[str, Callable[[int], Drafted]] = {
            "bare": lambda _: _bare(client),
            "column": lambda _: person.draft(desk, ""),
            # What a column always asks was embedded before; a wish that nobody had yet was not.
            "wish": lambda number: person.draft(desk, f"Something for evening number {number}"),
        }
        times: dict[str, list[Drafted]] = {side: [] for side in sides}
        for number in range(-_WARMING, _ROUNDS):
            order = deque(sides)
            order.rotate(number)
            for side in order:
                is_whole = number % _WHOLE_EVERY == 0 and side != "wish"
                service.tokens.value = _WHOLE if is_whole else _SHORT
                drafted = sides[side](number)
                if number >= 0:
                    times[side].append(drafted)
    bare = [drafted.first for drafted in times["bare"]]
    column = [drafted.first for drafted in times["column"]]
    wish = [drafted.first for drafted in times["wish"]]
    return [
        median("first token, bare openai client", bare, "s"),
        median("first token, through the pages", column, "s"),
        ratio("first token, ratio", column, bare, _LIMIT),
        median("first token with a new wish, through the pages", wish, "s"),
        ratio("first token with a new wish, ratio", wish, bare, _WISH_LIMIT),
        *_whole_streams(times["column"][::_WHOLE_EVERY], times["bare"][::_WHOLE_EVERY]),
    ]


def _whole_streams(pages: list[Drafted], client: list[Drafted]) -> list[Figure]:
    """To the end of the draft: ours is checked and saved by then."""
    column, bare = [drafted.whole for drafted in pages], [drafted.whole for drafted in client]
    return [
        median("whole stream, bare openai client", bare, "s"),
        median("whole stream, through the pages", column, "s"),
        ratio("whole stream, ratio", column, bare, _WHOLE_LIMIT),
    ]


def _bare(client: openai.OpenAI) -> Drafted:
    began = time.monotonic()
    first = 0.0
    stream = client.chat.completions.create(
        model=stub.MODEL, messages=[{"role": "user", "content": _PROMPT}], stream=True
    )
    for chunk in stream:
        if not first and chunk.choices and chunk.choices[0].delta.content:
            first = time.monotonic() - began
    return Drafted(first, time.monotonic() - began)
