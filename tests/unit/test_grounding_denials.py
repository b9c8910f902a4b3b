"""What a source denies and a copy says, beside figures that are right: the mistake that costs a pan, or a lawsuit."""

from __future__ import annotations

import pytest

from copilot.domain.brands import Language
from copilot.domain.findings import Severity, Verdict
from copilot.domain.grounding import ledger
from copilot.domain.materials import Kind, Source
from tests.judging import AT, judge

TURNED_ROUND = [
    (
        "The Dutch oven is safe to 230 °C in the oven and happy on an induction hob.",
        "The Dutch oven is safe to 230 °C in the oven, but not for an induction hob.",
    ),
    ("Oven-safe to 230 °C and made for the hob.", "Oven-safe to 230 °C. Not for use on a hob."),
    (
        "Freeze the loaf for up to 3 months; refrigerate it if you like.",
        "Freeze the loaf for up to 3 months. Never refrigerate it.",
    ),
    ("Machine wash at 30 °C; tumble dry on low.", "Machine wash at 30 °C. Do not tumble dry."),
    (
        "The 2 kg bag can be returned within 14 days, opened bags too.",
        "The 2 kg bag can be returned within 14 days. Opened bags can't be returned.",
    ),
    ("Collect within 7 days; no appointment needed.", "Collect within 7 days. You need an appointment."),
    (
        "Lid rated to 180 °C: fine in the microwave too.",
        "Lid rated to 180 °C; it must not go in the microwave.",
    ),
    ("The jar holds 500 ml and is airtight.", "The jar holds 500 ml. Its lid is not airtight."),
    ("Gift wrapping is £3, and you can add a card.", "Gift wrapping costs £3. Cards are not available."),
    ("Ships in 2 days, weekends included.", "Ships in 2 days; weekends are not included."),
    ("耐热230℃，可以直接放在明火上。", "耐热230℃，不可直接放在明火上。"),
    ("耐热230℃，微波炉里也能用。", "耐热230℃。微波炉里不能用。"),
    ("内胆容量4升，可进洗碗机。", "内胆容量4升，不可进洗碗机。"),
    ("冷藏保存7天，也可以冷冻。", "冷藏保存7天，不建议冷冻。"),
    ("满99元包邮，新疆西藏也包邮。", "满99元包邮，新疆、西藏不包邮。"),
    ("优惠券满199元可用，特价商品也能用。", "优惠券满199元可用，特价商品不可用。"),
    ("周末10:00开门，不用预约。", "周末10:00开门，需提前预约。"),
    ("保质期12个月，含少量防腐剂。", "保质期12个月，不含防腐剂。"),
    ("拆封后7天内仍可退。", "7天内可退，拆封后不可退。"),
]
TOLD_TRULY = [
    ("Oven-safe to 230 °C, and not for the hob.", "Oven-safe to 230 °C. Not for use on a hob."),
    (
        "Keep the starter in the fridge for up to 12 hours.",
        "Do not keep the starter in the fridge for more than 12 hours.",
    ),
    ("Machine wash at 30 °C, skip the tumble dryer.", "Machine wash at 30 °C. Do not tumble dry."),
    (
        "Machine wash at 30 °C, and keep it away from the tumble dryer.",
        "Machine wash at 30 °C. Do not tumble dry.",
    ),
    (
        "Unopened, the 2 kg bag can be returned within 14 days.",
        "The 2 kg bag can be returned within 14 days. Opened bags can't be returned.",
    ),
    ("Collect within 7 days, by appointment.", "Collect within 7 days. You need an appointment."),
    ("Dishwasher-safe up to 60 °C.", "Hand wash only. Not dishwasher-safe above 60 °C."),
    (
        "The jar holds 500 ml and isn't airtight, so the starter can breathe.",
        "The jar holds 500 ml. Its lid is not airtight, so that the starter breathes.",
    ),
    ("Ships in 2 days, weekends not included.", "Ships in 2 days; weekends are not included."),
    ("No need to wait: the dough rests just 30 minutes.", "The dough rests 30 minutes."),
    ("Don't skip the 30-minute rest.", "Rest the dough for 30 minutes."),
    (
        "You won't need a thermometer: bake 25 minutes at 220 °C.",
        "Bake 25 minutes at 220 °C. No thermometer is needed.",
    ),
    ("Not sure how long? Rest it 30 minutes.", "Rest the dough for 30 minutes before shaping."),
    ("Good for 24 months, even without a fridge.", "Keeps 24 months. Needs no fridge."),
    ("At £29 it has never been easier to start baking.", "The starter kit is £29 and makes baking easier."),
    ("耐热230℃，别直接放在明火上哦。", "耐热230℃，不可直接放在明火上。"),
    ("内胆容量4升，不能进洗碗机，手洗就好。", "内胆容量4升，不可进洗碗机。"),
    ("冷藏保存7天，请勿冷冻。", "冷藏保存7天，不建议冷冻。"),
    ("满99元包邮，新疆西藏除外。", "满99元包邮，新疆、西藏不包邮。"),
    ("不满99元要付8元运费。", "满99元包邮，不满99元收8元运费。"),
    ("30分钟就焖好，米记得提前泡。", "30分钟焖好，米要提前泡。"),
    ("30分钟就焖好，不用守在灶台边。", "30分钟焖好，米要提前泡。"),
    ("不加一滴油，12分钟就出锅。", "12分钟出锅，全程不加油。"),
    ("优惠券满199元可用，特价款用不了。", "优惠券满199元可用，特价商品不可用。"),
    ("周末10:00开门，记得先预约。", "周末10:00开门，需提前预约。"),
    ("保质期12个月，不含防腐剂。", "保质期12个月，不添加防腐剂。"),
    ("别小看这500克，够一家三口吃两顿。", "每袋500克，够一家三口吃两顿。"),
    ("24小时内发货，周末不休息。", "24小时内发货，周末也发。"),
    ("没拆封的，7天内都能退。", "7天内可退，拆封后不可退。"),
    ("7天无理由退货，运费不用你出。", "7天无理由退货，运费由我们承担。"),
    # What is called unopened is another thing than what was opened.
    ("未拆封的，7天内可退。", "未拆封7天内可退，拆封后不可退。"),
    # No. 6 is a name, and nobody is denied a pruner.
    ("The No. 6 pruner is £30.", "No. 6 pruner: £30."),
    ("冬天怎么能没有郁金香！一支8元。", "郁金香：8元/支。"),
]


