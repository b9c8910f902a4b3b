"""Briefs for the offline composer: two small shops of household things, and a fortnight of any form."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from copilot.adapters.llm.composer import Composer
from copilot.domain.brands import BannedTerm, Brand, Language, PreferredTerm, Voice
from copilot.domain.channels import Channel
from copilot.domain.columns import Cadence, Column, Every, Form, Module, Value
from copilot.domain.drafts import Assignment, Brief, Delta, Finished
from copilot.domain.materials import Kind, Source

MARKER = re.compile(r"\[(\d+)\]")
ZONE = {Language.ZH: "Asia/Shanghai", Language.EN: "Europe/London"}
SLOT = {
    Form.CHECK_IN: time(9),
    Form.POINTS: time(10),
    Form.TOPIC: time(11),
    Form.OFFER: time(12),
    Form.SEEDING: time(15),
    Form.QUIZ: time(21),
    Form.POLL: time(21),
    Form.WELCOME: time(10, 30),
    Form.TEXT: time(16),
    Form.ANNOUNCEMENT: time(10),
    Form.SOLITAIRE: time(20),
    Form.DICE: time(20, 30),
    Form.LOTTERY: time(20),
    Form.RED_ENVELOPE: time(12),
    Form.PHOTO_REWARD: time(18, 30),
    Form.VIDEO_SCRIPT: time(15),
    Form.LIVE_TEASER: time(19),
    Form.ARTICLE: time(20),
}

ZH_PRODUCTS = ("松影台灯", "云脚书架", "半亩花盆", "竹节衣架")
ZH_TEXTS = {
    ("松影台灯", Kind.SELLING_POINT): """松影台灯的灯臂可以转 270 度，侧躺着看书也照得到。松影台灯的底座重 1.8 千克，猫路过也碰不倒。
松影台灯的开关做在灯杆上，摸黑伸手就能找到。松影台灯的灯罩是亚麻布，光落在桌上是柔的。松影台灯的电线长 2 米，床头和沙发边都够得着。
松影台灯有三档亮度，最暗那一档留给起夜的人。松影台灯的灯罩可以拆下来，装箱的时候不占地方。松影台灯的木杆是白蜡木，摸上去有一点温。""",
    ("松影台灯", Kind.USER_GUIDE): """松影台灯的灯罩用软毛刷掸灰，不要用湿布擦。松影台灯换灯泡之前先拔插头，等 10 分钟再动手。
松影台灯放在惯用手的对面，写字就不会挡住光。松影台灯的木杆每半年上一次木蜡油，颜色会慢慢变深。""",
    ("云脚书架", Kind.SELLING_POINT): """云脚书架的脚是圆头的，小朋友跑过去不容易磕疼。云脚书架每层承重 20 千克，放一排精装书没有问题。
云脚书架的层板可以上下调，绘本和画册各有各的高度。云脚书架靠墙只占 28 厘米，走廊里也放得下。云脚书架的背板可以反过来装，一面是木色，一面是米白。
云脚书架的螺丝都藏在里面，手摸过去是平的。""",
    ("云脚书架", Kind.USER_GUIDE): """云脚书架装好以后推一推，不晃再往上放书。云脚书架重的书放下层，轻的书放上层，站得更稳。
云脚书架离暖气远一些，木头怕烤。云脚书架搬家之前把层板编上号，装回去就不会错。云脚书架落了灰，用拧干的布顺着木纹擦。""",
    ("半亩花盆", Kind.SELLING_POINT): """半亩花盆的盆壁有细密的气孔，浇多了水也散得快。半亩花盆的口径 24 厘米，种一棵薄荷能长得很开。
半亩花盆的托盘抬高了 1 厘米，水不会闷在盆底。半亩花盆的釉只上一半，另一半留着陶土的颜色。半亩花盆的盆沿向外翻，搬动的时候手扣得住。""",
    ("半亩花盆", Kind.USER_GUIDE): """半亩花盆第一次用先泡水 20 分钟，盆壁喝饱了再装土。半亩花盆装土留出两指高，浇水才不会漫出来。
半亩花盆外壁起了白霜，用旧牙刷蘸醋刷掉就好。半亩花盆冬天搬进屋里，离窗户半步远。半亩花盆的托盘隔天倒一次积水，蚊子就不来了。""",
    ("竹节衣架", Kind.SELLING_POINT): """竹节衣架的肩头做宽了 3 厘米，毛衣挂久了也不起角。竹节衣架的挂钩可以转一整圈，正着反着都好取。
