"""What a copy leaves out of what it tells: for whom a promise holds, what a code gets, what a set holds."""

from __future__ import annotations

import pytest

from copilot.domain.brands import Language
from copilot.domain.findings import Severity, Verdict
from copilot.domain.grounding import Ledger, ledger
from copilot.domain.materials import Kind, Source
from tests.judging import AT, judge


def rules(told: Ledger) -> list[tuple[str, Severity]]:
    return [(finding.rule, finding.severity) for finding in told.findings]


@pytest.mark.parametrize(
    ("copy", "passage"),
    [
        ("每单都包邮。", "全部商品满 99 元包邮，不满 99 元收 8 元运费。"),
        ("全场包邮，随便买。", "全部商品满 99 元包邮，不满 99 元收 8 元运费。"),
        ("Every order posts at no charge.", "Orders of £45 or more post at no charge to any UK address."),
        ("Postage is free on all orders.", "Postage is free on orders over £45."),
    ],
)
def test_who_promises_all_what_some_are_promised_is_stopped(copy: str, passage: str) -> None:
    assert rules(judge(copy, passage)) == [("widened", Severity.BLOCK)]
    assert rules(judge(passage, passage)) == []


@pytest.mark.parametrize(
    ("copy", "passage"),
    [
        ("今天下单，明天就到。", "包裹发出后 2 到 4 天送到，现货当天发。"),
        ("溪石米缸次日达。", "溪石米缸现货，当天发出。"),
        ("积分永不过期。", "积分 12 个月内有效。"),
        ("假一赔十。", "磕破了赔一只新的。"),
        ("Crumbs never expire.", "Crumbs last for 12 months."),
        (
            "Parcels arrive the next day.",
            "Parcels arrive 2 to 3 working days after packing, packed the same day.",
        ),
        ("We ship worldwide.", "We post to UK addresses only."),
        ("We mend it for as long as you own it.", "We mend it at no charge within 5 years."),
    ],
)
def test_a_promise_is_borne_out_by_its_like_and_not_by_its_neighbour(copy: str, passage: str) -> None:
    assert rules(judge(copy, passage)) == [("unsupported_promise", Severity.BLOCK)]


@pytest.mark.parametrize(
    ("copy", "passage"),
    [
        ("今天下单，明天就到。", "同城今天下单明天到。"),
        ("积分不会过期。", "积分永久有效。"),
        ("We mend it for free.", "We mend it at no charge."),
        ("We pay the postage.", "Postage is free."),
    ],
)
def test_a_promise_may_be_put_in_other_words(copy: str, passage: str) -> None:
    assert rules(judge(copy, passage)) == []


def test_the_name_of_who_speaks_links_no_figure() -> None:
    passages = [
        Source(1, "签收 24 小时内拍照给掌柜，48 小时内补发。", Kind.POLICY, "售后"),
        Source(2, "掌柜在线的时间是每天 9:00 到 21:30。", Kind.POLICY, "在线"),
    ]
    for calls, verdict in (((), Verdict.SUPPORTED), (("掌柜",), Verdict.UNSUPPORTED)):
        told = ledger("掌柜 24 小时在线。", passages, at=AT, language=Language.ZH, calls=calls)
        assert [claim.verdict for claim in told.claims] == [verdict]


def test_of_two_figures_the_one_whose_words_say_more_is_meant() -> None:
    lids = "盖子磕了口可以单配，外盖 45 元，内盖 25 元。"
    assert rules(judge("内盖单配 25 元。", lids)) == []
    [found] = judge("内盖单配 45 元。", "外盖单配 45 元一只。", "内盖单配 25 元一只。").findings
    assert (found.text, found.severity) == ("45 元", Severity.BLOCK)


def test_what_is_limited_is_not_said_in_passing() -> None:
    passage = "雾蓝色小灶陶锅头一批共 64 只，一人限 1 只。"
    assert rules(judge("雾蓝色小灶陶锅一人限 1 只。", passage)) == []
    [found] = judge("雾蓝色小灶陶锅一人限 2 只。", passage).findings
    assert (found.text, found.reason.params["nearest"]) == ("2 只", "1 只")
    assert [finding.text for finding in judge("Only 3 jars left!", "64 jars are set aside.").findings] == [
        "3 jars"
    ]


