"""What a model just said of a copy's open sentences, for the one page that comes after the press."""

from __future__ import annotations

from dataclasses import asdict

from flask import session

from copilot.services.entailing import Judged

_SAID = "claims-judged"


def keep(post: int, judged: Judged) -> None:
    session[_SAID] = {"post": post, "judged": asdict(judged)}


def said(post: int) -> Judged | None:
    """What came of asking about this post; None where nobody just asked."""
    kept = session.pop(_SAID, None)
    return Judged(**kept["judged"]) if kept is not None and kept["post"] == post else None
