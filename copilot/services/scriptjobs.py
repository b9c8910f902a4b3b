"""Scripts as jobs: a command's script beside the running server, and a model's words for lines that stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from copilot.domain.scripts import Speaker
from copilot.ports import Progress
from copilot.services.accounts import Accounts
from copilot.services.jobs import Handler
from copilot.services.queries.scripts import ScriptQueries, ScriptView
from copilot.services.reporting import message_json
from copilot.services.scripts import Scripts

WORDS = "script_words"
"""The kind of job in which a model rewords a script."""


def script_handlers(*, scripts: Scripts, queries: ScriptQueries, accounts: Accounts) -> dict[str, Handler]:
    def script(payload: Mapping[str, Any], _progress: Progress) -> Any:
        """{"brand", "user", "post", "people": [{"name", "role"}]}; in a model's words where there is one"""
        brand, post = payload["brand"], payload["post"]
        actor = accounts.actor(user=payload["user"], brand=brand)
        people = [Speaker(**one) for one in payload["people"]] or list(
            queries.of_post(post, brand=brand).people
        )
        scripts.make(post, people, brand=brand, actor=actor)
        if scripts.writes:
            scripts.write(post, brand=brand, actor=actor)
        view = queries.of_post(post, brand=brand).script
        assert view is not None
        return script_json(view)

    def script_words(payload: Mapping[str, Any], _progress: Progress) -> Any:
        """{"brand", "user", "post"}"""
        brand, post = payload["brand"], payload["post"]
        scripts.write(post, brand=brand, actor=accounts.actor(user=payload["user"], brand=brand))
        return {"post": post}

    return {"script": script, WORDS: script_words}


def script_json(view: ScriptView) -> dict[str, Any]:
    """As a command prints it. `fell_back` is why no words of a model's were taken, `refused` what was not."""
    return {
        "lines": [
            {
                "minutes": line.minutes,
                "at": line.at.isoformat(timespec="minutes"),
                "name": line.name,
                "role": line.role,
                "text": line.text,
            }
            for line in view.lines
        ],
        "writer": view.writer,
        "refused": [{"text": one.text, "reason": message_json(one.reason)} for one in view.refused],
        "fell_back": message_json(view.fell_back),
        "failed": view.fell_back is not None and view.fell_back.id.startswith("external."),
    }
