"""Replies as jobs: a command's question beside the running server, and a model's words for an answer that stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from copilot.ports import Progress
from copilot.services.accounts import Accounts
from copilot.services.jobs import Handler
from copilot.services.queries.replies import QuestionView, ReplyQueries
from copilot.services.replying import Replying
from copilot.services.reporting import copy_json, message_json

WORDS = "reply_words"
"""The kind of job in which a model puts an answer in words."""


def reply_handlers(*, replying: Replying, queries: ReplyQueries, accounts: Accounts) -> dict[str, Handler]:
    def reply(payload: Mapping[str, Any], _progress: Progress) -> Any:
        """{"brand", "user", "question"}; the answer, in a model's words where there is one"""
        brand = payload["brand"]
        actor = accounts.actor(user=payload["user"], brand=brand)
        question = replying.ask(payload["question"], brand=brand, actor=actor)
        view = queries.view(question, brand=brand)
        if view.text and replying.writes:
            replying.write(question, brand=brand, actor=actor)
            view = queries.view(question, brand=brand)
        return reply_json(view, queries.provenance(question, brand=brand))

    def reply_words(payload: Mapping[str, Any], _progress: Progress) -> Any:
        """{"brand", "user", "question"}"""
        brand = payload["brand"]
        actor = accounts.actor(user=payload["user"], brand=brand)
        replying.write(payload["question"], brand=brand, actor=actor)
        return {"question": payload["question"]}

    return {"reply": reply, WORDS: reply_words}


def reply_json(view: QuestionView, provenance: Mapping[str, Any]) -> dict[str, Any]:
    """As a draft is printed, with the question and what became of it. `fell_back` is why a model's words were not taken."""
    return {
        "question": view.row.id,
        "state": "answered" if view.text else "open",
        **copy_json(view.text, view.claims, view.findings),
        "provenance": dict(provenance),
        "nearest": [
            {"passage": source.passage, "title": source.title, "text": source.text} for source in view.nearest
        ],
        "fell_back": message_json(view.fell_back),
        "failed": view.fell_back is not None and view.fell_back.id.startswith("external."),
    }
