"""What a sentence promises, names or only says: families of promises, materials and places, talk that claims nothing."""

from __future__ import annotations

import re
from functools import lru_cache

from copilot.domain.grounding.polarity import is_refused
from copilot.domain.quantities.lists import listed

# Each family holds the ways one promise or property is said; copy is supported when its family is in the source.
_PROMISES: tuple[tuple[str, str], ...] = (
    ("free_shipping", r"包邮|免邮|免运费|(?:shipping|delivery|postage)[^.]{0,12}(?:on us|free|included|at no charge|costs? (?:you )?nothing)|(?<![a-z])(?:post|ship|deliver)\w*(?: [\w'’]+){0,3}? (?:at no (?:extra )?(?:charge|cost)|for nothing|without charge)|(?:we(?:['’]ll| will)? )?(?:pays?|covers?) (?:for )?(?:the |your |all |return )*(?:shipping|postage|delivery)|free (?:on|over|above) (?:all )?(?:orders?|[£$€])|free (?:[\w-]+ ){0,4}?(?:shipping|delivery|postage)|ships? free|deliver\w* free"),
    ("guarantee", r"保证|承诺|担保|质保|保修|guarant\w+|warrant\w+|(?<!, )(?<!I )promises?\b(?! 🫶|[.!]|$)"),
    ("no_reason", r"无理由|no[- ]questions[- ]asked|no[- ]quibble|any reason"),
    ("refund", r"退款|退钱|全额退|包退|refund\w*|money[- ]back"),
    ("return", r"退货|退换|包换|free returns?|returnable"),
    ("pay", r"假一[赔罚][一二两三四五六七八九十百0-9]|买贵[^，。]{0,4}(?:退|赔|补)|差价(?:全|全额|双倍|三倍)?(?:补|退|返|赔)|保价|price[- ]match|match (?:the|any|their|that) price|包赔|全包|包邮费|包(?:来回|往返)?运费|运费险|赔付|赔偿|承担|报销|补贴|倒贴|的(?:钱|费用?|邮费)(?:都|也|全|由)?(?:我们|本店|咱们?)(?:都|全|来)?(?:出|掏|付|报|包)|(?:we|and|also)(?:'ll| will)? (?:\w+ )?cover (?:your|the|all) |we(?:'ll| will)? (?:\w+ )?pay (?:for |your |the |all )|paid by us|prepaid|at our (?:expense|cost)|we cover|reimburse"),
    ("exchange", r"换新|补发|赔(?:付)?(?:您|你)?(?:一|个|件|台|套|只|份|全)*新的?|replace(?:ment|d)?\b"),
    ("gift", r"on the house|免费(?!咨询)|赠送|加赠|赠品|赠(?=[^，。；]{0,8}[一两三0-9][个套条只支盒份瓶张本袋把块枚双杯次])|送(?=[^，。；给到达货]{0,8}[一两三0-9][个套条只支盒份瓶张本袋把块枚双杯次])|送(?=试用|小样|礼(?!总|的|物?给|谁|人|怎|选|清|，|。|？)|一|券|正装)|(?<![-A-Za-z])free (?:gift|sample|refill|mini|tote|trial|\w+ with)|complimentary|gift with|(?:is|are|comes?|get (?:it|one|yours)) (?:yours )?(?:for )?free\b(?! (?:on|over|above|for orders|from|of))|for free\b|(?:send|get|add|give|bring)[^.!?]{0,30} free\b|free for (?:all )?(?:members|subscribers|everyone|children|kids|guests)|free (?!(?:of|from|shipping|delivery|postage|returns?|time|to|with|up|if|when|until|this|every|all|afternoon|morning|evening|weekend|days?|hours?|hands?|range|speech|will|and|or|as|for|in|on|within|after|before|during|at|by|unless|where|but|so|than)\b)[a-z]+"),
    ("no_charge", r"at no (?:extra )?(?:charge|cost)|without charge"),
    ("no_expiry", r"(?:永[远不]|长期|一直)(?:不会?过期|有效|不清零)|永久有效|不会?过期|不清零|(?:never|do(?:es)?n['’]t|do(?:es)? not|will not|won['’]t) (?:ever )?(?:expire|run out|lapse)s?|no expiry"),
    ("lifetime", r"终身|永久|一辈子(?:免费|包|保|换|修)|lifetime|forever|for life|(?:as|so) long as you (?:own|have|keep|live)|locked in|锁价|不涨价"),
    ("genuine", r"正品|原装|官方授权|authentic|genuine"),
    ("certified", r"认证|检测报告|检验合格|专利|获奖|获得.{0,8}奖|certif\w+|award[- ]winning|patent\w*|accredited|tested|approved by|SGS|通过[^，。；]{0,10}检[测验]|质检|voted (?:the )?(?:best|number)|named [^.]{0,40} of the year|as seen (?:in|on)"),
    ("without", r"不含|无添加|零添加|不添加|无酒精|无香精|无糖|0糖|free of|free from|(?<![a-z])[a-z]{2,15}-free|contains? no|without (?:any )?(?:added|synthetic|artificial)"),
    ("organic", r"有机|纯天然|全天然|organic|all[- ]natural|100% natural"),
    ("handmade", r"手工|纯手作|古法|hand[- ]?(?:made|poured|blended|finished|stitched|thrown|crafted|cut|picked)|(?:made|poured|blended|finished|stitched|thrown|crafted|cut|picked|painted|rolled) by hand"),
    ("vegan", r"素食|纯素|vegan|cruelty[- ]free|not tested on"),
    ("degrade", r"可降解|可回收|环保材|biodegrad\w*|compostable|recycl\w+|plastic[- ]free|carbon[- ]neutral|sustainab\w+"),
    ("origin", r"产自|产地|原产|来自(?!于?(?:你|您|大家|心|回收))|源自|采自|进口|直采|选自|made in|grown (?:in|on|at)|sourced from|comes? from|imported|woven in|brewed in|picked in|harvested"),
    ("made_of", r"采用|选用|材质|由.{1,16}制成|制成|成分|配方|含有|内含|(?<!包)含(?!量|义|蓄|笑|糊|泪|当|税|运|周|节)|内胆|面料|原料|made (?:of|from|with)|contains?\b|ingredients?|formula|infused with|blend(?:ed)? (?:of|with)|filled with|lined with"),
    ("process", r"工艺|发酵|烘焙|萃取|冷压|蒸馏|窖藏|陈年|陈化|杀青|萎凋|低温|cold[- ]press\w*|distill\w*|ferment\w*|slow[- ]dried|small[- ]batch|roasted|kiln|aged(?:: ?[0-9]| (?:in|for|[0-9]))"),
    ("safe", r"食品级|母婴|孕妇|儿童可用|宝宝.{0,4}(?:可用|能用)|安全无|food[- ]grade|safe for|suitable for|child[- ]safe|pet[- ]safe|hypoallergenic|dermatolog\w+"),
    ("effect", r"去污|除菌|抑菌|杀菌|去渍|去味|除味|防水|防滑|防漏|保温|保冷|保湿|美白|抗皱|舒缓|修护|去屑|助眠|降(?:脂|压|糖)|kills?\b|removes?\b|prevents?\b|repels?\b|waterproof|leak[- ]?proof|stain[- ]resist\w*|dishwasher[- ]safe|keeps .{0,12}(?:hot|cold|fresh)|hydrates?\b|soothes?\b|\bcures?\b(?! (?:for|in)\b)|\btreats\b"),
    ("best", r"第一(?![次步个天时批届期节课堂杯口支款双台把本部套条块片颗位名句份锅碗副间家张盒只件瓶包袋遍轮桌单顿])|唯一|首创|销量|热销榜|榜首|更(?:耐用|便宜|安全)|比.{1,10}更|best[- ]sell\w*|number one|award|better than|more than any|the only|leading"),
    ("next_day", r"[次隔]日(?:就)?[达到]|(?:明天|次日|隔天|第二天)(?:就|便|能|可以|即可)*(?:送?到(?!店|群|了|期|货架|不|[^，。]{0,8}(?:不敢|做不到|不行|不能|没法))|收到|到货|送达)|next[- ]day delivery|(?:arrive|delivered|land|there|with you|in your hands|on your (?:table|doorstep))s? (?:by |the )?(?:tomorrow|next (?:morning|day)|overnight)|overnight (?:delivery|shipping|post)"),
    ("same_day", r"[当同][日天]就?(?:发|寄|送)|same[- ]day"),
    ("always_on", r"24/7|(?:全天候?|随时|昼夜|周末也)(?:都|有人)?在线|昼夜不停|round[- ]the[- ]clock|day and night|day or night|(?:at|on) weekends?,? too"),
    ("abroad", r"(?:发往|寄往|寄到|送到|配送)[^，。；]{0,4}(?:海外|国外|全球|世界)|全球(?:包邮|配送|发货)|(?:post|ship|deliver|send)(?:s|ed|ing)? (?:[\w]+ )?(?:worldwide|abroad|overseas|internationally|anywhere)|(?:post|ship|deliver)s? to (?=[A-Z](?!K))|to any address in the world"),
    ("donation", r"捐(?:赠|出|给)|plant(?:s|ed)? (?:a|one) tree|donat\w+"),
    ("pickup", r"上门|courier|collect(?:ed|s)? (?:it|them)? ?from your"),
    ("stock", r"现货|in stock|sold out|while stocks last|back in stock|预售|pre[- ]?order|限量|limited edition"),
    ("stacking", r"到付|可叠加|不可叠加"),
    ("history", r"创立|成立|传承|非遗|老字号|创始人|founded|established|family[- ]run|founder|generations?"),
)  # fmt: skip
_FACT = re.compile("|".join(f"(?P<{name}>{spelled})" for name, spelled in _PROMISES), re.IGNORECASE)