def test_layers_are_counted_and_nothing_else_stands_for_them() -> None:
    passage = "小灶陶锅是双层盖，内盖上有 2 个小孔，外盖上有 1 个小孔。"
    assert rules(judge("小灶陶锅是双层盖。", passage, products=("小灶陶锅",))) == []
    [found] = judge("小灶陶锅是单层盖。", passage, products=("小灶陶锅",)).findings
    assert found.text == "单层"


def test_no_sum_is_made_of_what_another_material_takes_off_unless_the_copy_tells_one_of_the_two() -> None:
    price, off = "Fen City: €749.", "Spring: €75 off the Fen City."
    assert rules(judge("The Fen City drops from €749 to €674.", price, off, products=("Fen City",))) == []
    assert rules(judge("The Fen City is €674.", price, off, products=("Fen City",))) != []


def test_nothing_far_off_is_named_as_what_the_material_says() -> None:
    [found] = judge(
        "溪石米缸装得下 10 斤米。", "溪石米缸配一只 75 克的量杯。", products=("溪石米缸",)
    ).findings
    assert found.reason.params["nearest"] == ""


@pytest.mark.parametrize(
    ("copy", "passage"),
    [
        ("Opened jars can come back within 60 days.", "Unused jars can come back within 60 days."),
        ("拆开过的米可以 7 天内退。", "没用过的米可以 7 天内退。"),
    ],
)
def test_what_holds_of_the_unused_is_not_told_of_the_used(copy: str, passage: str) -> None:
    assert [claim.verdict for claim in judge(copy, passage).claims] == [Verdict.UNSUPPORTED]
    assert [claim.verdict for claim in judge(passage, passage).claims] == [Verdict.SUPPORTED]


@pytest.mark.parametrize(
    ("copy", "passage"),
    [
        ("新米两袋装 69 元，不限购。", "新米两袋装 69 元，每人限 1 份。"),
        ("There's no limit: jars are £20 each.", "Jars are £20 each, with at most 2 to an order."),
    ],
)
def test_what_is_bounded_is_not_told_as_without_bounds(copy: str, passage: str) -> None:
    assert "widened" in [rule for rule, _ in rules(judge(copy, passage))]


def test_a_refused_promise_is_none_and_a_list_counts_itself() -> None:
    sent = "包裹发出后 2 到 4 天送到。"
    assert rules(judge("今天下单明天到不了，发出后要等 2 到 4 天。", sent)) == []
    glazes = "小灶陶锅有炭黑和雾蓝。试了 7 种釉，才定下来。"
    assert rules(judge("小灶陶锅有炭黑和雾蓝两种颜色。", glazes, products=("小灶陶锅",))) == []
    assert rules(judge("小灶陶锅有炭黑和雾蓝三种颜色。", glazes, products=("小灶陶锅",))) != []


def test_a_service_is_no_product_so_that_its_promises_are_read() -> None:
    row = Source(
        1,
        "product: Postage; variant: orders of £45 or more; usual price: £0",
        Kind.POLICY,
        "Prices",
        fields={"product": "Postage", "variant": "orders of £45 or more", "usual price": "£0"},
    )
    told = ledger("Postage is free on every order.", [row], at=AT, language=Language.EN)
    assert [claim.verdict for claim in told.claims] == [Verdict.UNSUPPORTED]