@pytest.mark.parametrize(("copy", "passage"), TURNED_ROUND)
def test_what_a_source_denies_is_not_borne_out_by_a_right_figure_beside_it(copy: str, passage: str) -> None:
    assert any(claim.verdict is Verdict.UNSUPPORTED for claim in judge(copy, passage).claims)


@pytest.mark.parametrize(("copy", "passage"), TOLD_TRULY)
def test_what_is_told_as_it_is_stands_however_it_negates(copy: str, passage: str) -> None:
    told = judge(copy, passage)
    assert not [claim.sentence for claim in told.claims if claim.verdict is Verdict.UNSUPPORTED]


def test_the_sentence_that_says_the_opposite_is_quoted() -> None:
    told = judge("Oven-safe to 230 °C and made for the hob.", "Oven-safe to 230 °C. Not for use on a hob.")
    found = next(finding for finding in told.findings if finding.rule == "denied")
    assert found.severity is Severity.BLOCK  # Whoever puts it on a hob may be burnt.
    assert found.reason.id == "claims.denied"
    assert found.reason.params["quote"] == "Not for use on a hob."


def test_of_a_row_the_cell_that_says_it_is_quoted() -> None:
    row = Source(
        passage=1,
        text="Product: Bread Pan; Weight: 2.4 kg; Heat: up to 260 °C; no hob, no microwave; Colour: black",
        kind=Kind.SELLING_POINT,
        title="Pans",
        fields={"Product": "Bread Pan", "Weight": "2.4 kg", "Heat": "up to 260 °C; no hob, no microwave"},
    )
    copy = "The Bread Pan goes up to 260 °C and works on a hob."
    told = ledger(copy, [row], at=AT, language=Language.EN, products=("Bread Pan",))
    found = next(finding for finding in told.findings if finding.rule == "denied")
    assert found.reason.params["quote"] == "no hob, no microwave"


