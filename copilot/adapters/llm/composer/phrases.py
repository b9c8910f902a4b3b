"""The sentences that stand around retold facts, position by position: loaded, refused when amiss, and chosen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from copilot import plainyaml
from copilot.adapters.llm.composer.frames import ABOUT, Frame
from copilot.adapters.llm.composer.retelling import Retelling
from copilot.adapters.llm.composer.stage import Stage
from copilot.domain.brands import Language
from copilot.domain.channels import Channel
from copilot.errors import PromptError

LISTS: Mapping[Channel, tuple[str, ...]] = {
    Channel.OFFICIAL_ACCOUNT: ("titles", "digests", "leads", "saids", "firsts", "mores", "lasts", "calls"),
    Channel.WECOM_PRIVATE: ("openings", "calls", "declines"),
    Channel.COMMUNITY: ("calls",),
    Channel.MOMENTS: ("hooks", "calls"),
    Channel.MALL: ("summaries", "calls"),
    Channel.VIDEO_CHANNEL: ("titles", "hooks", "calls"),
    Channel.LIVE: ("entries", "shows", "calls"),
    Channel.SLACK: ("calls",),
    Channel.TELEGRAM: ("calls",),
    Channel.DISCORD: ("openings", "calls"),
    Channel.EMAIL: ("calls",),
    Channel.SMS: ("calls",),
}
"""What is said around the facts in each position."""

KINDS = frozenset({*ABOUT, "said", "ways", "ask", "welcome"})
_SLOTS = frozenset(
    {"hello", "members", "persona", "brand", "product", "weekday", "now", "you", "fact", "said"}
)
_SLOT = re.compile(r"\{(\w*)\}")
_LEAST = 3

Frames = Mapping[Channel, Mapping[str, tuple[Frame, ...]]]


@cache
def position_frames(language: Language) -> Frames:
    """The frames of a language, read once; PromptError says what is wrong with the file."""
    path = files("copilot.adapters.llm.composer").joinpath("frames", language.value, "positions.yaml")
    data = plainyaml.read(path.read_text(encoding="utf-8"))
    expected = {channel.value: set(lists) for channel, lists in LISTS.items()}
    found = {name: set(lists) for name, lists in data.items()} if isinstance(data, dict) else {}
    if found != expected:
        raise _wrong(language, "positions or their lists differ from the contract")
    return {
        channel: {key: _pool(language, f"{channel}.{key}", data[channel.value][key]) for key in lists}
        for channel, lists in LISTS.items()
    }


def _pool(language: Language, key: str, items: Any) -> tuple[Frame, ...]:
    frames = [
        Frame(item["say"], frozenset(item["about"])) if isinstance(item, dict) else Frame(item)
        for item in items
    ]
    texts = [frame.text for frame in frames]
    if len(texts) < _LEAST or len(set(texts)) < len(texts):
        raise _wrong(language, f"{key} has fewer than {_LEAST} frames, or one twice")
    for frame in frames:
        if re.search(r"\d", frame.text):
            raise _wrong(language, f"{key} holds a figure: {frame.text}")
        if not set(_SLOT.findall(frame.text)) <= _SLOTS or not frame.about <= KINDS:
            raise _wrong(language, f"{key} has a slot or a kind that there is not: {frame.text}")
    return tuple(frames)


def _wrong(language: Language, detail: str) -> PromptError:
    return PromptError(f"composer/frames/{language.value}/positions", detail)


class Phrases:
    """Says what stands around the facts of one post; every sentence once, and by turn."""

    def __init__(self, told: Retelling, stage: Stage, step: int) -> None:
        self._frames = position_frames(told.language)
        self._channel = told.brief.channel
        self._about = told.about()
        self._product = _called(told, stage)
        self._stage = stage
        self._step = step

    def say(
        self,
        key: str,
        channel: Channel | None = None,
        *,
        before: str = "",
        least: int = 0,
        most: int = 1000,
        fact: str = "",
        said: str = "",
        turn: int = 0,
    ) -> str:
        """The sentence whose turn it is among those that suit the facts and have `least` to `most` characters.

        `before` is put in front; `fact` and `said` are somebody else's words that a frame may take in.
        """
        own, common = self._able(
            self._frames[channel or self._channel][key], {"{fact}": fact, "{said}": said}
        )
        # What suits any facts says little; among the calls it is as good as another.
        for pool in [own + common] if key == "calls" else [own, common]:
            room = [
                before + text
                for text in pool
                if least <= len(self._stage.say(before + text, product=self._product)) <= most
            ]
            if chosen := self._stage.pick(room, key, self._step + turn, product=self._product):
                return chosen
        return ""

    def _able(self, frames: tuple[Frame, ...], words: Mapping[str, str]) -> tuple[list[str], list[str]]:
        """The frames that were written for such facts and those for any, with somebody's words filled in."""
        own: list[str] = []
        common: list[str] = []
        for frame in frames:
            text = frame.text
            if ("{product}" in text and not self._product) or any(
                slot in text and not filling for slot, filling in words.items()
            ):
                continue
            for slot, filling in words.items():
                text = text.replace(slot, filling.replace("{", "{{").replace("}", "}}"))
            if self._about in frame.about:
                own.append(text)
            elif not frame.about:
                common.append(text)
        return own, common


def _called(told: Retelling, stage: Stage) -> str:
    """The product as a sentence names it: "the Larder Bag" where the texts have an article, else the bare name."""
    product, articles = told.product(), stage.words.articles
    if not product or not articles:
        return product
    texts = " ".join((told.original.text, *(source.text for source in told.brief.sources)))
    name = rf"{re.escape(product)}\b"
    the = len(re.findall(rf"\b{articles[0]} {name}", texts, re.IGNORECASE))
    led = len(re.findall(rf"\b(?:{'|'.join(articles)}) {name}", texts, re.IGNORECASE))
    bare = len(re.findall(rf"\b{name}", texts)) - led
    # What "a" stands before can be pointed at; a name that often stands alone takes no article here either.
    return f"{articles[0]} {product}" if the >= max(1, bare) or led > bare <= 1 else product
