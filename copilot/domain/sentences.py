"""Sentences and language of a text: where a sentence ends in Chinese and in English, by offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from copilot.domain.brands import Language

HAN = "㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff"
EMOJI = "\U0001f000-\U0001faff☀-➿⬀-⯿⌀-⏿↔-↪〽㊗㊙"

_LINE = re.compile("[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_WORD = re.compile(r"[^\W_]")
_HAN = re.compile(f"[{HAN}]")
_LATIN_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")

_HARD = "。！？；｡!?‼⁇⁈⁉❗❓❕❔﹗﹖"
_MARKS = re.compile(f"[{_HARD}．.…;~～][{_HARD}．.…~～\ufe0f]*")
_CLOSERS = re.compile("[”’」』】）》〉］｝〕〗)\\]}＂＇*_]+")
_MORE = re.compile(f"[{_HARD}…]+|[.．](?![^\\W_])")
_OPENERS = "“‘「『【（《〈［｛〔〖([{＂＇\"'*_"
_PAIRS = dict(zip("“「『【（《〈［〔([", "”」』】）》〉］〕)]", strict=True))
_TITLES = "《〈"
_QUOTES = "”’」』＂＇\"'"
_CONTINUES = "，、：,:—–"
# A line of speech goes on after its closing quote when the words that follow say who spoke.
_SAID = re.compile(r"[^，。！？；：,.!?;:\s]{0,6}?(?:说|(?<!知)道|问|喊|答|表示|感叹)")

_EMOJI_RUN = re.compile(f"[{EMOJI}][{EMOJI}\ufe0e\ufe0f\u200d\u20e3\U000e0020-\U000e007f]*")
# These point at what follows, or are its bullet, so they open the next sentence.
_POINTING = "👉➡▶🔸🔹🔶🔷📌📍✅☑✔➤➜🔴🟢🟡🔵🟠"

# A mark inside a link or an address ends nothing. The link stops where Chinese begins.
LINK = re.compile(
    f'(?:https?://|www\\.)[^\\s{HAN}，。！？；、：”’」』】）》<>"]+'
    # Each part of an address is bounded, so that an endless word costs no endless search.
    "|(?<![a-z0-9.+_-])[a-z0-9.+_-]{1,64}@[a-z0-9-]{1,63}(?:\\.[a-z0-9-]{1,63})+",
    re.IGNORECASE,
)
_LINK_TAIL = ".,;:!?)]}'…~"


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Abbreviations, in small letters and without their last full stop, by what may follow them.
_BEFORE_NAME = _words("mr mrs ms dr prof st mt rev gen capt lt sgt hon vs e.g i.e eg ie cf viz ca")
_BEFORE_NUMBER = _words(
    "no nos nr fig figs p pp vol ch sec art eq tel ext jan feb mar apr jun jul aug sep sept oct nov dec"
)
_BEFORE_MORE = _words(
    "approx incl excl min max temp avg est dept misc orig etc al oz lb lbs kg hr hrs qty pkg pcs tbsp tsp sq"
)
_AFTER_NAME = _words("inc ltd co corp bros jr sr ave blvd rd")
_DEGREES = re.compile(r"[°º] ?[cf]$|[0-9] ?[cf]$", re.IGNORECASE)
_HOURS = _words("a.m p.m")
_AFTER_HOURS = _words("monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun")
_REMEMBERED = 2000  # Characters: passages and copy; whole materials are read once.
# A capital after "Inc." may be a name; one of these words begins a sentence.
_STARTERS = _words(
    "a all an and as after at because before both but each every first for free from get he here how i "
    "if in it its join just let my no now on one only order our please she so some such that the then "
    "there these they this those to today tomorrow we what when where which while who why with yes yet "
    "you your"
)
_TOKEN = re.compile(r"[^\W\d_][\w.'’&-]*$")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]$")
# "1." opens an item of a list: at the start of a sentence, or after a colon or a comma.
_LIST_MARKER = re.compile(r"(?:^|[:：;；,，(（]\s*)[(（]?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,4})$")
_NEXT_WORD = re.compile(r"[^\W_][\w'’]*")


def language_of(text: str) -> Language:
    """Chinese when at least three in ten of its words are Han; a Han character counts as one word.

    Counting Latin words, not letters, keeps Chinese sentences full of product names Chinese,
    and an English page that quotes a Chinese name English. A text without letters is English.
    """
    han = len(_HAN.findall(text))
    latin = len(_LATIN_WORD.findall(_HAN.sub(" ", text)))
    return Language.ZH if han and han >= 0.3 * (han + latin) else Language.EN


def sentences(text: str, language: Language) -> list[tuple[int, int]]:
    """The (start, end) of every sentence, in order, without overlap.

    Together they cover every character that is not white space; none begins or ends with white
    space and none crosses a line. Closing quotes and brackets, and emoji that follow the last
    mark, belong to the sentence they close; a lead-in without words belongs to what it leads to.
    """
    return list(_remembered(text, language) if len(text) <= _REMEMBERED else _found(text, language))


def _found(text: str, language: Language) -> Iterator[tuple[int, int]]:
    for line in _LINE.finditer(text):
        yield from _Line(text, line.start(), line.end(), language).sentences()


@lru_cache(maxsize=4096)
def _remembered(text: str, language: Language) -> tuple[tuple[int, int], ...]:
    """A passage is read for every draft that could use it, and a copy by every check."""
    return tuple(_found(text, language))


@dataclass(frozen=True)
class _Aside:
    """A pair of brackets or quotes on one line, short enough that a sentence may go on around it."""

    opened: int
    closed: int


class _Line:
    """One line of a text while its sentences are found."""

    def __init__(self, text: str, start: int, end: int, language: Language) -> None:
        self.text = text
        self.start = start
        self.end = end
        self.language = language
        self.links = [
            (match.start(), match.start() + len(match.group().rstrip(_LINK_TAIL)))
            for match in LINK.finditer(text, start, end)
        ]
        self.reach = 36 if language is Language.ZH else 90
        self.asides, self.closing_quotes = self._pairs()
        # Marks are met from left to right, so links and asides are passed once, however long the line.
        self.links.reverse()
        self.asides.sort(key=lambda aside: aside.opened, reverse=True)
        self.around: list[_Aside] = []

    def sentences(self) -> Iterator[tuple[int, int]]:
        begin = self._skip(self.start)
        word = self._word(begin)
        done = begin
        for mark in _MARKS.finditer(self.text, self.start, self.end):
            if mark.start() < done or word is None or mark.start() < word or self._in_link(mark.start()):
                continue
            after = self._closers(mark.end())
            if not self._ends(mark.start(), mark.end(), after, begin, word):
                continue
            done = self._tail(after)
            yield begin, done
            begin = self._skip(done)
            word = self._word(begin)
        last = len(self.text[begin : self.end].rstrip()) + begin
        if last > begin:
            yield begin, last

    def _pairs(self) -> tuple[list[_Aside], set[int]]:
        """Pairs of brackets and quotes; and which straight double quotes close (every second one does)."""
        asides: list[_Aside] = []
        open_at: list[tuple[str, int]] = []
        closing: set[int] = set()
        straight: int | None = None
        for at in range(self.start, self.end):
            char = self.text[at]
            if char in _PAIRS:
                open_at.append((_PAIRS[char], at))
            elif char == '"':
                if straight is None:
                    straight = at
                else:
                    asides.append(_Aside(straight, at))
                    closing.add(at)
                    straight = None
            elif open_at and char == open_at[-1][0]:
                asides.append(_Aside(open_at.pop()[1], at))
        return [aside for aside in asides if aside.closed - aside.opened <= self.reach], closing

    def _skip(self, at: int) -> int:
        while at < self.end and self.text[at].isspace():
            at += 1
        return at

    def _word(self, at: int) -> int | None:
        match = _WORD.search(self.text, at, self.end)
        return match.start() if match else None

    def _closers(self, at: int) -> int:
        """Past the quotes and brackets that close right after a mark, and marks that follow those."""
        while at < self.end:
            if match := _CLOSERS.match(self.text, at, self.end) or _MORE.match(self.text, at, self.end):
                at = match.end()
            elif at in self.closing_quotes or (self.text[at] == "'" and not self._wordy(at + 1)):
                at += 1
            else:
                break
        return at

    def _wordy(self, at: int) -> bool:
        return at < self.end and self.text[at].isalnum()

    def _tail(self, at: int) -> int:
        """Past what still belongs to the sentence that ended: emoji, or a rest of the line without words."""
        word = self._word(at)
        if word is None:
            return len(self.text[at : self.end].rstrip()) + at
        while True:
            start = self._skip(at)
            run = _EMOJI_RUN.match(self.text, start, word)
            if run is None or run.group()[0] in _POINTING:
                return at
            if start > at and not self.text[run.end()].isspace():
                return at
            pointing = [place for place, char in enumerate(run.group()) if char in _POINTING]
            if pointing:
                return start + pointing[0]
            at = self._closers(run.end())  # A mark behind the emoji ends nothing more: 早。🎉。

    def _ends(self, start: int, stop: int, after: int, begin: int, word: int) -> bool:
        run = self.text[start:stop]
        closed = self.text[stop:after]
        following = self._skip(after)
        if following >= self.end:
            return True
        if self._inside_aside(start, stop, after, begin, word):
            return False
        if self.text[after] in _CONTINUES:
            return False
        if any(quote in closed for quote in _QUOTES) and (
            self.text[after] == "的" or (following == after and _SAID.match(self.text, after, self.end))
        ):
            return False
        if closed and self.text[following].islower():
            return False
        return self._mark_ends(run, start, after, following, begin, closed)

    def _in_link(self, at: int) -> bool:
        while self.links and self.links[-1][1] <= at:
            self.links.pop()
        return bool(self.links) and self.links[-1][0] <= at

    def _inside_aside(self, start: int, stop: int, after: int, begin: int, word: int) -> bool:
        """Whether the mark belongs to a title or to a short aside within a sentence that goes on."""
        while self.asides and self.asides[-1].opened < start:
            self.around.append(self.asides.pop())
        self.around = [aside for aside in self.around if aside.closed > start]
        for aside in self.around:
            if self.text[aside.opened] in _TITLES:
                return True
            if aside.opened <= begin or aside.opened < word:
                continue  # the sentence begins with it
            if self.text[max(begin, aside.opened - 8) : aside.opened].rstrip().endswith((":", "：")):
                continue  # what a colon announces are sentences of their own
            if aside.closed >= after:
                return True
            full_stop = any(mark in "。." for mark in self.text[start:stop])
            if self._wordy(after) and not full_stop:
                return True
        return False

    def _mark_ends(self, run: str, start: int, after: int, following: int, begin: int, closed: str) -> bool:
        before = self.text[start - 1]
        spaced = following > after
        next_char = self.text[following]
        if any(mark in _HARD for mark in run):
            return True
        if "．" in run:
            return not (before.isdigit() and next_char.isdigit())
        if run == ";":
            return self.language is Language.ZH and bool(_HAN.match(before) or _HAN.match(next_char))
        if "~" in run or "～" in run:
            if before.isspace() or next_char.isdigit():
                return False
            return spaced or bool(_EMOJI_RUN.match(next_char))
        if run != ".":
            return (spaced and not next_char.islower()) or bool(_EMOJI_RUN.match(next_char))
        return self._period_ends(start, after, following, begin, closed)

    def _period_ends(self, at: int, after: int, following: int, begin: int, closed: str) -> bool:
        before = self.text[at - 1]
        lead = self.text[max(begin, at - 32) : at]
        if _LIST_MARKER.search(lead):
            return False
        found = _TOKEN.search(lead)
        token = found.group().lower() if found else ""
        next_char = self.text[following]
        if following == after and not closed:
            if _HAN.match(next_char):
                return bool(_HAN.match(before)) or (len(token) > 1 and token not in _BEFORE_NUMBER)
            return bool(_EMOJI_RUN.match(next_char)) or (bool(_HAN.match(before)) and next_char.isalpha())
        at_word = following
        while at_word < self.end and self.text[at_word] in _OPENERS:
            at_word += 1
        match = _NEXT_WORD.match(self.text, at_word, self.end)
        word = match.group() if match else ""
        if _DEGREES.search(lead):
            return word[:1].isupper()  # 94 °C. is no initial.
        return _closes_after(token, word, before)


def _closes_after(token: str, word: str, before: str) -> bool:
    """Whether a full stop after `token` (lower case, without the stop) ends a sentence before `word`."""
    starts = word.split("'")[0].split("’")[0].lower() in _STARTERS and word[:1].isupper()
    small = word[:1].islower()
    if token in _BEFORE_NAME:
        return False
    if token in _BEFORE_NUMBER and word[:1].isdigit():
        return False
    if token in _HOURS:
        return (
            word[:1].isupper() and word.lower() not in _AFTER_HOURS and not (len(word) > 1 and word.isupper())
        )
    if token in _BEFORE_MORE:
        return word[:1].isupper()
    if token in _AFTER_NAME or (token and _INITIALS.fullmatch(token) and not _HAN.match(before)):
        return starts
    if (small or word[:1].isdigit()) and 0 < len(token) <= 4:
        # An unknown abbreviation has no vowel ("pkgs. of 3"); a casual writer's word has one.
        return bool(re.search("[aeiouy]", token)) or not token.isascii()
    return True
