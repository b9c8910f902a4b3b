"""Content words of Chinese and English text: what two sentences must share to be about the same thing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from copilot.domain.cutting import cut
from copilot.domain.quantities.lists import listed
from copilot.domain.quantities.ranges import stem
from copilot.domain.quantities.units import CLASSIFIERS

_RUN = re.compile(r"[A-Za-z][A-Za-z'’]*|[㐀-䶿一-鿿]+|[0-9]+(?:\.[0-9]+)?")
_HAN_STOP = frozenset(
    listed(
        "的 了 是 在 和 与 及 或 也 都 就 还 又 很 更 最 把 被 给 让 向 从 到 对 为 于 以 而 但 并 ",
        "其 这 那 哪 个 们 我 你 您 他 她 它 我们 你们 您们 大家 各位 咱们 自己 一 二 两 三 四 五 六 ",
        "七 八 九 十 百 千 万 请 吧 呢 吗 啊 呀 哦 啦 嘛 哈 啥 上 下 里 内 外 中 前 后 时 起 来 去 ",
        "有 会 能 可 可以 要 想 再 才 只 只要 只需 仅 约 大约 左右 已 已经 正 正在 将 如 如果 若 则 ",
        "因为 所以 虽然 但是 不过 而且 以及 等 等等 每 各 该 本 此 现在 今天 明天 后天 昨天 今晚 ",
        "今日 明日 什么 怎么 怎样 多少 哪些 这个 那个 这样 那样 一个 一些 一下 一起 元 块 钱 年 月 ",
        "日 号 天 点 分 秒 分钟 小时 折 款 瓶 盒 包 袋 片 支 只 件 套 份 杯 次 位 名 人 克 千克 公斤 ",
        "毫升 升 度 厘米 米 毫米 半 多 少 大 小 好 新 地 得 着 过 吃 用 做 作 说 看 之 所 者 被 比 ",
        "跟 同 由 按 至 第 每次 即可 以内 之内 以上 以下 之后 以后 之前 之间 进行 通过 具有 拥有 没 ",
        "没有 不 无 未 别 非 天内 月内 年内 日内",
    )
)
_EN_STOP = frozenset(
    listed(
        "a an the and or but if of to in on at by for from with without into onto over under up down "
        "out off as is are was were be been being am do does did has have had will would can could "
        "should may might must shall i you he she it we they me him her us them my your his its our "
        "their this that these those here there who whom which what when where why how all any each "
        "every some no not never only just so than then too very also now today tomorrow tonight "
        "yesterday more most much many few per about around after before between within until till "
        "one two three four five six seven eight nine ten eleven twelve hour day week month year "
        "minute second am pm it's you'll we'll we're you're i'm let's get got make made makes go "
        "going come back still well good new like take give keep use using used "
        "eleven twelve thirteen fifteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand "
        "dozen half quarter first both"
    )
)
_NEGATORS = frozenset(
    listed(
        "不 没 没有 无 未 非 勿 别 先别 千万别 无需 不用 不必 绝不 从不 零",
    )
)
_EN_NEGATORS = frozenset(
    [
        "no",
        "not",
        "never",
        "without",
        "cannot",
        "can't",
        "don't",
        "doesn't",
        "isn't",
        "aren't",
        "won't",
        "free",
    ]
)
# Spellings of one thing in copy and material; each family is one word here.
_FAMILIES = (
    "发货 发出 寄出 出库 发 寄 出货",
    "送达 到货 收到 签收 送到",
    "退款 退钱 返款",
    "退货 退换 退换货 退",
    "售价 价格 价钱 单价 定价 只卖 卖 价 现价 到手价 到手 活动价 优惠价 特价",
    "浸泡 泡 浸",
    "容量 净含量 装 规格",
    "质保 保修 保固",
    "包邮 免邮 免运费",
    "签到 打卡",
    "赠送 送 赠 赠品",
    "拆封 开封 拆开 拆包 拆",
    "预约 预定",
    "儿童 小朋友 孩子 小孩 小孩子 小童",
    "下单 订单 付款 购买 拍下 订购 买",
    "ship dispatch send leave post shipped dispatched sent posted shipping ships",
    "arrive deliver delivery reach delivered arrives",
    "refund reimburse refunded",
    "return returns returned",
    "puppy puppies pup pups",
    "price cost costs priced",
    "guarantee warranty guaranteed",
    "soak soaking steep steeping steeped soaked",
    "rinse rinsing rinsed",
    "reply answer respond response",
    "free complimentary",
    "order orders ordered buy purchase spend",
)
_SAME = {word: f"~{number}" for number, family in enumerate(_FAMILIES) for word in family.split()}
# 十节 and 一瓶 are figures, which are compared by their values.
_COUNTED = re.compile(f"[零〇一二两三四五六七八九十百千万半]+[{''.join(CLASSIFIERS)}]?")
_PAUSE = re.compile(r"[，,。；;、.！!？?\n]")


@dataclass(frozen=True)
class Word:
    start: int
    end: int
    form: str


@lru_cache(maxsize=512)
def words(text: str) -> tuple[Word, ...]:
    """Content words in order, with offsets; a word that a negation stands before carries a leading ¬.

    Numbers are no words here: figures are compared by their values.
    """
    found: list[Word] = []
    negated = False
    last_end = 0
    for match in _RUN.finditer(text):
        if match.start() - last_end > 2 or _PAUSE.search(text, last_end, match.start()):
            negated = False
        last_end = match.end()
        run = match.group()
        if run[0].isdigit():
            continue
        if run[0].isascii():
            low = run.lower().replace("’", "'").removesuffix("'s")
            if low in _EN_NEGATORS:
                negated = True
                if low != "free":
                    continue
            elif low in _EN_STOP or len(low) < 2:
                continue
            found.append(Word(match.start(), match.end(), _form(_english(low), negated and low != "free")))
            negated = low in _EN_NEGATORS and low != "free"
            continue
        at = match.start()
        for token in cut(run):
            start, at = at, at + len(token)
            if token in _NEGATORS:
                negated = True
            elif token not in _HAN_STOP and not _COUNTED.fullmatch(token):
                found.append(Word(start, at, _form(token, negated)))
                # 环境温度 is about 温度, too: how words are cut says nothing of what they mean.
                if len(token) > 2:
                    found += [
                        Word(start + step, start + step + 2, _form(token[step : step + 2], negated))
                        for step in range(0, len(token) - 1, 2 if len(token) % 2 == 0 else 1)
                    ]
                negated = False
    return tuple(found)


def _form(word: str, negated: bool) -> str:
    known = _SAME.get(word) or _SAME.get(word.removeprefix("可"), word)  # 可退 is one word, 不可退 are two.
    return ("¬" if negated else "") + known


def _english(word: str) -> str:
    """A light stem: enough that dries, dried and drying meet."""
    if word in _SAME:
        return word
    word = stem(word)
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) > len(ending) + 3:
            word = word[: -len(ending)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            return word
    return word.removesuffix("e") if len(word) > 4 else word
