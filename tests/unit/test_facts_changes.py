"""What became of each known fact when its material was revised."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.facts import (
    FactKind,
    Outcome,
    Pinned,
    SuggestedFact,
    changes,
    key,
    same_value,
    suggest,
)
from copilot.domain.materials import Kind, Source

PRICE = SuggestedFact(
    FactKind.PRICE, "山雀杯", "日常价", "68 元", "68", "CNY", passage=1, quote="日常价：68 元"
)
POSTAGE = SuggestedFact(
    FactKind.PRICE, "山雀杯", "运费", "8 元", "8", "CNY", passage=1, quote="另收 8 元运费。"
)


def pinned(fact: SuggestedFact, number: int = 1) -> Pinned:
    return Pinned(number, fact.kind, fact.subject, fact.name, fact.value, fact.amount, fact.unit, fact.quote)


def outcomes(before: list[Pinned], after: list[SuggestedFact]) -> list[tuple[str, str, str]]:
    return [
        (m.outcome.value, m.before.value if m.before else "", m.after.value if m.after else "")
        for m in changes(before, after)
    ]


@pytest.mark.parametrize("value", ["29元", "¥29.00", "二十九元", "￥２９", "29 块钱", "RMB 29"])
def test_one_price_in_many_writings_is_the_same_value(value: str) -> None:
    assert same_value("29", "CNY", "29 元", "", "", value)
    assert not same_value("39", "CNY", "39 元", "", "", value)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("48 小时", "两天", True),
        ("48 小时", "48 个工作日", False),
        ("0.75 litres", "750 ml", True),
        ("£29", "$29", False),
        ("11月24日", "2026-11-24", True),
        ("2025-11-24", "2026-11-24", False),
        ("11月24日", "11月26日", False),
        ("2 到 4 天", "2-4 天", True),
        ("2 到 4 天", "2 天", False),
        ("七折", "30% off", True),
        ("买二送一", "buy 2 get 1 free", True),
        ("终身免费维修", "终身 免费维修。", True),
        ("终身免费维修", "三年免费维修", False),
    ],
)
def test_values_are_compared_by_what_they_say(one: str, other: str, same: bool) -> None:
    assert same_value("", "", one, "", "", other) is same
    assert same_value("", "", other, "", "", one) is same


def test_the_key_ignores_how_a_name_is_typed_and_not_what_it_names() -> None:
    assert key(FactKind.PRICE, "Fern Bar", "Usual price") == key(
        FactKind.PRICE, "ＦＥＲＮ  bar", "usual-price"
    )
    assert key(FactKind.PRICE, "山雀杯 · 青", "日常价") == key(FactKind.PRICE, "山雀杯（青）", "日常价：")
    assert key(FactKind.PRICE, "山雀杯", "日常价") != key(FactKind.OFFER, "山雀杯", "日常价")
    assert key(FactKind.PRICE, "山雀杯", "日常价") != key(FactKind.PRICE, "山雀杯日", "常价")


def test_an_edited_price_has_changed_and_the_rest_has_not() -> None:
    dearer = replace(PRICE, value="¥72", amount="72", quote="日常价：¥72")
    assert outcomes([pinned(PRICE), pinned(POSTAGE, 2)], [POSTAGE, dearer]) == [
        ("changed", "68 元", "¥72"),
        ("unchanged", "8 元", "8 元"),
    ]


def test_another_spelling_of_the_value_is_no_change() -> None:
    assert outcomes([pinned(PRICE)], [replace(PRICE, value="六十八元")]) == [
        ("unchanged", "68 元", "六十八元")
    ]


def test_a_renamed_column_keeps_its_facts() -> None:
    renamed = replace(PRICE, name="日常售价", value="72 元", amount="72")
    assert outcomes([pinned(PRICE)], [renamed]) == [("changed", "68 元", "72 元")]


def test_a_price_that_is_gone_did_not_become_the_postage_that_is_new() -> None:
    assert outcomes([pinned(PRICE)], [POSTAGE]) == [("gone", "68 元", ""), ("new", "", "8 元")]


def told(name: str, value: str, kind: FactKind = FactKind.PRICE) -> SuggestedFact:
    """A fact in a sentence of the frame that a material uses for all of them."""
    unit = "CNY" if value.endswith("元") else "min"
    return SuggestedFact(
        kind, "山雀杯", name, value, value.split()[0], unit, passage=1, quote=f"山雀杯的{name}是 {value}。"
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("门店价", "会员价"),
        ("日常价", "会员价"),
        ("会员价", "会员活动价"),
        ("会员价", "非会员价"),
        ("双人套餐价", "单人套餐价"),
        ("child ticket price", "adult ticket price"),
        ("male price", "female price"),
        ("价格", "会员价"),
    ],
)
def test_sentences_built_alike_do_not_make_two_prices_one(one: str, other: str) -> None:
    before, after = told(one, "299 元"), told(other, "239 元")
    assert outcomes([pinned(before)], [after]) == [("gone", "299 元", ""), ("new", "", "239 元")]
    # Not even an equal value says that one is called by the other's name now.
    assert outcomes([pinned(before)], [replace(after, value="299 元", amount="299")])[0][0] == "gone"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("会员价", "会员专享价"),
        ("价格", "售价"),
        ("members' price", "member's price"),
        ("usual price", "usual selling price"),
    ],
)
def test_a_name_with_something_added_is_still_the_name(one: str, other: str) -> None:
    assert outcomes([pinned(told(one, "299 元"))], [told(other, "239 元")]) == [
        ("changed", "299 元", "239 元")
    ]


def test_what_one_does_for_25_minutes_did_not_become_what_takes_90() -> None:
    boiled = told("焖饭", "25 分钟", FactKind.SPECIFICATION)
    stewed = told("炖汤", "90 分钟", FactKind.SPECIFICATION)
    assert [outcome for outcome, _, _ in outcomes([pinned(boiled)], [stewed])] == ["gone", "new"]


def test_a_promise_in_other_words_is_the_same_promise_where_it_promises_the_same() -> None:
    def promise(name: str, value: str, quote: str) -> SuggestedFact:
        return SuggestedFact(FactKind.PROMISE, "发货", name, value, value[:2], "hour", passage=1, quote=quote)

    before = promise("付款后…内发货", "48 小时", "付款后 48 小时内发货。")
    sooner = promise("下单后…内发货", "24 小时", "下单后 24 小时内发货。")
    refund = promise("付款后…内退款", "24 小时", "付款后 24 小时内退款。")
    assert outcomes([pinned(before)], [sooner]) == [("changed", "48 小时", "24 小时")]
    assert [outcome for outcome, _, _ in outcomes([pinned(before)], [refund])] == ["gone", "new"]


def test_the_same_words_and_value_by_the_name_a_model_gave_it_are_no_second_fact() -> None:
    named = replace(PRICE, name="平时卖多少")
    assert outcomes([pinned(PRICE)], [named]) == [("unchanged", "68 元", "68 元")]


def test_two_rows_with_one_name_are_told_apart_by_value_and_then_by_order() -> None:
    tall = replace(PRICE, value="88 元", amount="88")
    dearer = replace(PRICE, value="92 元", amount="92")
    assert outcomes([pinned(PRICE), pinned(tall, 2)], [dearer, PRICE]) == [
        ("unchanged", "68 元", "68 元"),
        ("changed", "88 元", "92 元"),
    ]
    both = [replace(PRICE, value="70 元", amount="70"), replace(tall, value="90 元", amount="90")]
    assert [after for _, _, after in outcomes([pinned(PRICE), pinned(tall, 2)], both)] == ["70 元", "90 元"]


def test_when_it_is_not_clear_which_became_which_nothing_is_claimed() -> None:
    tall = replace(PRICE, value="88 元", amount="88")
    one = replace(PRICE, value="92 元", amount="92")
    assert outcomes([pinned(PRICE), pinned(tall, 2)], [one]) == [
        ("gone", "68 元", ""),
        ("gone", "88 元", ""),
        ("new", "", "92 元"),
    ]


def test_only_a_change_or_a_loss_is_a_delta() -> None:
    dearer = replace(PRICE, value="72 元", amount="72")
    (same,) = changes([pinned(PRICE)], [PRICE])
    (changed,) = changes([pinned(PRICE)], [dearer])
    (gone,) = changes([pinned(PRICE)], [])
    (new,) = changes([], [PRICE])
    assert (same.delta, new.delta) == (None, None)
    assert changed.delta is not None
    assert (changed.delta.before.value, changed.delta.after) == ("68 元", dearer)
    assert gone.delta is not None
    assert gone.delta.after is None


def test_a_revised_price_list_changes_exactly_what_was_edited() -> None:
    def sheet(price: str, details: str) -> list[SuggestedFact]:
        fields = {"商品": "山雀杯", "规格": "150 毫升", "日常价": price, "说明": details}
        text = "；".join(f"{header}：{cell}" for header, cell in fields.items())
        row = Source(1, text, Kind.OFFER, "价目", "价目", fields=fields)
        return list(suggest(row, products=("山雀杯",), language="zh"))

    before = [pinned(f, n) for n, f in enumerate(sheet("68 元/只", "山雀杯日常价 68 元一只"))]
    after = sheet("72 元/只", "山雀杯日常价 72 元一只，配一只杯垫")
    assert outcomes(before, after) == [("unchanged", "150 毫升", "150 毫升"), ("changed", "68 元", "72 元")]


_facts = st.builds(
    lambda kind, subject, name, amount: SuggestedFact(
        kind,
        subject,
        name,
        f"{amount} 元",
        str(amount),
        "CNY",
        passage=1,
        quote=f"{subject}{name} {amount} 元",
    ),
    st.sampled_from([FactKind.PRICE, FactKind.OFFER]),
    st.sampled_from(["山雀杯", "云坞春茶"]),
    st.sampled_from(["日常价", "会员价", "运费"]),
    st.integers(1, 5),
)


@given(st.lists(_facts, max_size=7), st.lists(_facts, max_size=7))
def test_every_fact_is_told_once(known: list[SuggestedFact], found: list[SuggestedFact]) -> None:
    before = [pinned(fact, number) for number, fact in enumerate(known)]
    matched = changes(before, found)
    assert [m.before for m in matched if m.before] == before
    assert sorted(id(m.after) for m in matched if m.after) == sorted(map(id, found))
    for one in matched:
        assert (one.before is None) == (one.outcome is Outcome.NEW)
        assert (one.after is None) == (one.outcome is Outcome.GONE)


@given(st.lists(_facts, max_size=7))
def test_the_same_revision_again_changes_nothing(found: list[SuggestedFact]) -> None:
    before = [pinned(fact, number) for number, fact in enumerate(found)]
    assert {m.outcome for m in changes(before, found)} <= {Outcome.UNCHANGED}