@pytest.mark.parametrize(
    ("copy", "passage", "severity"),
    [
        (
            "Bramble Starter is gluten free.",
            "Bramble Starter is made from rye and contains gluten.",
            Severity.BLOCK,
        ),
        (
            "Bramble Starter is gluten-free.",
            "Bramble Starter has no yeast and contains gluten.",
            Severity.BLOCK,
        ),
        ("Pop your Bread Pan in the microwave.", "Bread Pan: no hob, no microwave.", Severity.BLOCK),
        ("小灶陶锅可以进微波炉。", "小灶陶锅不能进微波炉。", Severity.BLOCK),
        (
            "Use steel wool on the Bread Pan.",
            "Use a brush on the Bread Pan, because steel wool scratches it.",
            Severity.WARN,
        ),
    ],
)
def test_what_may_harm_whoever_believes_it_is_stopped(copy: str, passage: str, severity: Severity) -> None:
    told = judge(copy, passage, products=("Bramble Starter", "Bread Pan", "小灶陶锅"))
    assert [(f.rule, f.severity) for f in told.findings if f.rule == "denied"] == [("denied", severity)]
    assert not judge(passage, passage, products=("Bramble Starter", "Bread Pan", "小灶陶锅")).findings


def test_what_a_source_speaks_against_is_not_sent_for_a_source() -> None:
    pots = ("晴山锅内胆选用陶瓷釉面。", "云岭锅内胆是不锈钢的。")
    told = judge("云岭锅内胆选用陶瓷釉面材质。", *pots, products=("云岭锅", "晴山锅"))
    assert [finding.reason.id for finding in told.findings] == ["claims.trait_of_another"]


def test_each_of_a_list_is_denied() -> None:
    source = "Bramble Starter contains no milk, no egg and no nuts."
    for copy in (
        "There's no milk, egg or nuts in Bramble Starter.",
        "There is no milk, egg or nut in Bramble Starter.",
    ):
        assert not judge(copy, source, products=("Bramble Starter",)).findings
    told = judge("There's milk, egg and nuts in Bramble Starter.", source, products=("Bramble Starter",))
    assert ("denied", Severity.BLOCK) in [(finding.rule, finding.severity) for finding in told.findings]


def test_what_may_harm_is_not_hidden_by_what_is_true_beside_it() -> None:
    source = "小灶陶锅明火、电陶炉都能用，电磁炉不能用。"
    for copy in ("小灶陶锅明火、电陶炉、电磁炉都能用。", "小灶陶锅电磁炉能用。"):
        told = judge(copy, source, "办公室里有微波炉和电磁炉，饭友都用。", products=("小灶陶锅",))
        assert [(f.rule, f.severity) for f in told.findings] == [("denied", Severity.BLOCK)], copy


def test_what_is_denied_of_one_product_is_not_denied_of_another() -> None:
    passages = (
        ("Bread pan", "The Bread Pan is not for the microwave."),
        ("Cocotte", "The Cocotte holds 500 ml and goes in the microwave."),
    )
    products = ("Bread Pan", "Cocotte")
    told = judge("The Cocotte, 500 ml, goes in the microwave.", *passages, products=products)
    assert [claim.verdict for claim in told.claims] == [Verdict.SUPPORTED]
    told = judge("The Bread Pan goes in the microwave, too.", *passages, products=products)
    assert [claim.verdict for claim in told.claims] == [Verdict.UNSUPPORTED]


def test_what_stands_there_to_the_letter_is_borne_out_but_not_as_a_part_of_its_denial() -> None:
    said = "接了单才碾米，不是接了单才想起来。"
    assert [claim.verdict for claim in judge(said, said).claims] == [Verdict.SUPPORTED]
    told = judge("可以直接放在明火上烧。", "不可以直接放在明火上烧。")
    assert [claim.verdict for claim in told.claims] == [Verdict.UNSUPPORTED]