竹节衣架的横杆缠了棉线，裤子挂上去不打滑。竹节衣架用的是五年的老竹，湿毛巾挂着也不变形。""",
    ("竹节衣架", Kind.USER_GUIDE): """竹节衣架受潮了就晾在通风的地方，不要暴晒。竹节衣架的棉线脏了可以拆下来洗，晾干再缠回去。
竹节衣架挂大衣的时候先扣一颗扣子，衣襟不会滑开。竹节衣架一根杆上别挂满，留一掌宽好透气。""",
}  # fmt: skip

EN_PRODUCTS = ("Heron Lamp", "Plover Shelf", "Wren Pot", "Thrush Hook")
EN_TEXTS = {
    ("Heron Lamp", Kind.SELLING_POINT): """The Heron Lamp has an arm that turns 270 degrees, so it reaches a book in bed. The Heron Lamp stands on a base of 1.8 kg that a passing cat cannot tip.
The Heron Lamp has its switch on the stem, where a hand finds it in the dark. The Heron Lamp wears a linen shade, and the light lands softly on the table. The Heron Lamp comes with 2 metres of cord, enough for a sofa or a bedside.
The Heron Lamp shade lifts off and packs flat when you move house. The Heron Lamp stem is ash wood, and it feels warm to the touch.""",
    ("Heron Lamp", Kind.USER_GUIDE): """Brush the Heron Lamp shade with a soft brush and keep water away from the linen. Unplug the Heron Lamp and wait 10 minutes before you change the bulb.
Put the Heron Lamp on the far side of your writing hand, and your hand makes no shadow. Rub a little wood wax into the Heron Lamp stem twice a year. Turn the Heron Lamp to the wall if you want the room dim.""",
    ("Plover Shelf", Kind.SELLING_POINT): """The Plover Shelf has round feet, so running children bump into nothing sharp. Each board of the Plover Shelf carries 20 kg, which is a row of hardbacks.
The Plover Shelf has boards that move up and down for picture books and atlases. The Plover Shelf takes 28 cm from the wall and fits a narrow hall. The Plover Shelf has a back panel with a wooden side and a cream side.
The Plover Shelf hides its screws, and the wood feels smooth all over.""",
    ("Plover Shelf", Kind.USER_GUIDE): """Push the Plover Shelf gently when it is built, and load it only if it stands still. Keep heavy books low on the Plover Shelf and light ones high.
Leave the Plover Shelf some distance from a radiator, because wood dislikes the heat. Number the boards of the Plover Shelf before you take it apart. Wipe the Plover Shelf along the grain with a cloth that is nearly dry.""",
    ("Wren Pot", Kind.SELLING_POINT): """The Wren Pot has walls with fine pores, so extra water finds a way out. The Wren Pot measures 24 cm across and gives mint the room it wants.
The Wren Pot sits 1 cm above its saucer, and no water stands at the roots. The Wren Pot is glazed on the upper half and bare clay below. The Wren Pot has a rim that turns out, which gives your fingers a hold.""",
    ("Wren Pot", Kind.USER_GUIDE): """Soak a new Wren Pot for 20 minutes so that the clay drinks before the soil does. Leave a gap under the rim of the Wren Pot, and watering makes no flood.
Scrub white bloom off the Wren Pot with an old toothbrush and some vinegar. Bring the Wren Pot indoors in winter and keep it a step away from the glass. Empty the Wren Pot saucer every few days, and the gnats will go elsewhere.""",
    ("Thrush Hook", Kind.SELLING_POINT): """The Thrush Hook has a shoulder 3 cm wide, so a wet coat keeps its shape. The Thrush Hook turns in its plate and takes a bag from either side.
The Thrush Hook is forged from one bar, and the hammer marks stay visible. The Thrush Hook holds 12 kg on a plaster wall with the plug from the box.""",
    ("Thrush Hook", Kind.USER_GUIDE): """Wipe the Thrush Hook with a drop of oil when the hall gets damp. Screw the Thrush Hook into the plug by hand before you use a driver.
