"""The words of a question that tell what it is about, and those that any question is made of."""

from __future__ import annotations

from collections.abc import Sequence

from copilot.domain.quantities.lists import listed

# Found in every other passage, so that to say "found by 了" explains nothing. Words such as 吃 or 用 stay:
# in a library of food and tools they are what somebody looks for.
_BINDING = frozenset(
    listed(
        "的 了 着 过 地 得 之 是 在 有 和 与 及 或 也 都 就 还 又 很 更 最 太 再 才 只 把 被 给 让 向 从 到 对 为 于 以 ",
        "而 但 并 跟 同 由 按 至 将 若 则 其 这 那 哪 几 谁 啥 个 们 我 你 您 他 她 它 我们 你们 您们 他们 她们 它们 ",
        "咱们 大家 自己 请 请问 要 想 能 会 可 可以 能不能 可不可以 可不 不可 能够 应该 上 下 里 内 外 中 前 后 起 来 ",
        "去 时 时候 不 没 没有 无 别 别的 之后 以后 之前 以前 以内 之内 之间 以上 以下 如果 因为 所以 但是 不过 而且 ",
        "以及 等 每 各 该 本 此 一 一个 一些 一下 一样 这个 那个 这样 那样 这些 那些 这里 那里 现在 吗 呢 吧 啊 呀 哦 ",
        "啦 嘛 什么 怎么 怎样 怎么样 怎么办 如何 哪里 哪儿 哪个 哪些 哪一 哪天 多少 多少钱 少钱 多久 多大 多长 多 ",
        "几个 几天 为什么 为何 是否 是不是 有没有 什么样 什么时候 需要 多长时间 长时间 元 块 钱 年 月 日 号 天 ",
        "a an the and or but if of to in on at by for from with into onto as is are was were be been being am do ",
        "does did has have had will would can could should may might must shall i you he she it we they me him ",
        "her us them my your his its our their this that these those here there who whom whose which what when ",
        "where why how all any each some not no so than then too very also just about s t d m ll re ve",
    )
)


def telling(words: Sequence[str]) -> tuple[str, ...]:
    """Those of a question's words that tell what it is about, each once; all of them where none does."""
    once = tuple(dict.fromkeys(words))
    return tuple(word for word in once if word not in _BINDING) or once
