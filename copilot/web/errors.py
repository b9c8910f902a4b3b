"""Maps each type of error to a status and a page: the one table of the web."""

from __future__ import annotations

from flask import Flask, flash, render_template, request
from flask_babel import get_locale
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from copilot import errors
from copilot.domain.messages import Message
from copilot.services.reporting import ReportedError
from copilot.web.uploading import drain
from copilot.wording import word

STATUS: dict[type[errors.CopilotError], int] = {
    errors.CopilotError: 500,
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.InvalidInput: 422,
    errors.Conflict: 409,
    errors.PromptError: 500,
    errors.Unreadable: 422,
    errors.ExternalError: 502,
    ReportedError: 409,
}


def status(error: errors.CopilotError | type[errors.CopilotError]) -> int:
    """The status of the nearest type that the table names."""
    kind = error if isinstance(error, type) else type(error)
    return next(STATUS[parent] for parent in kind.__mro__ if parent in STATUS)


def message(error: errors.CopilotError) -> Message:
    return Message(error.message_id, error.params)


def field_messages(error: errors.CopilotError) -> dict[str, Message]:
    """What to say beside each field; empty for errors that are not about fields."""
    if not isinstance(error, errors.InvalidInput):
        return {}
    return {field: Message(identity, error.values) for field, identity in error.fields.items()}


def tell(error: errors.CopilotError) -> None:
    """Says an error at the head of the next page, for actions that have no form to stand beside."""
    for said in field_messages(error).values() or [message(error)]:
        flash(word(said, str(get_locale() or "en")), "error")


def register(app: Flask) -> None:
    @app.errorhandler(errors.CopilotError)
    def _ours(error: errors.CopilotError) -> tuple[str, int]:
        return _page(message(error), status(error))

    @app.errorhandler(CSRFError)
    def _csrf(_error: CSRFError) -> tuple[str, int]:
        return _page(Message("error.csrf"), 400)

    @app.errorhandler(OverflowError)
    def _no_such_number(_error: OverflowError) -> tuple[str, int]:
        # The database holds no number as large as the one in this address, so it holds no such page.
        return _page(Message("error.page_not_found"), 404)

    @app.errorhandler(RequestEntityTooLarge)
    def _too_large(_error: RequestEntityTooLarge) -> tuple[str, int]:
        drain()
        return _page(Message("error.too_large"), 413)

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> tuple[str, int]:
        code = error.code or 500
        known = {
            404: "error.page_not_found",
            405: "error.page_not_found",
            429: "error.slow_down",
        }
        return _page(Message(known.get(code, "error.unexpected")), code)

    @app.errorhandler(Exception)
    def _bug(error: Exception) -> tuple[str, int]:
        app.logger.error("request.failed", exc_info=error, extra={"path": request.path})
        return _page(Message("error.unexpected"), 500)


def _page(said: Message, code: int) -> tuple[str, int]:
    return render_template("error.html", sentence=word(said, str(get_locale() or "en")), code=code), code
