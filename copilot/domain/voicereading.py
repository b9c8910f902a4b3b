"""A model's reading of sample posts, taken line by line: only what it can point at in a post is believed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from copilot.domain.brands import Language
from copilot.domain.sentences import LINK
from copilot.domain.voicetraits import Shown, Trait, sorted_by_post

_PARTS = {
    **{part: part for part in ("persona", "description", "values", "do", "dont")},
    "speaks": "description",
    "speech": "description",
    "style": "description",
    "value": "values",
    "cares": "values",
    "do not": "dont",
    "don't": "dont",
    "avoid": "dont",
    "人设": "persona",
    "说话": "description",
    "看重": "values",
    "要": "do",
    "不要": "dont",
}
_MOST_LINES = 40
_MOST_OF_A_PART = {"persona": 1}
_HEADERS = frozenset({"number", "编号"})
_LONGEST = {Language.ZH: 40, Language.EN: 140}
_SHORTEST_QUOTE = {Language.ZH: 3, Language.EN: 6}
"""In characters: a quote of less stands in every post."""

_BULLET = re.compile(r"^\s*(?:[-*•·]\s*)?")
_WRAPPING = " \t`*\"'“”「」『』‘’"
_SEPARATOR = re.compile(r"[|｜]")
_HAN = re.compile(r"[一-鿿]")
_FIGURE = re.compile(r"[0-9０-９]")
_FENCE = re.compile(r"[<>‹›]{2,}|https?:|[a-z0-9-]{2,}\.[a-z]{2,}", re.IGNORECASE)


@dataclass(frozen=True)
class Reading:
    """`dropped` counts the lines that no post bears out."""

    traits: tuple[Trait, ...]
    dropped: int


def parse(answer: str, samples: Sequence[str], language: Language, *, asked: str = "") -> Reading:
    """Traits from lines of `number of a post | quote of it | part | statement`.

    The quote must stand letter for letter, white space aside, in the post of that number. A statement is no
    reading where it was copied, out of a post or out of what was `asked`, or only says the quote again, and
    says nothing of a voice where it has figures, addresses or fences in it. Lines with one statement are one
    trait, shown by several posts.
    """
    told: dict[str, dict[str, list[Shown]]] = defaultdict(dict)
    dropped = 0
    for line in answer.splitlines()[:_MOST_LINES]:
        cells = [cell.strip(_WRAPPING) for cell in _SEPARATOR.split(_BULLET.sub("", line, count=1))]
        if len(cells) < 2 or cells[0].lower() in _HEADERS:
            continue
        part = _PARTS.get(cells[2].lower().strip(":：")) if len(cells) == 4 else None
        shown = _shown(cells[0], cells[1], samples, language)
        is_held = shown is not None and _is_reading(cells[3], part or "", shown.quote, samples, language)
        if part is None or shown is None or not is_held or cells[3] in asked:
            dropped += 1
        elif cells[3] in told[part] or len(told[part]) < _MOST_OF_A_PART.get(part, 4):
            told[part].setdefault(cells[3], []).append(shown)
    return Reading(tuple(_traits(told, language)), dropped)


def _shown(number: str, quote: str, samples: Sequence[str], language: Language) -> Shown | None:
    """The post with its own words, where the quote has them."""
    found = re.fullmatch(r"\D{0,6}([0-9]{1,2})\D{0,3}", number)
    if found is None or not 1 <= int(found[1]) <= len(samples) or len(quote) < _SHORTEST_QUOTE[language]:
        return None
    # Models set a quote of two lines in one.
    wanted = r"\s+".join(re.escape(word) for word in quote.split())
    placed = re.search(wanted, samples[int(found[1]) - 1])
    return Shown(int(found[1]), placed[0]) if placed is not None else None


def _is_reading(said: str, part: str, quote: str, samples: Sequence[str], language: Language) -> bool:
    """Whether a statement is one of its own: no figure, no address, not taken from the posts."""
    if not 2 <= len(said) <= _LONGEST[language]:
        return False
    if _FIGURE.search(said) or LINK.search(said) or _FENCE.search(said):
        return False
    # Who speaks is often named in the post itself.
    copied = _repeats(said, quote, language) or any(said.rstrip("。.") in sample for sample in samples)
    return part == "persona" or not copied


def _repeats(said: str, quote: str, language: Language) -> bool:
    """Whether most words of a statement are the quote's own: then it tells what the post says, not how."""
    words = set(_HAN.findall(said) if language is Language.ZH else said.lower().split())
    return bool(words) and sum(word in quote.lower() for word in words) > 0.6 * len(words)


def _traits(told: Mapping[str, Mapping[str, Sequence[Shown]]], language: Language) -> Iterator[Trait]:
    """One trait for the persona and one for the description; an entry of a list is a trait of its own."""
    for part in ("persona", "description"):
        if lines := told.get(part):
            stop = "。" if language is Language.ZH else ". "
            value = stop.join(said.rstrip("。.;； ") for said in lines)
            value += stop.strip() if part == "description" else ""
            shown = tuple(sorted_by_post(one for found in lines.values() for one in found))
            yield Trait(f"read-{part}", "read", part, value, shown, {}, read=True)
    for part in ("values", "do", "dont"):
        for number, (said, found) in enumerate(told.get(part, {}).items(), 1):
            shown = tuple(sorted_by_post(found))
            yield Trait(f"read-{part}-{number}", "read", part, said, shown, {}, read=True)
