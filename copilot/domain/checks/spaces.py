"""Spaces: those that nobody meant, those of an odd kind, and those that are set here and left out there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from copilot.domain.checks.measures import Span
from copilot.domain.checks.proof import BLANKS, CLOSERS, MARKS, Proof, Slip, is_han, slip
from copilot.domain.cutting import cut, is_word
from copilot.domain.sentences import EMOJI, HAN

_GAP = re.compile(
    rf"[{BLANKS}](?:[{BLANKS}]+|(?<=[\t\u00a0\u3000])|(?=[\n\r,.!?;，。、！？；：）」』》”%％℃‰]|$))"
)
_AFTER_OPENER = re.compile(f"[，。、；：！？（「『《“](?=[{BLANKS}])")
_BETWEEN_HAN = re.compile(f"[{HAN}] (?=[{HAN}])")
_HAN_BEFORE = re.compile(f"[{HAN} ]{{1,8}}$")
_HAN_AFTER = re.compile(f"[{HAN} ]{{1,8}}")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+")
# Scripts that cannot be written without joiners, breaks of no width or marks of direction.
_NEEDS_UNSEEN = re.compile("[\u0590-\u109f\u1780-\u18af\ufb1d-\ufdff\ufe70-\ufefc]")
_PICTURE = re.compile(f"[{EMOJI}\ufe0f]")
# What opens an item: before it, white space sets out a list.
_ITEM = re.compile(
    rf"(?:[A-Za-z]|\d{{1,2}}|[一二三四五六七八九十])[.、．)）:：]|[①-⓿❶-➓•·|/→*–>+-]|[{EMOJI}]"
)
# Words that no phrase ends with, and words that none begins with.
_LEADS_ON = frozenset("和与把被从向跟及而让将这每很更最第就")
_HANGS_ON = frozenset("的吗呢吧了们")
_TIGHT = (re.compile(f"[A-Za-z0-9](?=[{HAN}])"), re.compile(f"[{HAN}](?=[A-Za-z0-9])"))
_SPACED = re.compile(f" (?:(?=[A-Za-z0-9])(?<=[{HAN}] )|(?=[{HAN}])(?<=[A-Za-z0-9] ))")
_TOKEN = re.compile(r"[A-Za-z0-9]+(?:[.,'’&-][A-Za-z0-9]+){0,8}")
_WORD = re.compile(r"[A-Za-z]{2,}(?:['’&-][A-Za-z]+){0,8}")
_NUMBER = re.compile(r"\d+(?:[.,]\d+){0,8}")
# Dates, times of day, ordinals and discounts are set tight by houses that put a space beside every other number.
_DATED = frozenset("第年月日号点时分秒周折")
_TIMES = re.compile(r"\d ?[xX*] ?\d")
_TIMES_SIGN = re.compile("[xX*]")
_SIZE = re.compile(
    r"\d{1,4}(?:\.\d{1,2})?(?: ?[xX*×] ?\d{1,4}(?:\.\d{1,2})?){1,2} ?(?:cm|mm|厘米|毫米|公分)(?![a-zA-Z])"
)
_OPENING = frozenset("“‘「《（")


def invisible(proof: Proof) -> Iterator[Slip]:
    """Characters that no reader sees and a search stumbles over; joined emoji keep their joiner."""
    runs = [match.span() for match in _UNSEEN.finditer(proof.text)]
    if not runs or _NEEDS_UNSEEN.search(proof.text):
        return
    for start, end in runs:
        joins = proof.text[start:end] == "\u200d" and all(
            _PICTURE.match(beside) for beside in (proof.before(start), proof.after(end))
        )
        if not joins:
            yield slip("invisible", (start, end, ""))


def spaces(proof: Proof) -> Iterator[Slip]:
    """White space at the end of a line, before a mark, within a pair, of an odd kind, or more than one of it."""
    for match in _GAP.finditer(proof.text):
        start, end = match.span()
        if proof.ends_line(end):
            yield slip("line_end", (start, end, ""))
        elif not proof.starts_line(start):
            new = _instead(proof, start, end)
            if new is not None and not proof.kept(start) and not proof.kept(end):
                yield slip("odd_space" if new and match[0].strip(" ") else "space", (start, end, new))
    for match in _AFTER_OPENER.finditer(proof.text):
        start, end = match.end(), proof.past_blanks(match.end())
        after = proof.after(end)
        begins = after in _OPENING or (after.isalnum() and not _ITEM.match(proof.text, end))
        is_ours = match[0] in "（「『《“" or (proof.is_chinese and not proof.is_english(start))
        if begins and is_ours and not proof.is_layout(start) and not proof.kept(start):
            yield slip("space", (start, end, ""))


def within_words(proof: Proof) -> Iterator[Slip]:
    """A space that cuts a Chinese word or phrase in two. Any other may be a pause, or part names: it stays."""
    if not proof.is_chinese:
        return
    for match in _BETWEEN_HAN.finditer(proof.text):
        at = match.end() - 1
        stays = proof.is_layout(at) or proof.kept(at) or proof.named(at)
        if not stays and _is_cut(proof.text, at):
            yield slip("space", (at, at + 1, ""))


def uneven(proof: Proof) -> Iterator[Slip]:
    """Where some numbers, or some Latin words, have a space beside Han and others none: the rarer way."""
    has_both = any(tight.search(proof.text) for tight in _TIGHT) and _SPACED.search(proof.text)
    if not proof.is_chinese or not has_both:
        return
    styles: dict[str, tuple[list[Span], list[Span]]] = {"word": ([], []), "number": ([], [])}
    for match in _TOKEN.finditer(proof.text):
        kind = "number" if _NUMBER.fullmatch(match[0]) else "word" if _WORD.fullmatch(match[0]) else ""
        if kind:
            for at, is_tight in _sides(proof, *match.span()):
                styles[kind][is_tight].append((match.start(), at))
    for spaced, tight in styles.values():
        if spaced and tight and len(spaced) != len(tight):
            rarer = min(spaced, tight, key=len)
            for token, sides in groupby(rarer, key=itemgetter(0)):
                if not proof.kept(token) and not proof.named(token):
                    edits = ((at, at + 1, "" if rarer is spaced else f" {proof.text[at]}") for _, at in sides)
                    yield slip("uneven", *edits)


def times(proof: Proof) -> Iterator[Slip]:
    """A letter or a star for × in a size that names its unit."""
    if not _TIMES.search(proof.text):
        return
    for match in _SIZE.finditer(proof.text):
        before, size = proof.before(match.start()), _TIMES_SIGN.sub("×", match[0])
        is_whole = not (before.isascii() and before.isalnum()) and before not in (".", "/")
        if is_whole and size != match[0]:
            yield slip("times", (*match.span(), size))


def _instead(proof: Proof, start: int, end: int) -> str | None:
    """What stands in place of white space within a line; None where it may be meant."""
    gap, before, after = proof.text[start:end], proof.before(start), proof.after(end)
    if after in "，。、！？；：）」』》”,.!?;":
        return "" if _is_mark_of(proof, before, end) else None
    if after in "%％℃‰":
        return "" if before.isdigit() and not proof.after(end + 1).isalnum() else None
    if gap == "\u00a0" and before.isdigit() and after.isascii() and after.isalpha():
        return None  # A number and its unit, kept on one line.
    if before in "，。、；：！？（「『《“" or (is_han(before) and is_han(after) and gap != "\u00a0"):
        return None
    if not all(beside.isalnum() or beside in MARKS for beside in (before, after)):
        return None
    if len(gap) > 1 or gap == "\t":
        return None if proof.is_layout(start) or _ITEM.match(proof.text, end) else " "
    return " " if gap != " " else None


def _is_mark_of(proof: Proof, before: str, at: int) -> bool:
    """Whether the mark here ends what comes before the space: the stop of .5 or of .com does not."""
    if proof.text[at] not in ",.!?;":
        return True
    if before in MARKS and before not in CLOSERS + ")]'\"%℃°":
        return False
    if proof.text.startswith((". .", "..."), at):
        return False
    beyond = proof.after(at + 1)
    return not beyond or beyond.isspace() or is_han(beyond) or beyond in "\"'”’)]!?"


def _is_cut(text: str, at: int) -> bool:
    """Whether the words before and after this place are one, or go together in any sentence."""
    before, after = _HAN_BEFORE.search(text[max(0, at - 8) : at]), _HAN_AFTER.match(text, at + 1)
    if before is None or after is None:
        return False
    words, more = cut(before[0].rpartition(" ")[2]), cut(after[0].partition(" ")[0])
    if words[-1] in _LEADS_ON or more[0] in _HANGS_ON:
        return True
    both = before[0].strip() + after[0].strip()
    # With more spaces it is a list or a manner, and so it is between two characters that stand alone: 男 女.
    if " " in both or len(both) < 3:
        return False
    return any(is_word("".join(words[-i:] + more[:j])) for i, j in ((1, 1), (1, 2), (2, 1)))


def _sides(proof: Proof, start: int, end: int) -> Iterator[tuple[int, bool]]:
    """For each side of a token on which Han stands: what would have to change, and whether it stands tight."""
    before, after = proof.before(start), proof.after(end)
    if is_han(before):
        if before not in _DATED:
            yield start, True
    elif before == " " and is_han(far := proof.before(start - 1)) and far not in _DATED:
        yield start - 1, False
    if is_han(after):
        if after not in _DATED:
            yield end, True
    elif after == " " and is_han(far := proof.after(end + 1)) and far not in _DATED:
        yield end, False
