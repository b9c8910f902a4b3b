"""What is true of one thing and told of its sibling: the mistake that a check of bare figures never sees."""

from __future__ import annotations

from typing import Any

import pytest

from copilot.domain.brands import Language
from copilot.domain.findings import Method, Severity, Verdict
from copilot.domain.grounding import Ledger, ledger
from copilot.domain.grounding.polarity import is_denied, is_refused
from copilot.domain.grounding.sorts import opposed, sorts
from copilot.domain.materials import Kind, Source
from copilot.domain.quantities import figures
from tests.judging import AT, judge


def row(**cells: str) -> Source:
    text = "；".join(f"{header}：{cell}" for header, cell in cells.items())
    return Source(passage=1, text=text, kind=Kind.OFFER, title="价目表", fields=cells)


def wrong(told: Ledger) -> list[tuple[str, str]]:
    return [(finding.rule, finding.text) for finding in told.findings]


HOURS = "洗车营业时间：每天8:00–20:00。\n美容施工营业时间：每天9:00–18:00，须预约。"
PEN = "The converter holds 0.8 ml of ink, a cartridge 0.5 ml."
DISPATCH = "每天 16:00 前付款的订单当天发出，16:00 后付款的次日发出。"
RECIPES = (
    ("Espresso recipe", "Kerosene Lane Espresso: 18 g in, 36 g out, in 28 seconds at 93 °C."),
    ("Pour-over recipe", "Pour-over: 15 g of coffee, 250 g of water at 94 °C."),
)
GINGERBREAD = (
    ("圣诞专场", "圣诞姜饼屋专场：2026年12月19日、12月20日，每天14:00一场，每场10组，218元/组。"),
    ("圣诞专场", "圣诞树桩蛋糕专场：2026年12月23日、12月24日，每天19:00一场，每场12人，288元/人。"),
)


@pytest.mark.parametrize(
    ("right", "mixed", "fault", "passages"),
    [
        ("洗车晚上八点收工。", "镀晶这类美容得先约，师傅晚上八点收工。", "晚上八点", HOURS.split("\n")),
        ("A converter takes 0.8 ml.", "A cartridge takes 0.8 ml.", "0.8 ml", [PEN]),
        ("下午四点前付款的，当天就发出。", "下午四点以后付款的，当天就发出。", "下午四点", [DISPATCH]),
        (
            "姜饼屋专场，12月19号和20号，下午两点各一场，每场十组，218一组。",
            "姜饼屋专场，12月23号和24号，下午两点各一场，每场十组，218一组。",
            "12月23号",
            GINGERBREAD,
        ),
    ],
    ids=["a clause before it", "two figures of one line", "two sides of one hour", "the company it keeps"],
)
def test_a_figure_is_known_by_the_words_beside_it(
    right: str, mixed: str, fault: str, passages: list[Any]
) -> None:
    assert not wrong(judge(right, *passages))
    assert fault in [text for _, text in wrong(judge(mixed, *passages))]


def test_one_recipe_is_not_the_other_though_most_of_its_words_are() -> None:
    products = ("Kerosene Lane Espresso",)
    assert not wrong(judge("Pour-over takes 15 g of coffee.", *RECIPES, products=products))
    assert wrong(judge("For a Kerosene Lane Espresso, take 15 g of coffee.", *RECIPES, products=products))


PLATES = (
    "The Swift 2 has a full-length carbon plate.",
    "The Tarn Trail has a forefoot rock plate.",
    "The Harbor Daily has no plate, only foam.",
)
TEAPOT = ("青釉马克杯可以进微波炉，也可以用洗碗机清洗。", "雪白茶壶只能手洗，不可进微波炉和洗碗机。")
BREAD = ("全麦核桃欧包：不添加糖和油脂。", "黑麦葡萄欧包：黑麦粉与高筋粉混合，添加少量蜂蜜和黄油。")


@pytest.mark.parametrize(
    ("copy", "thing", "message", "passages", "products"),
    [
        (
            "Look at the Tarn Trail: its plate is carbon and runs the full length of the shoe.",
            "Tarn Trail",
            "claims.trait_of_another",
            PLATES,
            ("Swift 2", "Tarn Trail", "Harbor Daily"),
        ),
        (
            "雪白茶壶可以放心进微波炉，也能丢洗碗机。",
            "雪白茶壶",
            "claims.trait_denied",
            TEAPOT,
            ("青釉马克杯", "雪白茶壶"),
        ),
        (
            "认准黑麦葡萄欧包，连黄油都没放。",
            "黑麦葡萄欧包",
            "claims.trait_denied",
            BREAD,
            ("全麦核桃欧包", "黑麦葡萄欧包"),
        ),
    ],
)
def test_a_trait_belongs_to_the_product_that_the_sources_give_it(
    copy: str, thing: str, message: str, passages: tuple[str, ...], products: tuple[str, ...]
) -> None:
    told = judge(copy, *passages, products=products)
    found = next(finding for finding in told.findings if finding.rule == "wrong_trait")
    assert (found.text, found.reason.id, found.severity) == (thing, message, Severity.WARN)
    assert copy[found.start : found.end] == thing
    assert told.claims[0].verdict is Verdict.UNSUPPORTED


