"""Cuts a passage into what may answer a question: a sentence, a question with its answer, a row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from copilot.domain.grounding.evidence import passage_sentences
from copilot.domain.materials import Kind, Source, window_edge
from copilot.domain.orders import is_order

_ASKS = re.compile(r"(?:问|Q(?:uestion)?)[：:]\s*", re.IGNORECASE)
_ANSWERS = re.compile(r"(?:答|A(?:nswer)?)[：:]\s*", re.IGNORECASE)
_STEP = re.compile(r"\s*\d{1,2}\s*[.、．)）]\s*(?=\D)")
_YOU = re.compile(r"[你您]|\byou(?:r|rs)?\b", re.IGNORECASE)
_QUOTED = re.compile(r"「[^」]*」|“[^”]*”|\"[^\"]*\"")
_SUBJECT = re.compile(
    r"问题|情况|场景|场合|东西|商品|产品|优惠|套装$|question|product|subject|offer|what you do|dough|room",
    re.IGNORECASE,
)
_SPOKEN = re.compile(r"这样回|回复|^答|话术|^answer|repl(?:y|ies)|we say", re.IGNORECASE)
_WORDED = re.compile(r"说明|内容|理由|一句话|details?|notes?$|highlight|what we saw", re.IGNORECASE)
_CONDITIONS = re.compile(r"条件|参加方式|conditions?", re.IGNORECASE)
_HAN = re.compile(r"[㐀-䶿一-鿿]")
_FOR_ALL = re.compile(r"全部|全场|所有|\bany\b|\ball\b", re.IGNORECASE)


@dataclass(frozen=True)
class Piece:
    """`text` is what is weighed, `head` what it says that it answers: its question, its row's subject, its heading.

    `says` is what a reply tells of it, its sentences or cells letter for letter; where that leaves out what was
    asked, `whole` is.
    `subject` is the cell that names a row's thing.
    """

    source: Source
    text: str
    head: str
    says: tuple[str, ...]
    whole: str = ""
    subject: str = ""
    step: bool = False


def pieces(source: Source) -> list[Piece]:
    """What of a passage a member may be told; of complaints only what is worded as an answer to somebody.

    An order to whoever writes is no part of what a material says.
    """
    found = _row(source) if source.fields else list(_prose(source))
    if source.kind is Kind.COMPLAINT and not source.fields and not _YOU.search(_QUOTED.sub("", source.text)):
        return []
    return [piece for piece in found if not is_order(piece.text)]


def _prose(source: Source) -> Iterator[Piece]:
    heading = source.context.rsplit(" › ", 1)[-1]
    asked = ""
    for start, end in _sentences(source.text):
        sentence = source.text[start:end].strip()
        if sentence.endswith(("？", "?")):
            asked = sentence
            continue
        head, text = (asked, f"{asked}{sentence}") if asked else (heading, sentence)
        said = _ANSWERS.sub("", _STEP.sub("", sentence), count=1).strip()
        step = _STEP.match(sentence) is not None
        yield Piece(source, text, _ASKS.sub("", head, count=1), (said,), said, step=step)
        asked = ""


# The same passages come by with every question.
_sentences = lru_cache(maxsize=4096)(passage_sentences)


def _row(source: Source) -> list[Piece]:
    fields = {header: cell.strip() for header, cell in source.fields.items() if cell.strip()}
    if not fields:
        return []
    spoken = _cells(fields, _SPOKEN)
    if source.kind is Kind.CULTURE or (source.kind is Kind.COMPLAINT and not spoken):
        return []  # Notes for the team.
    subject = next(
        (cell for header, cell in fields.items() if _SUBJECT.search(header)), next(iter(fields.values()))
    )
    worded = [cell for cell in _cells(fields, _WORDED) if len(cell) > len(subject)]
    whole = _told(subject, fields)
    if spoken:
        says = tuple(spoken)
    elif worded:
        says = (worded[0], *_cells(fields, _CONDITIONS))
    else:
        says = (whole,)
    named = "" if _FOR_ALL.search(subject) else subject
    return [Piece(source, source.text, subject, says, whole, named)]


def _cells(fields: Mapping[str, str], header: re.Pattern[str]) -> list[str]:
    return [cell for name, cell in fields.items() if header.search(name)]


def _told(subject: str, fields: Mapping[str, str]) -> str:
    """A row that has no sentence: its subject and its cells, those that say little by themselves with their headers."""
    is_chinese = _HAN.search(subject + "".join(fields.values())) is not None
    colon, comma, short = ("：", "，", 5) if is_chinese else (": ", ", ", 12)
    cells = [
        cell if len(cell) > short else f"{header}{colon}{cell}"
        for header, cell in fields.items()
        if cell != subject and not window_edge(header)
    ]
    return f"{subject}{colon}{comma.join(cells)}"
