"""Words that say something of a voice: without the small ones of every text, numbers and names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from copilot.domain.brands import Language
from copilot.domain.cutting import cut

_HAN_WORD = re.compile(r"[一-鿿]{2,6}")
_LATIN_WORD = re.compile(r"[a-z][a-z'’-]{3,}")
_NUMERAL = re.compile(r"[零〇一二两三四五六七八九十百千万几半多每第]+[一-鿿]?")

_SMALL_ZH = """
一个 一下 一点 一些 一样 一起 一条 一句 一次 一天 我们 你们 他们 她们 它们 咱们 大家 自己 别人 这个 那个 这里 那里
这些 那些 这样 那样 怎么 什么 为什么 多少 哪里 哪个 如果 因为 所以 但是 不过 而且 或者 还是 就是 不是 只是 可是
也是 都是 还有 没有 可以 能够 应该 需要 已经 正在 现在 今天 明天 昨天 后天 早上 上午 中午 下午 晚上 今晚 今早 时候
以后 之后 以前 之前 里面 上面 下面 外面 东西 事情 知道 觉得 看看 说说 起来 出来 下来 过来 过去 进来 回来 比较 非常
特别 真的 其实 然后 最后 开始 结束 每天 每次 有点 有人 有的 不要 不用 不会 不能 一定 可能 也许 或许 关于 对于 通过
以及 并且 这么 那么 多么 如何 以上 以下 左右 之间 你好 您好 大家好 早上好 中午好 下午好 晚上好 各位 谢谢 欢迎 小时
分钟 星期 周一 周二 周三 周四 周五 周六 周日 积分 会员
"""
_SMALL_EN = """
about above after again also always another any anyone anything around away back because been before
being below between both came come comes could days does doing done down each either else even ever
every everyone everything first from gets give given goes going good have having here hers hour hours
into itself just keep kept know last later least less like little long made make makes many might mine
minute minutes month more most much must need needs never next noon nothing once only other others ours
over part please post read really same says send since some someone something soon still such sure take
takes tell than thank thanks that that's their them then there these they thing things this those
through time times today together tomorrow took under until upon used using very want wants week weeks
well went were what when where which while will with within without word words work would yesterday your
yours yourself morning afternoon evening night hello monday tuesday wednesday thursday friday saturday
sunday it's you're we're we've don't can't i've i'm didn't doesn't won't isn't
"""

SMALL = {
    Language.ZH: frozenset(_SMALL_ZH.split()),
    Language.EN: frozenset(_SMALL_EN.split()),
}
"""Words of every text, whoever writes it."""


def plain_words(text: str, language: Language, names: Sequence[str]) -> frozenset[str]:
    """The words of a text that another would not have anyway, each once, in small letters."""
    hidden = " ".join(names).lower()
    if language is Language.ZH:
        found = (word for word in cut(text) if _HAN_WORD.fullmatch(word) and not _NUMERAL.fullmatch(word))
    else:
        found = (word.replace("’", "'").strip("-'") for word in _LATIN_WORD.findall(text.lower()))
    return frozenset(word for word in found if word not in SMALL[language] and word not in hidden)