@pytest.mark.parametrize(
    ("copy", "passages", "products"),
    [
        ("The Swift 2 has a carbon plate.", PLATES, ("Swift 2", "Tarn Trail", "Harbor Daily")),
        ("青釉马克杯进微波炉、上洗碗机都行。", TEAPOT, ("青釉马克杯", "雪白茶壶")),
        ("雪白茶壶别进微波炉，手洗就好。", TEAPOT, ("青釉马克杯", "雪白茶壶")),
        ("黑麦葡萄欧包里有一点蜂蜜和黄油。", BREAD, ("全麦核桃欧包", "黑麦葡萄欧包")),
    ],
)
def test_what_the_sources_say_of_the_product_itself_is_no_misplaced_trait(
    copy: str, passages: tuple[str, ...], products: tuple[str, ...]
) -> None:
    assert not [rule for rule, _ in wrong(judge(copy, *passages, products=products)) if rule == "wrong_trait"]


@pytest.mark.parametrize(
    ("right", "mixed", "passage"),
    [
        (
            "With express shipping, order by December 20.",
            "With standard shipping, order by December 20.",
            "Express orders placed by December 20 arrive by December 24 and cost $18.",
        ),
        (
            "Drops go in twenty minutes before your scan.",
            "Drops go in twenty minutes after your scan.",
            "The drops are put in 20 minutes before the scan.",
        ),
    ],
)
def test_opposite_sorts_and_sides_are_told_apart(right: str, mixed: str, passage: str) -> None:
    assert not wrong(judge(right, passage))
    assert wrong(judge(mixed, passage))


def test_sorts_are_opposed_only_where_neither_text_has_both() -> None:
    assert opposed(sorts("standard shipping"), sorts("express"))
    assert not opposed(sorts("standard or express"), sorts("express"))
    assert not opposed(sorts("annual"), sorts("express"))


@pytest.mark.parametrize(
    ("text", "word", "denied"),
    [
        ("不可进微波炉", "微波炉", True),
        ("可以进微波炉", "微波炉", False),
        ("连黄油都没放", "黄油", True),
        ("不但有黄油", "黄油", False),
        ("There isn't a lily in it", "lily", True),
        ("No doubt. A lily it is", "lily", False),
    ],
)
def test_a_word_is_denied_within_its_clause(text: str, word: str, denied: bool) -> None:
    at = text.index(word)
    assert is_denied(text, at, at + len(word)) is denied


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("拆封后不支持退换", True),
        ("不满意就退换", False),
        ("Dues are not refunded", True),
        ("we can neither refund", True),
        ("If you are not happy, we refund", False),
    ],
)
def test_a_promise_is_refused_by_the_words_right_before_it(text: str, refused: bool) -> None:
    start = min(at for at in (text.find("退换"), text.find("refund")) if at >= 0)
    assert is_refused(text, start) is refused


@pytest.mark.parametrize(
    ("copy", "passages"),
    [
        (
            "If a room isn't right, we'll refund you.",
            ["We clean it again. Completed cleans are not refunded."],
        ),
        (
            "If it takes longer, the repair is on the house.",
            ["If a repair takes longer, you get a loan scooter free of charge.", "Repairs cost €45 an hour."],
        ),
        ("满一千送镜盒一个。", ["单笔满500元送镜盒一个；满1000元送清洗机一台。"]),
        ("余粮留着，不用寄回。", ["拒食包退，余粮须寄回。"]),
        ("验光单丢了也不要紧，镜片免费重做一次。", ["凭本店验光单可免费重做镜片一次。"]),
    ],
    ids=[
        "a refusal",
        "another thing is free",
        "another threshold's gift",
        "what is asked",
        "what it is given for",
    ],
)
def test_a_promise_that_no_source_makes_is_found_though_its_words_are_there(
    copy: str, passages: list[str]
) -> None:
    assert wrong(judge(copy, *passages))


@pytest.mark.parametrize(
    ("copy", "passages"),
    [
        ("满五百送镜盒一个。", ["单笔满500元送镜盒一个；满1000元送清洗机一台。"]),
        ("余粮要寄回来哦。", ["拒食包退，余粮须寄回。"]),
        ("We can't refund completed cleans.", ["We clean it again. Completed cleans are not refunded."]),
    ],
)
def test_what_a_source_promises_or_refuses_is_told_in_peace(copy: str, passages: list[str]) -> None:
    assert not wrong(judge(copy, *passages))


