"""What a copy says and a source denies of the same thing, or the other way round: not for a hob, told as made for it.

Clauses are compared. One that denies has a focus, the words that its negation falls on; a clause that says the other
way what shares the focus is turned round, unless some source says as much of it the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from copilot.domain.grounding.clauses import CELL, clauses
from copilot.domain.grounding.places import Reading
from copilot.domain.grounding.subjects import Catalogue
from copilot.domain.grounding.words import Word, words
from copilot.domain.quantities.lists import listed
from copilot.domain.sentences import EMOJI

_BREAK = re.compile(
    rf"[；;。！？!?\n|（）()【】…，：～~{EMOJI}]|(?<![0-9])[,:]|[,:](?![0-9])"
    r"|[ ](?:but|yet|though|although|whereas|while|and|so)[ ]|[ ][—–-][ ]|——|但是?|不过|却",
    re.IGNORECASE,
)
# A negation by itself, or a verb that denies what it governs.
_NEGATION = re.compile(
    r"没有|不要|不(?!但|仅|只|同|少|错|过|妨|光|管|论|然|如|锈|愧|断|禁|妥|定|得不)|没(?!收)|无(?!论|非|线|比|敌|糖|忧|花)|勿|别(?!人|致|墅|的|样)"
    r"|未(?!来|必)|避免|远离|禁止|严禁|谢绝|跳过|除外|除了|而非|拒绝|损坏|白瞎|白费|坏事|用不[了着到]|吃不了|免(?=预约|洗|泡|安装)"
    r"|(?<![0-9.])[0零][ ]?(?=添加|香精|糖|蔗糖|色素|防腐|脂|酒精|卡)"
    r"|(?<![a-z])(?:not(?! only)|no(?!\.? ?[0-9]| (?:matter|doubt|wonder|quibble))|never|without|nor|neither|cannot|skip(?= (?:the|that|this))|avoid(?:ing|s)?"
    r"|away from|out of(?= (?:direct|reach|the sun|sun))|(?:rather than|instead of)(?= [a-z])|excluding|excludes?|unsuitable|unavailable)(?![a-z])|n['’]t(?![a-z])|(?<![a-z])(?:caffeine|sugar|gluten|dairy|lactose|nut|fragrance|perfume|paraben|alcohol|plastic|peat|sul(?:ph|f)ate|silicone|oil|additive|grain|wheat|egg|soy|salt)[- ]free(?![a-z])",
    re.IGNORECASE,
)
# Who says that nobody need worry, hurry or be sorry says nothing of the thing; and so do fixed ways of speaking.
_NO_DENIAL = re.compile(
    r"(?:不|别|没|无|勿|不用|不必|无需|不要)(?:再|用|必|会|太|怎么)?(?:担心|怕|急|忘|错过|小看|犹豫|客气|愁|省|等|麻烦|纠结|慌|介意|光|止|限于|得了|知道|了解|确定|清楚|敢|舍得|好意思|一定|太|大|够|挑|论|分|拘|管|问|事|关系|毛病|无理由)"
    r"|无理由|无条件|[没未][^，。]{1,4}的|[没未]有?(?:开封|拆封|拆|使用|用完|成年)|(?:怎么?|哪|岂)(?:能|可|会)?(?:没有?|不|少)"
    r"|(?:not|n['’]t|never|no|without)[ ](?:to[ ]|be[ ]|been[ ]|a[ ]|the[ ]|any[ ])?(?:worry|wait|rush|hurry|forget|miss|mind|sure|just|hesitate|know|fuss|fear|fret|panic|easier|better|shy|guess|more|less|quite|yet|everyone|want)"
    r"|who[ ](?:can|do|does|is|are|could|has|have)(?:n?['’]t|not|[ ]not)",
    re.IGNORECASE,
)
# A bound or a condition: who denies something for less than so much says nothing of more.
_BOUND = re.compile(
    r"超过|超出|多于|高于|低于|少于|以上|以下|以内|以外|不满|未满|不足|不到|达到|前[，。]?$|除非|如果|要是|若|凡|逾期|否则|之前|之后|以后|仅|只(?=[能有要限在对用])"
    r"|(?<![a-z])(?:more|longer|over|above|under|below|less|fewer|until|till|before|after|unless|if(?! you(?:'d| would)? (?:like|want|prefer|wish|fancy))|when|once|only|past|beyond|otherwise|than)(?![a-z])",
    re.IGNORECASE,
)
# What governs the words that are meant: whoever does not recommend freezing speaks of freezing.
_LIGHT = frozenset(
    form
    for word in listed(
        "建议 推荐 支持 提供 需要 适用 适合 放在 添加 recommend suitable available included allowed need needed put made meant safe friendly"
    )
    for form in (one.form for one in words(word))
)
_HARM = re.compile(
    r"刮[花伤坏]|[烧弄泡震炸]坏|损伤|变形|开裂|炸裂|(?<![a-z])(?:scratch|damage|ruin|crack|spoil|warp|melt)(?:e?s)(?![a-z])",
    re.IGNORECASE,
)
# Whoever is told the opposite of these may be taken ill, burnt or hurt.
_GRAVE = frozenset(
    form
    for word in listed(
        "过敏 麸质 小麦 花生 坚果 牛奶 奶 乳糖 鸡蛋 蛋 大豆 芝麻 虾 海鲜 酒精 咖啡因 微波炉 微波 明火 电磁炉 燃气 烤箱 空烧 干烧 婴儿 宝宝 儿童 孩子 孕妇 哺乳 食用 口服 伤口 眼睛 漂白",
        "gluten wheat nut nuts peanut almond dairy milk lactose egg eggs soy sesame shellfish alcohol caffeine allergy allergen microwave hob induction flame oven",
        "child children baby babies infant toddler pregnant pregnancy swallow bleach eyes pets dogs cats",
    )
    for form in (one.form for one in words(word))
)
# The next of a list: no milk, egg or nuts.
_ITEM = re.compile(r"[ ][a-z-]{2,14}(?=$|[ ](?:or|nor)[ ])", re.IGNORECASE)
# What begins so is a clause of its own: no yeast, and contains gluten.
_VERB = re.compile(
    r"(?:it |they |also |still )?(?:contains?|holds?|has|have|is|are|can|will|comes?|goes|costs?|takes?|makes?|needs?|works?|stays?|keeps?|lasts?|weighs?)(?![a-z])",
    re.IGNORECASE,
)
_AT_ONCE = 1  # Characters between two negations that undo each other.
_HALF, _MOST_OF = 0.5, 0.66
_LEAST, _SURELY = 2, 3
_MUCH = 0.6
_MOST_CLAUSES = 400  # Of a passage, and of those that have one word.
_MOST_SAID = _MOST_WORDS = 40  # Clauses of a sentence of copy, and words of a clause.


@dataclass(frozen=True)
class _Clause:
    """`focus` are the words that a negation falls on: those behind it, else those before it; none where nothing is denied."""

    said: frozenset[str]
    focus: frozenset[str]
    bounds: frozenset[str]

    @property
    def denies(self) -> bool:
        return bool(self.focus)


@dataclass(frozen=True)
class _Told:
    """A source's clause with the sentence or cell that it stands in, and the products that this is about."""

    reading: Reading
    span: tuple[int, int]
    about: frozenset[str]
    clause: _Clause


