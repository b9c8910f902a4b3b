"""Scripts (气氛组): what named staff say around a post, minute by minute, and openly as staff."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from copilot.domain.brands import Language
from copilot.domain.checks.measures import length
from copilot.domain.columns import Form
from copilot.domain.forms import quiz_options
from copilot.domain.likeness import jaccard, pieces

MOST_PEOPLE = 3
MOST_LINES = 8
LATEST = 24 * 60
"""Minutes after the post: what is said later is about another one."""

LONGEST = {Language.ZH: 90, Language.EN: 55}
"""Of one line, in characters or words: longer ones are read as a post."""

_HEADERS = frozenset({"minutes", "minute", "分钟"})
_BULLET = re.compile(r"^\s*(?:[-*•·]\s+)?")
_SEPARATOR = re.compile(r"[|｜]")
_MINUTES = re.compile(r"\+?\s*(\d{1,4})\s*(?:分钟?|min(?:ute)?s?)?", re.IGNORECASE)
_WRAPPING = ' \t`"“”「」'
_INTRODUCTION = {Language.ZH: "我是{role}{name}。", Language.EN: "{name} here, {role}. "}
_SAME_AS_AIM = 0.5  # Of four-character pieces: a weak model hands the aim back with a "please" or a capital.
_NOD = re.compile(
    r"(?:好的|好嘞|收到|明白|没问题)[，,！!。]|(?:okay|ok|sure|certainly|understood|of course)[,.!]",
    re.IGNORECASE,
)
_TELLS = {
    Language.ZH: re.compile(r"(?:正确)?答案(?:就|其实)?(?:是|为|：|:)|正解|谜底(?:是|：)|(?:该|应该|要|得)选\s*[A-Da-d]|选\s*[A-Da-d]\s*(?:就|才|准|没错)"),
    Language.EN: re.compile(r"\b(?:the )?(?:right |correct )?answer(?:'s|’s| is| was)\b(?! (?:in|above|below|under|up|on|announced|still))|\bit(?:'s|’s| is) (?-i:[A-D])\b|\b(?:choose|pick|go (?:for|with)) (?-i:[A-D])\b", re.IGNORECASE),
}  # fmt: skip


@dataclass(frozen=True)
class Speaker:
    """A person of the brand as members know them: by name, and by what they do in the group."""

    name: str
    role: str


@dataclass(frozen=True)
class Line:
    """`minutes` are counted from the post on."""

    speaker: Speaker
    minutes: int
    text: str


@dataclass(frozen=True)
class Cue:
    """A line that holds as it stands, and what it is for: a model may find better words for the same aim."""

    line: Line
    aim: str


def in_order(lines: Sequence[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: line.minutes))


def unnamed(lines: Sequence[Line]) -> tuple[int, ...]:
    """The places where a person speaks for the first time and says neither their name nor their role.

    In a chat a nickname is easily overlooked: whoever speaks for the brand says so once, in words.
    """
    met: set[Speaker] = set()
    found = []
    for at in sorted(range(len(lines)), key=lambda place: lines[place].minutes):
        line = lines[at]
        if line.speaker not in met and not _names(line):
            found.append(at)
        met.add(line.speaker)
    return tuple(sorted(found))


def introduced(lines: Sequence[Line], language: Language) -> tuple[Line, ...]:
    """The lines in their order, with an introduction before the first of each person who gave none."""
    ordered = in_order(lines)
    missing = frozenset(unnamed(ordered))
    return tuple(
        replace(line, text=_introduction(line.speaker, language) + line.text) if at in missing else line
        for at, line in enumerate(ordered)
    )


def is_too_long(text: str, language: Language) -> bool:
    return length(text, language) > LONGEST[language]


def gives_away(text: str, post: str, form: Form, language: Language) -> bool:
    """Whether a line tells the answer of a quiz, or might: it must not even say an option again."""
    if form is not Form.QUIZ:
        return False
    options = (post[start:end] for start, end in quiz_options(form, post))
    told = [
        re.sub(r"^\W*[A-Da-d①-⑥1-6][.．、:：)）\s\ufe0f\u20e3]*", "", option).strip(" 。.;；")
        for option in options
    ]
    return _TELLS[language].search(text) is not None or any(
        len(option) > 1 and option.casefold() in text.casefold() for option in told
    )


def said_anew(answer: str, cues: Sequence[Cue], *, asked: str = "") -> Mapping[int, str]:
    """A model's lines by the minutes of their cues, from rows of `minutes | name | text`.

    A row counts where it has these three parts and a cue has its minutes and its person; of several, the first.
    One that hands back the aim, or an example of what was `asked`, has said nothing.
    """
    wanted = {(cue.line.minutes, cue.line.speaker.name): cue for cue in cues}
    found: dict[int, str] = {}
    for row in answer.splitlines():
        cells = [cell.strip(_WRAPPING) for cell in _SEPARATOR.split(_BULLET.sub("", row, count=1))]
        if len(cells) != 3 or cells[0].lower() in _HEADERS:
            continue
        minutes = _MINUTES.fullmatch(cells[0])
        cue = wanted.get((int(minutes[1]), cells[1])) if minutes is not None else None
        if cue is not None and _says_something(cells[2], cue, asked):
            found.setdefault(cue.line.minutes, cells[2])
    return found


def _says_something(text: str, cue: Cue, asked: str) -> bool:
    """Whether a row is more than its aim, an example of what was asked, or a nod to whoever asked."""
    bare = text.strip(" 。.")
    is_aim = jaccard(pieces(bare), pieces(cue.aim)) >= _SAME_AS_AIM
    return bare not in ("", cue.aim) and bare not in asked and not is_aim and not _NOD.match(bare)


def _names(line: Line) -> bool:
    said = line.text.casefold()
    return line.speaker.name.casefold() in said or line.speaker.role.casefold() in said


def _introduction(speaker: Speaker, language: Language) -> str:
    role = speaker.role
    if language is Language.EN and not re.match(r"(?:the|your|a|an|from|head|one)\b", role, re.IGNORECASE):
        role = f"the {role}"
    return _INTRODUCTION[language].format(name=speaker.name, role=role)