@pytest.mark.parametrize(
    "copy",
    ["别练两天就放下。", "谁家没有三只猫呀？", "August flew by, like two cats on a couch."],
)
def test_what_is_said_in_passing_needs_no_source(copy: str) -> None:
    assert not wrong(
        judge(copy, "瑜伽垫厚 6 毫米。" if any(c > "一" for c in copy) else "The mat is 6 mm thick.")
    )


def test_a_comparison_is_held_against_the_figures_of_both() -> None:
    sources = [row(品名="轻云镜架", 重量="9g"), row(品名="疾风镜架", 重量="14g")]

    def told(copy: str) -> Ledger:
        return ledger(copy, sources, at=AT, language=Language.ZH, products=("轻云镜架", "疾风镜架"))

    assert not wrong(told("轻云镜架比疾风镜架轻。"))
    assert wrong(told("轻云镜架比疾风镜架重。"))
    assert not wrong(told("最轻的要数轻云镜架。"))
    assert wrong(told("最轻的要数疾风镜架。"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("提前两周开放预约", [("两周", "1209600")]),
        ("一罐半公斤", [("半公斤", "500")]),
        ("一斤半茶", [("一斤半", "750")]),
        ("身长一米二五，", [("一米二五", "1250")]),
        ("一副八克六，", [("八克六", "8.6")]),
        ("一扎一公斤，", [("一公斤", "1000")]),
        ("湿度百分之七十五", [("百分之七十五", "75")]),
        ("买两瓶就送棉柔巾1包", [("买两瓶就送棉柔巾1包", "2")]),
        ("one tablespoon of oats", [("one tablespoon", "3")]),
        ("4 December for Canada and the 17th for Europe", [("4 December", "1204"), ("17th", "17")]),
        ("a 24-pound bag", [("24-pound", "384")]),
        ("ages 7–12", [("7–12", "7")]),
        ("children of two and up", [("two", "2")]),
        ("7 to 8:30 p.m.", [("7", "1140"), ("8:30 p.m.", "1230")]),
    ],
)
def test_figures_are_read_as_people_say_them(text: str, expected: list[tuple[str, str]]) -> None:
    assert [
        (f.text, str(f.value.normalize() if f.value % 1 else int(f.value))) for f in figures(text)
    ] == expected


def test_a_sentence_with_figures_says_that_they_decided() -> None:
    told = judge("重 6 毫米的垫子。", "瑜伽垫厚 6 毫米。")
    assert told.claims[0].method is Method.FIGURES
    assert judge("很喜欢。", "瑜伽垫厚 6 毫米。").claims[0].method is Method.WORDS


def test_what_the_sources_speak_of_and_nowhere_say_is_worth_a_look_and_no_more() -> None:
    loaf = "Cool the loaf on a rack for 60 minutes before you cut it. A gummy slice was cut too early."
    told = judge("Sometimes we cut the loaf early, because cooling it takes too long.", loaf)
    assert not told.findings
    (note,) = told.notes
    assert (note.rule, note.severity, note.text) == (
        "untold_sentence",
        Severity.NOTE,
        told.claims[0].sentence,
    )
    assert told.claims[0].verdict is Verdict.OPINION
    assert not judge("What a week. We needed the sleep and the sunshine.", loaf).notes
    assert not judge("Tell us how your loaf and your rack are doing!", loaf).notes
    stories = "饭友手记收的是饭友自己写的吃饭故事，长短都可以，发在群里就收。"
    assert judge("饭友手记的长短我们都不挑。", stories).notes
    assert not judge("在群里说一句，长短都行。", stories).notes


PAN = (
    "We baked in the same Drover Pan 500 times, then weighed it again.",
    "A Drover Pan costs £58 with its lid.",
)
POT = ("小灶陶锅在 1260℃ 的窑里烧 14 个小时。", "小灶陶锅不能放在电磁炉上，也不能进微波炉。")


@pytest.mark.parametrize(
    ("copy", "passages", "product"),
    [
        ("The Drover Pan never chips.", PAN, "Drover Pan"),
        ("You can put the Drover Pan in a microwave.", PAN, "Drover Pan"),
        ("小灶陶锅没有盖子。", POT, "小灶陶锅"),
        ("小灶陶锅能放在电磁炉上，也能进微波炉。", POT, "小灶陶锅"),
    ],
)
def test_a_shared_name_bears_nothing_out_and_neither_does_the_opposite(
    copy: str, passages: tuple[str, ...], product: str
) -> None:
    told = judge(copy, *passages, products=(product,))
    assert [claim.verdict for claim in told.claims if claim.verdict is Verdict.SUPPORTED] == []


