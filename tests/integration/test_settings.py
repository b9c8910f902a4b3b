"""An administrator's settings: a trial of the model, its cost by month, and the limit that stops it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from pytest_httpserver import HTTPServer

from copilot import models
from copilot.adapters.llm.openai_compatible import ChatWriter
from copilot.app import create_app
from copilot.bootstrap import build
from copilot.config import Config
from copilot.domain.permissions import Actor, Role
from copilot.errors import Conflict, InvalidInput, NotAllowed, Permanent
from copilot.services.house import Services
from copilot.services.modelcare import ModelCare, Purpose
from tests.commanding import Opened, ran
from tests.conftest import Team
from tests.fakes import FakeClock
from tests.visiting import HOME, Visitor, one, said

PAGE = f"{HOME}/settings"
KEY = "sk-very-secret-key-0123456789"
COMPLETIONS = "/v1/chat/completions"


def event(content: dict[str, Any]) -> str:
    return f"data: {json.dumps({'id': '1', 'object': 'chat.completion.chunk', 'model': 'm', **content})}\n\n"


def spoken(*texts: str) -> str:
    choices = [{"index": 0, "delta": {"content": text}, "finish_reason": None} for text in texts]
    usage = {"prompt_tokens": 1000, "completion_tokens": 50, "total_tokens": 1050}
    return (
        "".join(event({"choices": [choice]}) for choice in choices)
        + event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        + event({"choices": [], "usage": usage})
        + "data: [DONE]\n\n"
    )


def greet(httpserver: HTTPServer) -> None:
    httpserver.expect_request(COMPLETIONS).respond_with_data(
        spoken("写手们", "早上好 <b>。"), content_type="text/event-stream"
    )


@pytest.fixture
def house(services: Services, config: Config, clock: FakeClock, httpserver: HTTPServer) -> Iterator[Services]:
    """A house whose model is at the test's own service, and whose calls cost 2 and 8 yuan a million tokens."""
    address = httpserver.url_for("/v1")
    chosen = config.model_copy(
        update={
            "llm_base_url": address.replace("//", "//somebody:secretpw@"),
            "llm_model": "tiny",
            "llm_price_input": 2.0,
            "llm_price_output": 8.0,
            "llm_currency": "CNY",
        }
    )
    model = ChatWriter(base_url=address, api_key=KEY, model="tiny", deadline=20, sleep=lambda _: None)
    yield build(chosen, clock=clock, made=replace(services.parts, writer=model, answerer=model))
    model.close()


@pytest.fixture
def ada(house: Services, team: Team) -> Actor:
    """The administrator."""
    house.accounts.add_person(
        login="ada", name="Ada Root", password="secret", roles={team.brand: Role.ADMINISTRATOR}
    )
    return house.accounts.actor_by_login("ada", brand=team.brand)


@pytest.fixture
def door(house: Services, ada: Actor) -> Flask:
    return create_app(house)


def note(
    care: ModelCare, brand: int, purpose: Purpose, *, tokens: int | None = None, outcome: str = "done"
) -> None:
    usage = {} if tokens is None else {"input_tokens": tokens, "output_tokens": 0}
    care.note(brand, purpose, usage, 1.5, outcome)


class TestTrial:
    def test_it_tells_the_models_words_and_what_they_took(
        self, house: Services, team: Team, ada: Actor, httpserver: HTTPServer
    ) -> None:
        greet(httpserver)
        trial = house.settings.try_model(brand=team.brand, actor=ada)
        assert (trial.text, trial.input_tokens, trial.output_tokens) == ("写手们早上好 <b>。", 1000, 50)
        assert 0 <= trial.first <= trial.seconds < 20
        assert trial.cost == 1000 * 2 + 50 * 8
        asked = httpserver.log[0][0].get_json()
        assert [message["role"] for message in asked["messages"]] == ["system", "user"]
        assert asked["messages"][1]["content"] == "Hearth"
        assert [row[0] for row in house.usage.months(brand=team.brand)[0].purposes] == ["trial"]

    def test_only_an_administrator_may(self, house: Services, team: Team) -> None:
        for actor in (team.copywriter, team.operator, team.manager):
            with pytest.raises(NotAllowed):
                house.settings.try_model(brand=team.brand, actor=actor)
            with pytest.raises(NotAllowed):
                house.settings.set_limit("5", brand=team.brand, actor=actor)

    def test_without_a_model_there_is_nothing_to_try(self, services: Services, team: Team) -> None:
        with pytest.raises(Conflict) as refused:
            services.settings.try_model(brand=team.brand, actor=None)
        assert refused.value.message_id == "error.nothing_to_try"

    def test_on_the_page_it_is_told_once_and_as_text(
        self, door: Flask, team: Team, httpserver: HTTPServer
    ) -> None:
        greet(httpserver)
        ada = Visitor(door, "ada")
        answer = ada.post(f"{PAGE}/try")
        assert (answer.status_code, answer.location) == (303, f"{PAGE}#tried")
        page = ada.get(PAGE)
        assert said(page, ".trial__words") == "写手们早上好 <b>。"
        assert "1,000 tokens read, 50 written · CN¥0.0024" in said(page, ".trial__figures")
        assert "trial__words" not in ada.get(PAGE).text

    @pytest.mark.parametrize(
        ("status", "body", "en", "zh"),
        [
            (
                401,
                {"error": {"message": f"Incorrect API key provided: {KEY}"}},
                "did not accept our key",
                "不认我们的密钥",
            ),
            (429, {}, "taking no more requests", "请求太多"),
            (500, {}, "trouble of its own", "出了故障"),
            (404, {"error": {"code": "model_not_found"}}, "does not know a model", "没有「tiny」这个模型"),
            (200, "<html>Sign in</html>", "not what this kind of service answers", "不是这类服务该有的格式"),
        ],
    )
    def test_what_goes_wrong_is_said_with_what_to_do(
        self, door: Flask, team: Team, httpserver: HTTPServer, status: int, body: Any, en: str, zh: str
    ) -> None:
        httpserver.expect_request(COMPLETIONS).respond_with_data(json.dumps(body), status=status)
        for locale, sentence in (("en", en), ("zh_Hans", zh)):
            ada = Visitor(door, "ada", locale=locale)
            assert ada.post(f"{PAGE}/try").status_code == 303
            page = ada.get(PAGE)
            assert sentence in said(page, "#tried .notice--block")
            assert KEY not in page.text


