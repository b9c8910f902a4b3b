"""Asking a model about open sentences more than once, in part, or not to the end: what is told is what stands."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from copilot.app import create_app
from copilot.config import Config
from copilot.domain.drafts import Answer
from copilot.domain.findings import Method, Verdict
from copilot.domain.grounding.entailing import BY_MODEL
from copilot.domain.messages import Message
from copilot.errors import Conflict, Permanent, Retryable
from copilot.ports import Heard
from copilot.services.entailjobs import JUDGING
from copilot.services.house import Services
from copilot.wording import word
from tests.asking import (
    ASKS,
    BIRD,
    BLOCK,
    LEAKS,
    LID,
    YES_AND_NO,
    ask,
    cup_post,
    failing,
    of,
    pressed,
    rules,
    save,
    standing,
    view,
    with_model,
)
from tests.conftest import Team
from tests.fakes import FakeAnswerer, FakeClock
from tests.steps import CALL, PRICE, add, run_newest
from tests.visiting import HOME, Visitor, one, parsed, said

FIRST_AT = "Sat 21 Nov 11:30"
EARLIER = "Answered before, and still so"
TURNED = "# 随行杯\n\n杯盖换成了翻盖。\n"


class Breaking:
    """A model whose answer breaks off after these words."""

    name = "fake-model"

    def __init__(self, words: str, fault: Exception) -> None:
        self.words = words
        self.fault = fault

    def answer(self, system: str, prompt: str, *, max_tokens: int, heard: Heard | None = None) -> Answer:
        assert heard is not None
        heard(self.words)
        raise self.fault


class Hanging:
    """A model that says no word until it is let, and then answers; `meanwhile` happens as it begins to hang."""

    name = "fake-model"

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        self.meanwhile = meanwhile
        self.let = threading.Event()
        self.is_done = False

    def answer(self, system: str, prompt: str, *, max_tokens: int, heard: Heard | None = None) -> Answer:
        self.meanwhile()
        assert self.let.wait(timeout=30)
        self.is_done = True
        return Answer(YES_AND_NO, {})


@pytest.fixture
def post(services: Services, team: Team) -> int:
    return cup_post(services, team)


def again(mia: Visitor, house: Services, team: Team, post: int) -> str:
    """What the desk tells once the text that stands was asked about."""
    assert mia.post(f"{HOME}/posts/{post}/claims").status_code == 303
    run_newest(house, team, JUDGING)
    return told(mia, post)


def told(mia: Visitor, post: int) -> str:
    return said(mia.get(f"{HOME}/posts/{post}"), BLOCK)


class TestAnEarlierAnswer:
    def test_is_told_with_when_it_was_given_and_never_as_this_ones(
        self, services: Services, config: Config, team: Team, post: int, clock: FakeClock
    ) -> None:
        answerer = FakeAnswerer(YES_AND_NO)
        house = with_model(services, config, answerer)
        mia = Visitor(create_app(house), "mia")
        first = again(mia, house, team, post)
        assert f"asked about 2 sentences. {FIRST_AT}" in first and EARLIER not in first
        clock.forward(seconds=60)
        answerer.said = "1 | 盖子滴水不漏。 | 有"
        assert "asked about 1 sentence. Sat 21 Nov 11:31" in again(mia, house, team, post)
        page = mia.get(f"{HOME}/posts/{post}")
        # This time it could show nothing for the bird: what it said before is gone, from the ledger too.
        assert BIRD in one(page, f"{BLOCK} .judged__row--undecided").text()
        assert not parsed(page).css(f"{BLOCK} .judged__row--found_in_none")
        assert (of(services, team, post, BIRD).verdict, rules(services, team, post, BIRD)) == (
            Verdict.OPINION,
            set(),
        )
        (kept,) = parsed(page).css(f"{BLOCK} .judged__row--borne_out")
        assert LEAKS in kept.text() and FIRST_AT in kept.text()

    def test_leaves_no_quote_beside_the_new_one(
        self, services: Services, config: Config, team: Team, post: int
    ) -> None:
        answerer = FakeAnswerer(YES_AND_NO)
        house = with_model(services, config, answerer)
        ask(house, team, post)
        add(services, team, "selling_point/cup.md", TURNED)
        assert view(services, team, post).flags
        newer = "杯口多了一道密封圈，防漏，不会洒。"
        add(services, team, "selling_point/seal.md", f"# 随行杯\n\n{newer}\n")
        answerer.said = f"1 | {newer} | 有\n2 | 无 | 没有"
        assert ask(house, team, post) == (2, 1, 1)
        found = of(services, team, post, LEAKS)
        assert [quote for _, quote in found.quotes] == [newer]
        assert view(services, team, post).flags == (), "it rests on what is said today"

    def test_gives_way_to_a_no(self, services: Services, config: Config, team: Team, post: int) -> None:
        answerer = FakeAnswerer(YES_AND_NO)
        house = with_model(services, config, answerer)
        ask(house, team, post)
        add(services, team, "selling_point/cup.md", TURNED)
        answerer.said = "1 | 无 | 没有\n2 | 无 | 没有"
        assert ask(house, team, post) == (2, 0, 2)
        found = of(services, team, post, LEAKS)
        assert (found.verdict, found.method, found.quotes) == (Verdict.UNSUPPORTED, Method.MODEL, ())
        assert view(services, team, post).flags, "nobody has settled yet that its material changed"

    def test_gives_way_to_the_rules(self, services: Services, config: Config, team: Team, post: int) -> None:
        answerer = FakeAnswerer(YES_AND_NO)
        house = with_model(services, config, answerer)
        ask(house, team, post)
        newer = "杯盖扣紧了躺着塞进书包滴水不出，防漏。"
        add(services, team, "selling_point/cup.md", f"# 随行杯\n\n{newer}\n")
        answerer.said = "1 | 无 | 没有"
        assert ask(house, team, post) == (1, 0, 1)
        found = of(services, team, post, LEAKS)
        assert (found.method, [quote for _, quote in found.quotes]) == (Method.WORDS, [newer])

    def test_whose_material_changed_is_not_told_as_true(
        self, services: Services, config: Config, team: Team, post: int
    ) -> None:
        house = with_model(services, config, FakeAnswerer(YES_AND_NO))
        mia = Visitor(create_app(house), "mia")
        pressed(mia, house, team, post)
        add(services, team, "selling_point/cup.md", TURNED)
        page = mia.get(f"{HOME}/posts/{post}")
        assert "for 1 sentence has changed since" in said(page, BLOCK) and ASKS in said(page, BLOCK)
        assert not parsed(page).css(f"{BLOCK} .judged__row--borne_out")

    @pytest.mark.parametrize("answer", [Retryable("m", "timeout"), "我觉得写得很好。"], ids=["fault", "talk"])
    def test_outlasts_an_asking_that_came_to_nothing(
        self,
        services: Services,
        config: Config,
        team: Team,
        post: int,
        clock: FakeClock,
        answer: Exception | str,
    ) -> None:
        ask(with_model(services, config, FakeAnswerer(YES_AND_NO)), team, post)
        clock.forward(seconds=60)
        model = FakeAnswerer(answer) if isinstance(answer, str) else failing(answer)
        house = with_model(services, config, model)
        mia = Visitor(create_app(house), "mia")
        again(mia, house, team, post)
        page = mia.get(f"{HOME}/posts/{post}")
        rows = [row.text() for row in parsed(page).css(f"{BLOCK} .judged__row")]
        assert len(rows) == 2 and all(FIRST_AT in row for row in rows)
        assert one(page, f"{BLOCK} .notice--block")

    def test_is_told_of_the_next_version_as_far_as_its_sentences_stand_there(
        self, services: Services, config: Config, team: Team, post: int, clock: FakeClock
    ) -> None:
        house = with_model(services, config, FakeAnswerer(YES_AND_NO))
        mia = Visitor(create_app(house), "mia")
        pressed(mia, house, team, post)
        clock.forward(seconds=60)
        save(services, team, post, f"{PRICE}{LEAKS}\n{CALL}")
        page = told(mia, post)
        assert EARLIER in page and LEAKS in page and FIRST_AT in page and BIRD not in page
        assert "asked about" not in page


class TestAStop:
    def test_is_told_at_once_and_the_page_is_free_to_ask_again(
        self, services: Services, config: Config, team: Team, post: int
    ) -> None:
        before = standing(services, team, post)
        seen: list[str] = []

        def stop() -> None:
            mia.post(f"{HOME}/posts/{post}/claims/stop")
            seen.append(told(mia, post))

        model = Hanging(stop)
        house = with_model(services, config, model)
        mia = Visitor(create_app(house), "mia")
        began = time.monotonic()
        job = pressed(mia, house, team, post)
        # Whoever carries jobs out is free as well, while the call still hangs.
        assert time.monotonic() - began < 10 and not model.is_done
        (page,) = seen
        assert "You stopped it." in page and ASKS in page
        assert house.jobs.view(job).state == "cancelled"
        with pytest.raises(Conflict):
            house.jobs.stop(job, brand=team.brand)

        other = with_model(services, config, FakeAnswerer(YES_AND_NO))
        assert "asked about 2 sentences" in again(Visitor(create_app(other), "mia"), other, team, post)
        after = standing(services, team, post)
        assert after != before
        # What arrives late is heard by nobody; the call is on the brand's account all the same.
        model.let.set()
        until = time.monotonic() + 10
        while services.usage.months(brand=team.brand)[0].total.calls < 2 and time.monotonic() < until:
            time.sleep(0.02)
        assert services.usage.months(brand=team.brand)[0].total.calls == 2
        assert standing(services, team, post) == after
        assert house.jobs.view(job).result is None

    def test_counts_until_the_answer_is_written_down(
        self, services: Services, config: Config, team: Team, post: int
    ) -> None:
        before = standing(services, team, post)
        model = Hanging(lambda: None)
        model.let.set()
        house = with_model(services, config, model)
        judged = house.entailing.ask(
            post, brand=team.brand, actor=team.copywriter, is_stopped=lambda: model.is_done
        )
        assert judged is None and standing(services, team, post) == before

    def test_that_comes_after_that_undoes_nothing_and_does_not_say_so(
        self, services: Services, config: Config, team: Team, post: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        house = with_model(services, config, FakeAnswerer(YES_AND_NO))
        mia = Visitor(create_app(house), "mia")
        truly = house.entailing.ask

        def then_stopped(*given: object, **named: object) -> object:
            judged = truly(*given, **named)  # type: ignore[arg-type]
            mia.post(f"{HOME}/posts/{post}/claims/stop")
            return judged

        monkeypatch.setattr(house.entailing, "ask", then_stopped)
        job = pressed(mia, house, team, post)
        assert house.jobs.view(job).state == "cancelled"
        page = told(mia, post)
        assert "asked about 2 sentences" in page and "You stopped it" not in page
        assert of(services, team, post, LEAKS).method == Method.MODEL


MANY = (
    "缸底印着一只小小的山雀图案。",
    "缸身的釉色像雨后的石头一样。",
    "缸沿是老师傅用细砂纸磨圆的。",
    "缸盖上刻着一朵小小的山茶花。",
    "缸脚垫着一圈软软的棉线编绳。",
    "缸口的弧度是老师傅手拉出来的。",
    "缸壁摸上去像晒过太阳的鹅卵石。",
    "缸耳做成了小叶子弯弯的形状。",
    "缸肚子鼓鼓的像个打盹的小老头。",
    "缸边还挂着一枚小小的黄铜铃铛。",
)


class TestWhatIsNotAskedAbout:
    def test_is_counted_with_the_reason_and_listed(
        self, services: Services, config: Config, team: Team, post: int
    ) -> None:
        house = with_model(services, config, FakeAnswerer(YES_AND_NO))
        mia = Visitor(create_app(house), "mia")
        figure = "一口气能装下 900 毫升的热汤。"
        save(services, team, post, f"大家晚上好。\n{PRICE}{LEAKS}\n{BIRD}\n{figure}\n{CALL}")
        again(mia, house, team, post)
        page = mia.get(f"{HOME}/posts/{post}")
        listed = one(page, f"{BLOCK} details.judged__left")
        assert listed.css_first("summary").text().split() == [
            "4",
            "sentences",
            "were",
            "not",
            "asked",
            "about:",
            "1",
            "with",
            "a",
            "figure",
            "or",
            "a",
            "day,",
            "2",
            "that",
            "state",
            "nothing,",
            "1",
            "that",
            "the",
            "materials",
            "bear",
            "out",
            "already",
        ]
        rows = [row.text().strip() for row in listed.css(".judged__row")]
        assert rows == [figure, "大家晚上好。", CALL, PRICE.strip()]

    def test_what_one_asking_has_no_room_for_comes_first_in_the_next(
        self, services: Services, config: Config, team: Team, post: int
    ) -> None:
        answerer = FakeAnswerer("1 | 无 | 没有")
        house = with_model(services, config, answerer)
        mia = Visitor(create_app(house), "mia")
        save(services, team, post, "\n".join(MANY))
        page = again(mia, house, team, post)
        assert "2 more than are asked about at once" in page and "asked about 8 sentences" in page
        again(mia, house, team, post)
        first, second = answerer.asked
        assert [one in first for one in MANY] == [True] * 8 + [False] * 2
        assert second.index(MANY[8]) < second.index(MANY[9]) < second.index(MANY[0])

    def test_where_nothing_is_open_the_model_is_not_asked(
        self, services: Services, config: Config, team: Team, post: int
    ) -> None:
        answerer = FakeAnswerer(YES_AND_NO)
        house = with_model(services, config, answerer)
        mia = Visitor(create_app(house), "mia")
        save(services, team, post, f"{PRICE}{CALL}")
        page = again(mia, house, team, post)
        assert "No sentence is open, so the model was not asked." in page and answerer.asked == []
        assert "2 sentences were not asked about" in page

    def test_in_chinese(self, services: Services, config: Config, team: Team, post: int) -> None:
        house = with_model(services, config, FakeAnswerer(YES_AND_NO))
        page = again(Visitor(create_app(house), "mia", locale="zh_Hans"), house, team, post)
        assert "另有 2 句没有问模型：" in page and "1 句没有可核对的说法，1 句已有出处" in page


class TestAnAnswerThatBreaksOff:
    @pytest.mark.parametrize("reason", ["cut", "timeout"])
    def test_counts_as_far_as_its_lines_are_whole(
        self, services: Services, config: Config, team: Team, post: int, reason: str
    ) -> None:
        """The second line says yes so far; it might have gone on to say that it is none."""
        words = f"1 | {LID} | 有\n2 | {LID} | 有"
        house = with_model(services, config, Breaking(words, Retryable("m", reason)))
        mia = Visitor(create_app(house), "mia")
        page = again(mia, house, team, post)
        assert "did not get to the end. What it had answered by then was taken" in page
        assert "asked about 2 sentences" in page and "Not reached" in page
        assert of(services, team, post, LEAKS).method == Method.MODEL
        assert of(services, team, post, BIRD).verdict is Verdict.OPINION
        answerer = FakeAnswerer("1 | 无 | 没有")
        assert ask(with_model(services, config, answerer), team, post) == (1, 0, 1)
        assert BIRD in answerer.asked[0]

    def test_keeps_what_was_said_before_of_those_that_it_did_not_get_to(
        self, services: Services, config: Config, team: Team, post: int, clock: FakeClock
    ) -> None:
        ask(with_model(services, config, FakeAnswerer("2 | 无 | 没有")), team, post)
        house = with_model(services, config, Breaking("1 | 无 | 没有\n2 |", Retryable("m", "cut")))
        mia = Visitor(create_app(house), "mia")
        clock.forward(seconds=60)
        page = again(mia, house, team, post)
        assert EARLIER in page and FIRST_AT in page and "Not reached" not in page
        assert of(services, team, post, LEAKS).method == Method.MODEL
        assert rules(services, team, post, BIRD) == {BY_MODEL}

    def test_after_its_last_line_is_a_whole_answer(
        self, services: Services, config: Config, team: Team, post: int
    ) -> None:
        words = f"{YES_AND_NO}\n2 | 无 |"
        house = with_model(services, config, Breaking(words, Retryable("m", "timeout")))
        page = again(Visitor(create_app(house), "mia"), house, team, post)
        assert "asked about 2 sentences" in page and "did not get to the end" not in page

    @pytest.mark.parametrize("words", ["", f"1 | {LID} | 有"], ids=["silent", "in its first line"])
    def test_before_its_first_line_ends_leaves_everything_and_says_so(
        self, services: Services, config: Config, team: Team, post: int, words: str
    ) -> None:
        before = standing(services, team, post)
        house = with_model(services, config, Breaking(words, Retryable("m", "cut")))
        page = again(Visitor(create_app(house), "mia"), house, team, post)
        assert "broke off before it had answered about a single sentence, so nothing was taken" in page
        assert standing(services, team, post) == before

    def test_elsewhere_nobody_is_told_that_something_is_kept(self) -> None:
        """Only a draft leaves what came so far, and says so where it stands."""
        for reason in ("cut", "timeout"):
            fault = Permanent("m", reason)
            assert "kept" not in word(Message(fault.message_id, fault.params), "en")
            assert "保留" not in word(Message(fault.message_id, fault.params), "zh_Hans")


def test_without_a_model_what_one_said_is_still_told(
    services: Services, config: Config, team: Team, post: int
) -> None:
    ask(with_model(services, config, FakeAnswerer(YES_AND_NO)), team, post)
    page = told(Visitor(create_app(services), "mia"), post)
    assert EARLIER in page and ASKS not in page