@dataclass(frozen=True)
class Turned:
    """Where a source says the opposite; `grave` where whoever believes the copy may come to harm."""

    reading: Reading
    span: tuple[int, int]
    grave: bool


class Denials:
    def __init__(self, readings: Sequence[Reading], names: Catalogue) -> None:
        self._names = names
        self._by_word: dict[str, list[_Told]] = {}
        for reading in readings:
            for told in islice(self._read(reading), _MOST_CLAUSES):
                for form in told.clause.said:
                    self._by_word.setdefault(form, []).append(told)

    def turned(
        self, sentence: str, about: frozenset[str] = frozenset(), homes: Sequence[Reading] = ()
    ) -> Turned | None:
        """The sentence of a source that says the opposite, or the cell of its row.

        `about` are the names of what was spoken of before, for a sentence that names nothing. Of `homes`, which bear
        out the rest, and of the very product one word is enough.
        """
        about = self._named(sentence) or about
        # Two clauses that name one thing say nothing alike by that.
        unnamed = self._names.without_names(sentence)
        own = _clauses(unnamed)[:_MOST_SAID]
        denied = frozenset().union(*(clause.focus for clause in own))
        whole = frozenset().union(*(clause.said for clause in own)) - denied
        near = {id(reading) for reading in homes}
        for clause in own:
            found = self._turned(clause, whole, about, near)
            if found is not None:
                denied = (clause.focus | found.clause.focus) & clause.said & found.clause.said
                return Turned(found.reading, found.span, grave=bool(denied & _GRAVE))
        return None

    def _turned(
        self, clause: _Clause, whole: frozenset[str], about: frozenset[str], near: set[int]
    ) -> _Told | None:
        if not clause.said:
            return None
        like = {
            id(told): told for form in clause.said for told in self._by_word.get(form, ())[:_MOST_CLAUSES]
        }
        compared = [told for told in like.values() if not about or not told.about or about & told.about]
        opposed = [
            told
            for told in compared
            if clause.denies is not told.clause.denies
            and self._is_opposed(
                clause,
                told,
                whole,
                # Of the very product one denied word is enough; who denies it in a copy may mean anything, but
                # for what does harm.
                is_near=id(told.reading) in near
                or (bool(about & told.about) and (not clause.denies or bool(clause.focus & _GRAVE))),
            )
        ]
        agreeing = [
            (told.clause.said, not about or bool(about & told.about))
            for told in compared
            if clause.denies is told.clause.denies and clause.bounds >= told.clause.bounds
        ]
        for told in sorted(opposed, key=lambda one: -len(clause.said & one.clause.said)):
            # What agrees has to speak of what is denied, and not only to name the product.
            focus = told.clause.focus or clause.focus
            # Of what may harm only a clause about the very thing speaks for the copy, and only if it says that of it.
            grave = clause.said & focus & _GRAVE
            as_told = [
                shared
                for said, is_of_it in agreeing
                if (not grave or (is_of_it and grave <= said))
                and (len(shared := clause.said & said) >= _LEAST or said & focus)
            ]
            if all(_says_more(clause.said & told.clause.said, shared) for shared in as_told):
                return told
        return None

    @staticmethod
    def _is_opposed(clause: _Clause, told: _Told, whole: frozenset[str], *, is_near: bool) -> bool:
        other = told.clause
        focus, words_said = (other.focus, whole) if other.denies else (clause.focus, other.said)
        least = len(focus)
        if other.denies and len(clause.said) >= _LEAST:
            least = min(least, len(clause.said))  # Of several things that are denied a copy may say just one.
        if clause.bounds != other.bounds or len(focus & words_said) < max(1, _MOST_OF * least):
            return False
        shared = clause.said & other.said
        if clause.denies and len(other.said) < _LEAST:
            return False  # 手别重 says nothing against 重 160 克.
        if is_near:
            return len(shared) >= max(1, _HALF * min(len(clause.said), len(other.said)))
        return len(shared) >= max(_SURELY, _MUCH * len(clause.said)) or (
            len(shared) >= _LEAST and shared == clause.said
        )

    def _read(self, reading: Reading) -> Iterator[_Told]:
        source = reading.source
        headed = self._named(f"{source.title}\n{source.context}") if source is not None else frozenset()
        unnamed = self._names.without_names(reading.text)
        for start, end in reading.sentences:
            text = reading.text[start:end]
            if text.endswith(("?", "？")):
                continue  # Who asks states nothing.
            about = self._named(text) or headed
            # Of a row the one cell is what says it.
            is_row = source is not None and bool(source.fields)
            for span in clauses(reading.text, start, end, CELL) if is_row else [(start, end)]:
                for clause in _clauses(unnamed[slice(*span)]):
                    yield _Told(reading, span, about, clause)

    def _named(self, text: str) -> frozenset[str]:
        return frozenset().union(*(mention.names for mention in self._names.mentions(text)))