# Things named in a fact that must be the source's own: a material or a place is never a matter of wording.
_SUBSTANCES = listed(
    "不锈钢 玻璃 陶瓷 紫砂 塑料 硅胶 竹 实木 橡木 胡桃木 纯棉 棉 亚麻 苎麻 羊毛 羊绒 真丝 桑蚕丝 ",
    "涤纶 皮 牛皮 铝 铜 铁 钛 纸 茶籽 皂角 椰子油 橄榄油 薰衣草 玫瑰 茉莉 桂花 松针 柑橘 柠檬 ",
    "薄荷 乳木果 荷荷巴 燕麦 芦荟 蜂蜡 大豆蜡 glass steel ceramic stoneware porcelain plastic ",
    "silicone bamboo oak walnut pine beech cotton linen wool cashmere silk polyester leather ",
    "aluminium aluminum copper iron titanium paper cork hemp jute soy beeswax coconut olive ",
    "lavender rose jasmine citrus lemon mint rosemary cedar eucalyptus oat aloe shea almond ",
    "honey clay charcoal",
)
_HAN_SUBSTANCE = re.compile(
    "|".join(sorted((s for s in _SUBSTANCES if not s.isascii()), key=len, reverse=True))
)
_EN_SUBSTANCE = re.compile(
    r"(?<![A-Za-z])(?:" + "|".join(s for s in _SUBSTANCES if s.isascii()) + r")(?:en|s)?(?![A-Za-z])", re.I
)
_EN_PLACE = re.compile(r"(?:\b(?:in|from|of|near|at)[ ])(?P<p>(?:the[ ])?[A-Z][a-z]{2,}(?:[ ][A-Z][a-z]+)*)")
_HAN_PLACE = re.compile(
    r"(?:产自|产地|来自|源自|采自|原产|进口自|选自|产于)[：: ]?(?P<p>[一-鿿]{2,6}?)(?=的|高山|山|茶|，|。|！|、|$)"
)

