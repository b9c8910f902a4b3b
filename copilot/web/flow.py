"""The shape of an action without a form of its own: do it, say what went wrong if it did, go back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect
from flask_babel import get_locale
from werkzeug.wrappers import Response

from copilot.domain.messages import Message
from copilot.errors import CopilotError, NotFound
from copilot.web.errors import tell
from copilot.wording import word


def act(deed: Callable[[], Any], then: str) -> Response:
    """Carries out one use case and answers 303; a refusal is said at the head of the page it leads to.

    So is what was done, where the deed answers with a Message. What is not there leads nowhere: NotFound
    stays a 404.
    """
    try:
        done = deed()
        if isinstance(done, Message):
            flash(word(done, str(get_locale() or "en")), "success")
    except NotFound:
        raise
    except CopilotError as exc:
        tell(exc)
    return redirect(then, 303)
