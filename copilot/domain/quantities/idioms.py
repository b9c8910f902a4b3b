"""What looks like a figure and is none: idioms, ordinals, list numbering, addresses, festival names."""

from __future__ import annotations

import re

from copilot.domain.quantities.figures import Sheet
from copilot.domain.quantities.lists import listed
from copilot.domain.quantities.numerals import HAN

_HAN_IDIOMS = listed(
    "万一 统一 唯一 专一 单一 之一 一起 一下 一个人 两个人 一样 一定 一直 一般 一些 一切 一点点 一点儿 ",
    "一会儿 一会 一边 一旦 一家人 一心 一路 一键 一如 一同 一并 一方面 一日三餐 三餐 四季 ",
    "五颜六色 七夕 千万别 千万不 千万要 百分百放心 三明治 百合 百香 百搭 百货 千层 万能 ",
    "万物 万家 千家 独一无二 说一不二 一举两得 三三两两 七七八八 乱七八糟 成千上万 成百上千 千百 ",
    "千千万万 万万 两全其美 两口子 两岸 五谷 四方 八方 四周 十足 十字 九阳 双十一 双十二 ",
    "六一 十一黄金周 三伏 三九天 一杯又一杯 一口 一抹 一缕 一丝 一股 一阵 一番 一场 一声 一刻也 ",
    "一瞬 一手 一身 一脸 一整天 一天天 一天之计 一年之计 一年四季 一年一度 一年到头 一周年 ",
    "每一天 每一个 每一位 每一次 每一杯 每一口 那一刻 这一刻 这一天 那一天 新的一天 一天的 ",
    "一半是 一一 一再 一向 一律 一流 一致 一味 二手 二维码 二次元 三思 四射 四溢 五官 五星 六神 ",
    "七上八下 八卦 九宫格 十全十美 百年 千年 百变 百闻 百思 百般 百姓 千变万化 千篇一律 千里 ",
    "千金 万千 万分 万里 万年 第一时间 一次性 一体 一对一 一站式 一把好手 一家之言 一面 一头 ",
    "一众 一系列 一部分 一步步 一点都 一点也 有一点 快一点 多一点 少一点 早一点 晚一点 慢一点 ",
    "一道 一块儿 一块去 一块来 一块聊 二来 一来 三两好友 三五好友 三五知己 一层薄 一层淡 初一 ",
    "十五的月 一世 一生 一见 一如既往 一言 一语 一网 一夜 不一 进一步 另一 同一 某一 任一 逐一 ",
    "一应 一成不变",
)
_EN_IDIOMS = (
    r"one of|one[- ]offs?|one another|at one|no one|this one|that one|each one|every one|which one|the one|one more|"
    r"one day(?! (?:delivery|dispatch|shipping))|one thing|one place|one by one|one on one|one[- ]to[- ]one|"
    r"one[- ]of[- ]a[- ]kind|as one|one way or another|one and only|one another|someone|one's|two of us|you two|"
    r"the two of|put two and two|in two minds|second to none|nine to five|twenty[- ]first century|"
    r"a million thanks|thanks a million|one too many|a hundred percent sure|first thing|one[- ]stop|one[- ]size|one at a time"
)
_NOT_CLAIMS = r"(?:个|件)?(?:小)?(?:事(?!项)|问题|贴士|理由|原因|选项|建议|方法|技巧|关键|要点|话题|答案|字[^面]|表情|办法|小动作|步骤|步|句话|题)"

