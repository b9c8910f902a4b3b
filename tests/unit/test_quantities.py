"""Figures are found as typed values, wherever and however people write them; idioms are left alone."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.quantities import Figure, FigureKind, Role, figures
from copilot.domain.quantities.lists import listed


def one(text: str) -> Figure:
    found = figures(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize("text", ["29元", "¥29.00", "￥２９", "二十九元", "29块", "29块钱", "RMB 29"])
def test_a_price_is_one_value_however_it_is_spelled(text: str) -> None:
    figure = one(text)
    assert (figure.kind, figure.value, figure.unit) == (FigureKind.PRICE, 29, "CNY")


@pytest.mark.parametrize(
    ("text", "kind", "value", "unit"),
    [
        ("29块9", "price", "29.9", "CNY"),
        ("九块九一瓶", "price", "9.9", "CNY"),
        ("三块五一斤", "price", "3.5", "CNY"),
        ("1,299元", "price", "1299", "CNY"),
        ("£29", "price", "29", "GBP"),
        ("29 pounds", "price", "29", "GBP"),
        ("$9.50", "price", "9.5", "USD"),
        ("50p", "price", "0.5", "GBP"),
        ("8折", "offer", "80", "pay"),
        ("八五折", "offer", "85", "pay"),
        ("20% off", "offer", "80", "pay"),
        ("half price", "offer", "50", "pay"),
        ("第二件半价", "offer", "50", "nth2"),
        ("第2件5折", "offer", "50", "nth2"),
        ("买一送一", "offer", "1", "buy"),
        ("buy one get one", "offer", "1", "buy"),
        ("百分之三十", "percent", "30", "%"),
        ("30 percent", "percent", "30", "%"),
        ("11月24日", "date", "1124", "day"),
        ("2026-11-24", "date", "1124", "day"),
        ("11/24", "date", "1124", "day"),
        ("24 November", "date", "1124", "day"),
        ("Nov 24th", "date", "1124", "day"),
        ("十一月二十四日", "date", "1124", "day"),
        ("3/4/2026", "date", "304", "day?"),
        ("2019年", "date", "2019", "year"),
        ("21:00", "time", "1260", "clock"),
        ("晚上9点", "time", "1260", "clock"),
        ("9 pm", "time", "1260", "clock"),
        ("9点半", "time", "570", "clock12"),
        ("nine o'clock in the evening", "time", "1260", "clock"),
        ("48小时", "duration", "172800", "s"),
        ("两天", "duration", "172800", "s"),
        ("半小时", "duration", "1800", "s"),
        ("一个半小时", "duration", "5400", "s"),
        ("3 months", "duration", "3", "month"),
        ("a 24-month guarantee", "duration", "24", "month"),
        ("两年", "duration", "24", "month"),
        ("3个工作日", "duration", "3", "workday"),
        ("Two minutes", "duration", "120", "s"),
        ("1l", "measure", "1000", "ml"),
        ("1000 毫升", "measure", "1000", "ml"),
        ("1.5升", "measure", "1500", "ml"),
        ("2斤", "measure", "1000", "g"),
        ("0.5kg", "measure", "500", "g"),
        ("40℃", "measure", "40", "C"),
        ("40度", "measure", "40", "C"),
        ("零下18度", "measure", "-18", "C"),
        ("3款", "count", "3", "款"),
        ("两瓶", "count", "2", "瓶"),
        ("12 refills", "count", "12", "refill"),
        ("twelve glass refills", "count", "12", "refill"),
        ("10积分", "points", "10", ""),
        ("积分+10", "points", "10", ""),
        ("20 points", "points", "20", ""),
        ("SPF50", "code", "50", "SPF50"),
        ("一百五十", "number", "150", ""),
        ("限购一件", "count", "1", "件"),
        ("①⑨⑨元", "price", "199", "CNY"),
        ("壹佰玖拾玖元", "price", "199", "CNY"),
        ("单层", "count", "1", "层"),
        ("双孔", "count", "2", "孔"),
        ("一年两季", "count", "2", "次/year"),
        ("一年只种一季", "count", "1", "次/year"),
    ],
)
def test_kinds_values_and_units(text: str, kind: str, value: str, unit: str) -> None:
    figure = one(text)
    assert (figure.kind, figure.value, figure.unit) == (FigureKind(kind), Decimal(value), unit)


@pytest.mark.parametrize(
    "text",
    [
        "一个人也要好好吃饭",
        "我们一起慢一点",
        "试一下，万一喜欢呢",
        "泡一杯茶，送你一份心意",
        "1. 先洗手\n2、再擦干\n③ 收好",
        "收拾碗筷，拾级而上",
        "第1步，第二步，第三天",
        "step 2, Day 3: rest",
        "A. 甲 B. 乙",
        "双11和618都过去了",
        "十分喜欢，千万别错过",
        "三个问题想问你",
        "one of our favourites, a one-off, at one with the world",
        "Two things to try, three ways to wear it",
        "看 https://example.com/2026/11?p=99 就好",
        "周五见，星期三聊",
    ],
)
def test_idioms_ordinals_and_numbering_are_no_figures(text: str) -> None:
    assert figures(text) == []


def test_a_range_is_one_figure_and_a_span_of_dates_is_two() -> None:
    minutes = one("45-60分钟")
    assert (minutes.value, minutes.high) == (2700, 3600)
    start, end = figures("11月24日至30日")
    assert [(f.value, f.role) for f in (start, end)] == [
        (Decimal(1124), Role.START),
        (Decimal(1130), Role.END),
    ]
    assert [f.value for f in figures("24–30 November")] == [1124, 1130]
    assert [f.value for f in figures("9:00-21:00")] == [540, 1260]
    assert [f.value for f in figures("20×30cm")] == [200, 300]
    assert (one("两三天").value, one("两三天").high) == (172800, 259200)


def test_a_span_of_money_keeps_both_ends() -> None:
    figure = one("£10-£15")
    assert (figure.value, figure.high) == (10, 15)
    over = one("满199减20")
    assert (over.unit, over.value, over.high) == ("over-less", 199, 20)


def test_digits_in_a_product_name_are_part_of_the_name() -> None:
    assert [f.text for f in figures("随行杯A1容量350ml", ["随行杯A1"])] == ["350ml"]
    # Model 2 is not found inside model 20.
    assert [f.text for f in figures("Dock 20 has 4 ports", ["Dock 2"])][-1] == "4 ports"


def test_what_a_figure_bounds_is_part_of_it() -> None:
    assert one("11月30日截止").role is Role.END
    assert one("from 24 November").role is Role.START
    assert one("within 48 hours").role is Role.MOST
    assert one("at least 30 days").role is Role.LEAST


ATOMS = st.sampled_from(
    listed(
        "29元 ¥9.9 二十九 块 8折 11月24日 至 - 、 ， 。 21:00 晚上9点 pm 48小时 半 ",
        "1l 500 ml 第 二 件 半价 买 送 一 两 three a dozen refills Nov ",
        "24th £ $ % points 积分 A1 x 1. \n ① 1️⃣ ２９ 万 百 . : / off ",
        "buy get",
    )
)


@given(st.lists(ATOMS, max_size=40).map("".join) | st.text(max_size=80))
def test_offsets_always_cover_the_text_and_never_overlap(text: str) -> None:
    end = 0
    for figure in figures(text):
        assert end <= figure.start < figure.end
        assert figure.text == text[figure.start : figure.end]
        assert figure.text == figure.text.strip(" ")
        assert figure.high is None or figure.kind is FigureKind.OFFER or figure.high >= figure.value
        end = figure.end


@pytest.mark.parametrize(
    "piece",
    ["1 ", "一", "11月24日至", "twenty one ", "1,000,", "buy two ", "3x", "1-", "满1", "A1-", "a", "第"],
)
def test_long_and_hostile_texts_take_linear_time(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    started = time.process_time()
    figures(text)
    assert time.process_time() - started < 10.0
