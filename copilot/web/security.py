"""Headers that browsers obey, and the limits on guessing passwords."""

from __future__ import annotations

from flask import Flask, Response, request, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address)

# Everything comes from us and nothing is inline: materials and model output are untrusted text.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


def register(app: Flask) -> None:
    limiter.init_app(app)

    @app.after_request
    def _headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        if response.mimetype == "text/html":
            # A page shows the state of things; a stale one from a cache would show another.
            response.headers["Cache-Control"] = "no-store"
            # Only what somebody opens keeps them signed in for longer: what a page asks for by itself may still be
            # under way when they sign out, and its cookie would sign them in again.
            if session.permanent and "HX-Request" not in request.headers:
                session.modified = True
        return response