def test_of_the_very_product_one_word_is_enough() -> None:
    passages = (
        ("Heron 2", "Heron 2: two-person, 2.1 kg, freestanding."),
        ("Heron 3", "Heron 3: three-person, 2.8 kg, not freestanding, needs at least 6 pegs."),
    )
    products = ("Heron 2 tent", "Heron 3 tent")
    told = judge("The Heron 3 is freestanding, so it stays up by itself.", *passages, products=products)
    assert [finding.rule for finding in told.findings] == ["denied"]
    told = judge("The Heron 2 is freestanding, so it stays up by itself.", *passages, products=products)
    assert not told.findings


def test_a_question_bears_nothing_out_unless_it_is_answered_with_a_yes() -> None:
    told = judge(
        "米缸装得下5千克米。", "问：米缸能装5千克米吗？\n答：装不下，最多2千克。", products=("米缸",)
    )
    assert [claim.verdict for claim in told.claims] == [Verdict.UNSUPPORTED]
    told = judge("米缸装得下2千克米。", "问：米缸能装2千克米吗？\n答：能。", products=("米缸",))
    assert [claim.verdict for claim in told.claims] == [Verdict.SUPPORTED]


def test_what_holds_unopened_is_not_told_of_what_was_opened() -> None:
    keeps = "新米未开封能放6个月，开封后30天内吃完。"
    assert [c.verdict for c in judge("新米开封后能放6个月。", keeps).claims] == [Verdict.UNSUPPORTED]
    assert [c.verdict for c in judge("没开封的新米能放6个月。", keeps).claims] == [Verdict.SUPPORTED]


def test_two_things_that_are_swapped_are_not_borne_out() -> None:
    lids = "菌菇是褐色盖，豆豉辣是红色盖。"
    assert [c.verdict for c in judge(lids, lids).claims] == [Verdict.SUPPORTED]
    swapped = judge("菌菇是红色盖，豆豉辣是褐色盖。", lids)
    assert Verdict.SUPPORTED not in {claim.verdict for claim in swapped.claims}


def test_few_words_behind_an_and_are_denied_along() -> None:
    told = judge("Keep it away from the hob and the microwave.", "It is not for a hob or a microwave.")
    assert not [claim.sentence for claim in told.claims if claim.verdict is Verdict.UNSUPPORTED]


WIDENED = [
    ("后天18号会员日，文学类8折，到店的朋友人人能用。", "每月18日为会员日：文学类图书8折，限会员本人使用。"),
    ("体验周99元，新朋友老学员都能买。", "体验周99元，仅限首次到店的新学员购买。"),
    ("Climb for £8 any day of the week.", "Climb for £8, Monday to Friday. Not valid at weekends."),
    ("It's 10% off for every customer, whatever your age.", "Customers aged 65 and over get 10% off."),
]
NOT_WIDENED = [
    ("后天18号会员日，文学类8折，会员本人人人能用。", "每月18日为会员日：文学类图书8折，限会员本人使用。"),
    ("体验周99元，头一回来的朋友每人限一次。", "体验周99元，仅限首次到店的新学员购买，每人限购一次。"),
    ("Climb for £8 any day of the week.", "Climb for £8, any day, any time."),
    ("Anybody who can't make it can call on weekdays, 9 to 4.", "We answer calls on weekdays, 9 to 4."),
]


@pytest.mark.parametrize(("copy", "passage"), WIDENED)
def test_what_is_granted_to_some_is_not_told_of_all(copy: str, passage: str) -> None:
    found = [finding for finding in judge(copy, passage).findings if finding.rule == "widened"]
    assert [finding.severity for finding in found] == [Severity.WARN]


@pytest.mark.parametrize(("copy", "passage"), NOT_WIDENED)
def test_a_limit_that_is_told_along_or_that_nobody_set_is_no_widening(copy: str, passage: str) -> None:
    assert "widened" not in {finding.rule for finding in judge(copy, passage).findings}