class TestPage:
    def test_it_shows_what_writes_and_no_secret(self, door: Flask, httpserver: HTTPServer) -> None:
        page = Visitor(door, "ada").get(PAGE)
        facts = said(page, ".model__facts")
        assert "tiny" in facts and httpserver.url_for("/v1") in facts and "COPILOT_LLM_BASE_URL" in facts
        assert "secretpw" not in page.text and KEY not in page.text

    def test_only_an_administrator_finds_it(self, door: Flask, team: Team) -> None:
        grace = Visitor(door, "grace")
        assert grace.get(PAGE).status_code == 403
        assert PAGE not in grace.get(HOME, follow_redirects=True).text
        ada = Visitor(door, "ada")
        assert one(ada.get(PAGE), f'nav a[href="{PAGE}"]').attributes["aria-current"] == "page"

    def test_without_a_model_it_says_how_to_connect_one(self, services: Services, team: Team) -> None:
        services.accounts.add_person(
            login="ada", name="Ada Root", password="secret", roles={team.brand: Role.ADMINISTRATOR}
        )
        page = Visitor(create_app(services), "ada").get(PAGE)
        assert "offline composer" in said(page, ".model__facts")
        assert "export COPILOT_LLM_BASE_URL=deepseek" in one(page, "#lines-deepseek").text()
        assert "COPILOT_LLM_API_KEY" not in one(page, "#lines-ollama").text()
        assert page.text.count("preset-") > 15

    def test_months_are_told_by_purpose_and_failure(
        self, door: Flask, house: Services, team: Team, clock: FakeClock
    ) -> None:
        now = clock.now
        clock.now = datetime(2026, 10, 31, 16, 30, tzinfo=UTC)  # The first of November in Shanghai.
        note(house.care, team.brand, Purpose.DRAFT, tokens=1_000_000)
        clock.now = datetime(2026, 10, 31, 15, 30, tzinfo=UTC)
        note(house.care, team.brand, Purpose.FACTS, tokens=500)
        note(house.care, team.brand, Purpose.DRAFT, outcome="rate_limited")
        note(house.care, team.brand, Purpose.DRAFT, outcome="something_new")
        clock.now = now
        november, october = house.usage.months(brand=team.brand)
        assert (november.first, november.total.cost, november.failed) == (date(2026, 11, 1), 2_000_000, 0)
        assert (october.first, october.total.calls, october.total.unpriced) == (date(2026, 10, 1), 3, 2)
        assert dict(october.failures) == {"rate_limited": 1, "something_new": 1}
        assert house.usage.month(date(2026, 10, 1), brand=team.brand) == october
        page = Visitor(door, "ada").get(f"{PAGE}?month=2026-10")
        assert "too many requests 1 · something else 1" in said(page, ".ledger")
        assert "drafts 2 1.5 –" in said(page, ".ledger")
        assert "CN¥2.00" in said(page, ".figures")


