"""Copy is patched where a fact has changed, in its own writing, and nowhere else."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from copilot.domain.patching import Patch, apply, propose_from_quote, sayings
from copilot.domain.quantities import figures
from copilot.domain.quantities.numerals import read
from copilot.domain.rewriting import han

TEAS = ("云坞春茶", "云坞盖碗", "山雀杯")
SOAPS = ("Fern Bar", "Heather Bar", "Cedar Dish")


def patched(
    copy: str, before: str, after: str, subject: str = "", *, name: str = "", cited: bool = True
) -> str | None:
    """The patched copy, or None when nothing was proposed; by default the whole copy cites the passage."""
    chinese = any("一" <= character <= "鿿" for character in copy)
    patches = sayings(
        copy,
        before=before,
        after=after,
        subject=subject or ("山雀杯" if chinese else "Fern Bar"),
        within=[(0, len(copy))] if cited else [],
        products=TEAS if chinese else SOAPS,
        language="zh" if chinese else "en",
        name=name,
    ).patches
    assert all(copy[patch.start : patch.end] == patch.text for patch in patches)
    return apply(copy, patches) if patches else None


@pytest.mark.parametrize(
    ("copy", "result"),
    [
        ("山雀杯 239 元。", "山雀杯 259 元。"),
        ("山雀杯239元。", "山雀杯259元。"),
        ("山雀杯¥239。", "山雀杯¥259。"),
        ("山雀杯￥239.00。", "山雀杯￥259.00。"),
        ("山雀杯２３９元。", "山雀杯２５９元。"),
        ("山雀杯二百三十九元。", "山雀杯二百五十九元。"),
        ("山雀杯会员价 239，早来早得。", "山雀杯会员价 259，早来早得。"),
        ("239元的山雀杯，还是 ¥239。", "259元的山雀杯，还是 ¥259。"),
    ],
)
def test_a_price_keeps_the_copys_way_of_writing(copy: str, result: str) -> None:
    assert patched(copy, "239 元", "259 元") == result


@pytest.mark.parametrize(
    ("copy", "before", "after", "result"),
    [
        ("A Fern Bar is £12.50.", "£12.50", "£13", "A Fern Bar is £13."),
        ("A Fern Bar is £12.00.", "£12", "£13", "A Fern Bar is £13.00."),
        ("A Fern Bar is £12.", "£12", "£12.5", "A Fern Bar is £12.50."),
        ("A Fern Bar is £12.", "£12", "£12.50", "A Fern Bar is £12.50."),
        ("A Fern Bar is twelve pounds.", "£12", "£13", "A Fern Bar is thirteen pounds."),
        ("The Fern Bar crate is £999.", "£999", "£1,100", "The Fern Bar crate is £1,100."),
    ],
)
def test_decimals_follow_the_source_unless_they_are_the_copys_style(
    copy: str, before: str, after: str, result: str
) -> None:
    assert patched(copy, before, after) == result


@pytest.mark.parametrize(
    "copy",
    [
        "云坞盖碗 239 元。",
        "山雀杯 68 元，云坞盖碗 239 元。",
        "山雀杯和云坞盖碗都是 239 元。",
        "山雀杯比平时省 239 元。",
        "买满 239 元包邮，山雀杯也算。",
        "青花色山雀杯 239 元。",
        "山雀杯烧了 239 只才成。",
        "山雀杯 2390 元。",
        "山雀杯 $239。",
    ],
)
def test_a_figure_that_says_something_else_is_left_alone(copy: str) -> None:
    assert patched(copy, "239 元", "259 元") is None


def test_another_products_equal_price_in_the_same_sentence_stays() -> None:
    copy = "山雀杯只要 ¥239，云坞盖碗也是 239 元。"
    assert patched(copy, "239 元", "259 元") == "山雀杯只要 ¥259，云坞盖碗也是 239 元。"


@pytest.mark.parametrize(
    ("copy", "name", "result"),
    [
        ("The Fern Bar is £20, and postage is £20 extra.", "price", "The Fern Bar is £25, and postage is £20 extra."),
        ("The Fern Bar is £20, and postage is £20 extra.", "postage", "The Fern Bar is £20, and postage is £25 extra."),
        ("The Fern Bar is £20, and gift wrap is £20.", "price", "The Fern Bar is £25, and gift wrap is £20."),
        ("The Fern Bar is £20. Gift wrap is £20.", "price", "The Fern Bar is £25. Gift wrap is £20."),
        ("The Fern Bar is £20 with coffee.", "price", "The Fern Bar is £25 with coffee."),
        ("The Fern Bar is £20 with delivery.", "price", None),
    ],
)  # fmt: skip
def test_a_price_is_not_the_fee_that_happens_to_equal_it(copy: str, name: str, result: str | None) -> None:
    assert patched(copy, "£20", "£25", name=name) == result


@pytest.mark.parametrize(
    ("copy", "name", "result"),
    [
        ("山雀杯 20 元，另收运费 20 元。", "售价", "山雀杯 25 元，另收运费 20 元。"),
        ("山雀杯 20 元，运费另收，20 元。", "售价", "山雀杯 25 元，运费另收，20 元。"),
        ("山雀杯 20 元，另收 20 元运费。", "运费", "山雀杯 20 元，另收 25 元运费。"),
        ("山雀杯 20 元，刻字再加 20 元。", "价格", "山雀杯 25 元，刻字再加 20 元。"),
        ("山雀杯 20 元包邮。", "价格", "山雀杯 25 元包邮。"),
        ("山雀杯门店价 20 元，会员价 20 元。", "会员价", "山雀杯门店价 20 元，会员价 25 元。"),
        ("山雀杯门店价 20 元。", "会员价", None),
        ("山雀杯能放很久，会员价 20 元。", "会员价", "山雀杯能放很久，会员价 25 元。"),
        ("山雀杯日常价 20 元，还是 20 元。", "日常售价", "山雀杯日常价 25 元，还是 25 元。"),
    ],
)
def test_a_price_is_patched_only_where_nothing_else_can_be_meant(
    copy: str, name: str, result: str | None
) -> None:
    assert patched(copy, "20 元", "25 元", name=name) == result


def test_a_fee_that_the_subject_names_is_patched_as_ever() -> None:
    copy = "Postage is £3 on small orders."
    assert patched(copy, "£3", "£4", "Postage", name="price") == "Postage is £4 on small orders."


def test_a_sentence_without_a_name_is_patched_only_where_it_cites_the_passage() -> None:
    copy = "今天到手价 239 元。"
    assert patched(copy, "239 元", "259 元") == "今天到手价 259 元。"
    assert patched(copy, "239 元", "259 元", cited=False) is None


def test_only_the_citing_sentences_are_touched() -> None:
    copy = "山雀杯 239 元。真的，山雀杯 239 元。"
    (patch,) = sayings(
        copy,
        before="239 元",
        after="259 元",
        subject="山雀杯",
        within=[(0, 10)],
        products=TEAS,
        language="zh",
    ).patches
    assert apply(copy, [patch]) == "山雀杯 259 元。真的，山雀杯 239 元。"


def test_a_variants_price_is_not_the_products() -> None:
    oat = "A Fern Bar in Moss costs £24."
    assert patched(oat, "£24", "£26", "Fern Bar") is None
    assert patched(oat, "£24", "£26", "Fern Bar · Moss") == "A Fern Bar in Moss costs £26."
    assert patched("A Fern Bar costs £24.", "£24", "£26", "Fern Bar · Moss") is None


def test_a_part_is_not_the_product_it_belongs_to() -> None:
    assert patched("山雀杯的杯盖 15 元一只。", "15 元", "18 元", "山雀杯杯盖") == "山雀杯的杯盖 18 元一只。"
    assert patched("山雀杯 15 元一只。", "15 元", "18 元", "山雀杯杯盖") is None
    spare = "Spare part · Cork tray for the Cedar Dish"
    assert patched("The cork tray is £6.", "£6", "£7", spare) == "The cork tray is £7."
    assert patched("The Cedar Dish is £6.", "£6", "£7", spare) is None


@pytest.mark.parametrize(
    ("copy", "before", "after", "result"),
    [
        ("到11月24日（周二）为止。", "2026-11-24", "2026-11-26", "到11月26日（周四）为止。"),
        ("到11月24日周二为止，周二见。", "11月24日", "11月26日", "到11月26日周四为止，周二见。"),
        ("十一月二十四日开始。", "11月24日", "12月2日", "十二月二日开始。"),
        ("活动11月24日到26日。", "11月26日", "11月28日", "活动11月24日到28日。"),
        ("活动11月24日到26日。", "11月26日", "12月2日", "活动11月24日到12月2日。"),
        ("It ends on Tuesday 24 November.", "24 November", "26 November", "It ends on Thursday 26 November."),
        ("Ends Tue, 24th Nov.", "24 November", "1 December", "Ends Tue, 1st Dec."),
        ("Ends 2026-11-24 (Tue).", "2026-11-24", "2026-12-05", "Ends 2026-12-05 (Sat)."),
        ("到2月27日（周五）为止。", "2月27日", "3月2日", "到3月2日为止。"),
    ],
)
def test_a_date_takes_its_weekday_along(copy: str, before: str, after: str, result: str) -> None:
    assert patched(copy, before, after) == result


def test_a_date_is_not_moved_over_a_new_year_without_saying_so() -> None:
    assert patched("到12月30日为止。", "2026-12-30", "2027-01-05") is None
    assert patched("到2026年12月30日为止。", "2026-12-30", "2027-01-05") == "到2027年1月5日为止。"


@pytest.mark.parametrize(
    ("copy", "before", "after", "result"),
    [
        ("云坞春茶买二送一。", "买二送一", "买三送一", "云坞春茶买三送一。"),
        ("云坞春茶买2送1。", "买二送一", "买三送一", "云坞春茶买3送1。"),
        ("云坞春茶八五折。", "8.5折", "9折", "云坞春茶九折。"),
        ("全场满200减30。", "满 200 减 30", "满 300 减 50", "全场满300减50。"),
        ("Buy two, get one free.", "buy 2 get 1 free", "buy 3 get 1 free", "Buy three, get one free."),
        ("Take 10% off today.", "10% off", "15% off", "Take 15% off today."),
        ("云坞春茶半价。", "半价", "7折", None),
        ("云坞春茶买二送一。", "买二送一", "半价", None),
        ("With code SOAPWEEK at the till.", "SOAPWEEK", "BUBBLES", "With code BUBBLES at the till."),
        ("With code SOAPWEEKS at the till.", "SOAPWEEK", "BUBBLES", None),
    ],
)
def test_an_offer_keeps_its_form_or_is_left_to_a_person(
    copy: str, before: str, after: str, result: str | None
) -> None:
    subject = "云坞春茶" if "云坞春茶" in copy else "会员日" if "全场" in copy else "Soap week"
    assert patched(copy, before, after, subject) == result


@pytest.mark.parametrize(
    ("copy", "before", "after", "result"),
    [
        ("48小时内发货。", "48 小时", "24 小时", "24小时内发货。"),
        ("两天内发货。", "48 小时", "72 小时", "三天内发货。"),
        ("七天无理由退货。", "7 天", "15 天", "十五天无理由退货。"),
        ("一般 2 到 4 天送到。", "2 到 4 天", "3 到 5 天", "一般 3 到 5 天送到。"),
        ("满99元包邮，不满99元收运费。", "99 元", "129 元", "满129元包邮，不满129元收运费。"),
        ("打卡得5积分。", "5 积分", "8 积分", "打卡得8积分。"),
        ("20:00开抢。", "20:00", "21:30", "21:30开抢。"),
        ("晚上8点开抢。", "20:00", "21:00", "晚上9点开抢。"),
        ("晚上8点开抢。", "20:00", "10:00", None),
        ("半年内换新。", "6 个月", "12 个月", None),
        ("三四天送到。", "3 到 4 天", "5 到 6 天", None),
        ("We answer within two days.", "within 2 days", "within 3 days", "We answer within three days."),
        ("1,200 Suds redeem.", "1,200 Suds", "1,500 Suds", "1,500 Suds redeem."),
    ],
)
def test_promises_points_and_hours(copy: str, before: str, after: str, result: str | None) -> None:
    assert patched(copy, before, after, "服务说明" if "。" in copy else "House rules") == result


def test_a_fact_that_has_lost_its_shape_is_left_to_a_person() -> None:
    assert patched("山雀杯 39 元。", "39 元/只", "42 元/对") is None
    assert patched("山雀杯 39 元。", "39 元", "£42") is None
    assert patched("周五 20:00 开抢。", "周五 20:00", "周六 20:00") is None
    assert patched("终身免费维修。", "终身免费维修", "三年免费维修") is None


def test_the_facts_name_tells_two_equal_times_apart() -> None:
    copy = "山雀杯先泡 30 分钟，再焖 30 分钟。"
    assert patched(copy, "30 分钟", "40 分钟") is None
    assert patched(copy, "30 分钟", "40 分钟", name="焖…") == "山雀杯先泡 30 分钟，再焖 40 分钟。"
    assert patched("山雀杯会员价 68 元。", "68 元", "72 元", name="日常价") is None


def test_a_size_of_several_figures_changes_where_it_has_changed() -> None:
    copy = "The Cedar Dish measures 12 cm by 8 cm."
    after = patched(copy, "12 cm by 8 cm", "12 cm by 9 cm", "Cedar Dish")
    assert after == "The Cedar Dish measures 12 cm by 9 cm."


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="not what"):
        apply("山雀杯 239 元", [Patch(0, 3, "云坞茶", "茶")])
    with pytest.raises(ValueError, match="overlapping"):
        apply("山雀杯", [Patch(0, 2, "山雀", "小雀"), Patch(1, 3, "雀杯", "茶杯")])


_STYLES = (
    "{0}元", "{0} 元", "¥{0}", "￥{0}.00", "¥ {0}", "{0}块钱", "RMB {0}",
)  # fmt: skip
_PIECES = (
    "山雀杯", "云坞盖碗", "这一只", "满 99 元包邮", "，", "。", "只要", "到手价", "150 毫升", "11月24日", "、", "\n", "7 天无理由",
    "省 10 元", "新来的", "还是",
)  # fmt: skip


@given(
    st.lists(st.sampled_from(_PIECES), max_size=8),
    st.lists(st.tuples(st.sampled_from(_STYLES), st.lists(st.sampled_from(_PIECES), max_size=4)), max_size=4),
    st.integers(100, 999),
    st.integers(100, 999),
    st.booleans(),
)
def test_patches_fit_commute_and_touch_nothing_else(
    head: list[str], tail: list[tuple[str, list[str]]], old: int, new: int, cited: bool
) -> None:
    assume(old != new)
    copy = "".join(head) + "".join(style.format(old) + "".join(rest) for style, rest in tail)
    patches = sayings(
        copy,
        before=f"{old} 元",
        after=f"{new} 元",
        subject="山雀杯",
        within=[(0, len(copy))] if cited else [],
        products=TEAS,
        language="zh",
    ).patches
    result = apply(copy, patches)
    assert {apply(copy, order) for order in permutations(patches)} in ({result}, set())
    for patch in patches:
        assert copy[patch.start : patch.end] == patch.text
        assert str(old) in patch.text
        assert str(new) in patch.replacement
        assert str(old) not in patch.replacement
    others = [(f.kind, f.value, f.unit) for f in figures(copy) if f.value not in (old, new)]
    assert [(f.kind, f.value, f.unit) for f in figures(result) if f.value not in (old, new)] == others
    if not patches:
        assert result == copy


@given(
    st.text(max_size=60),
    st.text(max_size=12),
    st.text(max_size=12),
    st.text(max_size=6),
    st.sampled_from(["zh", "en"]),
)
def test_no_text_breaks_it(copy: str, before: str, after: str, subject: str, language: str) -> None:
    patches = sayings(
        copy, before=before, after=after, subject=subject, within=[], products=TEAS, language=language
    ).patches
    apply(copy, patches)


@given(st.integers(1, 9999), st.integers(1, 9999))
def test_every_price_in_chinese_numerals_is_read_back(old: int, new: int) -> None:
    for number in (old, new):
        spelled = han(Decimal(number), "一百")
        assert spelled is not None
        assert read(spelled) == number


def followed(copy: str, quote: str, now: str) -> str | None:
    chinese = any("一" <= character <= "鿿" for character in copy)
    patches = propose_from_quote(
        copy,
        quote=quote,
        now=now,
        within=[(0, len(copy))],
        products=TEAS if chinese else SOAPS,
        language="zh" if chinese else "en",
    )
    return apply(copy, patches) if patches else None


class TestASentenceThatSaysAnotherFigure:
    @pytest.mark.parametrize(
        ("copy", "quote", "now", "result"),
        [
            (
                "茶青进仓，温度一直保持在15℃以下。",
                "茶青装袋入仓，仓里的温度保持在 15℃ 以下。",
                "茶青装袋入仓，仓里的温度保持在 18℃ 以下。",
                "茶青进仓，温度一直保持在18℃以下。",
            ),
            (
                "答对一题得 3 积分。",
                "每晚问答，答对一题得 3 积分。",
                "每晚问答，答对一题得 5 积分。",
                "答对一题得 5 积分。",
            ),
            (
                "云坞春茶 98 元，泡 3 分钟。",
                "云坞春茶 98 元，泡 3 分钟。",
                "云坞春茶 88 元，泡 5 分钟。",
                "云坞春茶 88 元，泡 5 分钟。",
            ),
            (
                "打卡得 5 积分，答题也得 5 积分。",
                "打卡得 5 积分，答题得 5 积分。",
                "打卡得 5 积分，答题得 8 积分。",
                "打卡得 5 积分，答题也得 8 积分。",
            ),
            (
                "The wall holds 86 photos by now.",
                "The wall of bad loaves holds 86 photos.",
                "The wall of bad loaves holds 91 photos.",
                "The wall holds 91 photos by now.",
            ),
        ],
    )
    def test_puts_it_into_the_copy(self, copy: str, quote: str, now: str, result: str) -> None:
        assert followed(copy, quote, now) == result

    @pytest.mark.parametrize(
        ("copy", "quote", "now"),
        [
            ("茶青泡 3 分钟。", "茶青泡 3 分钟。", "茶青先醒再泡 5 分钟。"),
            ("仓里保持 15℃ 以下。", "仓里保持 15℃ 以下。", "仓里保持 18℃ 以上。"),
            ("泡 3 分钟，醒 3 分钟。", "泡 3 分钟，醒 3 分钟。", "泡 4 分钟，醒 5 分钟。"),
            ("打卡一次得 5 积分。", "答对一题得 5 积分。", "答对一题得 8 积分。"),
            ("泡一会儿就好。", "云坞春茶泡 3 分钟。", "云坞春茶泡 5 分钟。"),
        ],
        ids=["other words", "turned round", "two of one value", "another thing", "not said"],
    )
    def test_is_left_to_a_person_where_it_is_unsure(self, copy: str, quote: str, now: str) -> None:
        assert followed(copy, quote, now) is None

    def test_is_put_right_whole_or_not_at_all(self) -> None:
        quote = "山雀杯 239 元，泡 3 分钟，限 20 只。"
        now = "山雀杯 259 元，泡 5 分钟，限 30 只。"
        assert followed("比日常价省下 239 元，泡 3 分钟。", quote, now) is None

    @given(st.lists(st.integers(2, 60), min_size=6, max_size=6))
    def test_comes_out_word_for_word_or_is_left_alone(self, numbers: list[int]) -> None:
        quote, now = (
            f"会员价 {price} 元的山雀杯，焖 {minutes} 分钟，存 {points} 积分。"
            for price, minutes, points in (numbers[:3], numbers[3:])
        )
        assert followed(quote, quote, now) in ({now} if quote != now else {None})


def said(copy: str, before: str, after: str, subject: str, name: str) -> tuple[list[str], list[str]]:
    """Where the copy gives the old value, and what would stand there instead."""
    chinese = any("一" <= character <= "鿿" for character in copy)
    saying = sayings(
        copy,
        before=before,
        after=after,
        subject=subject,
        name=name,
        within=(),
        products=TEAS if chinese else SOAPS,
        language="zh" if chinese else "en",
    )
    return [copy[slice(*place)] for place in saying.places], [one.replacement for one in saying.patches]


class TestWhatMayBeHistory:
    """It may also be how a sale is told, so that a person looks."""

    @pytest.mark.parametrize(
        "copy",
        ["山雀杯原来卖 239 元。", "山雀杯以前是 239 元。", "山雀杯从 239 元涨过一次价。"],
    )
    def test_is_found_and_left(self, copy: str) -> None:
        assert said(copy, "239 元", "259 元", "山雀杯", "日常价") == (["239 元"], [])

    def test_is_left_in_english_too(self) -> None:
        copy = "A Fern Bar used to cost £12."
        assert said(copy, "£12", "£13", "Fern Bar", "usual price") == (["£12"], [])


class TestAPriceThatOthersHangOn:
    """It is shown to a person, who works out again what was worked out from it."""

    @pytest.mark.parametrize(
        ("copy", "before"),
        [
            ("两只山雀杯一共 478 元，一只 239 元。", "239 元"),
            ("山雀杯 239 元一只，两只 478 元。", "239 元"),
            ("山雀杯日常价 239 元，会员价 199 元。会员省 40 元。", "239 元"),
        ],
    )
    def test_is_found_and_left(self, copy: str, before: str) -> None:
        assert said(copy, before, "259 元", "山雀杯", "日常价") == ([before], [])

    def test_is_left_in_english_too(self) -> None:
        copy = "Save £3 on a Fern Bar: £9 instead of £12."
        assert said(copy, "£12", "£13", "Fern Bar", "usual price") == (["£12"], [])

    def test_is_corrected_where_nothing_hangs_on_it(self) -> None:
        assert said("山雀杯 239 元，省心。", "239 元", "259 元", "山雀杯", "日常价") == (
            ["239 元"],
            ["259 元"],
        )


class TestThePriceOfOneVariant:
    FACT = ("£12", "£14", "Fern Bar · Slate", "usual price")

    def test_is_not_written_over_the_others(self) -> None:
        assert said("A Fern Bar costs £12 in Oat, Moss or Slate.", *self.FACT) == (["£12"], [])

    def test_is_shown_to_a_person_where_the_copy_names_no_variant(self) -> None:
        assert said("A Fern Bar costs £12.", *self.FACT) == (["£12"], [])

    def test_is_the_one_beside_its_name(self) -> None:
        copy = "Fern Bar: Oat £12, Moss £12, Slate £12."
        (patch,) = sayings(
            copy,
            before="£12",
            after="£14",
            subject="Fern Bar · Slate",
            name="usual price",
            within=(),
            products=SOAPS,
            language="en",
        ).patches
        assert apply(copy, [patch]) == "Fern Bar: Oat £12, Moss £12, Slate £14."

    def test_is_corrected_where_it_stands_alone(self) -> None:
        assert said("A Fern Bar in Slate costs £12.", *self.FACT) == (["£12"], ["£14"])
