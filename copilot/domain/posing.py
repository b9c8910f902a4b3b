"""What only a customer could say: staff who say it pose as one, and are refused.

Shills (托) are deception for readers and, in most markets, an offence: a line that could be one is not let
through for being meant well. What members do is not known before they do it, so no line may claim it either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache

from copilot.domain.brands import Language
from copilot.domain.findings import Check, Finding, Severity
from copilot.domain.messages import Message


class Pose(StrEnum):
    """As whom, or with what, a line deceives."""

    BUYER = "buyer"
    MEMBER = "member"
    PRAISE = "praise"
    ORDER = "order"
    CROWD = "crowd"


_REASONS = {
    Pose.BUYER: Message("posing.buyer"),
    Pose.MEMBER: Message("posing.member"),
    Pose.PRAISE: Message("posing.praise"),
    Pose.ORDER: Message("posing.order"),
    Pose.CROWD: Message("posing.crowd"),
}
_NOBODY = r"(?!x)x"

# Chinese: whoever speaks, what may stand between them and the verb, and how much of a thing.
_I = r"(?:我们?家?|俺家?|咱们?家?|本人|人家|孩子|娃|老公|老婆|婆婆|我妈|家人|家里人)"
_FILL = (
    r"(?:也|又|都|刚刚?|已经|早就?|就|上次|上回|上个?月|上周|昨[天晚]|今[天早晚]|前[天两]天?|去年|第[一二两三四五]次|先|自己"
    r"|一直|每[天次]|天天|跟着|一口气|直接|赶紧|果断|立马|在群里|在这儿?|从这儿?|真的?|在|还|才|[，, ]){0,4}"
)
_SOME = r"(?:[\d一二两三四五六七八九十百几好]+\s*多?)"
_SEVERAL = r"[\d二两三四五六七八九十百几好][\d一二三四五六七八九十百几]*\s*(?:多|来)?"
_GOODS = r"(?:单|份|组|个|件|套|袋|罐|盒|箱|口|瓶|包|只|台|席|位|名额)"
_CUSTOMER = r"(?:顾客|客人|客户|会员|群友|粉丝|老粉|买家|用户|消费者|回头客|{members})"
_ZH = {
    Pose.BUYER: (
        rf"{_I}{_FILL}(?:买[了过到]|下了?{_SOME}?单|入手|回购|复购|囤了|囤货|抢到|拍下了?|付了?款|收到货|收到了?快递|拆了?快递|中奖|抽中|中过奖)"
        rf"|(?:^|[，。！？!?；;、\s])(?:都|刚|又|已经)?(?:买|囤|入手)了{_SOME}{_GOODS}"
        r"|(?:上次|上回|又|再次?|第[二两三四五]次|无限|果断)(?:来)?(?:回购|复购)|(?:回购|复购)了?[\d两三四五几好]+[次回]"
        r"|(?:上次|上回)买的|(?:老)?回头客(?:来了|报到|一枚)|已(?:下单|拍|入手|付款)(?=$|[，。！!～~\s])"
    ),
    Pose.MEMBER: (
        rf"作为(?:一?[个名位])?(?:老|新|普通|资深)?{_CUSTOMER}"
        rf"|我也?(?:是|算是?)(?:一?[个名位]|你们的?|咱们的?|这里的)?(?:老|新|普通|资深)?{_CUSTOMER}"
        rf"|(?:我们|咱们)(?:这些|这群|当)?(?:老|普通)?{_CUSTOMER}"
    ),
    Pose.PRAISE: (
        rf"{_I}{_FILL}(?:用|吃|喝|穿|戴|试|尝|煮|焖|泡|抹|洗)(?:了|过|着|完|起来|下来|到现在|上)[^。！？!?\n]{{0,16}}"
        r"(?:好用|好吃|好喝|好看|真香|很香|不错|真好|很好|超好|太好|满意|喜欢|推荐|值(?!班|日)|惊艳|绝了|爱上|离不开|没失望|没踩雷|放心|后悔没早)"
        r"|亲测|自用推荐|真心推荐|良心推荐|闭眼入|没踩雷|安利给?(?:大家|你们|各位)|[用吃喝]过都说好|谁用谁知道"
    ),
    Pose.ORDER: (
        rf"(?:给|帮|替)我也?(?:留|登记|来|拿|下|记|加|带)(?:上|{_SOME}?{_GOODS}(?![言话]))"
        rf"|我也?(?:要|来|订)(?:了(?=$|[，。！!～~\s])|{_SOME}{_GOODS}(?![题问])|一单)|老板.{{0,3}}来{_SOME}"
        r"|求(?:链接|上车|同款|带|购买)|同求|蹲一个|算我一个|怎么(?:买|下单|拍|购买)(?:呀|啊|的|呢)?[？?]|多少钱[^。！\n]{0,4}[？?]|(?:还)?有货吗|我先冲|冲了冲了"
    ),
    Pose.CROWD: (
        rf"(?:抢|卖|走|订|定|出|登记|下)(?:了|出去?了?|掉了?|走了?){_SOME}{_GOODS}"
        rf"|(?<!每){_SEVERAL}(?:个|位|名)?(?:人|朋友|群友|{{members}})(?:都|已经?|刚刚?|正|在)*(?:抢|买|下单|登记|拼|报名|参加|投|答|选|打卡|排|中)"
        rf"|(?:只|仅|就)剩|剩(?:下)?最后|最后{_SOME}{_GOODS}|(?:快|要|马上)(?:抢|卖)?(?:光|完|空)了|[快要]没了|手慢|抢[空光疯]|售罄|秒[没空光]|断货|卖[爆疯]|库存告急|赶紧抢|抢到就是|供不应求"
        r"|(?:大家|群里|好多人|很多人|不少人|一堆人|(?:好多|很多|不少|一堆)(?:人|朋友|群友|{members}))(?:都|已经|正|在|刚|也)+(?!来|请|可以|能|得|要|别|不|没)[^。！？!?，,\n]{0,4}(?:抢|买|下单|登记|排队|回购|夸|说好|投|选|打卡|答)"
        r"|排(?:起|着|上)了?长?队|(?:在|都)排队"
    ),
}  # fmt: skip

_ME = (
    r"\b(?:i|we|my (?:wife|husband|mum|mom|dad|partner|kids?|daughter|son|family|sister|brother|flatmate|neighbour|neighbor|friends?))"
    r"(?:['’](?:ve|d))? "
)
_FILLER = (
    r"(?:(?:have|had|just|also|already|recently|actually|really|finally|only|myself|once|even|then|first|personally|always|never"
    r"|did|got to|went and|too),? ){0,4}"
)
_COUNT = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|a dozen|a few|a handful|a couple|several)"
_THEY = r"(?:customer|member|buyer|shopper|client|subscriber|user|{members})s?"
_SORT = r"(?:(?:very|loyal|long[- ]?time|regular|happy|returning|new|fellow|satisfied|paying|ordinary|old) )*"
_EN = {
    Pose.BUYER: (
        rf"{_ME}{_FILLER}(?:bought|ordered|purchased|re-?ordered|pre-?ordered|snapped (?:one|it|them) up|stocked up|treated myself"
        rf"|picked up (?:one|two|mine|a)\b|got (?:mine|one|two|three|my order)\b|received (?:mine|my order)|won (?:one|it|mine|the)\b)"
        r"|\b(?:my|our) (?:last|first|second|third|latest|previous|repeat|next) (?:order|purchase)\b|\bbuy(?:ing)? (?:it|them|one|this|these) again\b"
        r"|\brepeat (?:customer|buyer)\b|\bmy order (?:came|arrived|is)\b|\bmine (?:arrived|came)\b"
    ),
    Pose.MEMBER: (
        rf"\b(?:(?:speaking )?as|being|i(?:['’]m| am))(?: also| just| only)? (?:an?|one of (?:the|your)|your) {_SORT}{_THEY}\b"
        rf"|\bwe(?:['’]re| are)(?: all| just| only)? {_SORT}{_THEY}\b"
        rf"|\bfellow {_THEY}\b|\bus {_THEY}\b"
    ),
    Pose.PRAISE: (
        rf"{_ME}{_FILLER}(?:used?|been using|tried|eaten|tasted|worn|owned|had (?:mine|one|this|it))\b[^.!?\n]{{0,60}}"
        r"\b(?:love|loved|great|amazing|brilliant|fantastic|excellent|perfect|recommend|worth|happy|best|delicious|wonderful|never going back|no complaints)\b"
        r"|\bi (?:absolutely |really |just |totally |simply )?(?:love|adore) (?:mine|my new|it|this one|these|them)\b|\bi swear by\b|\bcan(?:not|['’]t) live without\b"
        r"|\b(?:i(?:['’]d)? )?(?:highly|would|can(?:not|['’]t)?|thoroughly) recommend\b|\bworks a treat for me\b|\bworth every penny\b"
        r"|\b(?:best|nicest|finest) [\w ]{1,30} i(?:['’]ve| have)? (?:ever )?(?:used|bought|had|owned|tried)\b"
    ),
    Pose.ORDER: (
        rf"\bi(?:['’]ll| will) (?:take|have|grab|buy|order|go for) {_COUNT}\b|\bput me down\b|\bcount me in\b|\bsign me up\b|\btake my money\b"
        r"|\b(?:save|keep|reserve|hold) (?:me |one for me|two for me)|\bwhere (?:can|do) i (?:buy|order|get)\b"
        r"|\bhow much (?:is|are|does) (?:it|this|one|they|these)\b|\bis (?:it|this|that) still (?:available|in stock)\b|\bjust ordered\b|\bordered mine\b"
    ),
    Pose.CROWD: (
        rf"\b(?:only|just) {_COUNT} (?:\w+ )?(?:left|remaining|to go)\b|\blast {_COUNT} (?:left|remaining)\b|\b(?:nearly|almost|all but) (?:gone|sold out)\b|\bsold out\b"
        r"|\bselling (?:fast|out|like)\b|\bgoing (?:fast|quickly)\b|\bflying (?:off|out)\b|\bbefore (?:it(?:['’]s| is)|they(?:['’]re| are)) (?:all )?gone\b"
        rf"|\b(?:{_COUNT}|dozens?|loads|lots|plenty|many|most)(?: of)?(?: (?:you|us|people|members|orders?|votes?|entries|answers|{{members}}))?(?: have| has| are| were)?(?: already| been)?"
        r" (?:bought|ordered|sold|gone|voted|signed up|joined|grabbed|queu\w+|claimed|answered|entered|in already)\b"
        r"|\b(?:everyone|everybody)(?:['’]s| is| has)(?: already)? (?:buying|ordering|bought|ordered|talking about|joining|joined|voting|voted|queu\w+)\b"
        r"|\b(?:people|members|customers|{members}) are (?:already )?(?:queu\w+|lining up|buying|ordering|rushing)\b|\bthe queue (?:is|goes|reaches)\b|(?<!no )(?<!need to )\bhurry\b|\bmiss(?:ing)? out\b|\blast chance\b"
    ),
}  # fmt: skip

# Roles that members have, where nothing beside it makes a job of it: 会员运营 and customer care are staff.
_THEIRS = re.compile(
    r"顾客|客户|会员|群友|粉丝|买家|用户|老客|新客|回头客|路人|托$|\b(?:customer|member|buyer|shopper|fan|client|user|regular|neighbou?r)s?\b",
    re.IGNORECASE,
)
_OURS = re.compile(
    r"运营|经理|主管|客服|专员|服务|管家|顾问|助手|助理|管理|负责|\b(?:care|support|services?|manager|host|team|lead|success|relations|assistant|staff|desk|officer)\b",
    re.IGNORECASE,
)


def posing(text: str, language: Language, members: str = "") -> tuple[Finding, ...]:
    """The stretches in which a line speaks as a customer or makes up a crowd, in the order of the text.

    `members` is what the brand calls its members. Each finding blocks.
    """
    return tuple(sorted(_found(text, language, members), key=lambda finding: (finding.start, finding.end)))


def is_members_role(role: str, members: str = "") -> bool:
    """Whether a role is one that members have: then nobody who is shown with it speaks openly as staff."""
    if _OURS.search(role):
        return False
    called = bool(members) and re.search(_called(members), role, re.IGNORECASE) is not None
    return called or _THEIRS.search(role) is not None


def _found(text: str, language: Language, members: str) -> Iterator[Finding]:
    for pose, pattern in _patterns(language, members).items():
        for match in pattern.finditer(text):
            if match[0].strip():
                yield Finding(
                    check=Check.COMPLIANCE,
                    rule=f"posing.{pose}",
                    severity=Severity.BLOCK,
                    start=match.start(),
                    end=match.end(),
                    text=match[0],
                    reason=_REASONS[pose],
                )


@lru_cache(maxsize=64)
def _patterns(language: Language, members: str) -> dict[Pose, re.Pattern[str]]:
    called = _called(members) if members else _NOBODY
    written = _ZH if language is Language.ZH else _EN
    return {
        pose: re.compile(pattern.replace("{members}", called), re.IGNORECASE)
        for pose, pattern in written.items()
    }


def _called(members: str) -> str:
    """What members are called, in the singular too where English has one."""
    name = re.escape(members)
    return f"{name[:-1]}s?" if name.isascii() and name.endswith("s") else name