class TestLists:
    COLOURS = "The Keeper Jar comes in Oat, Moss or Slate."
    KIT = (
        "The First Loaf Kit holds one Keeper Jar and one Drover Pan.",
        "Keeper Jar £24, Drover Pan £58, Larder Bag £18, First Loaf Kit £79.",
        "The Larder Bag is made of linen.",
    )
    PRODUCTS = ("First Loaf Kit", "Keeper Jar", "Drover Pan", "Larder Bag")

    @pytest.mark.parametrize(
        ("copy", "items"),
        [
            ("The Keeper Jar comes in Oat, Moss, Slate and Rust.", ["Rust"]),
            ("The Keeper Jar comes in Oat and Moss.", []),
            ("Does the Keeper Jar come in Rust?", []),
        ],
    )
    def test_a_colour_that_no_material_has(self, copy: str, items: list[str]) -> None:
        told = judge(copy, self.COLOURS, products=self.PRODUCTS)
        assert [finding.text for finding in told.findings if finding.rule == "unlisted"] == items

    @pytest.mark.parametrize(
        ("copy", "items"),
        [
            ("小灶陶锅有炭黑、雾蓝、奶白三个颜色。", ["奶白"]),
            ("小灶陶锅有炭黑、雾蓝两个颜色。", []),
            ("我家有爸爸、妈妈和一只猫。", []),
        ],
    )
    def test_a_colour_in_chinese(self, copy: str, items: list[str]) -> None:
        told = judge(copy, "小灶陶锅有炭黑色和雾蓝色。", products=("小灶陶锅",))
        assert [finding.text for finding in told.findings if finding.rule == "unlisted"] == items

    @pytest.mark.parametrize(
        ("copy", "items"),
        [
            ("The First Loaf Kit includes a Larder Bag.", ["Larder Bag"]),
            ("The Larder Bag is in the First Loaf Kit.", ["Larder Bag"]),
            ("The kit includes a dough scraper and a banneton.", ["dough scraper", "banneton"]),
            ("The First Loaf Kit includes a Keeper Jar and a Drover Pan.", []),
        ],
    )
    def test_what_a_set_holds(self, copy: str, items: list[str]) -> None:
        told = judge(copy, *self.KIT, products=self.PRODUCTS)
        assert [finding.text for finding in told.findings if finding.rule == "unlisted"] == items

    def test_what_a_material_keeps_out_of_the_set(self) -> None:
        apart = "The Larder Bag is not in the First Loaf Kit."
        told = judge("The First Loaf Kit includes a Larder Bag.", apart, products=self.PRODUCTS)
        assert "unlisted" in [finding.rule for finding in told.findings]


class TestCodes:
    ROW = Source(
        1,
        "offer: Second jar; product: Keeper Jar; member price: £20; usual price: £24; code: SECONDJAR",
        Kind.OFFER,
        "Offers",
        fields={
            "offer": "Second jar",
            "product": "Keeper Jar",
            "member price": "£20",
            "usual price": "£24",
            "code": "SECONDJAR",
        },
    )

    @pytest.mark.parametrize(
        ("copy", "found"),
        [
            ("The Keeper Jar is £20.", [("untold_code", "£20")]),
            ("The Keeper Jar is £20. Use the code SECONDJAR.", []),
            ("The Keeper Jar is £24.", []),
        ],
    )
    def test_a_price_that_a_code_gets_needs_its_code(self, copy: str, found: list[tuple[str, str]]) -> None:
        told = ledger(copy, [self.ROW], at=AT, language=Language.EN, products=("Keeper Jar",))
        assert [(finding.rule, finding.text) for finding in told.findings] == found

    def test_what_everybody_pays_elsewhere_needs_none(self) -> None:
        shelf = Source(2, "On the market stall a Keeper Jar is £20.", Kind.SELLING_POINT, "Stall")
        told = ledger(
            "The Keeper Jar is £20.", [self.ROW, shelf], at=AT, language=Language.EN, products=("Keeper Jar",)
        )
        assert not told.findings

    def test_a_row_without_a_code_asks_for_none(self) -> None:
        row = Source(
            1,
            "product: First Loaf Kit; member price: £79; code: none needed",
            Kind.OFFER,
            "Offers",
            fields={"product": "First Loaf Kit", "member price": "£79", "code": "none needed"},
        )
        told = ledger(
            "The First Loaf Kit is £79.", [row], at=AT, language=Language.EN, products=("First Loaf Kit",)
        )
        assert not told.findings
