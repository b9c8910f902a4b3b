"""A draft through the pages against the bare client on the same model service, pair by pair."""

from __future__ import annotations

import time

import openai

from tests.bench import stub
from tests.bench.figures import Figure, median
from tests.bench.folder import BRAND, LOGIN, PASSWORD
from tests.bench.server import Drafted, Person, Server

PAIRS = 20
_WARMING = 2
_WHOLE_EVERY = 3  # Whole answers take six seconds each, and the first token does not know what follows it.
_WHOLE, _SHORT = 200, 4
_FIRST_LIMIT = 1.15
_WHOLE_LIMIT = 1.15
_PROMPT = "Write a short evening post for people who bake bread slowly."


def settings(service: stub.Stub) -> dict[str, str]:
    return {
        "COPILOT_LLM_BASE_URL": service.base_url,
        "COPILOT_LLM_API_KEY": "none",
        "COPILOT_LLM_MODEL": stub.MODEL,
    }


def measured(server: Server, service: stub.Stub, post: int) -> list[Figure]:
    """Both sides of every pair meet the same load; their order changes from pair to pair."""
    desk = f"/b/{BRAND}/posts/{post}"
    ours: list[Drafted] = []
    bare: list[Drafted] = []
    whole: list[int] = []
    with Person(server) as person, openai.OpenAI(base_url=service.base_url, api_key="none") as client:
        person.sign_in(LOGIN, PASSWORD)
        for number in range(-_WARMING, PAIRS):
            service.tokens.value = _SHORT if number < 0 or number % _WHOLE_EVERY else _WHOLE
            # Another wish each time: a question that was asked before would not be embedded again.
            wish = f"Something for evening number {number + _WARMING + 1}"
            if number % 2:
                pair = _bare(client), person.draft(desk, wish)
            else:
                drafted = person.draft(desk, wish)
                pair = _bare(client), drafted
            if number < 0:
                continue
            if service.tokens.value == _WHOLE:
                whole.append(len(ours))
            bare.append(pair[0])
            ours.append(pair[1])
    first = _ratio("first token", [row.first for row in bare], [row.first for row in ours], _FIRST_LIMIT)
    return first + _ratio(
        "whole stream", [bare[n].whole for n in whole], [ours[n].whole for n in whole], _WHOLE_LIMIT
    )


def _ratio(name: str, bare: list[float], ours: list[float], limit: float) -> list[Figure]:
    theirs = median(f"{name}, bare openai client", [1000 * value for value in bare], "ms")
    mine = median(f"{name}, through the pages", [1000 * value for value in ours], "ms")
    return [
        theirs,
        mine,
        Figure(f"{name}, ratio", mine.value / theirs.value, "", limit, len(ours)),
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
