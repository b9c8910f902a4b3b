"""What a copy says of one product and the sources of another: a carbon plate, pumpkin seeds, made for the microwave.

Figures are held against their own product elsewhere; here it is the words. A word that the sources have for other
products alone points away from the one that the copy names, and so does a word that they deny of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from copilot.domain.grounding.clauses import clauses
from copilot.domain.grounding.places import Reading
from copilot.domain.grounding.polarity import is_denied
from copilot.domain.grounding.statements import is_question, things_said
from copilot.domain.grounding.subjects import Catalogue, Mention
from copilot.domain.grounding.words import Word, words

_LEAST = 2
_LEADS = 4  # Characters before a name that leads its sentence: "The ", "《".
_ANSWER = 12  # Characters of an answer in which it names what was asked for.
_LATIN = re.compile(r"[A-Z][A-Z0-9]{1,7}$")
_HAN = re.compile(r"[一-鿿]")
# What is or is not put in: no honey added, 没放黄油.
_PUT_IN_AFTER = re.compile(r"(?:都|也)(?:没|不)[放加含有]")
_PUT_IN_BEFORE = re.compile(
    r"(?:没有?|不|无|零)(?:添加|[放加含添])$|(?<![A-Za-z])(?:no|without|free of|n['’]t an?|n['’]t any|not an?|not any)(?:[ ]added)?[ ]$", re.IGNORECASE
)
_MOST_SENTENCES = 200
_MOST_LINES = 400


@dataclass(frozen=True)
class Misplaced:
    """What the copy says of the `thing` at these offsets: the sources have it of the `other`, or, without one, deny it."""

    start: int
    end: int
    thing: str
    other: str
    said: tuple[str, ...]


@dataclass(frozen=True)
class _Line:
    about: frozenset[str]
    text: str
    forms: frozenset[str]


class Traits:
    """The sources' sentences by the product that each is about."""

    def __init__(self, readings: Sequence[Reading], names: Catalogue) -> None:
        self._names = names
        self._lines = [line for reading in readings for line in _lines(reading, names)][:_MOST_LINES]

    def misplaced(self, copy: Reading) -> Iterator[Misplaced]:
        if len(copy.sentences) > _MOST_SENTENCES or not any(line.about for line in self._lines):
            return
        asked: int | None = None
        for start, end in copy.sentences:
            if is_question(copy.text[start:end]):
                asked = start if not self._names.mentions(copy.text[start:end]) else None
                continue
            for low, high, mention in _told(copy.text, start, end, self._names):
                # Which one does without sugar? That's the rye: the question is told of its answer.
                answers = asked is not None and mention.start - start <= _ANSWER
                low = asked if answers and asked is not None else low
                found = self._denied(copy.text, low, high, mention) or self._of_another(
                    copy.text, low, high, mention
                )
                if found is not None:
                    yield found
            asked = None

    def _denied(self, text: str, low: int, high: int, mention: Mention) -> Misplaced | None:
        """What every source that speaks of it denies of the thing, and the copy says; of a material, either way."""
        own = [line for line in self._lines if line.about & mention.names]
        part = text[low:high]
        things = things_said(part)
        found: list[Word] = []
        strong = False
        for word in words(part):
            spelled = part[word.start : word.end].lower()
            if mention.start <= low + word.start < mention.end or len(spelled) < _LEAST:
                continue
            told = [
                is_denied(line.text, at, at + len(spelled)) for line in own for at in _all(line.text, spelled)
            ]
            here = is_denied(part.lower(), word.start, word.end)
            is_thing = spelled in things or bool(
                _PUT_IN_AFTER.match(part, word.end) or _PUT_IN_BEFORE.search(part[: word.start])
            )
            if (told and all(told) and not here) or (is_thing and told and not any(told) and here):
                found.append(word)
                strong = strong or is_thing
        merged = _merged(part, found)
        if len(merged) < _LEAST and not strong:
            return None
        return Misplaced(mention.start, mention.end, text[mention.start : mention.end], "", tuple(merged))

    def _of_another(self, text: str, low: int, high: int, mention: Mention) -> Misplaced | None:
        own = [line for line in self._lines if not line.about or line.about & mention.names]
        theirs = [line for line in self._lines if line.about and not line.about & mention.names]
        if not theirs or not any(line.about for line in own):
            return None
        spoken = [
            word
            for word in words(text[low:high])
            if not (mention.start <= low + word.start < mention.end) and len(word.form.lstrip("¬")) > 1
        ]
        strong = set(things_said(text[low:high]))
        best: tuple[int, _Line, list[str]] | None = None
        for line in theirs:
            foreign = [
                word
                for word in spoken
                if _says(line, word, text[low:high])
                and not any(_says(one, word, text[low:high]) for one in own)
            ]
            merged = _merged(text[low:high], foreign)
            weight = sum(_LEAST if _is_strong(one, strong) else 1 for one in merged)
            mine = [
                word
                for word in spoken
                if not _says(line, word, text[low:high])
                and any(line2.about and _says(line2, word, text[low:high]) for line2 in own)
            ]
            if (
                weight >= _LEAST
                and weight > len(_merged(text[low:high], mine))
                and (best is None or weight > best[0])
            ):
                best = weight, line, merged
        if best is None:
            return None
        _, line, merged = best
        thing = text[mention.start : mention.end]
        return Misplaced(mention.start, mention.end, thing, min(line.about, key=len), tuple(merged))


