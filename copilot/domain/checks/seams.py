"""Seams: where words were taken out of a copy, the marks and blanks around them are put in order again.

`static/js/editor/seams.js` does the same in the editor; a test holds the two against each other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from copilot.domain.sentences import EMOJI

SEAM = "\ufdd0"
"""Stands where words were taken out. It is no character of any text."""

_BLANKS = " \t\u00a0\u3000"
_LETTER = re.compile(r"[^\W_]")
_WORDS = re.compile(rf"[^\W_]|[{EMOJI}]")
# An ASCII mark may belong to a number, an address, a time or a face; then it is none of the sentence's.
_TOKEN = re.compile(
    r"(?P<stop>(?:[。！？!?…～~]|\.(?![A-Za-z0-9]))+)"
    r"|(?P<pause>[，、；：]|[,;](?![0-9])|:(?![0-9/()DP-]))"
    rf"|(?P<dash>——|[—–]|(?<=[{_BLANKS}{SEAM}])-(?=[{_BLANKS}{SEAM}]))"
    rf"|[{_BLANKS}{SEAM}]"
)
_WEIGHT = {"、": 1, "，": 2, ",": 2, "；": 4, ";": 4, "：": 5, ":": 5}
_DASH, _STOP = 3, 6
_STAYS = 5  # From this weight on, a mark may end a line.
_FULL_WIDTH = frozenset("，、；：。！？…～")
_OPENERS, _CLOSERS = "（(「『《【〈“‘[{", "）)」』》】〉”’]}"
_EMPTIED = rf"[{_BLANKS}，、；：。！？,;:!?]*{SEAM}[{_BLANKS}，、；：。！？,;:!?{SEAM}]*"
_EMPTY = re.compile(
    "|".join(
        (
            *(
                f"{re.escape(one)}{_EMPTIED}{re.escape(other)}"
                for one, other in zip(_OPENERS, _CLOSERS, strict=True)
            ),
            # Of straight quotation marks, one behind words closes what was said before.
            rf'(?<![^\W_])(?<!{SEAM})"{_EMPTIED}"(?![^\W_])',
        )
    )
)
# What points at a line or numbers it: alone it says nothing.
_BULLET = rf"[{_BLANKS}]*(?:(?:[-*•·–>]|[0-9]{{1,2}}[.、)）．]|[一二三四五六七八九十]{{1,3}}、|[①-⑳👉➡▶🔸🔹🔶🔷📌📍✅☑✔➤➜🔴🟢🟡🔵🟠])\ufe0f?[{_BLANKS}]*)?"
_HEAD = re.compile(_BULLET)
_START = re.compile(rf"{_BULLET}(?:[{EMOJI}\ufe0f]{{1,8}}[{_BLANKS}]*)?")
_NOTHING = re.compile(rf"[{_BLANKS}{SEAM}，、；：。！？…～,;:!?.~—–-]*")


def leaves_seam(words: str) -> bool:
    """Whether taking these out leaves marks behind that were theirs: a mark or a blank alone has none."""
    return bool(_WORDS.search(words))


def closed(text: str) -> str:
    """The text with every seam closed. It comes to the same whether they are closed at once or one by one."""
    if SEAM not in text:
        return text
    count = 1
    while count:
        text, count = _EMPTY.subn(SEAM, text)
    return "\n".join(_closed(line) if SEAM in line else line for line in _left(text.split("\n")))


def _left(lines: Sequence[str]) -> list[str]:
    """The lines without those of which nothing is left; of the empty ones around them the longer stretch stays."""
    kept: list[str] = []
    # The empty lines since the last that says something, parted by those that went.
    stretches: list[list[str]] = [[]]

    def let_go(*, is_last: bool = False) -> None:
        longest = max(stretches, key=len)
        if len(stretches) == 1 or (kept and not is_last):
            kept.extend(longest)
        stretches[:] = [[]]

    for line in lines:
        head = _HEAD.match(line)
        if SEAM in line and _NOTHING.fullmatch(line, head.end() if head else 0):
            stretches.append([])
        elif not line.strip(_BLANKS):
            stretches[-1].append(line)
        else:
            let_go()
            kept.append(line)
    let_go(is_last=True)
    return kept


def _closed(line: str) -> str:
    """A line that keeps some of its words."""
    put, done, is_beheaded = "", 0, False
    for run in _runs(line):
        put += line[done : run.start]
        seam = line.find(SEAM, run.start, run.end)
        if seam >= 0 and _START.fullmatch(put + line[run.start : seam]):
            put += line[run.start : seam] if run.end < len(line) else ""
            is_beheaded = True
        elif not (is_beheaded and run.mark and _START.fullmatch(put)):
            put += line[run.start : run.end] if seam < 0 else _between(line, run)
        done = run.end
    return put + line[done:]


@dataclass
class _Run:
    """One of the longest stretches of marks, blanks and seams, and the mark in it that parts most."""

    start: int
    end: int
    mark: str = ""
    weight: int = 0
    is_spaced: bool = False

    def grow(self, token: re.Match[str]) -> None:
        weight = _STOP if token["stop"] else _DASH if token["dash"] else _WEIGHT.get(token[0], 0)
        if weight > self.weight:
            self.mark, self.weight = token[0], weight
        self.is_spaced = self.is_spaced or token[0] in _BLANKS
        self.end = token.end()


def _runs(line: str) -> list[_Run]:
    runs: list[_Run] = []
    for token in _TOKEN.finditer(line):
        if not runs or runs[-1].end < token.start():
            runs.append(_Run(token.start(), token.start()))
        runs[-1].grow(token)
    return runs


def _between(line: str, run: _Run) -> str:
    """What stands between the words before and behind: the first mark that ends a sentence, or the one that parts most."""
    after = line[run.end : run.end + 1]
    if _opens(line, run.start):
        return ""
    if not after or _closes(line, run.end):
        return run.mark if run.weight >= _STAYS else ""
    if run.weight == _DASH:
        return f" {run.mark} " if run.is_spaced and run.mark != "——" else run.mark
    if run.mark and (run.mark[-1] in _FULL_WIDTH or not after.isascii()):
        return run.mark
    return f"{run.mark} " if run.mark or run.is_spaced else ""


def _opens(line: str, at: int) -> bool:
    """Whether what stands before this place opens a pair; of straight quotation marks every other one does."""
    before = line[at - 1 : at] if at else ""
    if before == '"':
        return line.count('"', 0, at) % 2 == 1 and not _LETTER.match(line[max(0, at - 2) : at - 1])
    return bool(before) and before in _OPENERS


def _closes(line: str, at: int) -> bool:
    after = line[at : at + 1]
    if after == '"':
        return line.count('"', 0, at) % 2 == 1 and not _LETTER.match(line[at + 1 : at + 2])
    return bool(after) and after in _CLOSERS
