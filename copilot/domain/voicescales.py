"""How each step of each scale sounds: one plain sentence said five ways, and two samples to try a voice on."""

from __future__ import annotations

from collections.abc import Mapping

from copilot.domain.brands import Language, Scales
from copilot.domain.voiceprofile import SCALES

_SOUNDS: Mapping[Language, Mapping[str, tuple[str, str, str, str, str]]] = {
    Language.ZH: {
        "friendly": (
            "尊敬的会员：本店即日起调整营业时间，特此通知，请知悉。",
            "各位会员：即日起本店营业时间有调整，请留意下方说明。",
            "各位好，从今天起营业时间有一点调整，时间写在下面，有空可以看一下。",
            "大家好，从今天起开门时间改了一点，一起看看下面，别跑空呀。",
            "咱们从今天起开门晚一点哦，时间写在下面，可别跑空啦～",
        ),
        "humorous": (
            "新米今天到店，煮饭时水量略减即可。",
            "新米今天到店，水少放一点，煮出来刚好。",
            "新米今天到店。水少放一点，别怪米，它还嫩。",
            "新米到店了。水放多了它就闹脾气，煮成粥也不认错。",
            "新米到店了，脾气比掌柜还大：多一勺水，当场给你变成粥。",
        ),
        "literary": (
            "早上冷，煮一锅粥，十五分钟就好。",
            "早上有点冷，煮一锅热粥，十五分钟就能喝。",
            "天冷的早上，灶上煮着粥，十五分钟，屋里就暖了。",
            "冷天的清早，粥在灶上轻轻响，十五分钟，窗上起了一层雾。",
            "霜落了一夜。灶上的粥小声说话，十五分钟，一窗白雾，把清早慢慢焐热。",
        ),
    },
    Language.EN: {
        "friendly": (
            "Dear customer, please be advised that our opening hours are amended as of today. Kindly inform your household.",
            "Please note that our opening hours have changed as of today. The new hours are stated below.",
            "Our opening hours change today. Please have a look at the new hours below before you visit us.",
            "Hello everyone. Our hours change today, so have a look below before you come. Does the new time suit you?",
            "Hi folks! We've moved our hours a bit, so don't pop in before you've looked below. Fancy a later start?",
        ),
        "humorous": (
            "The new flour is here. It needs slightly less water.",
            "The new flour is here. Use a little less water and it behaves.",
            "The new flour is here. Use less water: it is young and drinks like it.",
            "The new flour is here and has opinions about water. Use less, and do not argue.",
            "The new flour is here. Add one spoon too many and it resigns on the spot and becomes soup.",
        ),
        "literary": (
            "It is cold. Porridge takes fifteen minutes.",
            "It is a cold morning. A pan of porridge takes fifteen minutes.",
            "On a cold morning the porridge takes fifteen minutes, and the kitchen is warm by then.",
            "On a cold morning the porridge mutters for fifteen minutes while the window mists over.",
            "Frost all night. The porridge mutters to itself, fifteen minutes, and the window turns to milk.",
        ),
    },
}

_TRIALS: Mapping[Language, Mapping[str, str]] = {
    Language.ZH: {
        "stiff": "尊敬的会员：特此通知，本店即日起调整营业时间，届时敬请谅解。若有疑问，烦请联系客服！！！",
        "chatty": "哈喽宝子们～咱们今天超级热闹哦，快来一起聊聊呀，手慢就没啦！！！🎉🎉🎉🎉",
    },
    Language.EN: {
        "stiff": "Dear valued customers, please be advised that our opening hours are amended prior to the holiday. "
        "Kindly contact us should you require assistance!!!",
        "chatty": "Hey guys! We've got loads of lovely news, so don't miss out and come and pop in!!! 🎉🎉🎉🎉",
    },
}
"""Texts that every voice but the most extreme has something to mend in."""


def sounds(scales: Scales, language: Language) -> dict[str, str]:
    """By scale, how the step it stands on sounds."""
    return {name: _SOUNDS[language][name][getattr(scales, name) - 1] for name in SCALES}


def trials(language: Language) -> Mapping[str, str]:
    return _TRIALS[language]