def test_a_discount_is_taken_off_the_price_that_it_is_for() -> None:
    passages = (
        "A Drover Pan costs £58 with its lid.",
        "An order can use at most 500 Crumbs, which is £10 off.",
    )
    copy = "An order can use at most 500 Crumbs, which is £10 off. A Drover Pan costs £48 today."
    assert ("unsupported_figure", "£48") in wrong(judge(copy, *passages, products=("Drover Pan",)))


def test_a_chinese_decimal_is_no_hour() -> None:
    assert not wrong(judge("一袋一点五千克。", "一袋 1.5 千克。"))
    assert [text for _, text in wrong(judge("一袋一点四千克。", "一袋 1.5 千克。"))] == ["一点四千克"]


def notes(copy: str, *passages: str, calls: tuple[str, ...] = ()) -> list[str]:
    sources = [
        Source(passage=n, text=one, kind=Kind.SELLING_POINT, title="")
        for n, one in enumerate(passages, start=1)
    ]
    told = ledger(copy, sources, at=AT, language=Language.EN, calls=calls)
    return [note.text for note in told.notes]


def test_what_a_source_speaks_of_otherwise_is_noted_and_talk_among_friends_is_not() -> None:
    passages = ("Cool the loaf on a rack before you slice it.", "Slow bakers keep a morning loaf.")
    said = "Some people say the loaf turns gummy however long the rack holds it."
    assert notes(said, *passages) == [said]
    # One word of this sentence and one of that are chance; and the members' name is no subject.
    assert not notes("The morning belongs to whoever holds the rack up first.", *passages)
    assert notes("Slow bakers have the floor this fine evening.", *passages)
    assert not notes("Slow bakers have the floor this fine evening.", *passages, calls=("slow bakers",))


@pytest.mark.parametrize(
    ("copy", "passages", "products"),
    [
        ("1.5升这只砂锅明火能用。", ("1.5升砂锅适用明火。",), ("1.5升砂锅",)),
        ("身体油每次三五滴就够。", ("身体油每次3到5滴。",), ("身体油",)),
        ("牛油底料一块500克，兑2升水。", ("牛油火锅底料每块500克，兑2升水。",), ("牛油火锅底料",)),
        ("轻羽推车5.9公斤，一折就能带走。", ("轻羽推车重5.9公斤，折叠后可随身带走。",), ("轻羽推车",)),
        ("The Moor throw is 130 by 180 cm.", ("The Moor throw is 130 x 180 cm.",), ("Moor throw",)),
        (
            "A puncture fix is £12, and there's no need to book.",
            ("Puncture repairs are walk-in: £12.", "The full service is £75 and must be booked online."),
            (),
        ),
        (
            "The border spade is £64, and at that price delivery is free to the mainland.",
            ("Free delivery to the mainland on orders over £60.", "Product: Border spade; Price: £64"),
            ("Border spade",),
        ),
        (
            "The Field strap is 20 mm leather, and it only asks for a dab of balm every 3 months.",
            ("The Field strap is 20 mm leather.", ("Leather balm", "Rub in a little balm every 3 months.")),
            ("Field strap", "Leather balm"),
        ),
        (
            "The £6 red filter fits it too.",
            ("Ember Mini headlamp: 46 g.", "The red filter clips onto both headlamps, £6."),
            ("Ember headlamp", "Ember Mini headlamp", "Red filter"),
        ),
    ],
)
def test_what_is_said_the_other_way_is_the_same(
    copy: str, passages: tuple[str | tuple[str, str], ...], products: tuple[str, ...]
) -> None:
    assert wrong(judge(copy, *passages, products=products)) == []


VOUCHER = "新饭友进群可领1张10元新人券，满79元可用。"


@pytest.mark.parametrize(
    ("copy", "is_right"),
    [
        ("领一张10元新人券，溪石米缸119元就能带走。", True),
        ("新人券减10元，溪石米缸到手119元。", True),
        ("新人券减10元，溪石米缸到手109元。", False),
        # It takes nothing off what costs less than it asks for.
        ("用上10元新人券，下饭三小罐49元。", False),
        # And no price falls by itself.
        ("溪石米缸119元就能带走。", False),
    ],
)
def test_a_voucher_is_taken_off_what_costs_as_much_as_it_asks_for(copy: str, is_right: bool) -> None:
    passages = (VOUCHER, "溪石米缸日常价129元。", "下饭三小罐日常价59元。")
    told = judge(copy, *passages, products=("溪石米缸", "下饭三小罐"))
    assert (wrong(told) == []) is is_right
