"""Signing in and out, and the reader's language."""

from __future__ import annotations

import ipaddress

from flask import Blueprint, Flask, abort, current_app, redirect, render_template, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from copilot.errors import NotAllowed
from copilot.services.accounts import Person
from copilot.web.access import public, signed_in
from copilot.web.context import services
from copilot.web.context_processors import LOCALES, locale
from copilot.web.errors import message
from copilot.web.security import limiter
from copilot.wording import word

pages = Blueprint("accounts", __name__)


class SessionUser(UserMixin):  # type: ignore[misc]
    """The person of a session, as Flask-Login wants to see one."""

    def __init__(self, person: Person) -> None:
        self.id = person.id
        self.name = person.name
        self.locale = person.locale
        self.role = None


def login_manager(app: Flask) -> None:
    manager = LoginManager(app)

    @manager.user_loader  # type: ignore[untyped-decorator]
    def _load(identity: str) -> SessionUser | None:
        person = services().accounts.person(int(identity))
        return SessionUser(person) if person is not None else None


def demo_allowed() -> bool:
    """One-click sign-in: only in demo mode, bound to loopback, asked for from loopback, with nothing in between."""
    if not (services().demo_mode and _is_loopback(current_app.config["BOUND_TO"])):
        return False
    forwarded = any(
        name.lower().startswith("x-forwarded") or name.lower() in ("forwarded", "x-real-ip", "via")
        for name, _ in request.headers
    )
    host = (
        request.host.rsplit(":", 1)[0] if not request.host.startswith("[") else request.host.split("]")[0][1:]
    )
    return not forwarded and _is_loopback(host) and _is_loopback(request.remote_addr or "")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pages.get("/")
@signed_in
def home() -> Response:
    brands = services().brands.of_person(current_user.id)
    if not brands:
        abort(404)
    last = next((row for row in brands if row.slug == session.get("brand")), brands[0])
    return redirect(url_for("today.page", brand=last.slug), 303)


@pages.get("/sign-in")
@public
def sign_in() -> str | Response:
    if current_user.is_authenticated:
        return redirect(url_for("accounts.home"), 303)
    return _form()


@pages.post("/sign-in")
@public
@limiter.limit("10 per minute")
def sign_in_post() -> tuple[str, int] | Response:
    try:
        person = services().accounts.authenticate(
            request.form.get("login", ""), request.form.get("password", "")
        )
    except NotAllowed as exc:
        return _form(error=exc), 403
    return _welcome(person)


@pages.post("/sign-in/demo")
@public
def sign_in_demo() -> Response:
    """A demo person, by one click. 404 wherever demo mode does not hold: the door is not there."""
    login = request.form.get("login", "")
    known = {row.login: row.id for row in services().accounts.demo_people()} if demo_allowed() else {}
    found = services().accounts.person(known[login]) if login in known else None
    if found is None:
        abort(404)
    return _welcome(found)


@pages.post("/sign-out")
@signed_in
def sign_out() -> Response:
    logout_user()
    session.clear()
    return redirect(url_for("accounts.sign_in"), 303)


@pages.post("/brand")
@signed_in
def choose_brand() -> Response:
    """Opens another brand; whether the person belongs to it is the next page's question."""
    return redirect(url_for("today.page", brand=request.form.get("brand", "")), 303)


@pages.post("/language")
@public
def choose_language() -> Response:
    chosen = request.form.get("locale", "")
    if chosen not in LOCALES:
        abort(404)
    session["locale"] = chosen
    if current_user.is_authenticated:
        services().accounts.choose_locale(current_user.id, chosen)
    return redirect(_local_path(request.form.get("next", "")), 303)


def _welcome(person: Person) -> Response:
    chosen = session.get("locale")
    session.clear()
    login_user(SessionUser(person))
    session.permanent = True
    if chosen in LOCALES and chosen != person.locale:
        services().accounts.choose_locale(person.id, chosen)
    return redirect(_local_path(request.form.get("next", "")), 303)


def _local_path(wanted: str) -> str:
    """A path on this site, or home: nobody is sent elsewhere by a crafted link.

    Browsers drop tabs and line breaks from an address, so a path that holds any is none of ours.
    """
    if wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable():
        return wanted
    return url_for("accounts.home")


def _form(error: NotAllowed | None = None) -> str:
    return render_template(
        "accounts/sign_in.html",
        demo_people=services().accounts.demo_people() if demo_allowed() else (),
        errors={"password": word(message(error), locale())} if error is not None else {},
        typed={"login": request.form.get("login", "")},
        next=request.values.get("next", ""),
    )