class TestLimit:
    def test_once_it_is_reached_no_call_is_made(
        self, house: Services, team: Team, ada: Actor, httpserver: HTTPServer
    ) -> None:
        greet(httpserver)
        house.settings.set_limit("0.0024", brand=team.brand, actor=ada)
        house.settings.try_model(brand=team.brand, actor=ada)
        assert house.settings.view(brand=team.brand).is_spent
        with pytest.raises(Permanent) as refused:
            house.settings.try_model(brand=team.brand, actor=ada)
        assert (refused.value.reason, len(httpserver.log)) == ("over_budget", 1)
        house.settings.set_limit("", brand=team.brand, actor=ada)
        house.settings.try_model(brand=team.brand, actor=ada)

    def test_next_month_begins_anew(self, house: Services, team: Team, ada: Actor, clock: FakeClock) -> None:
        house.settings.set_limit("1", brand=team.brand, actor=ada)
        note(house.care, team.brand, Purpose.DRAFT, tokens=600_000)
        assert house.settings.view(brand=team.brand).is_spent
        clock.now = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
        assert not house.settings.view(brand=team.brand).is_spent

    @pytest.mark.parametrize("typed", ["abc", "-1", "1e99", "nan", "١٢ €"])
    def test_what_is_no_amount_stays_in_its_field(
        self, door: Flask, house: Services, team: Team, typed: str
    ) -> None:
        ada = Visitor(door, "ada")
        answer = ada.post(f"{PAGE}/limit", {"limit": typed})
        assert answer.status_code == 422
        assert one(answer, "#field-limit").attributes["value"] == typed
        assert typed in said(answer, "#field-limit-error")
        assert house.settings.view(brand=team.brand).limit is None

    @pytest.mark.parametrize(
        ("typed", "kept"), [("50", "50"), (" 1,200.50 ", "1200.5"), ("0", "0"), ("", "")]
    )
    def test_an_amount_is_kept_as_money_and_written_down(
        self, door: Flask, house: Services, team: Team, typed: str, kept: str
    ) -> None:
        ada = Visitor(door, "ada")
        assert ada.post(f"{PAGE}/limit", {"limit": typed}).status_code == 303
        assert (one(ada.get(PAGE), "#field-limit").attributes["value"] or "") == kept
        with house.parts.db.read() as session:
            audits = session.query(models.Audit).filter_by(action="brand.model_budget_set").count()
        assert audits == (1 if kept else 0)

    def test_without_prices_it_says_that_a_limit_is_never_reached(
        self, house: Services, services: Services, config: Config, team: Team, ada: Actor, clock: FakeClock
    ) -> None:
        unpriced = build(config, clock=clock, made=house.parts)
        page = Visitor(create_app(unpriced), "ada").get(PAGE)
        assert "a limit is never reached" in said(page, ".budget")
        assert "COPILOT_LLM_PRICE_INPUT" in one(page, "#lines-prices").text()

    def test_a_limit_of_nothing_stops_everything(self, house: Services, team: Team, ada: Actor) -> None:
        house.settings.set_limit("0", brand=team.brand, actor=ada)
        with pytest.raises(Permanent):
            house.settings.try_model(brand=team.brand, actor=ada)
        with pytest.raises(InvalidInput):
            house.settings.set_limit("many", brand=team.brand, actor=ada)


class TestCommands:
    def test_try_prints_the_answer(self, house: Services, team: Team, httpserver: HTTPServer) -> None:
        greet(httpserver)
        told = ran(Opened(house), "--lang", "en", "model", "try", "--brand", "hearth")
        assert told.code == 0
        assert told.out.splitlines()[0] == "写手们早上好 <b>。"
        assert "tiny answered" in told.out
        found = ran(Opened(house), "model", "try", "--brand", "hearth", "--json").json
        assert (found["model"], found["cost"], found["currency"]) == ("tiny", 0.0024, "CNY")

    def test_a_service_that_fails_is_one_line_and_code_three(
        self, house: Services, team: Team, httpserver: HTTPServer
    ) -> None:
        httpserver.expect_request(COMPLETIONS).respond_with_data("{}", status=401)
        told = ran(Opened(house), "--lang", "zh", "model", "try", "--brand", "hearth", "--json")
        assert (told.code, told.out, told.err.count("\n")) == (3, "", 1)
        assert "密钥" in told.err

    def test_usage_of_a_month(self, house: Services, team: Team) -> None:
        note(house.care, team.brand, Purpose.DRAFT, tokens=1_000_000)
        note(house.care, team.brand, Purpose.DRAFT, outcome="timeout")
        now = ran(Opened(house), "model", "usage", "--brand", "hearth", "--json").json
        assert (now["month"], now["calls"], now["cost"], now["unpriced"]) == ("2026-11", 2, 2.0, 1)
        assert now["failures"] == {"timeout": 1}
        assert [row["purpose"] for row in now["purposes"]] == ["draft"]
        before = ran(
            Opened(house), "model", "usage", "--brand", "hearth", "--month", "2026-10", "--json"
        ).json
        assert (before["calls"], before["cost"]) == (0, None)
        wrong = ran(Opened(house), "--lang", "en", "model", "usage", "--brand", "hearth", "--month", "soon")
        assert (wrong.code, "--month" in wrong.err, "2026-11" in wrong.err) == (2, True, True)
        plain = ran(Opened(house), "--lang", "en", "model", "usage", "--brand", "hearth").out
        assert "in all\t2\t1000000\t0\t2.0 CNY" in plain and "timeout, 1 ×" in plain

    def test_presets_are_listed(self, house: Services) -> None:
        rows = {row["preset"]: row for row in ran(Opened(house), "model", "presets", "--json").json}
        assert rows["mistral"]["refuses"] == ["stream_options"]
        assert "deepseek\thttps://api.deepseek.com/v1\t" in ran(Opened(house), "model", "presets").out