MASKS: tuple[re.Pattern[str], ...] = (
    re.compile(
        r"(?:https?://|www\.)[^\s，。；！？、）)]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.[\w.]{1,64}",
        re.IGNORECASE,
    ),
    re.compile(r"[0-9#*]️?⃣|[①-⓿❶-➓㈠-㈩㊀-㊉🄀-🄋]"),
    # List numbering at a line's start; a decimal such as 3.5折 is left alone.
    re.compile(
        r"(?m)^[ \t>*#•·-]*(?:[（(\[][0-9]{1,2}[)）\]]|[0-9]{1,2}(?:[)）、]|\.(?![0-9]))"
        r"|[（(][一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}、)"
    ),
    re.compile(rf"第[ ]?(?:[0-9]+|{HAN}{{1,12}})[ ]?[^\s，。！？、]"),
    re.compile(
        r"(?<![A-Za-z])(?:steps?|days?|part|no\.|nos\.|chapter|question|tip|round|lesson|option|page|episode|ep\."
        r"|vol\.|version|top|phase|stage|rule|week)[ ]?#?[0-9]{1,4}(?![0-9A-Za-z%]|[.:/-][0-9])|#[0-9]{1,3}(?![0-9])",
        re.IGNORECASE,
    ),
    re.compile(r"(?<![0-9A-Za-z.])(?:11\.11|12\.12|6\.18|9\.9大促)(?![0-9])|双[ ]?1[12]|618|(?<![0-9])24/7"),
    # What members are asked to type: 扣1, 回复 1, 打个 6.
    re.compile(
        r"(?:扣|回复|回|打|发)[ ]?(?:个|一个|一波|数字)?[ ]?[【「“]?[0-9]{1,3}(?![0-9.元折%个份盒张次天])"
    ),
    re.compile("|".join(map(re.escape, sorted(_HAN_IDIOMS, key=len, reverse=True)))),
    re.compile(rf"(?<![A-Za-z])(?:{_EN_IDIOMS})(?![A-Za-z])", re.IGNORECASE),
    re.compile(r"(?<![块元点百千万零])五一(?![斤两])"),
    re.compile(rf"(?:几|好几|数|若干){HAN}{{1,2}}|上[百千万]{{1,2}}|{HAN}?[十百千万]几"),
    # 十分 is very much, but in 二十分钟.
    re.compile(rf"(?<!{HAN})十分(?![钟之])"),
    re.compile(rf"(?:[0-9]{{1,2}}|{HAN}{{1,2}})[ ]?{_NOT_CLAIMS}"),
    # Weekdays are read by `daywords`, not as numerals.
    re.compile(r"(?:周|星期|礼拜)[一二三四五六日天末]"),
    # 好一点 is a little better; a week in is how long it has been going on.
    re.compile(r"(?<=[好大小暖软轻甜淡浓细粗高低远近深浅热冷厚薄长短重])一点(?!钟|半|整|开|前|后|到)"),
    re.compile(
        r"(?<![A-Za-z])(?:one|two|three|(?<![0-9])[0-9]{1,4})[ ](?:days?|weeks?|months?)[ ]in(?=[,.!])",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<![A-Za-z])zero (?!per|sugar|calorie|alcohol|waste|interest|degrees)[a-z]+", re.IGNORECASE
    ),
    # 三分钟热度, 大半年, 一分不收; and the 83 bus is a bus.
    re.compile(r"三分钟热度|[大小好]半[天年日]|一分(?:钱)?(?:都|也)?不"),
    re.compile(
        r"(?<![A-Za-z])(?:the|number|no\.)[ ][0-9]{1,3}[ ](?:bus|tram|train)(?![A-Za-z])", re.IGNORECASE
    ),
    # 这两天 is soon, or lately.
    re.compile(r"[这那近后][一二两三几][天日周年]|(?<!提)前[一二两三几][天日周年]|头[一两]天"),
)
ENGLISH_ORDINAL = re.compile(r"(?<![A-Za-z0-9])[0-9]{1,3}(?:st|nd|rd|th)(?![A-Za-z])", re.IGNORECASE)

# Nouns that number the copy itself (two tips, three ways): its own arrangement, not a fact.
LOOSE_NOUNS = frozenset(
    listed(
        "thing things way ways reason reasons step steps tip tips option options word words question ",
        "questions answer answers choice choices cheer cheers idea ideas more other others ",
        "else people friend friends of",
    )
)


def mask_idioms(sheet: Sheet) -> None:
    for pattern in MASKS:
        sheet.mask_all(pattern)
