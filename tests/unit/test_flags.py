"""Whether a quote is still borne out, and what is shown in its place."""

from __future__ import annotations

from datetime import UTC, datetime

from copilot.domain.flags import Broken, Cause, Said, bearing
from copilot.domain.materials import Window

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)
QUOTE = "小灶陶锅的会员价是 239 元。"


def test_the_same_words_in_other_type_bear_a_quote_out() -> None:
    assert bearing(QUOTE, Said(QUOTE), [Said("前言。小灶陶锅的会员价是　２３９ 元。")], NOW) is None


def test_a_passage_that_is_over_bears_nothing_out_and_one_that_holds_does() -> None:
    over = Said(QUOTE, Window(None, NOW))
    assert bearing(QUOTE, Said(QUOTE), [over], NOW) == Broken(Cause.EXPIRED, QUOTE)
    assert bearing(QUOTE, Said(QUOTE), [over, Said(QUOTE)], NOW) is None


def test_the_sentence_with_the_new_figure_is_shown_and_no_stranger() -> None:
    now = "小灶陶锅的容量是 1.2 升。小灶陶锅的会员价是 259 元。"
    assert bearing(QUOTE, Said(QUOTE), [Said(now)], NOW) == Broken(
        Cause.CHANGED, "小灶陶锅的会员价是 259 元。"
    )
    other = Said("小灶陶锅焖一锅饭要 25 分钟，饭香是慢慢出来的。")
    assert bearing(QUOTE, Said(QUOTE), [other], NOW) == Broken(Cause.CHANGED, "")


def test_a_rows_own_name_says_where_to_look() -> None:
    before = Said("商品：陶锅；会员价：239 元", fields={"商品": "陶锅", "会员价": "239 元"})
    after = [
        Said("商品：米缸；会员价：129 元", fields={"商品": "米缸", "会员价": "129 元"}),
        Said("商品：陶锅；会员价：259 元", fields={"商品": "陶锅", "会员价": "259 元"}),
    ]
    assert bearing("会员价：239 元", before, after, NOW) == Broken(Cause.CHANGED, after[1].text)
