"""A proof: a text while its typography is read, with what on it has to stay as it was typed."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

from copilot.domain.brands import Language
from copilot.domain.checks.measures import Span, inside
from copilot.domain.sentences import HAN, LINK

BLANKS = " \t\u00a0\u3000"
OPENERS = "“‘「『（《【〈"
CLOSERS = "”’」』）》】〉"
MARKS = frozenset("，。、；：！？（）「」『』《》“”‘’,.!?;:()[]'\"—–-…/&%℃°+")

_HAN = re.compile(f"[{HAN}〇々]")
# What stands around kana, Hangul and their marks is no English either.
_EAST_ASIAN = re.compile(f"[{HAN}々〇\u3040-\u30ff\uac00-\ud7af]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
_BREAK = re.compile("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_COLUMNS = re.compile(rf"(?<=[^{BLANKS}.!?])(?:[{BLANKS}]{{2,9}}|\t)(?=[^{BLANKS}])")
# Marks that faces are drawn with; a pair of brackets around one of them is no pair of brackets.
_FACE = r"\^￣▽≧≦ωДಥ´｀＾°╥﹏๑｡ﾟ•⊙◡˘∀ˊˋ✧"
_KEPT = re.compile(
    f"(?P<link>{LINK.pattern})"
    + r"|`[^`\n]{1,200}`"
    + r"|\{[^{}\n]{1,60}\}"
    + r"|<[^<>\n]{1,300}>"  # Slack writes links and people so.
    + r"|[@＠][\w-]{1,30}[ \u2005]?"  # The space that ends a mention or a topic is part of it.
    + r"|#[\w·-]{1,30}#? ?"
    + r"|:[a-z][a-z0-9_+-]{1,30}:"
    + r"|[:;=]['^~-]?(?:[)\]\\|*]|[/dpo3(\[](?!\w))"
    + rf"|[（(][^（()）\n]{{0,12}}[{_FACE}][^（()）\n]{{0,12}}[)）]",
    re.IGNORECASE,
)
_LINK_TAIL = ".,;:!?)]}'\"…~"
_MAY_BE_KEPT = re.compile(f"[@＠`{{<#:;={_FACE}]")  # Far quicker, and most copy has none of them.
_NAMES = re.compile('“[^”\n]{0,60}”|「[^」\n]{0,60}」|『[^』\n]{0,60}』|《[^》\n]{0,60}》|"[^"\n]{0,60}"')


@dataclass(frozen=True)
class Edit:
    """`start:end` is to read `new`. It is never empty: what is put between two characters is said with one of them."""

    start: int
    end: int
    new: str


@dataclass(frozen=True)
class Slip:
    """One slip. Its edits, in their order, go together: half a pair of brackets is not mended."""

    rule: str
    edits: tuple[Edit, ...]


def slip(rule: str, *edits: tuple[int, int, str]) -> Slip:
    return Slip(rule, tuple(Edit(*edit) for edit in edits))


def _without_tail(kept: re.Match[str]) -> str:
    """A link without the marks of the sentence that follow it."""
    return kept[0].rstrip(_LINK_TAIL) if kept["link"] else kept[0]


def is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff" or bool(character and _HAN.match(character))


def is_east_asian(character: str) -> bool:
    return bool(character and _EAST_ASIAN.match(character))


class Proof:
    """One state of a text. Whatever takes a pass over the whole is made once, where a rule asks for it."""

    def __init__(self, text: str, language: Language) -> None:
        self.text = text
        self.language = language
        self.is_chinese = language is Language.ZH
        self._layouts: dict[int, bool] = {}
        self._english: dict[int, bool] = {}

    def before(self, at: int) -> str:
        """The character before this place; empty at the start."""
        return self.text[at - 1 : at] if at else ""

    def after(self, at: int) -> str:
        """The character at this place; empty at the end."""
        return self.text[at : at + 1]

    def past_blanks(self, at: int) -> int:
        """The first place from here on that is no blank; a few blanks are passed, a wall of them is not."""
        end = min(at + 4, len(self.text))
        while at < end and self.text[at] in BLANKS:
            at += 1
        return at

    def ends_line(self, at: int) -> bool:
        return at >= len(self.text) or bool(_BREAK.match(self.text, at))

    def starts_line(self, at: int) -> bool:
        return at == 0 or bool(_BREAK.match(self.text, at - 1))

    def is_indent(self, at: int) -> bool:
        """Whether only blanks come before this place on its line."""
        while at and self.text[at - 1] in BLANKS:
            at -= 1
        return self.starts_line(at)

    def kept(self, at: int) -> bool:
        """Whether the place is within a link, a mention, a topic, code, a placeholder or a face made of marks."""
        return inside(self._kept, at)

    def named(self, at: int) -> bool:
        """Whether the place is within quotation marks or a title: names are spaced as their owners write them."""
        return inside(self._names, at)

    def line(self, at: int) -> Span:
        """The line of this place, without its end."""
        index = bisect_left(self._breaks, at)
        start = self._breaks[index - 1] + 1 if index else 0
        return start, self._breaks[index] if index < len(self._breaks) else len(self.text)

    def is_layout(self, at: int) -> bool:
        """Whether white space sets out columns on the line of this place."""
        start, end = self.line(at)
        if start not in self._layouts:
            columns = 0
            for _ in _COLUMNS.finditer(self.text, start, end):
                columns += 1
            self._layouts[start] = columns > 1
        return self._layouts[start]

    def is_english(self, at: int) -> bool:
        """Whether the line of this place is English, whatever the copy is: some words, and nothing East Asian."""
        start, end = self.line(at)
        if start not in self._english:
            words = len(_LATIN_WORD.findall(self.text, start, end))
            self._english[start] = words > 3 and not _EAST_ASIAN.search(self.text, start, end)
        return self._english[start]

    @cached_property
    def _kept(self) -> list[Span]:
        if not _MAY_BE_KEPT.search(self.text) and "www." not in self.text.lower():
            return []
        found = _KEPT.finditer(self.text)
        return [(match.start(), match.start() + len(_without_tail(match))) for match in found]

    @cached_property
    def _names(self) -> list[Span]:
        return [match.span() for match in _NAMES.finditer(self.text)]

    @cached_property
    def _breaks(self) -> list[int]:
        return [match.start() for match in _BREAK.finditer(self.text)]
