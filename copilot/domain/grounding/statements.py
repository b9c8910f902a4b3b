"""Sentences without figures: courtesy and feeling, or a fact that a source has to support."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from copilot.domain.grounding.clauses import clauses
from copilot.domain.grounding.places import Reading, figure_key
from copilot.domain.grounding.polarity import is_refused
from copilot.domain.grounding.sorts import opposed, sorts
from copilot.domain.grounding.subjects import Catalogue
from copilot.domain.grounding.words import words
from copilot.domain.quantities.lists import listed

# Each family holds the ways one promise or property is said; copy is supported when its family is in the source.
_PROMISES: tuple[tuple[str, str], ...] = (
    ("free_shipping", r"包邮|免邮|免运费|(?:shipping|delivery|postage)[^.]{0,12}(?:on us|free|included)|pays? (?:for )?(?:the |your |all |return )*(?:shipping|postage|delivery)|free (?:on|over|above) (?:all )?(?:orders?|[£$€])|free (?:[\w-]+ ){0,4}?(?:shipping|delivery|postage)|ships? free|deliver\w* free"),
    ("guarantee", r"保证|承诺|担保|质保|保修|guarant\w+|warrant\w+|(?<!, )(?<!I )promises?\b(?! 🫶|[.!]|$)"),
    ("no_reason", r"无理由|no[- ]questions[- ]asked|no[- ]quibble|any reason"),
    ("refund", r"退款|退钱|全额退|包退|refund\w*|money[- ]back"),
    ("return", r"退货|退换|包换|free returns?|returnable"),
    ("pay", r"买贵退|差价(?:补|退)|保价|price[- ]match|match (?:the|any|their|that) price|包赔|全包|包邮费|包(?:来回|往返)?运费|运费险|赔付|赔偿|承担|报销|补贴|倒贴|的(?:钱|费用?|邮费)(?:都|也|全|由)?(?:我们|本店|咱们?)(?:都|全|来)?(?:出|掏|付|报|包)|(?:we|and|also)(?:'ll| will)? (?:\w+ )?cover (?:your|the|all) |we(?:'ll| will)? (?:\w+ )?pay (?:for |your |the |all )|paid by us|prepaid|at our (?:expense|cost)|we cover|reimburse"),
    ("exchange", r"换新|补发|赔(?:付)?(?:您|你)?(?:一|个|件|台|套|只|份|全)*新的?|replace(?:ment|d)?\b"),
    ("gift", r"on the house|免费(?!咨询)|赠送|加赠|赠品|赠(?=[^，。；]{0,8}[一两三0-9][个套条只支盒份瓶张本袋把块枚双杯次])|送(?=[^，。；给到达货]{0,8}[一两三0-9][个套条只支盒份瓶张本袋把块枚双杯次])|送(?=试用|小样|礼(?!总|的|物?给|谁|人|怎|选|清|，|。|？)|一|券|正装)|(?<![-A-Za-z])free (?:gift|sample|refill|mini|tote|trial|\w+ with)|complimentary|gift with|(?:is|are|comes?|get (?:it|one|yours)) (?:yours )?(?:for )?free\b(?! (?:on|over|above|for orders))|for free\b|(?:send|get|add|give|bring)[^.!?]{0,30} free\b|free for (?:all )?(?:members|subscribers|everyone|children|kids|guests)|free (?!(?:of|from|shipping|delivery|postage|returns?|time|to|with|up|if|when|until|this|every|all|afternoon|morning|evening|weekend|days?|hours?|hands?|range|speech|will|and|or|as|for|in|on|within|after|before|during|at|by|unless|where|but|so|than)\b)[a-z]+"),
    ("lifetime", r"终身|永久|lifetime|forever|for life|locked in|锁价|不涨价"),
    ("genuine", r"正品|原装|官方授权|authentic|genuine"),
    ("certified", r"认证|检测报告|检验合格|专利|获奖|获得.{0,8}奖|certif\w+|award[- ]winning|patent\w*|accredited|tested|approved by"),
    ("without", r"不含|无添加|零添加|不添加|无酒精|无香精|无糖|0糖|free of|free from|(?<![a-z])[a-z]{2,15}-free|contains? no|without (?:any )?(?:added|synthetic|artificial)"),
    ("organic", r"有机|纯天然|全天然|organic|all[- ]natural|100% natural"),
    ("handmade", r"手工|纯手作|古法|hand[- ]?(?:made|poured|blended|finished|stitched|thrown|crafted|cut|picked)|(?:made|poured|blended|finished|stitched|thrown|crafted|cut|picked|painted|rolled) by hand"),
    ("vegan", r"素食|纯素|vegan|cruelty[- ]free|not tested on"),
    ("degrade", r"可降解|可回收|环保材|biodegrad\w*|compostable|recycl\w+|plastic[- ]free|carbon[- ]neutral|sustainab\w+"),
    ("origin", r"产自|产地|原产|来自(?!于?(?:你|您|大家|心|回收))|源自|采自|进口|直采|选自|made in|grown (?:in|on|at)|sourced from|comes? from|imported|woven in|brewed in|picked in|harvested"),
    ("made_of", r"采用|选用|材质|由.{1,16}制成|制成|成分|配方|含有|内含|(?<!包)含(?!量|义|蓄|笑|糊|泪|当|税|运|周|节)|内胆|面料|原料|made (?:of|from|with)|contains?\b|ingredients?|formula|infused with|blend(?:ed)? (?:of|with)|filled with|lined with"),
    ("process", r"工艺|发酵|烘焙|萃取|冷压|蒸馏|窖藏|陈年|陈化|杀青|萎凋|低温|cold[- ]press\w*|distill\w*|ferment\w*|slow[- ]dried|small[- ]batch|roasted|kiln|aged(?:: ?[0-9]| (?:in|for|[0-9]))"),
    ("safe", r"食品级|母婴|孕妇|儿童可用|宝宝.{0,4}(?:可用|能用)|安全无|food[- ]grade|safe for|suitable for|child[- ]safe|pet[- ]safe|hypoallergenic|dermatolog\w+"),
    ("effect", r"去污|除菌|抑菌|杀菌|去渍|去味|除味|防水|防滑|防漏|保温|保冷|保湿|美白|抗皱|舒缓|修护|去屑|助眠|降(?:脂|压|糖)|kills?\b|removes?\b|prevents?\b|repels?\b|waterproof|leak[- ]?proof|stain[- ]resist\w*|dishwasher[- ]safe|keeps .{0,12}(?:hot|cold|fresh)|hydrates?\b|soothes?\b|\bcures?\b|\btreats\b"),
    ("best", r"第一(?![次步个天时批届期节课堂杯口支款双台把本部套条块片颗位名句份锅碗副间家张盒只件瓶包袋遍轮桌单顿])|唯一|首创|销量|热销榜|榜首|更(?:耐用|便宜|安全)|比.{1,10}更|best[- ]sell\w*|number one|award|better than|more than any|the only|leading"),
    ("policy", r"次日达|当日发|当天发|现货|预售|限量|上门|courier|collect(?:ed|s)? (?:it|them)? ?from your|到付|可叠加|不可叠加|same[- ]day|next[- ]day|in stock|sold out|limited edition|pre[- ]?order|while stocks last|back in stock"),
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
_ASSERTS = re.compile(r"(?:是|为|属于|具有|拥有|能够|可以|支持|适合|适用)", re.I)


# What is given away: 送一套书签, a lock comes free, a free helmet.
_GIVEN = re.compile(
    r"(?P<p>[一-鿿]{2,5}?)的(?:钱|费用?)(?:都|也|全|由)?(?:我们|本店|咱们?)(?:都|全|来)?(?:出|掏|付|报|包)"
    r"|(?<![赠运配护派相发])(?:再|就|还)?(?:送|赠送?)(?:你|您|大家)?(?:一|1)[个套条只支盒份瓶张本袋把块枚双][的]?(?P<z>[一-鿿]{2,6})"
    r"|(?<![A-Za-z-])an? (?P<a>(?:[a-z]+ ){0,3}?[a-z]+) (?:comes?|is) (?:along )?(?:for )?free(?![a-z-])"
    r"|(?<![A-Za-z-])free (?P<b>lock|helmet|mug|tote|bag|sample|spoon|scarf|candle|notebook|bottle|jar|box|towel|brush|refill|gift)(?![a-z])",
    re.IGNORECASE,
)
# The repair is on the house.
_FREED = re.compile(
    r"(?<![A-Za-z])(?:the|your|a|any)[ ](?P<n>[a-z]{4,15})[ ](?:is|are|comes?)[ ](?:on the house|free of charge|on us)(?![A-Za-z])",
    re.IGNORECASE,
)
_PARTS = re.compile(r"[;；]")
_CLAUSE = re.compile(r"[,;.，；。]")
_EXCUSED = re.compile(
    r"(?:不用|无需|无须|不必|不需要?)(?:再|您|你)?(?P<z>[一-鿿]{2})"
    r"|(?<![A-Za-z])(?:no need to|don['’]t (?:need|have) to|needn['’]t|without having to)[ ](?P<e>[a-z]{4,14})",
    re.IGNORECASE,
)
_WITHOUT_IT = re.compile(
    r"(?:没有|没带|不带|不用|弄丢)?(?P<z>[一-鿿]{2,3}?)(?:丢了|没带|没有|不在|弄丢了?)也"
)
_ASKED = re.compile(
    r"(?<![无不])(?:必须|须|需要?|务必)[^，。；、]{1,10}|(?<![a-z])(?:must|has to|have to|needs? to|required to)[ ][^,.;]{3,40}"
)
_GIVES = re.compile(r"送|赠|free|gift|on us|complimentary", re.IGNORECASE)


_REFUSABLE = frozenset({"refund", "return", "exchange", "pay", "free_shipping", "gift", "no_reason"})
_ENOUGH = 3
_ALMOST_ALL = 0.6
_CLAUSE_SAID = 0.6
# What the community is asked to do, or told of its own game.
_ASKED_OF_MEMBERS = re.compile(
    r"私聊|[发回打]「|揭晓|答案|对错|帮.{0,8}找|(?<![A-Za-z])(?:answer|guess|thread)", re.IGNORECASE
)
_LEAST_WORDS = 2
_LONG = 8  # Han characters, of which an English word counts two.
_HAN_CHARACTER = re.compile(r"[一-鿿]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


@dataclass(frozen=True)
class Statement:
    """What was decided of a sentence; `quote` is the passage's sentence as (reading, start, end) when supported."""

    supported: bool
    fact: bool
    quote: tuple[Reading, int, int] | None = None
    method: str = ""


