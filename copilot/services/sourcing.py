"""Where evidence comes from: files read for a single check, and passages as they stand now."""

from __future__ import annotations

import codecs
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from copilot import models
from copilot.domain.brands import Language
from copilot.domain.materials import Kind, Source
from copilot.domain.messages import Message
from copilot.domain.splitting import split
from copilot.errors import InvalidInput, Unreadable
from copilot.ports import Reader

# Office files, and the marks with which Unicode begins.
_TELLING = (b"PK\x03\x04", codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)


def standing(session: Session, passages: Sequence[int]) -> list[int]:
    """These passages as they stand now: one of a former revision gives way to the one that says the same today.

    What is said no longer, or cannot be found, is left out.
    """
    then, now = aliased(models.Passage), aliased(models.Passage)
    origin = aliased(models.MaterialRevision)
    rows = session.execute(
        select(then.id, func.min(now.id))
        .join(origin, origin.id == then.revision_id)
        .join(models.MaterialRevision, models.MaterialRevision.material_id == origin.material_id)
        .join(now, now.revision_id == models.MaterialRevision.id)
        .where(then.id.in_(passages), now.live.is_(True), now.text == then.text)
        .group_by(then.id)
    ).all()
    today = {row[0]: row[1] for row in rows}
    live = set(today.values())
    return [passage if passage in live else today[passage] for passage in passages if passage in today]


def is_guessed(data: bytes) -> bool:
    """Whether a file that was read is text whose encoding it does not tell: its bytes had to be judged by their look."""
    if data.startswith(_TELLING) or b"%PDF-" in data[:1024]:
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def sources_of_files(files: Sequence[tuple[str, bytes]], read: Reader, language: Language) -> list[Source]:
    """Every passage of the files, numbered from 1 in their order; InvalidInput names one that cannot be read."""
    sources: list[Source] = []
    for name, data in files:
        try:
            document = read(name, data)
        except Unreadable as exc:
            reason = Message(exc.message_id, exc.params)
            raise InvalidInput({"sources": "invalid.source_file"}, file=name, reason=reason) from exc
        for piece in split(document, language):
            sources.append(
                Source(
                    passage=len(sources) + 1,
                    text=piece.text,
                    kind=Kind.SELLING_POINT,
                    title=document.title,
                    context=" › ".join([document.title, *piece.heading]),
                    fields=dict(piece.fields),
                )
            )
    return sources
