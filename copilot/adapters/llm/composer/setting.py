"""Sets an attempt in lines: as its channel takes them, with the voice's emoji and the markers of its sources."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from copilot.adapters.llm.composer.forms import Paragraph
from copilot.domain.brands import Language
from copilot.domain.channels import LIMITS
from copilot.domain.columns import Form
from copilot.domain.drafts import Brief
from copilot.domain.sentences import EMOJI

_EMOJI = re.compile(f"[{EMOJI}]\ufe0f?")
_UNADORNED = frozenset({Form.ANNOUNCEMENT, Form.VIDEO_SCRIPT, Form.ARTICLE})


def typeset(paragraphs: Sequence[Paragraph], brief: Brief, turn: int) -> tuple[str, dict[int, int]]:
    """The text with markers, and how many characters it copies from each source."""
    pieces = [paragraph for paragraph in paragraphs if paragraph]
    if brief.column.form not in _UNADORNED:
        pieces = _decorated(pieces, brief, turn)
    copied: dict[int, int] = {}
    for piece in (piece for paragraph in pieces for piece in paragraph if piece.source):
        copied[piece.source] = copied.get(piece.source, 0) + piece.copied
    return _joined(pieces, brief), copied


def _joined(paragraphs: Sequence[Paragraph], brief: Brief) -> str:
    limits = LIMITS[brief.channel]
    chinese = brief.brand.language is Language.ZH
    few = limits.max_lines is not None
    tight = (chinese or few) and brief.column.form is not Form.ARTICLE
    gap = "" if chinese else " "
    lines = [gap.join(piece.marked for piece in paragraph) for paragraph in paragraphs]
    text = lines[0]
    for at in range(1, len(lines)):
        follows = paragraphs[at][0].listed
        if follows and few and paragraphs[at - 1][0].listed:
            text += ("；" if chinese else "; ") + lines[at]
        else:
            text += ("\n" if tight or follows else "\n\n") + lines[at]
    return text


def _decorated(paragraphs: list[Paragraph], brief: Brief, turn: int) -> list[Paragraph]:
    """The paragraphs with the voice's emoji: some days after the greeting, some at the end, some nowhere."""
    voice = brief.voice
    written = sum(len(_EMOJI.findall(piece.text)) for paragraph in paragraphs for piece in paragraph)
    if min(voice.max_emoji - written, len(voice.emoji)) < 1 or turn % 3 == 2:
        return paragraphs
    call = brief.column.call_to_action
    closings = [at for at, told in enumerate(paragraphs) if len(told) > 1 and told[-1].text == call]
    at, piece = (closings[0], -2) if turn % 3 == 1 and closings else (0, len(paragraphs[0]) - 1)
    gap = "" if brief.brand.language is Language.ZH else " "
    told = list(paragraphs[at])
    told[piece] = replace(
        told[piece], text=told[piece].text + gap + voice.emoji[turn // 3 % len(voice.emoji)]
    )
    return [*paragraphs[:at], tuple(told), *paragraphs[at + 1 :]]
