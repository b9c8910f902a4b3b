"""Compliance sees through disguises, hears exceptions, and leaves ordinary copy alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.checks.compliance import compliance
from copilot.domain.checks.matching import Reading
from copilot.domain.checks.normalize import fold, join
from copilot.domain.checks.privacy import privacy
from copilot.domain.findings import Finding, Severity, blocking
from copilot.rulepacks import PACKS, chinese, compiled

ZH = compiled("cn-ad-law", "cn-platforms")
EN = compiled("en-claims")
ALL = compiled(*PACKS)

DISGUISE = st.text(alphabet="顶级最佳唯一第頂級國家 \u200b\u200d️🔥·*,，、。\nＮＯ．１no.1a㎏①", max_size=40)


def texts(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.text for finding in findings if finding.severity is Severity.BLOCK]


@pytest.mark.parametrize(
    ("copy", "found"),
    [
        ("甄选顶级食材", "顶级"),
        ("甄選頂級食材", "頂級"),
        ("甄选顶 级食材", "顶 级"),
        ("甄选顶\u200b级食材", "顶\u200b级"),
        ("甄选顶🔥级食材", "顶🔥级"),
        ("甄选顶·级食材", "顶·级"),
        ("味道最.佳", "最.佳"),
        ("我们是最、专、业的", "最、专、业"),
        ("坚果销 量 第 一", "销 量 第 一"),
        ("行业ＮＯ．１", "ＮＯ．１"),
        ("國家級工藝", "國家級"),
        ("药到🌿病除", "药到🌿病除"),
        ("好评-返-现五元", "好评-返-现五元"),
    ],
)
def test_disguises_are_seen_through_and_quoted_as_typed(copy: str, found: str) -> None:
    assert found in texts(compliance(copy, ZH))


@pytest.mark.parametrize(
    "copy",
    [
        "口感独特🌿供应充足",
        "口感独特 供应充足",
        "香气独特，供应稳定",
        "我们从根，治理水土",
        "用量减到最小，佳节也安心",
        "这里树顶 级别不同",
        "中国之最，佳节同游",
    ],
)
def test_neighbouring_words_do_not_make_a_term_across_what_parts_them(copy: str) -> None:
    assert texts(compliance(copy, ZH)) == []


@pytest.mark.parametrize(
    "copy",
    [
        "最近上新了桂花乌龙，来尝尝",
        "最后两天，记得用掉手里的券，11月30日 24:00 截止",
        "第一步先烫杯，第二步投茶",
        "第一次来的朋友，看置顶就能找到答案",
        "有问题随时说，我们第一时间回复",
        "满 29 元起送，无最低消费",
        "开封后三天内是最佳食用时间",
        "最终名单周五晚上公布",
        "你最喜欢哪一款？评论区说说",
        "最多可以叠加两张券",
        "第一批到的是云南豆子",
        "最早明天下午能收到",
        "今天最低气温 3 度，喝点热的",
        "这是我们家最小的一款，放包里刚好",
        "最晚周日 18:00 前提交",
        "我最爱的一杯，还是加了桂花的那款",
        "最难的是坚持，打卡第七天了",
        "群里第一位打卡的是小满",
        "建议最好饭后喝，空腹容易心慌",
        "店里最近在换冬季菜单",
        "限时三天，11月21日 10:00 到 11月23日 22:00",
        "免费试喝，到店报群昵称就行",
        "必须冷藏，开封后两天内喝完",
        "冷藏一夜后口感最好",
        "保留茶叶本来的味道",
        "请确保本群昵称已经改好",
        "被一杯热可可治愈了",
        "第二件半价，仅限群内",
        "这周的话题：你家冰箱里最常见的三样东西",
        "力求把最好的一面带给大家",
    ],
)
def test_ordinary_copy_passes(copy: str) -> None:
    assert blocking(compliance(copy, ZH)) == []


@pytest.mark.parametrize(
    "copy",
    [
        "Our bakers start at five, and the first loaves are out by seven.",
        "Best before the date on the lid; store in a cool place.",
        "The best part of the week? Friday coffee with all of you.",
        "It prevents spills in your bag.",
        "A treat for you and one for the dog.",
        "Feel free to ask, we read every message.",
        "Sugar-free, dairy-free, fuss-free.",
        "Your first order ships on Monday.",
    ],
)
def test_ordinary_english_copy_passes(copy: str) -> None:
    assert compliance(copy, EN) == ()


def test_a_source_and_a_date_make_a_first_place_sayable() -> None:
    assert texts(compliance("全网销量第一", ZH))
    assert not texts(compliance("据某某咨询统计，2025年该品类全网销量第一", ZH))


def test_a_fix_replaces_exactly_what_was_typed() -> None:
    (finding,) = blocking(compliance("甄选顶 级食材", ZH))
    assert (finding.text, finding.suggestion) == ("顶 级", "优质")


def test_a_rule_about_the_whole_post_speaks_once() -> None:
    copy = "种草三款护手霜。亲测好用，戳链接带走。还有测评在后面"
    assert [finding.rule for finding in compliance(copy, ZH)] == ["ad.unmarked"]


@given(DISGUISE)
def test_a_view_never_loses_where_a_character_was_typed(text: str) -> None:
    folded = fold(text, chinese().folding)
    joined = join(folded)
    for view in (folded, *([joined] if joined else [])):
        assert len(view.text) == len(view.starts) == len(view.ends)
        assert list(view.starts) == sorted(view.starts)
        for place, character in enumerate(view.text):
            typed = text[view.starts[place] : view.ends[place]]
            assert len(typed) == 1
            assert character in fold(typed, chinese().folding).text


@given(DISGUISE, st.sampled_from(["顶级", "国家级", "唯一", "最专业"]), DISGUISE)
def test_findings_quote_the_text_as_typed(before: str, term: str, after: str) -> None:
    copy = before + term + after
    for finding in compliance(copy, ALL):
        assert 0 <= finding.start < finding.end <= len(copy)
        assert copy[finding.start : finding.end] == finding.text


@given(st.lists(st.sampled_from(["\u200b", " ", "·", "*", "🔥", "\ufeff", "-"]), min_size=3, max_size=3))
def test_whatever_stands_between_its_characters_a_term_is_found(between: list[str]) -> None:
    copy = "绝" + between[0] + "无" + between[1] + "仅" + between[2] + "有"
    assert copy in texts(compliance(copy, ZH))


@given(st.text(max_size=200))
def test_no_text_breaks_the_matching(text: str) -> None:
    reading = Reading.of(text, chinese())
    ALL.judge(reading, ())
    assert all(text[f.start : f.end] == f.text for f in compliance(text, ALL))


@pytest.mark.parametrize(
    ("copy", "found"),
    [
        ("我们的火腿是国 家 级的工艺", "国 家 级"),
        ("凉席里销 量 第 一", "销 量 第 一"),
        ("这就是护眼的最💥佳之选", "最💥佳"),
        ("会员专享te供的老酒", "te供"),
        ("整段fu置，去某宝打开", "fu置，去某宝"),
    ],
)
def test_what_is_spelt_out_is_read_though_its_neighbours_could_be_words(copy: str, found: str) -> None:
    assert found in texts(compliance(copy, ZH))


@pytest.mark.parametrize(
    "copy",
    [
        "图由模特供稿，别当真",
        "欢迎积极品尝，说说咸淡",
        "搭个棚子抵抗炎夏",
        "独 特 供 应 期",
        "他写的第一首创作歌",
    ],
)
def test_two_characters_of_two_words_are_no_term(copy: str) -> None:
    assert texts(compliance(copy, ZH)) == []


@pytest.mark.parametrize(
    "copy",
    [
        "“顶级”“第一品牌”这类词，我们不写",
        "谜底是“独一无二”，猜对的来领贴纸",
        "我们从不承诺稳赚",
        "警惕打着“国家级”旗号的推销",
        "海报上写着“最佳”的那家店，其实味道一般",
        "无需转发集赞，回复一个字就行",
    ],
)
def test_nobody_claims_what_he_quotes_denies_or_warns_of(copy: str) -> None:
    assert blocking(compliance(copy, ZH)) == []


def test_no_denial_reaches_beyond_its_clause_and_no_figure_of_speech_is_one() -> None:
    assert texts(compliance("不含糖，顶级口感", ZH)) == ["顶级"]
    assert texts(compliance("这不是一般的锅，是顶级的锅", ZH)) == ["顶级"]
    assert texts(compliance("顶级口感，不是吹的", ZH)) == ["顶级"]


@pytest.mark.parametrize(
    ("copy", "rule"),
    [
        ("住在麦香路12弄3幢501室", "home_address"),
        ("车牌浙A·8K36P", "papers"),
        ("护照号 E12345678", "papers"),
        ("打一三八零零一三八零零零", "mobile"),
        ("打 1 3 8 0 0 1 3 8 0 0 0", "mobile"),
        ("身份证号110105199003078515", "identity_card"),
    ],
)
def test_personal_numbers_are_known_by_their_form_or_by_what_is_said_of_them(copy: str, rule: str) -> None:
    found = privacy(copy, (), chinese().folding)
    assert [finding.rule for finding in found] == [rule]
    assert all("*" in str(finding.suggestion) for finding in found)


@pytest.mark.parametrize(
    "copy",
    [
        "门店地址：麦香路12号3幢201室",
        "订单号2026112230831547820134",
        "建设路66号一楼，门口有伞架",
        "尺码 1 3 5 7 9 11 13",
        "批次A202611",
    ],
)
def test_premises_and_the_numbers_of_things_are_nobody_s(copy: str) -> None:
    assert privacy(copy, (), chinese().folding) == ()


@pytest.mark.parametrize(
    ("copy", "rule", "masked"),
    [
        ("Call Hannah on 07700 900123 about the pram.", "mobile", "077** **0123"),
        ("Ring +44 7700 900 456 after six.", "mobile", "+44 77** **0 456"),
        ("Her number is (415) 555-0132.", "mobile", "(41*) ***-0132"),
        ("The SSN on the form is 123-45-6789.", "papers", "12*-**-**89"),
        ("NI number AB 12 34 56 C", "papers", "AB ** ** *6 C"),
        ("Pay GB82 WEST 1234 5698 7654 32, thanks", "bank_card", "GB82 **** **** **** **54 32"),
        ("Leave it at 14 Elm Grove, Leeds LS6 2AB.", "home_address", "** Elm Grove, Leeds LS* *AB"),
        ("She moved to 221 Maple Avenue, Apt 4, last week.", "home_address", "*** Maple Avenue, Apt *"),
        ("They wrote to 90 Cedar Lane, Dayton, OH 45402.", "home_address", "** Cedar Lane, Dayton, OH *****"),
    ],
)
def test_personal_numbers_of_british_and_american_people_are_seen(copy: str, rule: str, masked: str) -> None:
    (finding,) = privacy(copy, (), chinese().folding)
    assert (finding.rule, finding.severity, finding.suggestion) == (rule, Severity.BLOCK, masked)


@pytest.mark.parametrize(
    "copy",
    ["DM me on Instagram @nora_sells for the rest.", "My insta is @noraknits.", "snapchat: nora_22"],
)
def test_an_account_elsewhere_is_a_contact_that_nobody_knows(copy: str) -> None:
    assert [finding.rule for finding in privacy(copy, (), chinese().folding)] == ["unknown_contact"]


@pytest.mark.parametrize(
    "copy",
    [
        "Our line is 0800 123 4567, or 1-800-555-0199 from the States.",
        "Ring the shop on 0113 496 0184 and ask for Dee.",
        "Order 415-555-0132 shipped, and so did order no. 123-45-6789.",
        "Tracking number 07700900123 has moved.",
        "Reference GB82 WEST 1234 5698 7654 33 has a digit wrong.",
        "SKU AB123456C is back on the shelf.",
        "The shop is at 14 Weaver Street, Leeds LS2 7DJ.",
        "Follow us on Instagram @slowmere for the kiln pictures.",
        "24 jars went to the green, and 12 kind people walked.",
    ],
)
def test_order_numbers_shop_lines_and_premises_in_english_are_nobody_s(copy: str) -> None:
    assert privacy(copy, (), chinese().folding) == ()


@pytest.mark.parametrize(
    "copy",
    [
        "群规写着：不许用“全网第一”这种说法。",
        "短信里“稳赚不赔”的链接请勿点开。",
        "本周共读《最好的一碗面》，周四见。",
        "我唯一会做的汤是紫菜蛋花汤。",
        "摆摊头一天刚刚保本，大家别笑。",
        "脸盆里的狮子鱼是珊瑚礁的顶级猎手，绘本第二页。",
        "零度以下口感最佳，吃前别化透。",
        "开车来的朋友喝酸梅汤，酒留给走路的人。",
    ],
)
def test_what_is_quoted_told_or_advised_claims_nothing(copy: str) -> None:
    assert not texts(compliance(copy, ZH))


@pytest.mark.parametrize(
    ("copy", "rule"),
    [
        ("找遍县城也买不到第二家这样的豆腐", "ad.absolute-only"),
        ("论卤牛肉，我们家最入味", "ad.absolute-best"),
        ("存单到期一定兑付", "ad.finance"),
        ("育婴师证包📚过，随到随考", "ad.education"),
        ("开着车也能来一口的小瓶米酒", "ad.alcohol"),
        ("市长来吃过都点赞的烧饼", "ad.endorsement"),
        ("我家狗一直吃的就是这款，橱窗里点进去就能买", "ad.unmarked"),
        ("给个满分，我们免一份甜点", "ad.paid-praise"),
        ("海报发朋友圈保留一天，才有资格领", "wx.forced-sharing"),
        ("来店里消费就领一袋米", "ad.gift-terms"),
    ],
)
def test_families_of_wording_are_heard_and_not_single_words(copy: str, rule: str) -> None:
    assert rule in [finding.rule for finding in compliance(copy, ZH)]


@pytest.mark.parametrize(
    ("copy", "found"),
    [
        ("This balm c*res acne overnight.", "c*res acne"),
        ("T0day only, everything on the rail.", "T0day only"),
        ("Our rye is simply the b3st in town.", "simply the b3st"),
        ("A fr33 mug for you.", "A fr33 mug"),
    ],
)
def test_a_sign_for_a_letter_hides_no_word(copy: str, found: str) -> None:
    assert found in [finding.text for finding in compliance(copy, EN)]


@pytest.mark.parametrize(
    "copy",
    ["The mp3 player takes 4 AA cells.", "Room b12 is 3rd on the left.", "Use 5x zoom, 2 m away."],
)
def test_figures_beside_letters_are_what_they_are(copy: str) -> None:
    assert fold(copy, chinese().folding).text == copy.lower()


def test_who_says_that_it_is_no_advertisement_has_not_marked_it_as_one() -> None:
    praise = "这家影楼拍得太美了，亲测不后悔，购买链接放评论区。"
    assert [finding.rule for finding in compliance(f"真的不是广告！{praise}", ZH)] == ["ad.unmarked"]
    assert compliance(f"【广告】{praise}", ZH) == ()
