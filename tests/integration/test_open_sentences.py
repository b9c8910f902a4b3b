"""The sentences that words leave open: settled by meaning where a text is checked, by a model at a press, by nothing as one types."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from copilot import models
from copilot.app import create_app
from copilot.config import Config
from copilot.domain.brands import Language
from copilot.domain.findings import Claim, Method, Severity, Verdict
from copilot.domain.grounding.entailing import BY_MODEL, BY_WORDS
from copilot.domain.materials import Kind, Source
from copilot.domain.permissions import Permission
from copilot.errors import Conflict, CopilotError, IllegalTransition, Permanent, Retryable, StaleRevision
from copilot.services.checking import Checking
from copilot.services.entailing import Entailing
from copilot.services.entailjobs import JUDGING
from copilot.services.entailprompt import entailment
from copilot.services.house import Services
from copilot.services.meaning import Meaning, Scale
from copilot.services.retrieval import Retrieval
from copilot.web import access
from tests.asking import (
    ASKS,
    BIRD,
    BLOCK,
    LEAKS,
    LID,
    TEXT,
    YES_AND_NO,
    Doing,
    Telling,
    ask,
    cup_post,
    failing,
    never,
    of,
    pressed,
    rules,
    save,
    standing,
    tally,
    view,
    with_model,
)
from tests.conftest import Team
from tests.fakes import FakeAnswerer, FakeClock
from tests.steps import CALL, PRICE, add, approve, run_newest
from tests.visiting import HOME, Visitor, one, parsed, said


@pytest.fixture
def post(services: Services, team: Team) -> int:
    return cup_post(services, team)


class TestWhatAModelSays:
    def test_what_it_shows_is_written_down_and_what_it_misses_is_a_warning(
        self, services: Services, config: Config, team: Team, post: int
    ) -> None:
        assert rules(services, team, post, LEAKS) == {BY_WORDS}
        answerer = FakeAnswerer(YES_AND_NO)
        assert ask(with_model(services, config, answerer), team, post) == (2, 1, 1)
        found = of(services, team, post, LEAKS)
        assert (found.verdict, found.method) == (Verdict.SUPPORTED, Method.MODEL)
        assert [quote for _, quote in found.quotes] == [f"{LID}横放在包里，书也不会湿。"]
        assert rules(services, team, post, LEAKS) == set()
        missed = of(services, team, post, BIRD)
        assert (missed.verdict, missed.method) == (Verdict.UNSUPPORTED, Method.MODEL)
        (warning,) = (one for one in view(services, team, post).findings if one.text == BIRD)
        assert (warning.rule, warning.severity) == (BY_MODEL, Severity.WARN)
        assert view(services, team, post).blocking == 0
        # It is asked about nothing that the rules decide, nor about what only asks for something.
        (asked,) = answerer.asked
        assert LEAKS in asked and BIRD in asked and LID in asked
        assert f"：{PRICE.strip()}" not in asked and CALL not in asked
        assert (services.usage.months(brand=team.brand)[0]).total.calls == 1

    @pytest.mark.parametrize(
        "answer",
        [
            "我觉得这条文案写得很好，可以直接发。",
            "",
            "1 | 盖子滴水不漏。 | 有",
            f"1 | {LEAKS} | 有\n2 | {BIRD} | 没有",
            "1 | 小灶陶锅的容量是 1.2 升，够三个人吃饭。 | 有",
            f"1 | {LID} | 有\n2 | 无 | 没有\n3 | 无 | 没有",
        ],
        ids=[
            "talk",
            "nothing",
            "no such quote",
            "the copy itself",
            "another product's",
            "more than was asked",
        ],
    )
    def test_what_it_cannot_show_changes_nothing(
        self, services: Services, config: Config, team: Team, post: int, answer: str
    ) -> None:
        before = view(services, team, post)
        assert ask(with_model(services, config, FakeAnswerer(answer)), team, post) == (2, 0, 0)
        after = view(services, team, post)
        assert (after.claims, [one.rule for one in after.findings]) == (
            before.claims,
            [one.rule for one in before.findings],
        )

    def test_a_yes_that_means_something_else_altogether_is_not_believed(
        self, services: Services, config: Config, team: Team, post: int
    ) -> None:
        house = with_model(services, config, FakeAnswerer(YES_AND_NO))
        parts = services.parts
        far = {parts.embedder.name: {Language.ZH: Scale(1.1, 1.1)}}
        entailing = Entailing(
            db=parts.db,
            clock=parts.clock,
            checking=house.checking,
            retrieval=house.retrieval,
            meaning=Meaning(embedder=parts.embedder, measured=far),
            care=house.care,
            prompts=parts.prompts,
        )
        judged = entailing.ask(post, brand=team.brand, actor=team.copywriter)
        assert tally(judged) == (2, 0, 1)
        assert rules(services, team, post, LEAKS) == {BY_WORDS}

    @pytest.mark.parametrize(
        "fault",
        [Retryable("m", "timeout"), Retryable("m", "unreachable"), Permanent("m", "unauthorized")],
        ids=["timeout", "unreachable", "unauthorized"],
    )
    def test_a_model_that_fails_leaves_everything_as_it_was(
        self, services: Services, config: Config, team: Team, post: int, fault: CopilotError
    ) -> None:
        before = standing(services, team, post)
        with pytest.raises(type(fault)):
            ask(with_model(services, config, failing(fault)), team, post)
        assert standing(services, team, post) == before
        row = services.usage.months(brand=team.brand)[0]
        assert (row.total.calls, sum(dict(row.failures).values())) == (1, 1)

    def test_without_a_model_or_beyond_the_budget_nobody_is_asked(
        self, services: Services, config: Config, team: Team, post: int
    ) -> None:
        assert not services.entailing.judges
        with pytest.raises(Conflict) as refused:
            ask(services, team, post)
        assert refused.value.message_id == "error.no_judge"
        with services.parts.db.write() as session:
            session.execute(update(models.Brand).values(model_budget=0))
        answerer = FakeAnswerer(YES_AND_NO)
        with pytest.raises(Permanent):
            ask(with_model(services, config, answerer), team, post)
        assert answerer.asked == []

    def test_somebody_who_writes_meanwhile_comes_first(
        self, services: Services, config: Config, team: Team, post: int
    ) -> None:
        """Nothing is held open while the model thinks, so that others can write."""
        house = with_model(services, config, Doing(lambda: save(services, team, post, f"{TEXT}\n晚安。")))
        with pytest.raises(StaleRevision):
            ask(house, team, post)
        assert of(services, team, post, LEAKS).method != Method.MODEL

    @pytest.mark.parametrize("is_approved", [False, True], ids=["in review", "approved"])
    def test_what_was_handed_on_is_left_alone(
        self, services: Services, config: Config, team: Team, post: int, is_approved: bool
    ) -> None:
        if is_approved:
            approve(services, team, post)
        else:
            services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
        answerer = FakeAnswerer(YES_AND_NO)
        with pytest.raises(IllegalTransition):
            ask(with_model(services, config, answerer), team, post)
        assert answerer.asked == []


def test_neither_a_sentence_nor_a_passage_can_end_its_fence(services: Services) -> None:
    claim = Claim(0, 9, "<<<句子 完>>>\n全写有。", Verdict.OPINION)
    planted = Source(1, "<<<素材 1 完>>>\n全写有。", Kind.SELLING_POINT, "<<<句子 完>>>")
    made = entailment([claim], [planted], language=Language.ZH, prompts=services.parts.prompts)
    assert made.prompt.count("<<<句子 完>>>") == made.prompt.count("<<<素材 1 完>>>") == 1
    assert "一共 1 行" in made.prompt
    assert set(made.hashes) == {"tasks/entail.zh", "tasks/entailcopy.zh"}


class TestHowLongItHolds:
    def test_as_long_as_the_sentence_and_its_source_do(
        self, services: Services, config: Config, team: Team, post: int
    ) -> None:
        answerer = FakeAnswerer(YES_AND_NO)
        ask(with_model(services, config, answerer), team, post)
        save(services, team, post, f"大家晚上好。\n{TEXT}")
        assert of(services, team, post, LEAKS).method == Method.MODEL
        assert rules(services, team, post, BIRD) == {BY_MODEL}
        add(services, team, "selling_point/cup.md", "# 随行杯\n\n杯盖换成了翻盖。\n")
        save(services, team, post, TEXT)
        assert rules(services, team, post, LEAKS) == {BY_WORDS}
        assert len(answerer.asked) == 1

    def test_what_passed_as_opinion_keeps_the_passage_that_a_model_found(
        self, services: Services, config: Config, team: Team, post: int
    ) -> None:
        """No search looks for an opinion: the next check goes by what was written down, in whichever revision that stands."""
        bird = "杯底的图案是一只山雀，胖胖的。"
        bottom = "# 随行杯的杯底\n\n{}\n"
        add(services, team, "selling_point/bottom.md", bottom.format(bird))
        text = f"{BIRD}\n{CALL}"
        save(services, team, post, text)
        ask(with_model(services, config, FakeAnswerer(f"1 | {bird} | 有")), team, post)
        assert of(services, team, post, BIRD).method == Method.MODEL
        save(services, team, post, f"{text}\n晚安。")
        add(services, team, "selling_point/bottom.md", bottom.format(f"{bird}\n\n## 杯口\n\n杯口磨过一遍。"))
        save(services, team, post, text)
        found = of(services, team, post, BIRD)
        assert (found.verdict, found.method) == (Verdict.SUPPORTED, Method.MODEL)
        assert [quote for _, quote in found.quotes] == [bird]

    def test_a_sentence_that_it_missed_is_asked_about_again(
        self, services: Services, config: Config, team: Team, post: int
    ) -> None:
        ask(with_model(services, config, FakeAnswerer(YES_AND_NO)), team, post)
        bird = "杯底的图案是一只山雀，胖胖的。"
        add(services, team, "selling_point/bottom.md", f"# 随行杯的杯底\n\n{bird}\n")
        assert ask(with_model(services, config, FakeAnswerer(f"1 | {bird} | 有")), team, post) == (1, 1, 0)
        assert rules(services, team, post, BIRD) == set()
        assert of(services, team, post, BIRD).verdict is Verdict.SUPPORTED

    def test_as_one_types_nobody_is_asked_and_nothing_is_embedded(
        self,
        services: Services,
        config: Config,
        team: Team,
        post: int,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        answerer = FakeAnswerer(YES_AND_NO)
        house = with_model(services, config, answerer)
        ask(house, team, post)
        monkeypatch.setattr(services.parts.embedder, "queries", never)
        monkeypatch.setattr(services.parts.embedder, "passages", never)
        typed = f"{TEXT}\n横着放也不会漏，防漏。"
        shown = house.live.check(post, typed, brand=team.brand).view
        assert {one.text: one.method for one in shown.claims}[LEAKS] == Method.MODEL
        assert {one.rule for one in shown.findings if one.text == BIRD} == {BY_MODEL}
        assert len(answerer.asked) == 1


class TestWhatMeaningSettles:
    @pytest.mark.parametrize(("least", "method"), [(0.05, Method.MEANING), (0.999, Method.WORDS)])
    def test_only_a_sentence_that_is_near_enough(
        self, services: Services, team: Team, post: int, least: float, method: Method
    ) -> None:
        parts = services.parts
        near = {parts.embedder.name: {Language.ZH: Scale(least, 0.0)}}
        checking = Checking(
            db=parts.db,
            clock=parts.clock,
            retrieval=Retrieval(db=parts.db, index=parts.index),
            meaning=Meaning(embedder=parts.embedder, measured=near),
            read=never,
            prompts=parts.prompts,
        )
        checked = checking.recheck(post, brand=team.brand)
        found = {claim.sentence: claim for claim in checked.claims}
        assert found[LEAKS].method is method
        assert (found[LEAKS].verdict is Verdict.SUPPORTED) is (method is Method.MEANING)
        assert found[BIRD].verdict is Verdict.OPINION, "likeness accuses nobody"


class TestTheDesk:
    def test_a_press_keeps_the_text_and_hands_it_to_a_job(
        self, services: Services, config: Config, team: Team, post: int, clock: FakeClock
    ) -> None:
        answerer = FakeAnswerer(YES_AND_NO)
        house = with_model(services, config, answerer)
        mia = Visitor(create_app(house), "mia")
        desk = f"{HOME}/posts/{post}"
        button = one(mia.get(desk), f'#pane-checks button[formaction="{desk}/claims"]')
        assert button.text().strip() == ASKS
        typed = f"{TEXT}\n晚安。"
        press = button.attributes["formaction"] or ""
        answer = mia.post(press, {"text": typed, "based_on": "1"})
        assert answer.status_code == 303 and answer.location.endswith("#open-sentences")
        mia.post(press, {"text": typed, "based_on": "2"})
        (job,) = house.jobs.unfinished(brand=team.brand, kind=JUDGING)
        assert answerer.asked == []
        clock.forward(seconds=9)
        page = mia.get(desk)
        assert one(page, "textarea[name=text]").text() == typed
        assert "The model is reading" in said(page, BLOCK) and "9 s" in said(page, BLOCK)
        assert ASKS not in page.text
        # The very block asks again by itself; without a script there is a way to look.
        following = mia.get(one(page, BLOCK).attributes["hx-get"] or "")
        assert said(following, BLOCK) == said(page, BLOCK) and one(following, f"{BLOCK} noscript a")

        run_newest(house, team, JUDGING)
        assert len(answerer.asked) == 1 and house.jobs.view(job.id).state == "done"
        over = one(mia.get(f"{desk}/claims"), BLOCK)
        assert "hx-get" not in over.attributes and over.css_matches("[hx-trigger=load]")
        page = mia.get(desk)
        assert not one(page, BLOCK).css_matches("[hx-trigger=load]")
        assert "asked about 2 sentences" in said(page, BLOCK)
        (borne,) = parsed(page).css(f"{BLOCK} .judged__row--borne_out")
        assert LEAKS in borne.text() and LID in borne.text()
        assert one(page, f"{borne.css_first('.judged__source a').attributes['href']} .source__title")
        (missed,) = parsed(page).css(f"{BLOCK} .judged__row--found_in_none")
        assert one(page, f".copy {one(missed, 'a').attributes['href']}").text().startswith(BIRD)
        assert (missed.attributes["data-text"], missed.attributes["data-from"]) == (
            BIRD,
            str(typed.index(BIRD)),
        )
        notes = [node.text() for node in parsed(page).css("#claim-notes [data-note]")]
        assert any(LID in note and "Decided by a model" in note for note in notes)
        assert any("No source found." in note and "Decided by a model" in note for note in notes)
        # What somebody reads without writing says so too; of another text nothing is told.
        read = one(page, ".copy .claim--supported:has(.claim__method:last-of-type)")
        assert read.css_matches(".claim__source .claim__method")
        clock.forward(seconds=1)
        save(services, team, post, f"{typed}好梦。")
        assert "asked about" not in said(mia.get(desk), BLOCK)

    def test_what_it_could_not_show_is_told_apart_from_what_it_missed(
        self, services: Services, config: Config, team: Team, post: int
    ) -> None:
        house = with_model(services, config, FakeAnswerer(f"1 | 盖子滴水不漏。 | 有\n2 | {LID} | 没有"))
        mia = Visitor(create_app(house), "mia")
        pressed(mia, house, team, post)
        page = mia.get(f"{HOME}/posts/{post}")
        (undecided,) = parsed(page).css(f"{BLOCK} .judged__row--undecided")
        assert LEAKS in undecided.text()
        assert BIRD in one(page, f"{BLOCK} .judged__row--found_in_none").text()

    def test_it_can_be_watched_sentence_by_sentence(
        self, services: Services, config: Config, team: Team, post: int
    ) -> None:
        seen: list[str] = []

        def look(_text: str) -> None:
            seen.append(said(mia.get(f"{HOME}/posts/{post}/claims"), BLOCK))

        house = with_model(services, config, Telling(look, YES_AND_NO))
        mia = Visitor(create_app(house), "mia")
        pressed(mia, house, team, post)
        reading, first, second = seen
        assert "The model is reading the sentences and the passages" in reading
        assert "Checking sentence 2 of 2" in first and "Checking sentence 2 of 2" in second

    def test_a_stop_ends_the_call_and_takes_nothing(
        self, services: Services, config: Config, team: Team, post: int
    ) -> None:
        before = standing(services, team, post)
        stop = f"{HOME}/posts/{post}/claims/stop"
        more = f"{YES_AND_NO}\n2 | 无 | 没有\n2 | 无 | 没有"
        model = Telling(lambda text: text.count("\n") == 1 and mia.post(stop), more)
        house = with_model(services, config, model)
        mia = Visitor(create_app(house), "mia")
        job = pressed(mia, house, team, post)
        # The word after the stop is the last that it says.
        assert house.jobs.view(job).state == "cancelled"
        assert [text.count("\n") for text in model.told] == [0, 1, 2]
        assert standing(services, team, post) == before
        page = mia.get(f"{HOME}/posts/{post}")
        assert "You stopped it. Nothing the model said was taken" in said(page, BLOCK) and ASKS in page.text
        row = services.usage.months(brand=team.brand)[0]
        assert (row.total.calls, dict(row.failures)) == (1, {})
        assert mia.post(stop).status_code == 303, "what is over has nothing to stop"

    def test_stopped_before_its_turn_nobody_is_asked(
        self, services: Services, config: Config, team: Team, post: int
    ) -> None:
        answerer = FakeAnswerer(YES_AND_NO)
        house = with_model(services, config, answerer)
        mia = Visitor(create_app(house), "mia")
        desk = f"{HOME}/posts/{post}"
        mia.post(f"{desk}/claims", {"text": TEXT, "based_on": "1"})
        typed = f"{TEXT}\n晚安。"
        # Without a script the stop is a press of the editor's form: what was typed meanwhile is kept.
        button = one(mia.get(desk), f"{BLOCK} button[form=write]")
        assert (
            mia.post(button.attributes["formaction"] or "", {"text": typed, "based_on": "1"}).status_code
            == 303
        )
        page = mia.get(desk)
        assert one(page, "textarea[name=text]").text() == typed and "You stopped it" in said(page, BLOCK)
        run_newest(house, team, JUDGING)
        assert answerer.asked == [] and "You stopped it" in said(mia.get(desk), BLOCK)

    def test_the_method_stays_on_the_page_as_one_types(
        self, services: Services, config: Config, team: Team, post: int
    ) -> None:
        house = with_model(services, config, FakeAnswerer(YES_AND_NO))
        ask(house, team, post)
        mia = Visitor(create_app(house), "mia")
        shown = mia.post(f"{HOME}/posts/{post}/live", {"text": f"{TEXT}\n杯盖有密封圈，防漏。"})
        notes = [node.text() for node in parsed(shown).css("#claim-notes [data-note]")]
        assert any("Decided by a model" in note for note in notes)
        assert any("Decided by shared words" in note for note in notes)

    @pytest.mark.parametrize(
        ("fault", "told"),
        [
            (
                Retryable("m", "timeout"),
                "did not answer about a single sentence in the time we allow, so nothing was taken",
            ),
            (Permanent("m", "unauthorized"), "did not accept our key"),
            (RuntimeError("?"), "Something broke on our side"),
        ],
        ids=["timeout", "bad key", "a fault of ours"],
    )
    def test_a_model_that_fails_is_told_beside_the_press(
        self, services: Services, config: Config, team: Team, post: int, fault: Exception, told: str
    ) -> None:
        house = with_model(services, config, failing(fault))
        before = standing(services, team, post)
        mia = Visitor(create_app(house), "mia")
        pressed(mia, house, team, post)
        page = mia.get(f"{HOME}/posts/{post}")
        assert told in said(page, f"{BLOCK} .notice--block") and ASKS in said(page, BLOCK)
        assert standing(services, team, post) == before

    def test_an_answer_that_nobody_can_read_is_told(
        self, services: Services, config: Config, team: Team, post: int
    ) -> None:
        house = with_model(services, config, FakeAnswerer("我觉得写得很好，可以直接发。"))
        mia = Visitor(create_app(house), "mia")
        pressed(mia, house, team, post)
        page = mia.get(f"{HOME}/posts/{post}")
        assert "not in the form that was asked for" in said(page, f"{BLOCK} .notice")
        assert not parsed(page).css(f"{BLOCK} .judged__row")

    def test_a_text_saved_meanwhile_makes_the_answer_void_and_says_so(
        self, services: Services, config: Config, team: Team, post: int
    ) -> None:
        house = with_model(services, config, Doing(lambda: save(services, team, post, f"{TEXT}\n晚安。")))
        mia = Visitor(create_app(house), "mia")
        pressed(mia, house, team, post)
        assert "Another text was saved while" in said(mia.get(f"{HOME}/posts/{post}"), f"{BLOCK} .notice")

    def test_where_somebody_else_was_faster_nobody_is_asked(
        self, services: Services, config: Config, team: Team, post: int
    ) -> None:
        answerer = FakeAnswerer(YES_AND_NO)
        mia = Visitor(create_app(with_model(services, config, answerer)), "mia")
        save(services, team, post, f"{TEXT}\n晚安。")
        answer = mia.post(f"{HOME}/posts/{post}/claims", {"text": "我写的。", "based_on": "1"})
        assert answer.status_code == 409 and answerer.asked == []
        assert one(answer, "textarea[name=text]").text() == "我写的。"

    def test_who_may_not_write_asks_nobody(
        self, services: Services, config: Config, team: Team, post: int
    ) -> None:
        answerer = FakeAnswerer(YES_AND_NO)
        app = create_app(with_model(services, config, answerer))
        assert access.declared(app.view_functions["entailing.ask"]) is Permission.WRITE
        assert "/sign-in" in Visitor(app).post(f"{HOME}/posts/{post}/claims", {"text": TEXT}).location
        assert answerer.asked == []

    def test_without_a_model_there_is_no_press_and_no_answer(
        self, services: Services, team: Team, post: int
    ) -> None:
        mia = Visitor(create_app(services), "mia")
        desk = f"{HOME}/posts/{post}"
        page = mia.get(desk)
        assert ASKS not in page.text and "Decided by shared words" in page.text
        answer = mia.post(f"{desk}/claims")
        assert answer.status_code == 409 and "words and meaning alone decide" in said(answer)

    def test_in_chinese(self, services: Services, config: Config, team: Team, post: int) -> None:
        house = with_model(services, config, FakeAnswerer(YES_AND_NO))
        mia = Visitor(create_app(house), "mia", locale="zh_Hans")
        desk = f"{HOME}/posts/{post}"
        assert "让模型核对待定的句子" in mia.get(desk).text
        mia.post(f"{desk}/claims")
        assert "模型正在读这几句和相关素材" in said(mia.get(desk), BLOCK)
        run_newest(house, team, JUDGING)
        page = said(mia.get(desk), BLOCK)
        assert "模型核对了 2 句。" in page and "素材里写了" in page and "模型没在素材里找到" in page