def _says_more(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one) > len(other) or (len(one) == len(other) and one != other)


@lru_cache(maxsize=4096)
def _clauses(text: str) -> tuple[_Clause, ...]:
    return tuple(islice(_read_clauses(text), _MOST_CLAUSES))


def _read_clauses(text: str) -> Iterator[_Clause]:
    denied_to = -1
    for low, high in clauses(text, 0, len(text), _BREAK):
        if text[high : high + 1] in ("?", "？"):
            continue
        part = text[low:high]
        plain = _NO_DENIAL.sub(lambda fixed: " " * len(fixed.group()), part)
        negations = _negations(plain)
        # The "free" of gluten-free denies; it is not what is denied.
        said = tuple(
            word
            for word in islice(words(part), _MOST_WORDS)
            if not any(first < word.start < last for first, last in negations)
        )
        forms = {word: _form(word, part, plain) for word in said}
        # Not for the hob and the microwave: the few words behind an "and" are denied along with those before it.
        is_denied_along = (
            denied_to >= 0
            and len(said) <= _LEAST
            and (text[denied_to:low].lower() == " and " or (text[denied_to:low] == "," and _ITEM.match(part)))
            and not _VERB.match(part.strip())
        )
        focus: frozenset[str] = frozenset()
        if negations or is_denied_along:
            meant = {word: form for word, form in forms.items() if form not in _LIGHT}
            reached = negations[0][1] if negations else 0
            behind = frozenset(form for word, form in meant.items() if word.start >= reached)
            focus = behind or frozenset(meant.values())
        elif (harm := _HARM.search(part)) is not None:
            # Steel wool scratches the enamel: what does harm is as good as forbidden.
            focus = frozenset(
                form for word, form in forms.items() if word.start < harm.start() and form not in _LIGHT
            )
        denied_to = high if focus else -1
        yield _Clause(frozenset(forms.values()), focus, frozenset(_BOUND.findall(part.lower())))


def _negations(part: str) -> list[tuple[int, int]]:
    """Where the negations of a clause stand. Don't skip the rest: who denies twice at once says it."""
    found: list[tuple[int, int]] = []
    for match in _NEGATION.finditer(part):
        if found and match.start() - found[-1][1] <= _AT_ONCE:
            found.pop()
        else:
            found.append(match.span())
    return found


def _form(word: Word, part: str, plain: str) -> str:
    """A word without its ¬, which the clause has as a whole; what is called unopened stays another word than opened."""
    before = slice(max(0, word.start - 1), word.end)
    return word.form if plain[before] != part[before] else word.form.removeprefix("¬")