@lru_cache(maxsize=4096)
def facts_said(sentence: str) -> frozenset[str]:
    """The families of promises and properties that a sentence speaks of; one that it refuses to give has a leading ¬."""
    return frozenset(
        f"¬{name}" if name in _REFUSABLE and is_refused(sentence, match.start()) else name
        for match in _FACT.finditer(sentence)
        if (name := match.lastgroup or "")
    )


def _unsaid(said: frozenset[str], theirs: frozenset[str]) -> frozenset[str]:
    """Those that the others do not speak of. Who refuses what others grant only sets them a bound."""
    return frozenset(name for name in said if name not in theirs and name.removeprefix("¬") not in theirs)


def things_said(sentence: str) -> set[str]:
    """The materials and places a sentence names; read only where a fact is asserted."""
    found = {m.group().lower() for m in _HAN_SUBSTANCE.finditer(sentence)}
    found |= {m.group().lower().removesuffix("s") for m in _EN_SUBSTANCE.finditer(sentence)}
    found |= {m["p"].lower() for m in _EN_PLACE.finditer(sentence)}
    found |= {m["p"] for m in _HAN_PLACE.finditer(sentence)}
    return found


class Statements:
    """The sentences of the valid sources, ready to be compared with sentences of copy."""

    def __init__(self, readings: Sequence[Reading], names: Catalogue) -> None:
        self._names = names
        self._about: list[frozenset[str]] = []
        self._sentences: list[tuple[Reading, int, int, frozenset[str], frozenset[str]]] = []
        self._by_word: dict[str, list[int]] = {}
        for reading in readings:
            for number, (start, end) in enumerate(reading.sentences):
                if reading.text[start:end].endswith(("?", "？")):
                    continue  # Who asks states nothing.
                forms = reading.sentence_words[number]
                for form in forms:
                    self._by_word.setdefault(form, []).append(len(self._sentences))
                self._sentences.append((reading, start, end, forms, facts_said(reading.text[start:end])))
                self._about.append(self._named(reading.text[start:end]) or self._headed(reading))
        everything = "\n".join(
            f"{r.text}\n{r.source.title} {r.source.context}" if r.source else r.text for r in readings
        )
        self._everything = everything.lower()
        self._all_facts = facts_said(everything)

    def _named(self, text: str) -> frozenset[str]:
        return frozenset().union(*(mention.names for mention in self._names.mentions(text)))

    def _headed(self, reading: Reading) -> frozenset[str]:
        """What a passage's title and headings say that its sentences are about."""
        source = reading.source
        return self._named(f"{source.title}\n{source.context}") if source is not None else frozenset()

    def knows(self, form: str) -> bool:
        """Whether any sentence of the valid sources has this word."""
        return form in self._by_word

    def unsupported_parts(self, sentence: str) -> tuple[frozenset[str], set[str]]:
        """Promises, and materials or places, of a sentence that no valid source speaks of."""
        missing = _unsaid(facts_said(sentence), self._all_facts)
        if not facts_said(sentence):
            return missing, set()
        return missing, {thing for thing in things_said(sentence) if thing not in self._everything}

    def is_unsaid(self, sentence: str, without_figures: str, figures: frozenset[str]) -> bool:
        """Whether a sentence promises, names, gives or excuses what no valid source does; its `figures` aside."""
        promises, things = self.unsupported_parts(self._without_names(without_figures))
        return bool(promises or things or self.unsaid_gifts(sentence, figures) or self.excuses(sentence))

    def unsaid_gifts(self, sentence: str, figures: frozenset[str] = frozenset()) -> bool:
        """Whether a sentence gives away something that no valid source gives."""
        if any(match["p"][-2:] not in self._everything for match in _GIVEN.finditer(sentence) if match["p"]):
            return True
        given = [
            match["z"] or match["a"] or match["b"] for match in _GIVEN.finditer(sentence) if not match["p"]
        ]
        freed = [match["n"].lower() for match in _FREED.finditer(sentence)]
        kinds = sorts(sentence)
        return any(not self._is_given(thing, kinds, figures) for thing in given) or any(
            not self._is_freed(noun) for noun in freed
        )

    def _is_given(self, thing: str, kinds: frozenset[str], figures: frozenset[str]) -> bool:
        """Whether a source that speaks of gifts names the thing, of a Chinese one how its name ends; and not for
        another sort of what is sold than these, nor in another part of a sentence that has these figures."""
        last = thing.lower().split()[-1].removesuffix("s") if thing.isascii() else thing[-2:]
        return any(
            last in reading.text[start:end].lower()
            and not opposed(kinds, sorts(reading.text[start:end]))
            and not self._is_given_for_others(last, figures, reading, start, end)
            for reading, start, end, _, said in self._sentences
            if "gift" in said or _GIVES.search(reading.text, start, end)
        )

    @staticmethod
    def _is_given_for_others(
        last: str, figures: frozenset[str], reading: Reading, start: int, end: int
    ) -> bool:
        """满500元送镜盒；满1000元送清洗机: who tells of 500 and of the second part's gift mixes the two."""
        parts: dict[bool, set[str]] = {True: set(), False: set()}
        at = start
        for part in _PARTS.split(reading.text[start:end]):
            keys = {figure_key(p.figure) for p in reading.places if at <= p.figure.start < at + len(part)}
            parts[last in part.lower()] |= keys
            at += len(part) + 1
        return bool(figures & (parts[False] - parts[True])) and not figures & parts[True]

    def _is_freed(self, noun: str) -> bool:
        """Whether a clause of a source says of this that it costs nothing: a loan scooter may, and the repair not."""
        return any(
            noun in clause.lower() and _GIVES.search(clause)
            for reading, start, end, _, _ in self._sentences
            for clause in _CLAUSE.split(reading.text[start:end])
        )

    def touches(self, sentence: str) -> bool:
        """Whether a sentence asserts something of what the sources speak of, in words that none of them has so."""
        if (
            _ASKED_OF_MEMBERS.search(sentence)
            or _courteous(sentence)
            or len(_HAN_CHARACTER.findall(sentence)) + 2 * len(_LATIN_WORD.findall(sentence)) < _LONG
        ):
            return False
        mentions = self._names.mentions(sentence)
        known = {
            word.form
            for word in words(sentence)
            if self.knows(word.form.removeprefix("¬"))
            and not any(one.start < word.end and word.start < one.end for one in mentions)
        }
        return len(known) >= (1 if mentions else _LEAST_WORDS)

    def excuses(self, sentence: str) -> bool:
        """Whether a sentence lets people off what a source asks of them: 不用寄回, where it says 须寄回."""
        for match in _WITHOUT_IT.finditer(sentence):
            if re.search(rf"凭[^，。；]{{0,6}}{match['z']}", self._everything):
                return True
        forms = {word.form for word in words(sentence)}
        for match in _EXCUSED.finditer(sentence):
            form = match["z"] or match["e"].lower()
            if re.search(
                rf"(?:无需|不用|无须|不必|免|no need to )[^，。；]{{0,4}}{re.escape(form)}", self._everything
            ):
                continue
            asked = [
                number
                for number, (reading, start, end, _, _) in enumerate(self._sentences)
                if any(form in ask for ask in _ASKED.findall(reading.text[start:end].lower()))
            ]
            if any(forms & self._sentences[number][3] for number in asked):
                return True
        return False

    def _without_names(self, sentence: str) -> str:
        """A name promises nothing, whatever its words are: Gluten-Free Basics."""
        for mention in self._names.mentions(sentence):
            blank = " " * (mention.end - mention.start)
            sentence = sentence[: mention.start] + blank + sentence[mention.end :]
        return sentence

    def judge(self, sentence: str) -> Statement:
        said = facts_said(self._without_names(sentence))
        forms = frozenset(word.form for word in words(sentence))
        named = self._named(sentence)
        best = self._best(forms, said, named)
        if named and not _QUESTION.search(sentence) and self._is_told_of_another(forms, said, named, best):
            return Statement(False, True)
        if self.excuses(sentence):
            return Statement(False, True)
        if not said:
            if best and best[1] >= 0.6 and len(forms) >= 3 and not _QUESTION.search(sentence):
                return Statement(True, False, best[0])
            return Statement(False, False)
        if all(name[0] == "¬" for name in said):
            return Statement(False, False)  # Who refuses promises nothing.
        if _QUESTION.search(sentence) and not said & {"free_shipping", "gift", "lifetime", "effect"}:
            return Statement(False, False)
        missing, things = self.unsupported_parts(self._without_names(sentence))
        if self.unsaid_gifts(sentence):
            return Statement(False, True)
        if not missing and not things and best:
            reading, start, end = best[0]
            theirs = facts_said(reading.text[start:end])
            told = not _unsaid(said, theirs)
            alike = best[1] >= 0.5 or (len(forms) <= 3 and best[1] > 0) or (told and best[1] >= 0.3)
            same_facts = (told or best[1] >= 0.6) and self._things_in(sentence, reading)
            if alike and same_facts and not self._denies(forms, reading, start, end):
                return Statement(True, True, best[0])
            if self._is_spread_over(reading, forms, said) and not self._denies(forms, reading, start, end):
                return Statement(True, True, best[0])
        if not missing and not things and (quote := self._said_by_clauses(sentence, named)) is not None:
            return Statement(True, True, quote)
        if _courteous(sentence) and said <= {"origin", "best", "policy", "process", "history"} and not things:
            return Statement(False, False)
        return Statement(False, True)

    def _said_by_clauses(self, sentence: str, named: frozenset[str]) -> tuple[Reading, int, int] | None:
        """What says the last of a chatty sentence's promises, where each of its clauses that promises is said."""
        quote = None
        spans = clauses(sentence, 0, len(sentence))
        for low, high in spans if len(spans) > 1 else ():
            part = sentence[low:high]
            said = facts_said(part)
            if not said:
                continue
            forms = frozenset(word.form for word in words(part))
            best = self._best(forms, said, named)
            if best is None:
                return None
            reading, start, end = best[0]
            shared = forms & {word.form for word in words(reading.text[start:end])}
            if len(shared) < max(_LEAST_WORDS, _CLAUSE_SAID * len(forms)):
                return None
            if _unsaid(said, facts_said(reading.text[start:end])) or self._denies(forms, reading, start, end):
                return None
            quote = best[0]
        return quote

    def _is_told_of_another(
        self,
        forms: frozenset[str],
        said: frozenset[str],
        named: frozenset[str],
        best: tuple[tuple[Reading, int, int], float] | None,
    ) -> bool:
        """Whether the sources say this almost word for word, and of another product than the one it names."""
        elsewhere = self._best(forms, said, frozenset())
        if elsewhere is None or len(forms) < _ENOUGH:
            return False
        return elsewhere[1] >= _ALMOST_ALL and elsewhere[1] > 2 * (best[1] if best is not None else 0.0)

    def _best(
        self, forms: frozenset[str], said: frozenset[str], named: frozenset[str]
    ) -> tuple[tuple[Reading, int, int], float] | None:
        """The sentence of a source that shares most; of those about other products than the `named` ones, none."""
        if not forms and not said:
            return None
        tally: dict[int, float] = {}
        for form in forms:
            listed = self._by_word.get(form, ())
            for index in listed[:400]:
                tally[index] = tally.get(index, 0) + 1
        if said:
            for index, entry in enumerate(self._sentences[:2000]):
                if said & entry[4]:
                    tally[index] = tally.get(index, 0) + 0.5 * len(said & entry[4])
        if named:
            tally = {
                at: count for at, count in tally.items() if not self._about[at] or self._about[at] & named
            }
        if not tally:
            return None
        index = max(tally, key=lambda i: (tally[i], -len(self._sentences[i][3])))
        reading, start, end, *_ = self._sentences[index]
        total = max(1, len(forms))
        return (reading, start, end), min(1.0, tally[index] / total)

    def _is_spread_over(self, reading: Reading, forms: frozenset[str], said: frozenset[str]) -> bool:
        """Whether one sentence of the copy gathers what several of one passage say."""
        theirs = frozenset().union(*reading.sentence_words) if reading.sentence_words else frozenset()
        return len(forms & theirs) >= _ALMOST_ALL * len(forms) and not _unsaid(said, facts_said(reading.text))

    def _denies(self, forms: frozenset[str], reading: Reading, start: int, end: int) -> bool:
        """Whether one of the two negates a word that the other states."""
        theirs = {word.form for word in words(reading.text[start:end])}
        if any(form[0] == "¬" for form in forms) and any(form[0] == "¬" for form in theirs):
            return False  # No wheat flour is used, and wheat flour isn't used: both deny, each another word.
        return any(
            (form[1:] if form[0] == "¬" else f"¬{form}") in theirs and form not in theirs
            for form in forms
            if form
        )

    def _things_in(self, sentence: str, reading: Reading) -> bool:
        near = reading.text.lower() + (
            f"{reading.source.title} {reading.source.context}".lower() if reading.source else ""
        )
        return all(thing in near for thing in things_said(sentence))


def is_question(sentence: str) -> bool:
    return bool(_QUESTION.search(sentence))


def _courteous(sentence: str) -> bool:
    return bool(_GREETING.search(sentence) or _CALL.search(sentence) or _QUESTION.search(sentence))
