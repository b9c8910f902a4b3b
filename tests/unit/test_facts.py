"""A brand manager is shown what she would pin: prices, offers, dates, specifications and promises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.facts import FactKind, SuggestedFact, suggest
from copilot.domain.materials import Family, Kind, Source, Window

TEAS = ("云坞春茶", "云坞盖碗", "山雀杯")
SOAPS = ("Fern Bar", "Heather Bar", "Cedar Dish")


def source(
    text: str = "",
    kind: Kind = Kind.SELLING_POINT,
    *,
    title: str = "春茶",
    heading: str = "",
    fields: Mapping[str, str] | None = None,
) -> Source:
    """A passage of one sentence or more, or of one row when there are fields."""
    if fields:
        chinese = any("一" <= character <= "鿿" for character in "".join(fields))
        text = ("；" if chinese else "; ").join(
            f"{header}：{cell}" if chinese else f"{header}: {cell}" for header, cell in fields.items()
        )
    context = " › ".join(part for part in (title, heading) if part)
    return Source(7, text, kind, title, context, Window(datetime(2026, 11, 1, tzinfo=UTC)), fields or {})


def found(passage: Source, language: str = "zh") -> tuple[SuggestedFact, ...]:
    return suggest(passage, products=TEAS if language == "zh" else SOAPS, language=language)


def told(passage: Source, language: str = "zh") -> list[tuple[str, str, str, str, str]]:
    return [(f.kind.value, f.subject, f.name, f.amount, f.unit) for f in found(passage, language)]


def test_a_row_of_a_price_list_gives_its_size_and_every_price() -> None:
    row = source(
        kind=Kind.OFFER,
        title="价目",
        fields={
            "商品": "云坞春茶",
            "规格": "50 克罐装",
            "日常价": "128 元/罐",
            "会员价": "¥98",
            "说明": "云坞春茶日常价 128 元一罐",
        },
    )
    assert told(row) == [
        ("specification", "云坞春茶", "规格", "50", "g"),
        ("price", "云坞春茶", "日常价", "128", "CNY"),
        ("price", "云坞春茶", "会员价", "98", "CNY"),
    ]
    assert [f.quote for f in found(row)] == ["规格：50 克罐装", "日常价：128 元/罐", "会员价：¥98"]
    assert [f.value for f in found(row)] == ["50 克", "128 元", "¥98"]


def test_two_things_of_one_value_are_two_facts_and_a_price_said_twice_is_one() -> None:
    rules = source(
        "打卡一次得 5 积分。\n答对一题得 5 积分。\n打卡一次得 5 积分，别忘了。", Kind.POLICY, title="积分"
    )
    assert [(f.name, f.value) for f in found(rules)] == [
        ("打卡一次得 …", "5 积分"),
        ("答对一题得 …", "5 积分"),
    ]
    price = source("云坞春茶会员价 98 元。\n云坞春茶现在只要 98 元。")
    assert [f.value for f in found(price)] == ["98 元"]


def test_a_header_gives_a_bare_number_its_money_and_two_columns_may_say_the_same() -> None:
    row = source(
        kind=Kind.OFFER, fields={"product": "Fern Bar", "usual price (£)": "6", "member price (£)": "6"}
    )
    assert told(row, "en") == [
        ("price", "Fern Bar", "usual price (£)", "6", "GBP"),
        ("price", "Fern Bar", "member price (£)", "6", "GBP"),
    ]


def test_a_variant_has_a_price_of_its_own_and_what_comes_with_it_is_no_variant() -> None:
    rows = [{"product": "Fern Bar", "variant": cell, "price": "£6"} for cell in ("Green", "With a dish")]
    subjects = [found(source(kind=Kind.OFFER, fields=row), "en")[0].subject for row in rows]
    assert subjects == ["Fern Bar · Green", "Fern Bar"]


def test_an_offers_row_gives_price_quantity_window_code_and_limit() -> None:
    row = source(
        kind=Kind.OFFER,
        fields={
            "offer": "Soap week",
            "product": "Fern Bar",
            "member price": "£5",
            "code": "SOAPWEEK",
            "details": "Washers pay £5 for a Fern Bar until 30 November.",
            "conditions": "The code works on each Friday from 9 am to 5 pm, with at most 3 Fern Bars to an order.",
            "valid_until": "2026-11-30",
        },
    )
    assert [(f.kind.value, f.name, f.amount) for f in found(row, "en")] == [
        ("price", "Soap week member price", "5"),
        ("offer", "Soap week code", "SOAPWEEK"),
        ("date", "Soap week valid until", "2026-11-30"),
        ("date", "The code works …", "fri 09:00..17:00"),
        ("offer", "with at most … to an order", "3"),
    ]


def test_the_window_of_a_row_is_not_asked_about_and_yet_seen_by_what_follows_a_change() -> None:
    row = source(
        kind=Kind.OFFER,
        fields={
            "优惠": "春茶周",
            "商品": "云坞春茶",
            "优惠价": "98 元",
            "条件": "活动到 11月30日结束",
            "有效期起": "2026-11-14",
            "有效期止": "2026-11-30",
        },
    )
    asked = suggest(row, products=TEAS, language="zh", windows=False)
    assert [(f.kind.value, f.amount) for f in asked] == [("price", "98")]
    assert [f.amount for f in found(row) if f.kind is FactKind.DATE] == ["2026-11-14", "2026-11-30"]


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "壶盖裂了怎么办", "file": "2023-04-04.00", "detail": "请先停用"},
        {"商品": "云坞春茶", "创建时间": "2026-11-02", "更新日期": "2026-11-03"},
        {"商品": "云坞春茶", "日期标题": "2020-01-01 01:01", "数字标题": "1"},
        {"商品": "云坞春茶", "created_at": "2026-11-02", "weight class": "1"},
        {"订单号": "SM2026", "商品": "云坞春茶", "金额": "128 元", "数量": "2 罐", "下单时间": "2026-11-02"},
        {"order no": "SM2026", "product": "Fern Bar", "price": "£6", "date": "2026-11-02"},
        {"客户姓名": "何女士", "商品": "云坞春茶", "金额": "128 元"},
    ],
)
@pytest.mark.parametrize("kind", [Kind.OFFER, Kind.POLICY, Kind.LOGISTICS, Kind.SELLING_POINT])
def test_a_row_of_a_log_pins_nothing(fields: dict[str, str], kind: Kind) -> None:
    assert [(f.name, f.value) for f in found(source(kind=kind, title="客服记录", fields=fields))] == []


def test_the_day_of_an_event_is_pinned() -> None:
    events = {"活动": "茶山开放", "名额": "20 位", "日期": "11月29日"}
    assert ("date", "11-29") in [
        (f.kind.value, f.amount) for f in found(source(kind=Kind.OFFER, fields=events))
    ]
    launch = {"商品": "云坞春茶", "上市日期": "2026-12-01"}
    (day,) = found(source(kind=Kind.NEW_PRODUCT, fields=launch))
    assert (day.name, day.amount) == ("上市日期", "2026-12-01")


@pytest.mark.parametrize(
    ("sentence", "value", "amount"),
    [
        ("云坞春茶 12 月 5 日开售。", ["12 月 5 日"], ["12-05"]),
        ("活动从 12 月 5 日到 12 月 20 日。", ["12 月 5 日到 12 月 20 日"], ["12-05..12-20"]),
        ("12 月 5 日 12:00 开始登记。", ["12 月 5 日 12:00"], ["12-05 12:00"]),
    ],
)
def test_a_day_written_with_blanks_keeps_its_last_character(
    sentence: str, value: list[str], amount: list[str]
) -> None:
    facts = found(source(sentence, Kind.OFFER))
    assert [f.value for f in facts] == value
    assert [f.amount for f in facts] == amount


@pytest.mark.parametrize(
    ("sentence", "language", "value"),
    [
        ("云坞春茶未开封放在 25℃ 以下避光处。", "zh", "25℃ 以下"),
        ("云坞盖碗能进 200℃ 以内的烤箱。", "zh", "200℃ 以内"),
        ("The Cedar Dish takes oven heat up to 260 °C.", "en", "up to 260 °C"),
    ],
)
def test_a_limit_is_part_of_what_a_measure_says(sentence: str, language: str, value: str) -> None:
    assert [f.value for f in found(source(sentence, title="Dish"), language)] == [value]


def test_a_limit_in_a_cell_is_part_of_its_value() -> None:
    row = source(
        kind=Kind.MAINTENANCE, fields={"东西": "云坞春茶未开封", "温度": "25℃ 以下", "期限": "6 个月"}
    )
    assert [f.value for f in found(row)] == ["25℃ 以下", "6 个月"]


def test_a_collection_is_not_what_its_facts_are_about() -> None:
    text = "问：运费怎么算？答：满 99 元包邮，不满 99 元收 8 元运费。"
    assert {f.subject for f in found(source(text, Kind.USER_GUIDE, title="一对一常见问答"))} == {"运费"}
    hours = source("客服每天 9:00 到 21:00 在线。", Kind.BRAND_FILE, title="品牌档案", heading="服务时间")
    assert [f.subject for f in found(hours)] == ["服务时间"]
    # A question that names a product is about that.
    one = "问：山雀杯可以单买吗？答：可以，200 积分兑换一只。"
    assert [f.subject for f in found(source(one, Kind.POLICY, title="常见问答"))] == ["山雀杯"]


def test_a_name_ends_with_a_word() -> None:
    sentence = "新茶友进群 7 天内可领 1 张 10 元云坞茶山新人专用券。"
    names = [f.name for f in found(source(sentence, Kind.POLICY, title="群规"))]
    assert names[0] == "新茶友进群 …内可领 1 张 10 元云坞茶山新人专用"
    english = "Parcels posted before 1 pm are carried to the harbour on the same day by the two of us."
    (fact,) = found(source(english, Kind.LOGISTICS, title="Post"), "en")
    assert fact.name == "Parcels posted before … are carried to the harbour"


def test_the_price_of_a_part_names_the_part() -> None:
    text = "问：云坞盖碗的盖子碎了怎么办？答：单配一只 15 元。"
    (fact,) = found(source(text, Kind.USER_GUIDE, title="问答"))
    assert (fact.subject, fact.name) == ("云坞盖碗", "盖子单配一只")
    assert found(source("问：云坞盖碗裂了怎么办？答：单配一只 15 元。", Kind.USER_GUIDE, title="问答")) == ()


@pytest.mark.parametrize(
    ("sentence", "kind", "amount", "unit"),
    [
        ("全场满 200 减 30。", FactKind.OFFER, "200+30", "over-less"),
        ("云坞春茶第二件半价。", FactKind.OFFER, "50", "nth2"),
        ("云坞春茶买二送一。", FactKind.OFFER, "2+1", "buy"),
        ("云坞春茶八五折。", FactKind.OFFER, "85", "%"),
        ("满 99 元包邮。", FactKind.OFFER, "99", "CNY"),
        ("200 积分可以换一只山雀杯。", FactKind.OFFER, "200", "point"),
        ("云坞春茶到手价 98 元。", FactKind.PRICE, "98", "CNY"),
        ("活动到 11月30日结束。", FactKind.DATE, "11-30", ""),
        ("11月26日中午 12:00 开始登记。", FactKind.DATE, "11-26 12:00", ""),
        ("每周五晚上 8 点开团。", FactKind.DATE, "fri 20:00", ""),
        ("每人限 2 罐。", FactKind.OFFER, "2", "罐"),
    ],
)
def test_an_offer_sheet_gives_its_offers_and_dates(
    sentence: str, kind: FactKind, amount: str, unit: str
) -> None:
    (fact,) = found(source(sentence, Kind.OFFER, title="积分与优惠"))
    assert (fact.kind, fact.amount, fact.unit, fact.quote) == (kind, amount, unit, sentence)


@pytest.mark.parametrize(
    ("sentence", "kind", "amount", "unit"),
    [
        ("签收 7 天内无理由退货。", Kind.LOGISTICS, "7", "day"),
        ("订单 48 小时内发出。", Kind.LOGISTICS, "2", "day"),
        ("收到退货后 3 个工作日内退款。", Kind.LOGISTICS, "3", "workday"),
        ("消息在 30 分钟内回复。", Kind.POLICY, "30", "minute"),
        ("盖碗裂了，两年内免费换新。", Kind.COMPLAINT, "2", "year"),
        ("客服每天 9:00 到 21:00 在线。", Kind.POLICY, "09:00..21:00", ""),
        ("补发不收运费。", Kind.LOGISTICS, "", ""),
    ],
)
def test_service_materials_give_their_promises(sentence: str, kind: Kind, amount: str, unit: str) -> None:
    (fact,) = found(source(sentence, kind, title="服务"))
    assert (fact.kind, fact.amount, fact.unit) == (FactKind.PROMISE, amount, unit)


@pytest.mark.parametrize(
    ("sentence", "name", "amount", "unit"),
    [
        ("云坞盖碗容量 150 毫升，口径 9 厘米。", ["容量", "口径"], ["150", "9"], ["ml", "cm"]),
        ("云坞春茶未开封保质期 18 个月。", ["未开封保质期"], ["18"], ["month"]),
        ("云坞春茶是 50 克的罐装绿茶。", ["重量"], ["50"], ["g"]),
    ],
)
def test_a_selling_point_gives_specifications(
    sentence: str, name: list[str], amount: list[str], unit: list[str]
) -> None:
    facts = found(source(sentence))
    assert {f.kind for f in facts} == {FactKind.SPECIFICATION}
    assert [[f.name for f in facts], [f.amount for f in facts], [f.unit for f in facts]] == [
        name,
        amount,
        unit,
    ]


def test_an_english_sentence_names_its_figures_by_their_words() -> None:
    text = (
        "A Fern Bar costs £6. A spare tray for the Cedar Dish costs £2. "
        "The Cedar Dish measures 12 cm by 8 cm and stands 3 cm tall."
    )
    assert told(source(text, title="Soap", heading="What it is"), "en") == [
        ("price", "Fern Bar", "price", "6", "GBP"),
        ("price", "Cedar Dish", "spare tray", "2", "GBP"),
        ("specification", "Cedar Dish", "size", "12x8", "cm"),
        ("specification", "Cedar Dish", "tall", "3", "cm"),
    ]


def test_points_with_a_name_of_the_brands_own_are_an_offer() -> None:
    (fact,) = found(source("40 Suds redeem for a Fern Bar.", Kind.POLICY, title="The Suds club"), "en")
    assert (fact.kind, fact.amount, fact.value) == (FactKind.OFFER, "40", "40 Suds")


@pytest.mark.parametrize(
    "sentence",
    [
        "云坞春茶比平时省 20 元。",
        "有一回掌柜写错了价，128 元写成 12 元。",
        "做到八分满就好。",
        "1. 取 3 克茶，注 150 毫升水。",
        "按这个速度，一个月能攒 150 积分。",
        "山上海拔 600 米，早晚都凉。",
    ],
)
def test_what_nobody_pins_is_not_suggested(sentence: str) -> None:
    assert found(source(sentence, Kind.USER_GUIDE)) == ()
    assert [f for f in found(source(sentence)) if f.kind is not FactKind.SPECIFICATION] == []


@pytest.mark.parametrize(
    "kind",
    [k for k in Kind if k.family is Family.UGC] + [Kind.NEWS, Kind.TREND, Kind.COMPETITOR_NOTE],
)
def test_stories_of_members_news_and_competitors_pin_nothing(kind: Kind) -> None:
    text = "云坞春茶 128 元，满 99 元包邮，7 天无理由退货，容量 50 克，11月30日截止。"
    assert found(source(text, kind)) == ()
    assert found(source(text, Kind.OFFER)) != ()


def test_a_question_lends_its_answer_the_product() -> None:
    facts = found(source("问：云坞盖碗的盖子碎了怎么办？答：单配一只 15 元。", Kind.USER_GUIDE, title="问答"))
    assert [(f.subject, f.amount) for f in facts] == [("云坞盖碗", "15")]


def test_a_sentence_in_a_service_page_is_not_about_the_product_before_it() -> None:
    facts = found(source("云坞春茶当天装罐。偏远地区 5 到 7 天送到。", Kind.LOGISTICS, title="发货说明"))
    assert [(f.subject, f.amount, f.unit) for f in facts] == [("发货说明", "5..7", "day")]


def test_the_passages_window_and_number_travel_with_the_fact() -> None:
    passage = source("云坞春茶 128 元。")
    (fact,) = found(passage)
    assert (fact.passage, fact.start, fact.end) == (7, passage.window.start, None)


_WORDS: Sequence[str] = (
    "云坞春茶", "山雀杯", "128 元", "¥98", "满 99 元包邮", "第二件半价", "11月26日", "2026-11-30", "周五", "12:00",
    "每人限", "2 罐", "48 小时内发货", "容量", "150 毫升", "，", "。", "；", "：", "\n", "Fern Bar", "£6", "buy 2 get 1 free",
    "within 7 days", "at no charge", " ", "… ", "(", "）", "规格", "价格",
)  # fmt: skip


@given(
    st.lists(st.sampled_from(_WORDS), max_size=14).map("".join) | st.text(max_size=60),
    st.sampled_from(list(Kind)),
    st.sampled_from(["zh", "en"]),
)
def test_every_quote_is_in_the_passage_and_every_value_in_its_quote(
    text: str, kind: Kind, language: str
) -> None:
    for fact in found(source(text, kind), language):
        assert fact.quote in text
        assert fact.value in fact.quote
        assert fact.subject
        assert fact.amount or fact.kind is FactKind.PROMISE


@given(
    st.dictionaries(
        st.sampled_from(
            ["商品", "规格", "日常价", "说明", "优惠", "有效期止", "产品", "数量", "颜色", "条件"]
        ),
        st.lists(st.sampled_from(_WORDS), max_size=6).map("".join).map(str.strip),
        min_size=1,
        max_size=6,
    )
)
def test_every_quote_of_a_row_is_in_its_text(fields: dict[str, str]) -> None:
    passage = source(kind=Kind.OFFER, fields=fields)
    for fact in found(passage):
        assert fact.quote in passage.text
        assert fact.value in fact.quote
