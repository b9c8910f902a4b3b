"""Members' stories: what is kept of one, what in it is personal, and their share beside what the brand says itself."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass

from copilot.domain.checks import apply_fixes
from copilot.domain.checks.normalize import Folding
from copilot.domain.checks.privacy import privacy
from copilot.domain.findings import Finding
from copilot.domain.materials import KINDS_BY_FAMILY, Family, Kind

KINDS = KINDS_BY_FAMILY[Family.UGC]

_FIRST_SENTENCE = re.compile(r"(?:[^。！？!?….]|[!?.](?=\w))+")
_TITLE_UNITS = 24  # A Han character is one, and so is half a Latin word of usual length.
_HAN = re.compile(r"[\u3400-\u9fff]")
_INLINE_MARK = re.compile(r"[\\*_`~<\[!]")
_BLOCK_MARK = re.compile(r"^([^\S\n]*)([#>|+-])", re.MULTILINE)
# What no reader takes for text, and YAML for an error.
_CONTROLS = re.compile(r"[^\n\t\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UNDERLINE = re.compile(r"^(?=[^\S\n]*=+[^\S\n]*$)", re.MULTILINE)


@dataclass(frozen=True)
class Story:
    """What a member said. `attribution` is how they may be named; `heard` says where it was said; both may be empty."""

    text: str
    kind: Kind
    title: str = ""
    attribution: str = ""
    heard: str = ""


@dataclass(frozen=True)
class Share:
    """How many of all are members' own."""

    own: int
    all: int

    @property
    def percent(self) -> int:
        return round(100 * self.own / self.all) if self.all else 0


def title_of(text: str) -> str:
    """A title from the first words: the first sentence, or as much of it as a line holds."""
    first = text.strip().partition("\n")[0].lstrip("#>|*+-= ").strip()
    sentence = _FIRST_SENTENCE.match(first)
    title = (sentence[0] if sentence else first).strip()
    taken = 0.0
    for place, character in enumerate(title):
        taken += 1 if _HAN.match(character) else 0.4
        if taken > _TITLE_UNITS:
            return _cut(title, place) + "…"
    return title


def _cut(title: str, place: int) -> str:
    """The title up to here; a Latin word that this would cut in two is left out."""
    cut = title[:place]
    whole = cut.rpartition(" ")[0] if re.match(r"[\w']", title[place], re.ASCII) else cut
    return (whole or cut).rstrip(" ，,、；;：:—-")


def path_of(story: Story) -> str:
    """The story's name in the library. The same words get the same name, so that no story is kept twice."""
    words = re.sub(r"[^\w]+", "-", title_of(story.text).lower()).strip("-_")[:40].rstrip("-")
    mark = hashlib.sha256(" ".join(story.text.split()).encode()).hexdigest()[:8]
    return f"{story.kind}/{words}-{mark}.md" if words else f"{story.kind}/{mark}.md"


def as_markdown(story: Story) -> bytes:
    """The story as a file: its words to the letter, with nothing in them that Markdown would take for a heading or list."""
    text = _UNDERLINE.sub("\n", _CONTROLS.sub("", story.text.replace("\r\n", "\n")).strip())
    body = _BLOCK_MARK.sub(r"\1\\\2", _INLINE_MARK.sub(r"\\\g<0>", text))
    meta = {"title": story.title or title_of(story.text), "heard": story.heard}
    # A JSON string on one line is a YAML one, whatever is in it.
    lines = {key: " ".join(_CONTROLS.sub("", value).split()) for key, value in meta.items()}
    front = "".join(f"{key}: {json.dumps(line, ensure_ascii=False)}\n" for key, line in lines.items() if line)
    return f"---\n{front}---\n{body}\n".encode()


def heard_in(data: bytes) -> str:
    """Where the story was said, as `as_markdown` wrote it down; empty for a file that says nothing of it."""
    found = re.match(rb'---\n(?:[^\n]*\n){0,4}?heard: ("[^\n]*")\n', data)
    try:
        return str(json.loads(found[1])) if found else ""
    except ValueError:
        return ""


def personal(text: str, folding: Folding) -> tuple[Finding, ...]:
    """Numbers and addresses in it that belong to somebody; a link is nobody's."""
    return tuple(finding for finding in privacy(text, (), folding) if finding.rule != "unknown_link")


def masked(text: str, findings: tuple[Finding, ...]) -> str:
    return apply_fixes(text, findings)
