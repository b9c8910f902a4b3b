"""The shape of an action without a form of its own: do it, say what went wrong if it did, go back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect
from werkzeug.wrappers import Response

from copilot.errors import CopilotError, NotFound
from copilot.web.errors import tell


def act(deed: Callable[[], Any], then: str) -> Response:
    """Carries out one use case and answers 303; a refusal is said at the head of the page it leads to.

    What is not there leads nowhere: NotFound stays a 404.
    """
    try:
        deed()
    except NotFound:
        raise
    except CopilotError as exc:
        tell(exc)
    return redirect(then, 303)
