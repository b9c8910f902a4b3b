"""Who comes in, who does not, and what every answer carries: the web's doors, without a browser."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask

from copilot.app import create_app
from copilot.bootstrap import build, prepare
from copilot.config import Config
from copilot.domain.permissions import GRANTS, Permission, Role
from copilot.domain.posts import PostState
from copilot.services.house import Services
from copilot.web import access
from tests.conftest import Team
from tests.fakes import FakeClock
from tests.steps import COPY, drafted_post, scheduled_post
from tests.visiting import HOME, Visitor, address, furnish, one, parsed, rules, said

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FORM = "form[action='/sign-in']"
NO_PERSON = {"login": "mia", "password": "wrong"}


@pytest.fixture(scope="module")
def lobby(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """A house in demo mode with an empty brand: one demo person, one with a password of her own."""
    config = Config(
        data_dir=tmp_path_factory.mktemp("lobby") / "data", demo=True, password_cost=1, password_memory=64
    )
    prepare(config)
    services = build(config)
    brand = services.brands.create(slug="hearth", name="Hearth", zone="Asia/Shanghai", language="zh")
    for login, name, is_demo in (("xiaoman", "林小满", True), ("mia", "Mia Lin", False)):
        services.accounts.add_person(
            login=login, name=name, password="secret", roles={brand: Role.COPYWRITER}, is_demo=is_demo
        )
    yield services
    services.parts.db.dispose()


@pytest.fixture
def app(lobby: Services) -> Flask:
    return create_app(lobby, bound_to="127.0.0.1")


class TestSigningIn:
    def test_a_person_lands_where_they_were_going(self, app: Flask) -> None:
        visitor = Visitor(app)
        turned_away = visitor.get(f"{HOME}/library?show=unwell")
        assert turned_away.status_code == 303
        page = parsed(visitor.get(turned_away.location))
        wanted = one(page, f"{FORM} input[name=next]").attributes["value"]
        answer = visitor.post("/sign-in", {"login": " Mia ", "password": "secret", "next": wanted})
        assert (answer.status_code, answer.location) == (303, f"{HOME}/library?show=unwell")
        assert visitor.get(answer.location).status_code == 200
        assert visitor.get("/sign-in").location == "/"

    def test_a_wrong_password_is_said_beside_it_and_keeps_what_was_typed(self, app: Flask) -> None:
        typed = {"login": "mia<b>", "password": "hunter2", "next": f"{HOME}/library"}
        answer = Visitor(app).post("/sign-in", typed)
        assert answer.status_code == 403
        page = parsed(answer)
        field = one(page, "input[name=password]")
        assert field.attributes["aria-invalid"] == "true"
        assert "field-password-error" in (field.attributes["aria-describedby"] or "")
        assert said(answer, "#field-password-error") == "Name or password is wrong. Check both and try again."
        assert one(page, "input[name=login]").attributes["value"] == "mia<b>"
        assert one(page, f"{FORM} input[name=next]").attributes["value"] == f"{HOME}/library"
        assert "hunter2" not in answer.text

    def test_nobody_learns_from_the_answer_who_has_an_account(self, app: Flask) -> None:
        known = Visitor(app).post("/sign-in", {"login": "mia", "password": "wrong"})
        assert known.status_code == 403
        # The last is what an unknown name's password is compared with, to take the same time.
        for password in ("wrong", "", "no such person"):
            unknown = Visitor(app).post("/sign-in", {"login": "eve", "password": password})
            assert unknown.status_code == 403
            assert said(known, "main") == said(unknown, "main")

    def test_guessing_is_slowed_down(self, app: Flask) -> None:
        visitor = Visitor(app)
        answers = [visitor.post("/sign-in", NO_PERSON) for _ in range(11)]
        assert [answer.status_code for answer in answers] == [403] * 10 + [429]
        assert "Wait a minute" in said(answers[-1])

    def test_signing_out_ends_the_session(self, app: Flask) -> None:
        visitor = Visitor(app, "mia")
        assert visitor.get(f"{HOME}/today").status_code == 200
        assert visitor.get("/sign-out").status_code == 405
        assert visitor.post("/sign-out").location == "/sign-in"
        assert visitor.get(f"{HOME}/today").status_code == 303

    def test_the_session_cookie_is_for_this_site_and_not_for_scripts(self, app: Flask) -> None:
        answer = Visitor(app).post("/sign-in", {"login": "mia", "password": "secret"})
        flags = {flag.strip().lower() for flag in answer.headers["Set-Cookie"].split(";")[1:]}
        assert {"httponly", "samesite=lax", "path=/"} <= flags
        assert any(flag.startswith("expires=") for flag in flags)

    def test_the_language_chosen_at_the_door_is_kept_inside(self, app: Flask, lobby: Services) -> None:
        visitor = Visitor(app)
        visitor.post("/language", {"locale": "zh_Hans"})
        assert one(visitor.get("/sign-in"), "html").attributes["lang"] == "zh-Hans"
        visitor.post("/sign-in", {"login": "mia", "password": "secret"})
        assert one(visitor.get(f"{HOME}/today"), "html").attributes["lang"] == "zh-Hans"
        assert visitor.post("/language", {"locale": "fr"}).status_code == 404


# What a browser makes of an address: it drops tabs and line breaks, and takes \ for /.
def landing(location: str) -> str:
    plain = location.replace("\\", "/").translate({ord(character): None for character in "\t\r\n"})
    return urlsplit(urljoin("http://localhost/sign-in", plain)).netloc


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\r\n/evil.example",
        "\t//evil.example",
        "/./\\evil.example",
        "http://evil.example/",
        "https:evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
    ],
)
def test_no_crafted_link_leads_elsewhere(app: Flask, wanted: str) -> None:
    answer = Visitor(app).post("/sign-in", {"login": "mia", "password": "secret", "next": wanted})
    assert answer.status_code == 303
    assert landing(answer.headers["Location"]) == "localhost"
    answer = Visitor(app).post("/language", {"locale": "en", "next": wanted})
    assert answer.status_code == 303
    assert landing(answer.headers["Location"]) == "localhost"
    assert urlsplit(answer.headers["Location"]).scheme == ""


class TestTheDemosDoor:
    """One click signs in only where nobody but the person at this machine can click."""

    def enter(self, app: Flask, login: str = "xiaoman", **how: Any) -> tuple[bool, int]:
        """Whether the cards are shown, and what pressing one answers."""
        visitor = Visitor(app)
        token = visitor.token(**how)
        shown = parsed(visitor.get("/sign-in", **how)).css_matches("form[action='/sign-in/demo']")
        data = {"csrf_token": token, "login": login}
        return shown, visitor.http.post("/sign-in/demo", data=data, **how).status_code

    @pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000", "[::1]"])
    @pytest.mark.parametrize("bound_to", ["127.0.0.1", "::1", "localhost"])
    def test_it_opens_at_home(self, lobby: Services, bound_to: str, host: str) -> None:
        assert self.enter(create_app(lobby, bound_to=bound_to), headers={"Host": host}) == (True, 303)

    @pytest.mark.parametrize("login", ["mia", "nobody", ""])
    def test_it_opens_for_nobody_else(self, app: Flask, login: str) -> None:
        assert self.enter(app, login) == (True, 404)

    def test_it_is_not_there_without_demo_mode(self, lobby: Services) -> None:
        app = create_app(replace(lobby, demo_mode=False), bound_to="127.0.0.1")
        assert self.enter(app) == (False, 404)

    @pytest.mark.parametrize("bound_to", ["0.0.0.0", "::", "192.168.1.4", "copilot.example", ""])
    def test_it_is_not_there_when_the_network_can_reach_us(self, lobby: Services, bound_to: str) -> None:
        assert self.enter(create_app(lobby, bound_to=bound_to)) == (False, 404)

    @pytest.mark.parametrize(
        "host", ["copilot.example", "127.0.0.1.evil.example:8000", "localhost.evil.example", "192.168.1.4"]
    )
    def test_it_is_not_there_under_another_name(self, app: Flask, host: str) -> None:
        assert self.enter(app, headers={"Host": host}) == (False, 404)

    @pytest.mark.parametrize(
        "header",
        ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "X-Real-IP", "Via"],
    )
    def test_it_is_not_there_behind_a_proxy(self, app: Flask, header: str) -> None:
        assert self.enter(app, headers={header: "127.0.0.1"}) == (False, 404)

    def test_it_is_not_there_for_another_machine(self, app: Flask) -> None:
        assert self.enter(app, environ_base={"REMOTE_ADDR": "192.168.1.9"}) == (False, 404)


def posts(app: Flask, post: int, slot: int) -> dict[str, str]:
    """Every address of the brand that changes something."""
    values = {"brand": "hearth", "post": post, "slot": slot, "material": 1, "delivery": 1, "finding": 1}
    values |= dict.fromkeys(("generation", "picture", "flag", "fact", "change", "entry"), 1)
    values |= dict.fromkeys(("card", "candidate", "node", "week", "run", "variant", "question", "waiver"), 1)
    values |= {"column": "seeding", "day": "2026-11-23"}
    return {rule.endpoint: address(app, rule, values) for rule in rules(app, "POST")}


def test_nothing_is_done_without_the_token_of_a_page(services: Services, team: Team) -> None:
    app = create_app(services)
    post = scheduled_post(services, team)
    visitor = Visitor(app, "grace")
    addresses = posts(app, post, services.desk.post(post, brand=team.brand).card.slot)
    assert len(addresses) > 15
    for path in (*addresses.values(), "/sign-in", "/sign-in/demo", "/sign-out", "/language", "/brand"):
        for stolen in ({}, {"csrf_token": "made-up"}, {"csrf_token": Visitor(app).token()}):
            answer = visitor.http.post(path, data={"text": "换一个", "revision": "1", **stolen})
            assert answer.status_code == 400, path
    assert "Reload it and try again" in said(answer)
    view = services.desk.post(post, brand=team.brand)
    assert view.state is PostState.SCHEDULED
    assert len(view.revisions) == 1
    assert visitor.get(f"{HOME}/today").status_code == 200


CURATING = {
    "evaluations.run",
    "exchange.take_in",
    "exchange.take_out",
    "facts.correct",
    "facts.decide",
    "facts.read",
    "facts.settle",
    "library.bulk",
    "library.upload",
    "materials.activate",
    "materials.restore",
    "materials.retire",
    "materials.revise",
    "materials.settle",
    "pictures.add",
    "pictures.arrange",
    "pictures.describe",
    "pictures.describe_one",
    "pictures.restore",
    "pictures.retire",
    "rules.bring_back",
    "rules.change",
    "rules.declare",
    "rules.drop_own",
    "rules.save_own",
    "rules.switch",
    "rules.test_own",
    "stories.agree",
    "stories.bring_back",
    "stories.discard",
    "stories.tell",
    "stories.withdraw",
    "voice.bring_back",
    "voice.save",
    "voicelearning.accept",
    "voicelearning.accept_card",
    "voicelearning.dismiss",
    "voicelearning.dismiss_card",
    "voicelearning.learnt",
    "voicelearning.look_again",
    "voicelearning.read_card",
    "voicelearning.reopen",
    "voicelearning.reopen_card",
}
PLANNING = {
    "occasions.accept",
    "occasions.add",
    "occasions.bring_back",
    "occasions.change",
    "occasions.dismiss",
    "occasions.line",
    "occasions.retire",
    "occasions.undo",
    "sop.begin",
    "sop.bring_back",
    "sop.change",
    "sop.create",
    "sop.move",
    "sop.remove",
    "sop.restore",
    "sop.take",
}
ADMINISTERING = {"settings.set_limit", "settings.try_model"}
REFUSED = {
    Role.COPYWRITER: {
        *CURATING,
        *PLANNING,
        *ADMINISTERING,
        "copylibrary.approve",
        "copylibrary.keep",
        "copylibrary.restore",
        "desk.approve",
        "desk.keep",
        "desk.request_changes",
        "desk.schedule",
        "desk.take_back",
        "desk.unschedule",
        "desk.waive",
        "desk.waive_typed",
        "desk.withdraw",
        "review.approve",
        "review.request_changes",
        "review.take_back",
        "review.waive",
        "senddesk.all_sent",
        "senddesk.resolve",
        "senddesk.sent",
        "senddesk.skip",
        "senddesk.undo",
    },
    Role.OPERATOR: {*CURATING, *ADMINISTERING},
    Role.BRAND_MANAGER: {
        *ADMINISTERING,
        "desk.schedule",
        "desk.unschedule",
        "senddesk.all_sent",
        "senddesk.resolve",
        "senddesk.sent",
        "senddesk.skip",
        "senddesk.undo",
    },
}


@pytest.mark.parametrize(
    ("login", "role"), [("mia", Role.COPYWRITER), ("hang", Role.OPERATOR), ("grace", Role.BRAND_MANAGER)]
)
def test_each_role_is_refused_what_is_not_its_own(
    services: Services, team: Team, clock: FakeClock, login: str, role: Role
) -> None:
    """The addresses are written out here, so that a view which declares too little is found."""
    app = create_app(services)
    post = scheduled_post(services, team)
    clock.forward(hours=3, minutes=31)
    services.delivering.tick()
    visitor = Visitor(app, login)
    addresses = posts(app, post, services.desk.post(post, brand=team.brand).card.slot)
    data = {"csrf_token": visitor.token(), "revision": "1", "note": "换", "kind": "story", "reason": "没有"}
    for endpoint in REFUSED[role]:
        file = (
            {"files": (io.BytesIO("溪石米缸 9 元。".encode()), "a.md")}
            if endpoint == "library.upload"
            else {}
        )
        answer = visitor.http.post(addresses[endpoint], data={**data, **file})
        assert answer.status_code == 403, endpoint
        assert "Your role in this brand does not include this" in said(answer)
    assert services.desk.post(post, brand=team.brand).state is PostState.SCHEDULED
    assert len(services.senddesk.view(brand=team.brand).due[0].open) == 2
    assert services.jobs.recent(brand=team.brand, kind="ingest") == []
    # And the table above is the whole of it: what it leaves out, the role's grants include.
    declared = {endpoint: access.declared(app.view_functions[endpoint]) for endpoint in addresses}
    assert {name for name, wanted in declared.items() if wanted not in GRANTS[role]} == REFUSED[role]
    assert set(declared.values()) <= set(Permission)


def test_a_brand_one_does_not_belong_to_is_not_there(
    services: Services, team: Team, clock: FakeClock
) -> None:
    """Not even its existence can be told: its pages answer as those of a brand that nobody made."""
    app = create_app(services)
    values = furnish(services, team, clock).values
    other = services.brands.create(slug="other", name="Other", zone="Europe/London", language="en")
    services.accounts.add_person(
        login="eve", name="Eve", password="secret", roles={other: Role.ADMINISTRATOR}
    )
    eve = Visitor(app, "eve")
    values |= {"delivery": 1, "finding": 1, "waiver": 1, "candidate": 1, "node": 1}
    token = eve.token()
    for method in ("GET", "POST"):
        for rule in rules(app, method):
            ids = rule.arguments - {"brand", "day"}
            paths = [address(app, rule, {**values, "brand": slug}) for slug in ("hearth", "nowhere", "other")]
            theirs, nobodys, mine = (
                eve.http.open(
                    path,
                    method=method,
                    data={"csrf_token": token} if method == "POST" else None,
                    follow_redirects=True,
                )
                for path in paths
            )
            assert theirs.status_code == nobodys.status_code == 404, rule.endpoint
            assert said(theirs, "main").replace("hearth", "·") == said(nobodys, "main").replace(
                "nowhere", "·"
            )
            # Ticking off all that is left of a post ticks off nothing here, and that is no error.
            if ids and rule.endpoint != "senddesk.all_sent":
                assert mine.status_code == 404, f"{rule.endpoint} shows another brand's things"
    assert services.library.material(values["material"], brand=team.brand).material.health != "retired"


def test_only_what_somebody_opens_keeps_them_signed_in(services: Services, team: Team) -> None:
    """What a page asks for by itself may come after its reader signed out, and must not sign them in again."""
    post = drafted_post(services, team)
    mia = Visitor(create_app(services), "mia")
    live = mia.post(f"{HOME}/posts/{post}/live", {"text": COPY}, headers={"HX-Request": "true"})
    for answer in (live, mia.get("/static/js/app.js")):
        assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
    saved = mia.post(f"{HOME}/posts/{post}/save", {"text": COPY, "based_on": "1"})
    for answer in (saved, mia.get(f"{HOME}/posts/{post}")):
        assert "session=" in answer.headers["Set-Cookie"]


def test_every_answer_carries_the_headers(services: Services, team: Team) -> None:
    app = create_app(services)
    post = drafted_post(services, team)
    generation = services.drafting.request(post, brand=team.brand, actor=team.copywriter)
    services.drafting.run(generation)
    mia = Visitor(app, "mia")
    answers = {
        path: mia.get(path)
        for path in (
            "/",
            "/sign-in",
            "/static/js/app.js",
            "/static/css/tokens.css",
            "/nowhere",
            f"{HOME}/today",
            f"{HOME}/posts/{post}",
            f"{HOME}/posts/999",
            f"{HOME}/posts/{post}/trace",
            f"{HOME}/generations/{generation}/events",
            f"{HOME}/send-desk/changes",
        )
    }
    answers["refused"] = mia.post(f"{HOME}/posts/{post}/approve")
    answers["untoken"] = mia.http.post(f"{HOME}/posts/{post}/save")
    assert {answer.status_code for answer in answers.values()} == {200, 303, 400, 403, 404}
    for path, answer in answers.items():
        assert answer.headers["Content-Security-Policy"] == POLICY, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert answer.headers["Referrer-Policy"] == "same-origin", path
        if answer.mimetype == "text/html":
            assert answer.headers["Cache-Control"] == "no-store", path
        answer.close()