def _all(text: str, spelled: str) -> Iterator[int]:
    """Where a text has a word; an English one in any number: lily, lilies."""
    if spelled.isascii():
        form = {word.form.removeprefix("¬") for word in words(spelled)}
        yield from (word.start for word in words(text) if word.form.removeprefix("¬") in form)
        return
    at = text.find(spelled)
    while at >= 0:
        yield at
        at = text.find(spelled, at + 1)


def _lines(reading: Reading, names: Catalogue) -> Iterator[_Line]:
    source = reading.source
    headed = names.mentions(f"{source.title}\n{source.context}") if source is not None else []
    heading = frozenset().union(*(mention.names for mention in headed))
    carried: frozenset[str] = frozenset()
    for number, (start, end) in enumerate(reading.sentences):
        part = reading.text[start:end]
        mentions = names.mentions(part)
        said = frozenset().union(*(mention.names for mention in mentions))
        # Never use it inside a tent: what a sentence names within is not all that it is about.
        leads = bool(mentions) and mentions[0].start <= _LEADS
        carried = said if leads else carried
        yield _Line(said if leads else said | carried | heading, part.lower(), reading.sentence_words[number])


def _told(text: str, start: int, end: int, names: Catalogue) -> Iterator[tuple[int, int, Mention]]:
    """The parts of a sentence that speak of one thing: the whole, or those clauses of it that name just one."""
    mentions = [
        Mention(start + one.start, start + one.end, one.names) for one in names.mentions(text[start:end])
    ]
    if mentions and all(one.names & mentions[0].names for one in mentions):
        yield start, end, mentions[0]
        return
    for low, high in clauses(text, start, end) if mentions else ():
        inside = [one for one in mentions if low <= one.start < high]
        if len(inside) == 1:
            yield low, high, inside[0]


def _says(line: _Line, word: Word, part: str) -> bool:
    if word.form in line.forms:
        return True
    spelled = part[word.start : word.end].lower()
    return (
        word.form[0] != "¬"
        and f"¬{word.form}" not in line.forms
        and bool(_HAN.match(spelled))
        and spelled in line.text
    )


def _is_strong(spelled: str, things: set[str]) -> bool:
    return spelled.lower() in things or bool(_LATIN.fullmatch(spelled))


def _merged(part: str, found: Sequence[Word]) -> list[str]:
    """The words without the shorter ones that lie in them."""
    return [
        part[word.start : word.end]
        for word in found
        if not any(
            other is not word
            and other.start <= word.start
            and word.end <= other.end
            and (other.end - other.start, -other.start) > (word.end - word.start, -word.start)
            for other in found
        )
    ]
