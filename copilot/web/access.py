"""Who may open a page: every view declares a permission, or says out loud that it is public."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from copilot.domain.permissions import Actor, Permission
from copilot.errors import NotFound
from copilot.services.queries.rows import BrandRow
from copilot.web.context import services

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"
SIGNED_IN = "signed_in"


def requires(permission: Permission) -> Callable[[View], View]:
    """The view is for people whose role in the page's brand grants this."""
    return _declare(permission)


def signed_in(view: View) -> View:
    """The view is for anyone who has signed in, whatever their role."""
    return _declare(SIGNED_IN)(view)


def public(view: View) -> View:
    """The view is for everyone."""
    return _declare(PUBLIC)(view)


def _declare(access: Permission | str) -> Callable[[View], View]:
    def mark(view: View) -> View:
        cast("Any", view).access = access
        return view

    return mark


def declared(view: Callable[..., Any]) -> Permission | str | None:
    return getattr(view, "access", None)


def guard(app: Flask) -> None:
    """Checks every request before its view runs; a view that declares nothing is never served."""

    @app.before_request
    def _check() -> Response | None:
        if request.endpoint is None or request.endpoint == "static":
            return None
        access = declared(app.view_functions[request.endpoint])
        if access is None:
            raise RuntimeError(f"{request.endpoint} declares no permission")
        if access == PUBLIC:
            return None
        if not current_user.is_authenticated:
            wanted = request.full_path.rstrip("?") if request.method == "GET" else None
            return redirect(url_for("accounts.sign_in", next=wanted), 303)
        slug = (request.view_args or {}).pop("brand", None)
        if slug is not None:
            g.brand = services().brands.by_slug(slug)
            try:
                g.actor = services().accounts.actor(user=current_user.id, brand=g.brand.id)
            except NotFound:
                # In the very words of a brand that does not exist: an outsider cannot tell the two apart.
                raise NotFound("brand", slug) from None
        if isinstance(access, Permission):
            actor().require(access)
        return None


def actor() -> Actor:
    return cast("Actor", g.actor)


def brand() -> BrandRow:
    return cast("BrandRow", g.brand)
