"""Forms: which parts a finished post of each form has, how a part is recognised, and what an operator is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum

from copilot.domain.brands import Language
from copilot.domain.columns import Form
from copilot.domain.longforms import Shot, article, shot_heads, shots

TITLE_AT_MOST = 32  # characters, as Official Accounts take them
DIGEST_AT_MOST = 128
SECTIONS = (2, 5)
SHOTS = (3, 6)
POLL_OPTIONS = (2, 4)
QUIZ_OPTIONS = (3, 4)
_OUTCOMES_AT_LEAST = 3

_I = re.IGNORECASE


class Part(StrEnum):
    """Something that a form cannot do without."""

    ACTION = "action"
    QUESTION = "question"
    OPTIONS = "options"
    ANSWER = "answer"
    PRICE = "price"
    UNTIL = "until"
    WELFARE = "welfare"
    RULES = "rules"
    WHAT = "what"
    WHEN = "when"
    WHOM = "whom"
    START = "start"
    RULE = "rule"
    OUTCOMES = "outcomes"
    PRIZE = "prize"
    NUMBER = "number"
    ENTRY = "entry"
    DRAW = "draw"
    WATCHWORD = "watchword"
    SUBJECT = "subject"
    HAND_IN = "hand_in"
    SHOTS = "shots"
    PICTURES = "pictures"
    LINES = "lines"
    SECONDS = "seconds"
    TITLE = "title"
    DIGEST = "digest"
    SECTIONS = "sections"


STRUCTURE: Mapping[Form, tuple[Part, ...]] = {
    Form.TEXT: (),
    Form.CHECK_IN: (Part.ACTION,),
    Form.POINTS: (),
    Form.TOPIC: (Part.QUESTION,),
    Form.SEEDING: (),
    Form.QUIZ: (Part.QUESTION, Part.OPTIONS, Part.ANSWER),
    Form.POLL: (Part.QUESTION, Part.OPTIONS),
    Form.OFFER: (Part.PRICE, Part.UNTIL),
    Form.WELCOME: (Part.WELFARE, Part.RULES),
    Form.ANNOUNCEMENT: (Part.WHAT, Part.WHEN, Part.WHOM, Part.ACTION),
    Form.SOLITAIRE: (Part.START, Part.RULE),
    Form.DICE: (Part.RULE, Part.OUTCOMES),
    Form.LOTTERY: (Part.PRIZE, Part.NUMBER, Part.ENTRY, Part.DRAW),
    Form.RED_ENVELOPE: (Part.WATCHWORD,),
    Form.PHOTO_REWARD: (Part.SUBJECT, Part.HAND_IN),
    Form.VIDEO_SCRIPT: (Part.SHOTS, Part.PICTURES, Part.LINES, Part.SECONDS),
    Form.LIVE_TEASER: (Part.WHEN, Part.WHAT, Part.ENTRY),
    Form.ARTICLE: (Part.TITLE, Part.DIGEST, Part.SECTIONS),
}

_HAN_NUMBER = "[一二三四五六七八九十两]"
# What says a part in words. Generous on purpose: a false alarm costs more than a part that a person misses.
_SAID: Mapping[Part, tuple[str, str]] = {
    Part.ACTION: (
        r"请|回复|私聊|联系|报名|登记|预约|打卡|签到|报到|点名|冒泡|发(?:到|在|一|「|给)|说(?:一|两|说|几|来)|聊|看(?:一|清)|记(?:得|下|住)|留意|照着|不用|无需|提前|转告|来",
        r"\b(?:please|reply|book|bring|send|write|ask|check|tell|say|let us know|read|come|use|look|keep|note|put|add|drop|answer|post|start|join|no need|nothing to do|how is|over to you)\b",
    ),
    Part.QUESTION: (
        r"[?？]|＿＿|____|猜|哪|谁|什么|多少|几|判断|填空|对还是错|说(?:说|一句|来)|聊|选",
        r"[?]|____|\b(?:which|what|who|whose|where|guess|name|true or false|spot|pick|match|find|fill in|choose|vote|tell us|say)\b",
    ),
    # A vote has no right answer: where taste is asked for, none has to be told.
    Part.ANSWER: (
        r"答案|谜底|揭晓|公布|答对|对错|正确|批(?:卷|改)|投票|票|选(?:谁|哪|一|个|好|完)|喜欢|偏爱|心意|习惯|平时|对照|表态|站在",
        r"\b(?:answers?|reveal|right|correct|results?|solution|vote|poll|ballot|choose|would you|do you|habit|taste|stand)\b",
    ),
    Part.PRICE: (
        r"\d\s*(?:元|块|折|积分)|[¥￥]\s*\d|减\s*\d|包邮|免费|不收",
        r"[£$€]\s*\d|\d\s*(?:%|pounds?|dollars?|euros?|points)|at no charge|\bfree\b",
    ),
    Part.UNTIL: (
        r"截止|结束|有效|到期|为止|期限|长期|前(?:有效|下单|可)|止|(?:周|星期)[一二三四五六日天]|\d+\s*[月:：]\s*\d|今[天晚日]|明[天晚]|数量有限|限\s*\d",
        r"\b(?:until|till|ends?|expires?|valid|from|by|on|no end date|while|last day|at most|set aside)\b",
    ),
    Part.WELFARE: (
        r"福利|积分|券|优惠|礼|领|减\s*\d|包邮|免费|好处",
        r"\b(?:points|gift|perks?|benefits?|reward|off|code|account|credit|yours|get|price|at no charge|free|\d+ [A-Z]\w+)\b",
    ),
    Part.RULES: (
        r"群规|规矩|规则|公告|请勿|不发|不要|不可以|不许|禁止|安静|清净|守|约定|先问",
        r"\b(?:rules?|manners|be kind|no (?:advertising|selling|adverts)|pinned|please|never|ask before|house)\b",
    ),
    Part.WHAT: (r"[一-鿿]{4}", r"(?:\w+\W+){4}"),
    Part.WHEN: (
        r"\d\s*[月:：点]|[今明后]天|今[早晚]|明[早晚]|(?:周|星期|礼拜)[一二三四五六日天末]|每[天周日月晚]|天内|小时|分钟|\d\s*天|期间|即日|起(?=[，。；\s]|$)|截止|平日|平时|随时|时间|日[子期]|哪天|早上|上午|中午|下午|晚上|工作日",
        r"\b(?:\d{1,2}(?::\d\d)? ?(?:am|pm)|mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|today|tomorrow|tonight|noon|midnight|january|february|march|april|may|june|july|august|september|october|november|december|until|from|within|daily|every|each|days?|hours?|weeks?|months?|date|time|as usual|any time)\b",
    ),
    Part.WHOM: (
        r"各位|大家|全体|所有|每(?:一)?位|每个|新来|新人|你|您|[一-鿿]友|会员|邻居|顾客|客人|同学|们|@|的人",
        r"\b(?:everyone|everybody|all|anyone|anybody|members?|you|your|those|whoever|visitors|\w+(?:ers|ours|ends|ests|mates|folk))\b",
    ),
    Part.START: (
        r"[「“\"『《][一-鿿]{4}[」”\"』》]|(?:起头|开头|开始|头一个|先来|接)[：:，]?\s*[一-鿿]{4}",
        r"[“\"'‘][A-Za-z]+[”\"'’]",
    ),
    Part.RULE: (
        r"接(?:着|上|下|[一-鿿]?字|「)|末字|最后一个字|首尾|同音|尾字|打头|哪个字|接起|往下接|谐音|掷|骰|点数|规[矩则]",
        r"\b(?:last letter|first letter|begins? with|beginning|starts? with|roll(?:s|ed|ing)?|die|dice|throw|rules?)\b",
    ),
    Part.PRIZE: (
        r"奖|礼|送|红包|券|积分|没有东西可拿|不送东西|不抽东西|图个|彩头|名头|面子|荣誉",
        r"\b(?:prizes?|win|wins|winner|gift|reward|honou?r|nothing to win|no prize|glory|title|for fun)\b",
    ),
    Part.NUMBER: (
        rf"(?:\d+|{_HAN_NUMBER})\s*[名位份个人只套组罐袋张盒支把件本包瓶杯条枚]",
        r"\b(?:\d+|one|two|three|four|five|six|ten|a single|a) (?:\w+ )?(?:names?|prizes?|winners?|people|person|members?|lines?|of you|[a-z]+s?)\b",
    ),
    Part.ENTRY: (
        r"参加|参与|加入|留言|回复|留(?:一|个|下)|接一|说一|写|冒|报|私聊|进(?:来|直播|群|场)|点(?:开|进|这)|直播间|预约|搜|群公告|链接|看得到|放进",
        r"\b(?:enter|reply|say|write|put|take part|join|come in|link|tap|click|watch|channel|thread|here|leave|answer|book|sign up|drop|post|name)\b",
    ),
    Part.DRAW: (
        r"开奖|抽[出取中签到]|抽(?=[，。一])|揭晓|公布|随手|闭(?:着)?眼|念(?:到|出)|摇|转盘|数到|翻到",
        r"\b(?:draw|drawn|draws|picks?|picked|announced?|out of (?:a|the) (?:hat|jar|bowl|bag)|eyes (?:shut|closed)|at random)\b",
    ),
    Part.WATCHWORD: (
        r"口令|暗号|[「“][^」”]{1,16}[」”]|整点|\d\s*[:：点]|今晚|几点|手速",
        r"\b(?:password|magic words?|the words?|type|at \d|tonight|\d ?(?:am|pm))\b|[“\"][^”\"]{1,40}[”\"]",
    ),
    Part.SUBJECT: (r"拍|照片|图|镜头|晒", r"\b(?:photos?|pictures?|snaps?|shots?|photograph|camera)\b"),
    Part.HAND_IN: (
        r"发(?:到|在|来|进|出|上|给)|贴|放(?:到|在|进)|群里|私聊|回复|传|接在|这里|晒",
        r"\b(?:post|send|share|put|drop|reply|thread|here|group|add|upload|show)\b",
    ),
}
_PATTERNS: Mapping[Language, Mapping[Part, re.Pattern[str]]] = {
    language: {part: re.compile(said[at], _I) for part, said in _SAID.items()}
    for at, language in enumerate((Language.ZH, Language.EN))
}

# What only a quiz says of itself: a figure left out, or that one of the options is right. A question with options
# alone may be a list of goods, whose prices must not pass for wrong answers.
_BLANK = re.compile(r"＿{2,}|_{3,}")
_ASKS = re.compile(r"[?？]")
_RIGHT = re.compile(
    r"答案|谜底|答对|猜对|正确(?:的|选项)|\b(?:quiz|(?:the|right|correct) answer|answers? (?:is|follows?|comes?|goes)|guess(?:es|ed)? right)\b",
    _I,
)
# "A. …", and the figures that stand on keys or in circles. Options may share a line.
_OPTION = re.compile(r"(?:^|[\n；;]|\s)\s*(?:([A-Da-d])[.．、:：)）]|([①-⑥])|([1-6])\ufe0f?\u20e3)")
_OUTCOME = {
    Language.ZH: re.compile(r"([一二三四五六]|(?<!\d)[1-6])\s*(?=[点、，：:和到])"),
    Language.EN: re.compile(
        r"(?<![\w.])(one|two|three|four|five|six|[1-6])(?=\s*(?:[:,–-]|or\b|and\b|to\b))", _I
    ),
}
_DICE_LABEL = {
    Language.ZH: re.compile(
        r"(?m)^[一二三四五六1-6点、和到 ]{1,8}[:：，]|[一二三四五六][一二三四五六、和到 ]{0,6}点"
    ),
    Language.EN: re.compile(r"(?m)^(?:(?:an? )?(?:one|two|three|four|five|six|[1-6]|or|and|to|[, ])+):", _I),
}


def missing_parts(form: Form, text: str, language: Language) -> tuple[Part, ...]:
    """The parts that a reader would look for in vain; for an empty text, every one of them."""
    return tuple(part for part in STRUCTURE[form] if not _has(form, part, text, language))


def says(part: Part, text: str, language: Language) -> bool:
    """Whether the text has words for a part that is recognised by its words alone, such as a time."""
    return _PATTERNS[language][part].search(text) is not None


def _has(form: Form, part: Part, text: str, language: Language) -> bool:
    counted = _COUNTED.get(part)
    return counted(form, text, language) if counted is not None else says(part, text, language)


def _options(form: Form, text: str, _: Language) -> bool:
    least, most = QUIZ_OPTIONS if form is Form.QUIZ else POLL_OPTIONS
    marks = {next(filter(None, match.groups())).upper() for match in _OPTION.finditer(text)}
    return least <= len(marks) <= most


def _outcomes(_: Form, text: str, language: Language) -> bool:
    named = {match[1].lower() for match in _OUTCOME[language].finditer(text)}
    return len(named) >= _OUTCOMES_AT_LEAST


def _shots(_: Form, text: str, language: Language) -> bool:
    return SHOTS[0] <= len(shots(text, language)) <= SHOTS[1]


def _every_shot(wanted: Callable[[Shot], object]) -> Callable[[Form, str, Language], bool]:
    def found(_: Form, text: str, language: Language) -> bool:
        script = shots(text, language)
        return bool(script) and all(wanted(shot) for shot in script)

    return found


def _title(_: Form, text: str, __: Language) -> bool:
    return 0 < len(article(text).title) <= TITLE_AT_MOST


def _digest(_: Form, text: str, __: Language) -> bool:
    return 0 < len(article(text).digest) <= DIGEST_AT_MOST


def _sections(_: Form, text: str, __: Language) -> bool:
    return SECTIONS[0] <= len(article(text).headings) <= SECTIONS[1]


_COUNTED: Mapping[Part, Callable[[Form, str, Language], bool]] = {
    Part.OPTIONS: _options,
    Part.OUTCOMES: _outcomes,
    Part.SHOTS: _shots,
    Part.PICTURES: _every_shot(lambda shot: shot.picture),
    Part.LINES: _every_shot(lambda shot: shot.line),
    Part.SECONDS: _every_shot(lambda shot: shot.seconds),
    Part.TITLE: _title,
    Part.DIGEST: _digest,
    Part.SECTIONS: _sections,
}


def quiz_options(form: Form | None, text: str) -> tuple[tuple[int, int], ...]:
    """Where the options of a quiz stand, each up to the next one or the end of its line; of other forms, nowhere.

    Where no form is known, a text that has the shape of a quiz beyond doubt is read as one.
    """
    if form is not Form.QUIZ and not (form is None and _is_shaped_as_quiz(text)):
        return ()
    starts = [match.start(match.lastindex or 0) for match in _OPTION.finditer(text)]
    places = []
    for start, following in zip(starts, [*starts[1:], len(text)], strict=False):
        line = text.find("\n", start, following)
        places.append((start, line if line >= 0 else following))
    return tuple(places)


def _is_shaped_as_quiz(text: str) -> bool:
    """Whether lettered options follow one another after a question that has a right answer."""
    options = list(_OPTION.finditer(text))
    letters = "".join(match[1] or "-" for match in options).upper()
    if not QUIZ_OPTIONS[0] <= len(letters) <= QUIZ_OPTIONS[1] or letters not in "ABCD"[: len(letters)]:
        return False
    asked = text[: options[0].start()]
    return bool(_BLANK.search(asked) or (_ASKS.search(asked) and _RIGHT.search(text)))


def numbering(form: Form | None, text: str, language: Language) -> tuple[tuple[int, int], ...]:
    """The places where figures only count the form itself, such as a shot's seconds: they claim nothing."""
    if form is Form.VIDEO_SCRIPT:
        return shot_heads(text, language)
    if form is Form.DICE:
        return tuple(match.span() for match in _DICE_LABEL[language].finditer(text))
    return ()


