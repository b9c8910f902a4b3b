"""What a copy says of one product and the sources of another: a carbon plate, pumpkin seeds, made for the microwave.

Figures are held against their own product elsewhere; here it is the words. A word that the sources have for other
products alone points away from the one that the copy names, and so does a word that they deny of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from copilot.domain.grounding.clauses import clauses
from copilot.domain.grounding.places import Reading
from copilot.domain.grounding.polarity import is_denied
from copilot.domain.grounding.promises import is_question, things_said
from copilot.domain.grounding.subjects import Catalogue, Mention
from copilot.domain.grounding.words import words

_LEAST = 2
_LEADS = 4  # Characters before a name that leads its sentence: "The ", "《".
_ANSWER = 12  # Characters of an answer in which it names what was asked for.
_LATIN = re.compile(r"[A-Z][A-Z0-9]{1,7}$")
_HAN = re.compile(r"[一-鿿]")
# What is or is not put in: no honey added, 没放黄油.
_PUT_IN_AFTER = re.compile(r"(?:都|也)(?:没|不)[放加含有]")
_PUT_IN_BEFORE = re.compile(
    r"(?:没有?|不|无|零)(?:添加|[放加含添])$|(?<![A-Za-z])(?:no|without|free of|n['’]t an?|n['’]t any|not an?|not any)(?:[ ]added)?[ ]$",
    re.IGNORECASE,
)
# Stretches of a copy that are looked at: a copy with more of them is none.
_MOST_STRETCHES = 60
_MOST_WORDS = 200
_REACH = 20
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
    """A sentence of a source, and the names of what it is about."""

    about: frozenset[str]
    text: str
    forms: frozenset[str]

    def says(self, word: _Said) -> bool:
        """Chinese words are cut now so, now so: a word is there, too, where its characters are, and nobody denies it."""
        if word.form in self.forms:
            return True
        is_cut_otherwise = bool(_HAN.match(word.spelled)) and word.form[0] != "¬"
        return is_cut_otherwise and f"¬{word.form}" not in self.forms and word.spelled in self.text


@dataclass(frozen=True)
class _Said:
    """A content word that a stretch of the copy says, with its place in that stretch."""

    start: int
    end: int
    form: str
    spelled: str


@dataclass(frozen=True)
class _Stretch:
    """A part of the copy that speaks of one thing, and its words but for that thing's name."""

    text: str
    mention: Mention
    words: tuple[_Said, ...]

    def misplaced(self, found: Sequence[_Said], other: str = "") -> Misplaced:
        low, high = self.mention.start, self.mention.end
        return Misplaced(low, high, self.text[low:high], other, tuple(word.spelled for word in found))


class Traits:
    """The sources' sentences by the product that each is about."""

    def __init__(self, readings: Sequence[Reading], names: Catalogue) -> None:
        self._names = names
        self._lines = [line for reading in readings for line in _lines(reading, names)][:_MOST_LINES]

    def misplaced(self, copy: Reading) -> Iterator[Misplaced]:
        if not any(line.about for line in self._lines):
            return
        for stretch in islice(self._stretches(copy), _MOST_STRETCHES):
            own = [line for line in self._lines if line.about & stretch.mention.names]
            others = [line for line in self._lines if line.about and not line.about & stretch.mention.names]
            general = [line for line in self._lines if not line.about]
            found = _denied(stretch, own) if own else None
            if found is None and own and others:
                found = _of_another(stretch, own, general, others)
            if found is not None:
                yield found

    def _stretches(self, copy: Reading) -> Iterator[_Stretch]:
        asked: int | None = None
        for start, end in copy.sentences:
            if is_question(copy.text[start:end]):
                asked = start if not self._names.mentions(copy.text[start:end]) else None
                continue
            for low, high, mention in _told(copy.text, start, end, self._names):
                # Which one does without sugar? That's the rye: the question is told of its answer.
                answers = asked is not None and mention.start - start <= _ANSWER
                yield _stretch(copy.text, asked if answers and asked is not None else low, high, mention)
            asked = None


def _stretch(text: str, low: int, high: int, mention: Mention) -> _Stretch:
    said = tuple(
        _Said(low + word.start, low + word.end, word.form, text[low + word.start : low + word.end].lower())
        for word in islice(words(text[low:high]), _MOST_WORDS)
        if word.end - word.start >= _LEAST and not mention.start <= low + word.start < mention.end
    )
    return _Stretch(text, mention, said)


def _denied(stretch: _Stretch, own: Sequence[_Line]) -> Misplaced | None:
    """What every source that speaks of it denies of the thing, and the copy says; of what is put in, either way."""
    text = stretch.text.lower()
    things = things_said(text[stretch.words[0].start : stretch.words[-1].end]) if stretch.words else set()
    found: list[_Said] = []
    is_put_in = False
    for word in stretch.words:
        told = [is_denied(line.text, low, high) for line in own for low, high in _all(line.text, word)]
        here = is_denied(text, word.start, word.end)
        is_thing = word.spelled in things or bool(
            _PUT_IN_AFTER.match(text, word.end)
            or _PUT_IN_BEFORE.search(text, max(0, word.start - _REACH), word.start)
        )
        if told and ((all(told) and not here) or (is_thing and here and not any(told))):
            found.append(word)
            is_put_in = is_put_in or is_thing
    merged = _merged(found)
    return stretch.misplaced(merged) if len(merged) >= _LEAST or is_put_in else None


def _of_another(
    stretch: _Stretch, own: Sequence[_Line], general: Sequence[_Line], others: Sequence[_Line]
) -> Misplaced | None:
    """What only another thing's line says, where it says more of the stretch than all lines of the thing itself."""
    things = (
        things_said(stretch.text[stretch.words[0].start : stretch.words[-1].end]) if stretch.words else set()
    )
    elsewhere, text = "\n".join(line.text for line in others), stretch.text.lower()
    mine = {word for word in stretch.words if any(line.says(word) for line in own)}
    strange = [
        word
        for word in stretch.words
        if word not in mine
        and not is_denied(text, word.start, word.end)
        and (word.spelled in elsewhere or word.spelled.isascii())
        and not any(line.says(word) for line in general)
    ]
    best: tuple[int, _Line, list[_Said]] | None = None
    for line in others if strange else ():
        foreign = _merged([word for word in strange if line.says(word)])
        weight = sum(
            _LEAST if word.spelled in things or _LATIN.fullmatch(stretch.text, word.start, word.end) else 1
            for word in foreign
        )
        alone = _merged([word for word in mine if not line.says(word)])
        if weight >= _LEAST and weight > len(alone) and (best is None or weight > best[0]):
            best = weight, line, foreign
    return None if best is None else stretch.misplaced(best[2], min(best[1].about, key=len))


def _all(text: str, word: _Said) -> Iterator[tuple[int, int]]:
    """Where a text has a word; an English one in any number: lily, lilies."""
    if word.spelled.isascii():
        form = word.form.removeprefix("¬")
        yield from ((one.start, one.end) for one in words(text) if one.form.removeprefix("¬") == form)
        return
    at = text.find(word.spelled)
    while at >= 0:
        yield at, at + len(word.spelled)
        at = text.find(word.spelled, at + 1)


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


def _merged(found: Sequence[_Said]) -> list[_Said]:
    """The words without the shorter ones that lie in them."""

    def lies_in_another(word: _Said) -> bool:
        size = word.end - word.start
        return any(
            other.start <= word.start and word.end <= other.end and other.end - other.start > size
            for other in found
        )

    return [word for word in found if not lies_in_another(word)]