_QUESTION = re.compile(r"[?？]\s*[\W_]*$|(?:吗|呢|嘛|么)[~！!。]?\s*[\W_]*$")
_GREETING = re.compile(
    r"早安|晚安|午安|早上好|中午好|下午好|晚上好|大家好|你好|您好|欢迎|感谢|谢谢|祝|辛苦了|新年快乐|周末愉快|"
    r"\b(?:hello|hi|hey|morning all|good (?:morning|evening|afternoon|night)|welcome|thank(?:s| you)|happy|cheers|dear)\b",
    re.I,
)
_CALL = re.compile(
    r"^[\W_]*(?:快来|来|一起|欢迎|请|戳|点击|点开|扫码|回复|留言|评论|告诉|说说|聊聊|分享|晒|接龙|打卡|试试|记得|别忘|不妨|猜|选|投票|私信|找|去|领|抢|把|给自己|让|看看|等你|等你来)|"
    r"(?:评论区|留言|回复|告诉我们|等你|接龙|扫码|戳|聊聊|说说看|一起(?:来|聊|打卡|试)|吧[！!~。]?\s*[\W_]*$)|"
    r"^[\W_]*(?:reply|tell|share|try|pop|drop|join|come|take|let(?:'|’)s|vote|guess|pick|choose|show|see|have|tap|click|post|send|ask|give|put|remember|don(?:'|’)t forget|look|light|make|grab|start|save the|just (?:say|reply))\b",
    re.I,
)
BINDING = frozenset(
    listed(
        "free_shipping guarantee no_reason refund return pay exchange gift no_charge lifetime no_expiry next_day abroad"
    )
)
"""The promises by which a brand owes its buyers something."""
TALKED_OF = frozenset(listed("origin best process history same_day pickup stock stacking"))
"""What a greeting or a call may speak of in passing: it claims none of it."""
_REFUSABLE = frozenset({"refund", "return", "exchange", "pay", "free_shipping", "gift", "no_reason"})
# What the community is asked to do, or told of its own game.
_ASKED_OF_MEMBERS = re.compile(
    r"私聊|群里(?:说|聊|晒|讲)[一两]?[句声下]|[发回打]「|揭晓|答案|对错|帮.{0,8}找|(?<![A-Za-z])(?:answer|guess|thread)",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def facts_said(sentence: str) -> frozenset[str]:
    """The families of promises and properties that a sentence speaks of; one that it refuses to give has a leading ¬."""
    return frozenset(
        f"¬{name}" if name in _REFUSABLE and is_refused(sentence, match.start()) else name
        for match in _FACT.finditer(sentence)
        if (name := match.lastgroup or "")
    )


def without_promises(sentence: str) -> str:
    """A sentence with blanks where it promises: what remains says of what, and to whom."""
    return _FACT.sub(lambda fact: " " * len(fact.group()), sentence)


def unsaid(said: frozenset[str], theirs: frozenset[str]) -> frozenset[str]:
    """Those that the others do not speak of. Who refuses what others grant only sets them a bound."""
    if "gift" in theirs or "no_charge" in theirs:
        theirs |= {"gift", "no_charge"}  # Mended for free, and at no charge.
    return frozenset(name for name in said if name not in theirs and name.removeprefix("¬") not in theirs)


def things_said(sentence: str) -> set[str]:
    """The materials and places a sentence names; read only where a fact is asserted."""
    found = {m.group().lower() for m in _HAN_SUBSTANCE.finditer(sentence)}
    found |= {m.group().lower().removesuffix("s") for m in _EN_SUBSTANCE.finditer(sentence)}
    found |= {m["p"].lower() for m in _EN_PLACE.finditer(sentence)}
    found |= {m["p"] for m in _HAN_PLACE.finditer(sentence)}
    return found


def is_question(sentence: str) -> bool:
    return bool(_QUESTION.search(sentence))


def is_talk(sentence: str) -> bool:
    """Whether it greets, thanks, asks or calls for something: it asserts nothing of its own."""
    return bool(_GREETING.search(sentence) or _CALL.search(sentence) or _QUESTION.search(sentence))


def is_greeting(sentence: str) -> bool:
    """Whether it greets or thanks somebody, whatever else it says of the weather at the stove."""
    return bool(_GREETING.search(sentence))


def is_asked_of_members(sentence: str) -> bool:
    """Whether it asks the community for something, or speaks of its own game: an answer, a guess."""
    return bool(_ASKED_OF_MEMBERS.search(sentence))