_NOTES: Mapping[str, tuple[str, str]] = {
    "answer": ("答案：{answer}。素材原文：{quote}", "Answer: {answer}. The passage says: {quote}"),
    "prize": (
        "素材里没有奖品、名额和开奖时间，所以这条只图一乐，没有写奖品。真要抽奖，请先把这三样写进素材。",
        "The materials hold no prize, number or draw, so this is for fun and names none. For a real draw, put those three into a material first.",
    ),
    "envelope": (
        "素材里没有红包的金额和时间，所以红包里装的是一条小窍门，不装钱。",
        "The materials hold no amount or time for a red envelope, so this one holds a tip and no money.",
    ),
    "reward": (
        "素材里没有晒图的奖励，所以没有写奖励。要写，请先把奖励和期限写进素材。",
        "The materials hold no reward for a photo, so none is named. Put the reward and its dates into a material to have it told.",
    ),
    "live": (
        "素材里没有直播的时间和入口，所以只说了想讲什么。时间定了，请先写进素材，再重新起草。",
        "The materials hold no time and no way in for the live session, so the post only says what it is about. Put them into a material and draft again.",
    ),
    "when": (
        "素材里没有写时间，发之前请看一眼要不要补。",
        "The materials give no time; see whether to add one before it goes out.",
    ),
}


def operator_note(kind: str, language: Language, **told: str) -> str:
    """What an operator has to know of a post and its readers must not or need not, in the brand's language.

    `kind` is "answer" (told `answer` and `quote`), or what the materials lacked: "prize", "envelope", "reward",
    "live", "when".
    """
    return _NOTES[kind][0 if language is Language.ZH else 1].format(**told)
