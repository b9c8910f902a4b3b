"""Finds in the sources what can be said as it stands: whole sentences, and rows put as a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from copilot.adapters.llm.composer.frames import Words, book
from copilot.adapters.llm.composer.reading import HAN_CHARACTER, balanced, has, has_verb, refused, size
from copilot.domain.brands import Brand, Language, Voice
from copilot.domain.drafts import Brief
from copilot.domain.materials import Kind, Source
from copilot.domain.orders import is_order
from copilot.domain.sentences import EMOJI, LINK, sentences

_SENTENCES = 8192  # Of a brand's library, more or less all that its columns come across.
_ABOUT = {
    Kind.USER_GUIDE: "how",
    Kind.MAINTENANCE: "care",
    Kind.SELLING_POINT: "what",
    Kind.HIGHLIGHT: "what",
    Kind.NEW_PRODUCT: "what",
    Kind.OFFER: "price",
    Kind.BUNDLE: "price",
    Kind.LOGISTICS: "service",
    Kind.COMPLAINT: "service",
    Kind.POLICY: "service",
    Kind.NEWS: "news",
    Kind.TREND: "news",
    Kind.EXPERIENCE: "said",
    Kind.PRAISE: "said",
}
# Rows of these kinds speak about things and prices; rows of others are often notes for the team.
_TABLED = frozenset(
    {
        Kind.OFFER,
        Kind.BUNDLE,
        Kind.POLICY,
        Kind.SELLING_POINT,
        Kind.HIGHLIGHT,
        Kind.NEW_PRODUCT,
        Kind.EXPOSURE,
    }
)

_NUMBERED = re.compile(r"\s*(\d{1,2})\s*[.、．)）]\s*(?=\D)")
_BULLET = re.compile(r"\s*[-–—•·*●▪]\s*")
_END = re.compile(r"[。！？!?.…][”’」』\"')）]*$")
_OPENS = tuple('（(【[“"《<#|>「『')
_EMOJI = re.compile(f"[{EMOJI}]")
_BREAKS = re.compile(r"[，,：:；;]")
_CLAUSE = re.compile(r"；|;\s")
_LABELLED = re.compile(r"(?:问|答|Q|A|Question|Answer)[：:]")


@dataclass(frozen=True)
class Fact:
    """Something a source states, ready to stand in copy.

    `source` counts from 1 in the brief, as the markers do. `text` ends as a sentence does and holds
    `copied` characters letter for letter. `subject` is the product it is about, or else its place in
    the material. `order` is its place in the source, so that neighbours can be told.
    """

    source: int
    order: int
    text: str
    copied: int
    about: str
    kind: Kind
    subject: str
    place: str
    products: tuple[str, ...]
    attribution: str = ""
    answers: bool = False
    row: bool = False
    windowed: bool = False
    label: str = ""  # a row's own name

    @property
    def lifted(self) -> bool:
        """Whether this is a sentence of the source, not a row put as one."""
        return self.copied >= len(self.text) - 1

    @property
    def named(self) -> bool:
        return self.subject in self.products


def facts(brief: Brief, words: Words) -> list[Fact]:
    """Every fact that may be told in this brief, by source and in the order of the material."""
    finder = _finder(brief.brand, brief.voice)
    found: dict[str, Fact] = {}
    for number, source in enumerate(brief.sources, start=1):
        if source.kind is Kind.COMPETITOR_NOTE or not source.window.covers(brief.starts_at):
            continue
        if source.kind in (Kind.EXPERIENCE, Kind.PRAISE) and not source.attribution:
            continue
        if has((source.context or source.title).rsplit("›", 1)[-1], *words.inward):
            continue
        told = finder.row(number, source) if source.fields else finder.prose(number, source)
        for fact in told:
            found.setdefault(fact.text, fact)
    return list(found.values())


@lru_cache(maxsize=16)
def _finder(brand: Brand, voice: Voice) -> _Finder:
    """One for each version of a voice: what it found out about a sentence holds for the next draft."""
    return _Finder(brand, voice)


class _Finder:
    """Reads sources for a brand and a voice."""

    def __init__(self, brand: Brand, voice: Voice) -> None:
        self.language = brand.language
        self.words = words = book(brand.language).words
        self.voice = voice
        self.products = sorted(brand.products, key=len, reverse=True)
        self.names = (*brand.products, brand.name)
        self.refused = refused(voice)
        self.verbs = frozenset(words.verbs)
        starts = "|".join(re.escape(word) for word in words.dangling)
        edge = "" if self.language is Language.ZH else r"(?!\w)"
        self.dangling = re.compile(f"(?:{starts}){edge}", re.IGNORECASE)
        self._stands = lru_cache(maxsize=_SENTENCES)(self._stands_alone)

    def prose(self, number: int, source: Source) -> Iterator[Fact]:
        asked: tuple[int, int] | None = None
        for order, (start, end) in enumerate(sentences(source.text, self.language)):
            text = source.text[start:end]
            if text.endswith(("？", "?")):
                asked = (start, end)
                continue
            question, asked = asked, None
            if question is not None and "\n" not in source.text[question[0] : start]:
                pair = source.text[question[0] : end]
                if self._speakable(pair.replace("？", "，"), source, answer=True):
                    yield self._fact(number, order, pair, source, copied=len(pair), answers=True)
                continue
            yield from self._sentence(number, order, text, source)

    def _sentence(self, number: int, order: int, text: str, source: Source) -> Iterator[Fact]:
        numbered = _NUMBERED.match(text)
        if numbered and not (has(text, *self.names) and "›" in source.context):
            return  # a step hangs on the steps before it and on the heading above them
        for pattern in (_NUMBERED, _BULLET):
            if mark := pattern.match(text):
                text = text[mark.end() :]
        for part in self._parts(text):
            whole = part if _END.search(part) else part + self.words.row_end
            complete = whole == part or (self.language is Language.ZH and _BREAKS.search(part))
            if complete and self._speakable(whole, source):
                yield self._fact(number, order, whole, source, copied=len(part))

    def _parts(self, text: str) -> list[str]:
        """The sentence, or what stands alone in it when it is longer than the voice likes."""
        if size(text, self.language) <= self.voice.max_sentence:
            return [text]
        return [part.strip() for part in _CLAUSE.split(text)]

    def row(self, number: int, source: Source) -> Iterator[Fact]:
        """The sentences in a row's cells; failing these, its cells put as a sentence."""
        until = next(
            (
                value
                for key, value in source.fields.items()
                if value and _headed(key, self.words.until_headers)
            ),
            "",
        )
        told = [text for value in source.fields.values() for text in self._cell(value.strip(), source)]
        if told:
            if until and not any(self._ends(text) for text in told):
                told[0] += self._tail(source, until)
            for order, text in enumerate(told):
                yield self._fact(number, order, text, source, copied=len(text), row=True)
            return
        if source.kind not in _TABLED:
            return
        text = self._put(source, until)
        if text and self._speakable(text, source):
            yield self._fact(number, 0, text, source, copied=len(text) // 2, row=True)

    def _cell(self, value: str, source: Source) -> Iterator[str]:
        """The sentences in a cell; one without its last mark must at least name what the row is about."""
        if not _END.search(value):
            label = next(iter(source.fields.values()))
            about = any(name in value for name in (label, *self.names) if name)
            if self.language is Language.EN or not about or not _BREAKS.search(value):
                return
            value += self.words.row_end
        for start, end in sentences(value, self.language):
            if self._speakable(value[start:end], source):
                yield value[start:end]

    def _ends(self, text: str) -> bool:
        return has(text, *self.words.ends)

    def _tail(self, source: Source, until: str) -> str:
        """How the row itself says when it ends: a cell in words if there is one, else its last day."""
        for value in source.fields.values():
            if self._ends(value):
                for tail in (value + self._limit(source), value):
                    if self._speakable(tail + self.words.row_end, source):
                        return self._gap() + tail + self.words.row_end
        return self._gap() + self.words.until_alone.format(date=until) + self.words.row_end

    def _limit(self, source: Source) -> str:
        """How many there are, when a cell says so in few words."""
        for key, value in source.fields.items():
            if _headed(key, self.words.limit_headers) and re.search(r"\d", value) and len(value) <= 12:
                return ("，" if self.language is Language.ZH else ", ") + value
        return ""

    def _gap(self) -> str:
        return "" if self.language is Language.ZH else " "

    def _put(self, source: Source, until: str) -> str:
        """A row as a sentence: its name, then its prices with their headers, or else its next cells."""
        cells = [
            (key.replace("_", " ").strip(), value.strip())
            for key, value in source.fields.items()
            if value.strip() and not key.lower().startswith(("valid", "有效期"))
        ]
        if len(cells) < 2:
            return ""
        (_, name), *rest = cells
        priced = [f"{key} {value}" for key, value in rest if _headed(key, self.words.price_headers)]
        plain = [value if _BARE.fullmatch(value) is None else f"{key} {value}" for key, value in rest]
        told = priced or (plain[:2] if source.kind not in (Kind.OFFER, Kind.BUNDLE) else [])
        if not told:
            return ""
        comma, colon = ("，", "：") if self.language is Language.ZH else (", ", ": ")
        ending = self.words.until.format(date=until) if until else ""
        return name + (comma if priced else colon) + comma.join(told) + ending + self.words.row_end

    def _speakable(self, text: str, source: Source, *, answer: bool = False) -> bool:
        """Whether the sentence can stand in this brand's copy, cut off from what stood around it."""
        said_by = source.attribution if source.kind in (Kind.EXPERIENCE, Kind.PRAISE) else ""
        return self._stands(text, said_by, answer)

    def _stands_alone(self, text: str, said_by: str, answer: bool) -> bool:
        said = bool(said_by)
        words, language = self.words, self.language
        least, most = (
            (8, self.voice.max_sentence) if language is Language.ZH else (5, self.voice.max_sentence)
        )
        if said:
            most -= size(said_by, language) + 4
        if not least <= size(text, language) <= (most if not answer else most * 3 // 2):
            return False
        if "\n" in text or text.startswith(_OPENS) or _EMOJI.search(text) or LINK.search(text):
            return False
        if is_order(text):
            return False
        if text[:1].islower() or text.rstrip("。.").endswith(("：", ":", "，", ",")) or not balanced(text):
            return False
        if language is Language.ZH and not said and HAN_CHARACTER.search(text) is None:
            return False
        if _LABELLED.match(text) or (self.dangling.match(text) and not answer):
            return False
        opening = _BREAKS.split(text)[0]
        if not said and any(has(text, word) for word in words.ours if not has(text, f"{word}们")):
            return False
        # Chinese leaves a subject out once it is known, so a quoted 他 late in a sentence is nobody, too.
        if has(text if said and language is Language.ZH else opening, *words.pronouns):
            return False
        if words.verbs and not has_verb(text, self.verbs):
            return False
        if has(text, *self.refused, *words.unfit, *words.absolutes):
            return False
        if self.voice.max_exclamations == 0 and re.search("[!！]", text):
            return False
        return not (
            language is Language.ZH and self.voice.address and _OTHER.get(self.voice.address, "\0") in text
        )

    def _fact(
        self,
        number: int,
        order: int,
        text: str,
        source: Source,
        *,
        copied: int,
        answers: bool = False,
        row: bool = False,
    ) -> Fact:
        place = source.context or source.title
        cells = " ".join(source.fields.values())
        inside = tuple(name for name in self.products if has(text, name))
        around = tuple(name for name in self.products if has(f"{place} {cells}", name))
        first = min(inside, key=text.find, default="")
        # What the material is about goes before what the sentence mentions in passing.
        subject = next((name for name in around if name in inside), first) or (
            around[0] if len(around) == 1 else ""
        )
        return Fact(
            source=number,
            order=order,
            text=text,
            copied=copied,
            about=_ABOUT.get(source.kind, "story"),
            kind=source.kind,
            subject=subject or place,
            place=place,
            products=inside,
            attribution=source.attribution if source.kind in (Kind.EXPERIENCE, Kind.PRAISE) else "",
            answers=answers,
            row=row,
            windowed=source.window.end is not None,
            label=next(iter(source.fields.values()), ""),
        )


_OTHER = {"你": "您", "您": "你"}
_BARE = re.compile(r"[\d.,\s]+")


def _headed(header: str, terms: tuple[str, ...]) -> bool:
    return any(term.lower() in header.lower().replace("_", " ") or term in header for term in terms)
