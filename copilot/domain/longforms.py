"""Scripts and articles as lines of text: how a shot, a title, a digest and a section are told apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

from copilot.domain.brands import Language

_HAN_NUMBER = "[一二三四五六七八九十]"
_SHOT = {
    Language.ZH: re.compile(
        rf"(?m)^\s*(?P<head>镜头\s*(?:\d+|{_HAN_NUMBER}+)\s*(?:[（(]\s*(?P<seconds>\d+)\s*秒\s*[)）])?)(?P<rest>.*)$"
    ),
    Language.EN: re.compile(
        r"(?m)^\s*(?P<head>(?:Shot|Scene)\s*(?:\d+|one|two|three|four|five|six)\b\s*"
        r"(?:\(\s*(?P<seconds>\d+)\s*(?:s|secs?|seconds?)\s*\))?)(?P<rest>.*)$",
        re.IGNORECASE,
    ),
}
_SHOWN = {
    Language.ZH: re.compile(r"画面\s*[:：]\s*(.+?)\s*(?:[｜|]|口播|$)"),
    Language.EN: re.compile(r"(?:Picture|Visual)\s*:\s*(.+?)\s*(?:[|｜]|Voice|$)", re.IGNORECASE),
}
_SPOKEN = {
    Language.ZH: re.compile(r"(?:口播|台词|旁白)\s*[:：]\s*(.+)$"),
    Language.EN: re.compile(r"(?:Voice|Line)\s*:\s*(.+)$", re.IGNORECASE),
}
DIGEST_WORDS = ("摘要", "digest", "summary")  # what a line begins with that is the digest, in small letters
_DIGEST = re.compile(rf"^\s*(?:{'|'.join(DIGEST_WORDS)})\s*[:：]\s*(.+)$", re.IGNORECASE)
_ENDED = re.compile(r"[。！？!?.…；;：:，,]\W*$")
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
_HEADING_AT_MOST = 40
_HEAD_LINES = 3  # The digest stands among so many lines under the title.


@dataclass(frozen=True)
class Shot:
    """One line of a script; what was not written is empty, or 0 seconds."""

    picture: str
    line: str
    seconds: int


@dataclass(frozen=True)
class Article:
    """A long text as a place takes it that has fields of its own for title and digest."""

    title: str
    digest: str
    body: str
    headings: tuple[str, ...]


def shots(text: str, language: Language) -> tuple[Shot, ...]:
    """The shots of a script, in order; lines that are none are left out."""
    found = []
    for match in _SHOT[language].finditer(text):
        shown, spoken = _SHOWN[language].search(match["rest"]), _SPOKEN[language].search(match["rest"])
        found.append(
            Shot(
                picture=shown[1].strip() if shown else "",
                line=spoken[1].strip() if spoken else "",
                seconds=int(match["seconds"] or 0),
            )
        )
    return tuple(found)


def shot_heads(text: str, language: Language) -> tuple[tuple[int, int], ...]:
    """Where each shot says which it is and how long it lasts."""
    return tuple(match.span("head") for match in _SHOT[language].finditer(text))


def article(text: str) -> Article:
    """Title, digest and body of an article; what the text does not have is empty.

    The title is the first line, the digest the line under it that says so. A heading is a short line without
    a mark at its end that opens a block and has text after it.
    """
    first, *lines = text.strip().split("\n")
    title = first.strip()
    if _ENDED.search(title) or _DIGEST.match(title):
        title, lines = "", [first, *lines]
    digest = ""
    for at, line in enumerate(lines[:_HEAD_LINES]):
        if match := _DIGEST.match(line):
            digest, lines = match[1].strip(), lines[at + 1 :]
            break
    body = "\n".join(lines).strip()
    blocks = [block.split("\n") for block in _BLANK_LINES.split(body)]
    headings = [
        block[0].strip()
        for at, block in enumerate(blocks)
        if 0 < len(block[0].strip()) <= _HEADING_AT_MOST
        and not _ENDED.search(block[0])
        and (len(block) > 1 or at + 1 < len(blocks))
    ]
    return Article(title, digest, body, tuple(headings))
