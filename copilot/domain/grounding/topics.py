"""What a figure measures (dispatch, refund, soaking, list price …), read from the nearest telling word."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOPICS: dict[str, str] = {
    "dispatch": r"发货|发出|寄出|出库|出货|dispatch\w*|ships?\b|shipped|leaves? (?:our|the)|posted",
    "deliver": r"送达|到货|收到货|签收(?!后|起|之|当|日|时)|送到|上门|arriv\w+|deliver\w*|reach\w* you",
    "shipping": r"包邮|免邮|运费|邮费|free (?:\w+ )?(?:shipping|delivery|postage)|postage|shipping fee",
    "refund": r"退款|退钱|refund\w*",
    "return": r"退货|退换|无理由|returns?\b|send (?:it|them) back",
    "exchange": r"换货|换新|replacement|exchange",
    "warranty": r"质保|保修|保固|warrant\w+|guarante\w+",
    "shelf": r"保质期|开封|保存期|赏味|shelf|best before|once open\w*|keeps? for|use within",
    "reply": r"回复|响应|答复|客服|repl(?:y|ies)|respon\w+|get back to",
    "open": r"营业|开门|打烊|open(?:ing)? hours|we(?:'re| are) open|doors",
    "soak": r"浸泡|泡发|浸|soak\w*",
    "brew": r"冲泡|出汤|冷泡|闷泡|steep\w*|brew\w*",
    "rest": r"静置|醒面|焖|rest(?:ing)? for|leave (?:it )?(?:for|to stand)|let (?:it )?(?:stand|sit|rest)",
    "dry": r"晾干|烘干|风干|阴干|dry(?:ing|s)?\b|dried",
    "charge": r"充电|charg(?:e|es|ing)\b",
    "run": r"续航|使用时间|battery life|runs? for|lasts?\b",
    "insulate": r"保温|保冷|keeps? .{0,10}(?:hot|cold|warm)",
    "burn": r"燃烧|burn\w*",
    "cook": r"煮|蒸|烤|炖|加热|微波|simmer\w*|bak(?:e|es|ing)\b|boil\w*|microwave\w*|roast\w*|heat(?:ed|ing)?\b",
    "wash": r"机洗|手洗|水洗|洗涤|machine wash\w*|hand wash\w*|wash at",
    "list": r"原价|日常价|标价|吊牌价|零售价|市场价|划线价|was\b|regular(?:ly)?|list price|rrp|usual(?:ly)?|full price|normal(?:ly)? (?:price|cost)",
    "member": r"会员价|会员专享价|member(?:s'|'s)? price|members pay|for members",
    "now": r"活动价|现价|优惠价|特价|到手价|券后|折后|秒杀价|now\b|offer price|sale price|special price",
    "fee": r"定金|押金|服务费|手续费|deposit",
    "checkin": r"签到|打卡|check[- ]?in",
    "redeem": r"兑换|抵扣|抵现|redeem\w*|swap\w*",
    "invite": r"邀请|推荐好友|refer\w*|invit\w+",
    "review": r"晒单|评价|晒图|reviews?\b|photo",
    "limit": r"限购|limit(?:ed)? to|limit\b",
    "founded": r"创立|成立|始于|创办|founded|established|since\b|began|started in",
    "weight": r"重量|净重|约重|自重|weigh\w*",
    "height": r"身高|高度|高约|tall\b|height",
    "width": r"宽度|宽约|wide\b|width",
    "length": r"长度|长约|long\b|length",
    "store": r"冷藏|冷冻|储存|存放|keep (?:it )?(?:in|below|at)|stor(?:e|ed|age)\b|refrigerat\w*|freez\w*",
    "sheets": r"克重|thread count|支数",
}  # fmt: skip
# Some topics can only be measured in one way: a list price is money, a reply takes time.
_MONEY = frozenset({"list", "member", "now", "fee"})
_TIME = frozenset({"reply", "soak", "brew", "rest", "dry", "charge", "run", "insulate", "burn"})
_EXTENT = frozenset({"weight", "height", "width", "length", "sheets"})
POLICY = frozenset(
    {
        "dispatch",
        "deliver",
        "shipping",
        "refund",
        "return",
        "exchange",
        "reply",
        "open",
        "checkin",
        "invite",
        "review",
    }
)

# Pairs that people use for one another; between all others the difference matters.
_SAME = (
    {"deliver", "shipping"},
    {"return", "exchange"},
    {"list", "fee"} - {"fee"},
    {"shelf", "store"},
    {"brew", "soak"},
)

_ALL = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _TOPICS.items()), re.IGNORECASE)


@dataclass(frozen=True)
class Topic:
    start: int
    end: int
    name: str


def topics(text: str) -> list[Topic]:
    return [Topic(m.start(), m.end(), m.lastgroup or "") for m in _ALL.finditer(text)]


def measures(topic: str, *, money: bool, time: bool, extent: bool) -> bool:
    """Whether a figure of this sort can be a figure of the topic."""
    if topic in _MONEY:
        return money
    if topic in _TIME:
        return time or extent
    return topic not in _EXTENT or extent


def at_odds(one: str, other: str) -> bool:
    """Whether two topics are surely not the same: 48 hours to dispatch are not 48 hours to refund."""
    if not one or not other or one == other:
        return False
    return not any(one in pair and other in pair for pair in _SAME)
