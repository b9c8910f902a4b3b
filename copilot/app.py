"""Flask around the services: the application factory."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from copilot import files
from copilot.services.house import Services
from copilot.web import (
    access,
    accounts,
    calendar,
    context_processors,
    copylibrary,
    desk,
    entailing,
    errors,
    evaluations,
    exchange,
    facts,
    finding,
    gaps,
    generations,
    library,
    live,
    materials,
    occasions,
    pictures,
    replies,
    review,
    rules,
    scripts,
    security,
    senddesk,
    settings,
    sop,
    stories,
    today,
    trace,
    voice,
    voicelearning,
    weeks,
    writing,
)

MOST_UPLOAD = 64 * 1024 * 1024


def create_app(services: Services, *, bound_to: str = "") -> Flask:
    """The app over these services. `bound_to` is the address it listens on: demo sign-in needs a loopback one."""
    app = Flask(
        "copilot",
        template_folder=str(files.folder("templates")),
        static_folder=str(files.folder("static")),
    )
    app.config.update(
        SECRET_KEY=services.secret_key,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=14),
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=MOST_UPLOAD,
        WTF_CSRF_TIME_LIMIT=None,
        RATELIMIT_STORAGE_URI="memory://",
        BOUND_TO=bound_to,
    )
    app.extensions["copilot"] = services
    CSRFProtect(app)
    security.register(app)
    context_processors.register(app)
    errors.register(app)
    accounts.login_manager(app)
    for family in (
        accounts,
        today,
        calendar,
        desk,
        live,
        generations,
        review,
        senddesk,
        replies,
        library,
        materials,
        finding,
        facts,
        stories,
        gaps,
        pictures,
        copylibrary,
        evaluations,
        exchange,
        trace,
        settings,
        sop,
        voice,
        voicelearning,
        rules,
        weeks,
        writing,
        scripts,
        entailing,
        occasions,
    ):
        app.register_blueprint(family.pages)
    access.guard(app)
    return app
