"""Pairs: brackets and quotation marks of one kind at both ends, in the form that their language writes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from copilot.domain.checks.measures import Span
from copilot.domain.checks.proof import BLANKS, Proof, Slip, is_han, slip

_LONGEST = 80  # Characters between the ends of a pair; further apart they may belong to others.
_BRACKET = re.compile(r"[()（）\[\]【】《》「」『』“”]")
_OPENS = dict(zip("(（[【《「『“", "((【【《「『“", strict=True))
_CLOSES = dict(zip(")）]】》」』”", "((【【《「『“", strict=True))
_HAN_WITHIN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_QUOTE = re.compile('"')
_SINGLE = re.compile(r"'[^'\n\"]{1,40}'")
_STRAIGHT = re.compile("[\"']")
_CURLY = re.compile("[“”‘’]")
_SHORTENED = re.compile(r"(?:\d|(?:tis|twas|til|em|cause|bout|n)\b)", re.IGNORECASE)
# An item of a list is closed without having been opened.
_ITEM = re.compile(r"(?:^|[\s，。；;,：:])(?:\d{1,3}|[A-Za-z]|[ivxIVX]{2,4}|[一二三四五六七八九十]{1,3})$")


def brackets(proof: Proof) -> Iterator[Slip]:
    """A pair with a half-width and a full-width end; in Chinese, also half-width round brackets around Han."""
    for opened, closed in _paired(proof)[0]:
        if closed - opened > _LONGEST or "\n" in proof.text[opened:closed]:
            continue
        ends = proof.text[opened] + proof.text[closed]
        if ends in ("（)", "(）"):
            yield _round(proof, opened, closed, full=proof.is_chinese and not proof.is_english(opened))
        elif ends == "()" and proof.is_chinese and _HAN_WITHIN.search(proof.text, opened, closed):
            yield _round(proof, opened, closed, full=True)
        elif ends in ("【]", "[】"):
            edits = ((opened, opened + 1, "【"), (closed, closed + 1, "】"))
            yield slip("brackets", edits[0 if ends == "[】" else 1])


def quotes(proof: Proof) -> Iterator[Slip]:
    """In Chinese, straight quotation marks around Han; in English, the rarer of straight and curly ones."""
    return _chinese(proof) if proof.is_chinese else _english(proof)


def unbalanced(proof: Proof) -> Iterator[Span]:
    """Ends of pairs that have no other end; what is missing where, only a person can tell."""
    text = proof.text
    for at in _paired(proof)[1]:
        if text[at] in _OPENS:
            # A bracket that is opened at the end of a line and left so is a manner of chatting.
            meant = not proof.after(at + 1).isalnum() or text[at] == "["
        else:
            before = proof.before(at)
            ends_word = bool(before) and (before.isalnum() or before in "。！？，.!?%")
            meant = text[at] == "]" or not ends_word or bool(_ITEM.search(text[max(0, at - 5) : at]))
        if not meant:
            yield at, at + 1
    odd = [places for places in _straight(proof).values() if len(places) % 2]
    if len(odd) == 1 and not proof.before(odd[0][-1]).isdigit():  # 6" is a measure.
        yield odd[0][-1], odd[0][-1] + 1


def _paired(proof: Proof) -> tuple[list[Span], list[int]]:
    """The pairs, in the order in which they close, and the places of ends without another."""
    pairs: list[Span] = []
    alone: list[int] = []
    opened: list[tuple[str, int]] = []
    waiting: Counter[str] = Counter()
    for match in _BRACKET.finditer(proof.text):
        at, mark = match.start(), match[0]
        if mark in "()（）[]" and proof.kept(at):
            continue
        if mark in _OPENS:
            family = _OPENS[mark]
            if mark == "“" and waiting[family] and proof.starts_line(at):
                continue  # A quotation of several paragraphs opens with each of them.
            opened.append((family, at))
            waiting[family] += 1
        elif waiting[_CLOSES[mark]]:
            family = ""
            while family != _CLOSES[mark]:
                family, other = opened.pop()
                waiting[family] -= 1
                if family != _CLOSES[mark]:
                    alone.append(other)
            pairs.append((other, at))
        else:
            alone.append(at)
    return pairs, sorted([*alone, *(at for _, at in opened)])


def _round(proof: Proof, opened: int, closed: int, *, full: bool) -> Slip:
    """The ends that have to change; a full-width one has its white space within, so that beside it goes."""
    first, last = opened, proof.past_blanks(closed + 1)
    if full and not proof.is_indent(opened):
        while proof.before(first) == " " and opened - first < 3:
            first -= 1
    if not (full and proof.after(last).isalnum() and not proof.is_indent(opened)):
        last = closed + 1
    ends = ((first, opened + 1, "（" if full else "("), (closed, last, "）" if full else ")"))
    changed = [end for end in ends if end[2] not in proof.text[end[0] : end[1]]]
    return slip("half_width" if len(changed) == 2 else "brackets", *changed)


def _chinese(proof: Proof) -> Iterator[Slip]:
    text = proof.text
    corners = "「" in text and "“" not in text
    for places in _straight(proof).values():
        if len(places) % 2:
            continue
        for opened, closed in zip(places[::2], places[1::2], strict=True):
            if not 1 < closed - opened <= _LONGEST or proof.before(opened) == "=":
                continue
            beside = is_han(proof.before(opened)) or is_han(proof.after(closed + 1))
            if beside or _HAN_WITHIN.search(text, opened, closed):
                ends = "「」" if corners else "“”"
                yield slip("straight_quotes", (opened, opened + 1, ends[0]), (closed, closed + 1, ends[1]))
    for match in _SINGLE.finditer(text):
        opened, closed = match.start(), match.end() - 1
        within = is_han(text[opened + 1]) or is_han(text[closed - 1])
        if within and not _ends_word(proof.before(opened)) and not proof.kept(opened):
            yield slip("straight_quotes", (opened, opened + 1, "‘"), (closed, closed + 1, "’"))


def _straight(proof: Proof) -> dict[int, list[int]]:
    """The straight quotation marks of each line that has some."""
    lines: dict[int, list[int]] = {}
    for match in _QUOTE.finditer(proof.text):
        if not proof.kept(match.start()):
            lines.setdefault(proof.line(match.start())[0], []).append(match.start())
    return lines


def _english(proof: Proof) -> Iterator[Slip]:
    text = proof.text
    if not _CURLY.search(text) or not _STRAIGHT.search(text):
        return
    straight = [
        match.start()
        for match in _STRAIGHT.finditer(text)
        if not proof.before(match.start()).isdigit() and not proof.kept(match.start())
    ]
    curly = [match.start() for match in _CURLY.finditer(text) if not _beside_han(proof, match.start())]
    if len(curly) < len(straight):
        for at in curly:
            yield slip("mixed_quotes", (at, at + 1, "'" if text[at] in "‘’" else '"'))
    elif curly:
        for at in straight:
            yield slip("mixed_quotes", (at, at + 1, _curled(proof, at)))


def _curled(proof: Proof, at: int) -> str:
    before = proof.before(at)
    opens = not before or before.isspace() or before in BLANKS or before in "([{—–-“‘/"
    if proof.text[at] == '"':
        return "“" if opens else "”"
    return "‘" if opens and not _SHORTENED.match(proof.text, at + 1) else "’"


def _ends_word(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _beside_han(proof: Proof, at: int) -> bool:
    return is_han(proof.before(at)) or is_han(proof.after(at + 1))