Hang the Thrush Hook at elbow height, and children reach it as well. Space each Thrush Hook a hand apart so that coats can dry.""",
}  # fmt: skip


HEADINGS = {
    Language.ZH: {Kind.SELLING_POINT: "好在哪里", Kind.USER_GUIDE: "怎么用"},
    Language.EN: {Kind.SELLING_POINT: "What it is like", Kind.USER_GUIDE: "How to use it"},
}


def sources_of(language: Language) -> tuple[Source, ...]:
    texts = ZH_TEXTS if language is Language.ZH else EN_TEXTS
    told: list[Source] = []
    for (product, kind), text in texts.items():
        context = f"{product} › {HEADINGS[language][kind]}"
        told.append(Source(len(told) + 100, text, kind, product, context, score=1.0))
    return tuple(told)


VOICES = {
    Language.ZH: Voice(
        persona="阿宁",
        address="你",
        max_emoji=2,
        emoji=("🌿", "🪑"),
        max_exclamations=1,
        max_sentence=48,
        greetings=("邻居们早，铺子开门了。", "晚上好，灯给你留着。"),
        sign_off="住得舒服，慢慢来。",
        preferred=(PreferredTerm("邻居", ("亲们",)),),
        banned=(BannedTerm("爆款"), BannedTerm("冒个泡")),
        competitors=("快巢",),
    ),
    Language.EN: Voice(
        persona="Nora",
        address="you",
        max_emoji=1,
        emoji=("🌿",),
        max_exclamations=1,
        max_sentence=28,
        greetings=("Morning from the workshop.", "Evening, neighbours."),
        sign_off="Nora, Fernhill",
        preferred=(PreferredTerm("neighbours", ("customers",)),),
        banned=(BannedTerm("must-have"), BannedTerm("roll call")),
        competitors=("Nestrush",),
    ),
}
BRANDS = {
    Language.ZH: Brand(1, "banmu", "半亩居", ZONE[Language.ZH], Language.ZH, "邻居", ZH_PRODUCTS),
    Language.EN: Brand(2, "fernhill", "Fernhill", ZONE[Language.EN], Language.EN, "neighbours", EN_PRODUCTS),
}
CALLS = {
    Language.ZH: "想聊的邻居，在群里说一句就好。",
    Language.EN: "Tell us in the thread how it is at your place.",
}
LENGTHS = {Language.ZH: (60, 190), Language.EN: (35, 130)}
# A script and an article are longer, and do not go to a group.
_LONG = {
    Form.VIDEO_SCRIPT: (Channel.VIDEO_CHANNEL, {Language.ZH: (140, 400), Language.EN: (60, 200)}),
    Form.ARTICLE: (Channel.OFFICIAL_ACCOUNT, {Language.ZH: (280, 640), Language.EN: (140, 420)}),
}


def length_of(form: Form, language: Language) -> tuple[int, int]:
    return _LONG[form][1][language] if form in _LONG else LENGTHS[language]


def column_of(form: Form, language: Language, **more: object) -> Column:
    group = Channel.COMMUNITY if language is Language.ZH else Channel.SLACK
    column = Column(
        id=1,
        slug=form.value,
        name="栏目" if language is Language.ZH else "A column",
        module=Module.INTERACTION,
        value=Value.SOCIAL,
        form=form,
        cadence=Cadence(Every.DAY),
        time=SLOT[form],
        channel=_LONG[form][0] if form in _LONG else group,
        purpose="家里的东西怎么用、怎么打理"
        if language is Language.ZH
        else "How things at home are used and kept",
        kinds=(),
        length=length_of(form, language),
        call_to_action=CALLS[language],
    )
    return replace(column, **more)  # type: ignore[arg-type]


def brief_of(form: Form, language: Language, day: int = 0, **more: object) -> Brief:
    at = datetime.combine(
        datetime(2026, 11, 23).date() + timedelta(days=day), SLOT[form], tzinfo=ZoneInfo(ZONE[language])
    )
    column = column_of(form, language)
    brief = Brief(BRANDS[language], VOICES[language], column, column.channel, at, sources_of(language))
    return replace(brief, **more)  # type: ignore[arg-type]


def drafted(brief: Brief) -> str:
    """The copy with its markers."""
    *pieces, last = Composer().write(Assignment(brief, "", ""))
    assert isinstance(last, Finished) and last.reason == "stop"
    return "".join(piece.text for piece in pieces if isinstance(piece, Delta))


def copy_of(brief: Brief) -> str:
    return MARKER.sub("", drafted(brief))


def note_of(brief: Brief) -> str:
    """What the operator is told and readers are not."""
    *_, last = Composer().write(Assignment(brief, "", ""))
    assert isinstance(last, Finished)
    return last.note


@cache
def fortnight(form: Form, language: Language, days: int = 14) -> tuple[tuple[Brief, str], ...]:
    """Each day's brief with its marked copy; each day the people have read all of the days before."""
    recent: tuple[str, ...] = ()
    written = []
    for day in range(days):
        brief = brief_of(form, language, day, recent=recent)
        text = drafted(brief)
        written.append((brief, text))
        recent = (MARKER.sub("", text), *recent)
    return tuple(written)
