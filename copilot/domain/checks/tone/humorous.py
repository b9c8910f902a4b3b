"""Serious to humorous: things that behave like people, exaggeration, self-irony, asides, net slang, against plain notice."""

from __future__ import annotations

from collections.abc import Mapping

from copilot.domain.brands import Language
from copilot.domain.checks.tone.lexicon import Lexicon, joined, listed, phrases, up
from copilot.domain.checks.tone.values import Trait

_ZH_PEOPLE = listed(
    """
    脾气 闹脾气 发脾气 耍脾气 闹情绪 有情绪 不认错 认错 认输 认怂 怂了 服软 求饶 不服 不服气 抗议 罢工 造反 辞职 升职 离职
    旷工 撒娇 傲娇 委屈巴巴 嘴硬 心虚 嫌弃 翻脸 翻白眼 吃醋 争宠 失宠 装死 装睡 装傻 装作 假装 告状 讨价还价 谈判 离家出走
    抢戏 背锅 甩锅 偷懒 偷吃 偷喝 赖床 记仇 报仇 算账 讲道理 评评理 理直气壮 一脸 沉默 自称 嘲讽 鄙视 心机 得意洋洋 不甘心
    有意见 没意见 有想法 懒得理 瞪着 使性子 闹别扭 不依不饶 跟谁急 跟我急 死不承认 爱答不理 忘恩负义
    拒绝归还 人质 赎金 谈条件 停战 议和 投降 和平分手 签收人 判给 抚养权 监护权 喊冤 申诉 认亲 碰头会 罢免 竞选 上任 下岗 摇号
    埋怨 抱怨 吐槽 控诉 勒索 贿赂 收买 拍马屁 求情 分手 离婚 绝交 冷战 私奔 写检讨 写遗书 立遗嘱 递辞呈 写辞职信 碰瓷 耍赖 耍大牌
    摆架子 端架子 充大头 拖后腿 使坏 密谋 谋反 起义 篡位 越狱 出逃 潜逃 自首 招供 审问 对质 上诉 判刑 嘟囔 嘀咕 哼哼 叹气 装作没
    情绪稳定 拒绝采访 拒绝接受采访 当事人 知情人士 目击者 截至发稿 据悉 坚称 声称 否认 摆脸色 看脸色 给脸色 黑着脸 板着脸 满脸写着
    """
)
_ZH_SLANG: Mapping[str, str | None] = {
    "摆烂": "休息",
    "躺平": "休息",
    "社死": "尴尬",
    "yyds": "很好",
    "绝绝子": "很好",
    "干饭": "吃饭",
    "摸鱼": "歇一会儿",
    "笑死": None,
    "真香": None,
    "铲屎官": None,
    **listed(
        """
        笑不活 笑喷 笑疯 绷不住 破防 整活 显眼包 打工人 干饭人 吃瓜 翻车 凡尔赛 戏精 学废 裂开 抓狂 打脸 救命啊 谁懂啊 离谱
        吃土 秃头 灵魂拷问 暴击 名场面 前方高能 实锤 狗头 猪队友 emo 666 神操作 迷惑行为 吐血 上头 懵圈 血亏 绝了
        主子 两脚兽 嗷嗷 么么哒 逗比 沙雕 戳中 硬核 玄学 大型 现场直播 官宣 划重点
        已读不回 社恐 社牛 内耗 卷王 卷不动 水逆 单身狗 狗粮 整不会了 拿捏了 扎心 心塞 泪目 蚌埠住了 栓q 芭比q 芜湖 冲鸭 嘤嘤嘤 呜呜呜
        佛系 一口老血 老泪纵横 瑟瑟发抖 生无可恋 欲哭无泪 哭笑不得 目瞪口呆 怀疑人生 落荒而逃 逃过一劫 幸存 幸免于难 两败俱伤 全军覆没
        享年 一脸懵 内心戏 装模作样 眼睁睁 默默流泪 滴血 体重秤 发际线 黑眼圈 拖延症 强迫症 选择困难症 起床气 号称 我太难了 打工魂
        """
    ),
}
_ZH_EXAGGERATED = listed(
    """
    当场 原地 全宇宙 全世界 史诗级 灾难现场 罪魁祸首 人生巅峰 颜面 八百遍 八百年 八百个 一万遍 一万个 三天三夜 惊天 惨案 凶手
    嫌疑人 案发 破案 本台 独家 专家组 后果自负 在逃 悬案 通缉 奇迹 壮烈 阵亡 牺牲
    """
)
_ZH_SELF = listed(
    """
    别怪 怪我 都怪 我输了 失败了 丢人 惭愧 认栽 认命 没出息 手残 手滑 智商 脸皮 没忍住 忍不住 管不住 不争气 谁让我 别问 不要问
    别说了 不好意思说 自己人 也要睡觉 忘了自己 老毛病 打肿脸 尴尬 等到忍不住 忘了数 不太认真 瞎忙 白忙
    """
)
_ZH_TURNS = listed(
    """
    其实 没想到 万万没想到 谁知道 谁知 不料 偏偏 居然 竟然 毕竟 反正 说是 据说 故意的 第二步 简直 大概是 算是 也就 这东西 这玩意
    这件事 更让人 最让人 想走 结果是 结论是 除非 唯一的 总不能 不如 倒是 反倒 好像没 顺便 只好 罢了 而已
    """
)
_ZH_SERIOUS: Mapping[str, str | None] = {
    "即可": "就行",
    "请勿": "别",
    "须": "要",
    "勿": None,
    **listed(
        """
        适量 使用前 使用后 不得 根据 规定 办理 予以 说明如下 敬请 特此 尊敬的 通知 公告 注意事项 逾期 视为 应当 为宜 保持 避免
        以免 严禁 上述 本公司 本店 歉意 谅解 核实 细则 详见 附件 检修 暂停 恢复正常 签到 完毕 参数 本月 期间
        """
    ),
}
_ZH_DRY = listed(
    "建议 按照 说明 略减 略加 水量 用量 左右 均可 务必 如有 以下 分别 其中 日起 预计 安排 地址 规格"
)
_ZH_THINGS_DO = joined(
    "米锅缸猫葱饭粥水火花灯书布鞋表机", listed("也要 也想 也会 也嫌 都嫌 不肯 不想 说了算 先急"), by=""
)
_ZH_PATTERNS = (
    up(r"(?:哈哈|嘿嘿|嘻嘻|hh|233)[哈嘿嘻h3]*", 1.5, ""),
    # 比掌柜还大: nobody measures that in earnest.
    up(r"比[^，。！？；\n0-9]{1,8}还[^，。！？；\n]", 1.2),
    up(r"（(?=[^（）\n]{0,24}[我你它他没不真别对也才谁])[^（）\n0-9]{2,24}）", 1.2, ""),
    up(
        r"它(?=[^，。！？；\n]{0,3}(?:乐意|愿意|不肯|不同意|同意|觉得|认为|嫌|拒绝|说|装|劝|生气|得意|记得))",
        1.0,
    ),
    up("[😂🤣😹😅🙃🤪😜😏😼🙈🤡]|\\[(?:捂脸|偷笑|奸笑|憨笑|旺柴|吃瓜|裂开|坏笑|让我看看)\\]", 1.0, ""),
    up(
        r"(?:钱包|膝盖|腿|腰|胃|肚子|脸|头发|闹钟|冰箱|衣柜|沙发|被子|空调|电脑|绿萝|多肉)(?:[^，。！？；\n]{0,4})(?:跟|和|对|向)我",
        1.2,
    ),
    up(
        r"(?:跟|和|对|向)(?:我|我们|老板|掌柜|店长|主人)[^，。！？；\n]{0,2}(?:绝交|分手|抗议|道歉|撒娇|发火|示威|告状|摇头)",
        1.2,
    ),
    up(r"[!！]", 0.2),
)

_EN_PEOPLE = listed(
    """
    resign resigns resigned opinions opinion argue argues argued sulk sulks sulked sulking sulky negotiate negotiates negotiating
    negotiations promoted strike refuses refused misbehave misbehaves offended personally grudge grudges jealous dignity ego
    personality drama dramatic bribe bribed bribes confess confesses confessed confession pleads alibi suspect suspects guilty
    furious smug stubborn moody temper temperamental diva forgave forgiven forgives forgive blames blame protest protests mutiny
    revenge betrayed betrayal retired unimpressed judging judges complaints reputation gossip gossips shy vain brag brags
    hostage ransom negotiator amnesty surrender surrendered truce treaty amicable estranged spokesperson strangers ringleader accomplice
    insists insisted denies denied demands demanded vowed vows swears plotting scheming glares glared smirk smirks yawned yawns
    divorce custody lawyer lawyers solicitor union memoirs resignation retirement mugshot autopsy obituary wizard tantrum tantrums
    bossy nosy needy clingy ungrateful workshy overqualified outranks outvoted chairs ghosted ghosting snitched eavesdropping
    """
)
_EN_SLANG: Mapping[str, str | None] = {
    "haha": "",
    "hahaha": "",
    "lol": "",
    "lmao": "",
    "hehe": "",
    "wahey": None,
    **listed(
        "yikes oops whoops ahem meh ouch gulp nope yep bonkers daft silly ridiculous absurd nonsense shenanigans"
    ),
}
_EN_EXAGGERATED = phrases(
    """
    on the spot, a million, a thousand, the entire, literally, forever, emergency, disaster, catastrophe, tragedy, heroic, heroically,
    legend, legendary, world peace, scandal, crime, crimes, crime scene, victim, survivors, survivor, conspiracy, doomed,
    mortal, for science, breaking news, without an appointment, in captivity, send help, save yourselves,
    moment of silence, taking questions, peace talks, press conference, witness protection, its side of the story, i told it, it told me, in loving memory, rest in peace, impossible to kill, survived, lived to tell, no comment, declined to comment,
    sources say, rumour has it, could not be reached, said nothing, experts, witnesses, under oath, on the run, at large, to be fair
    """
)
_EN_SELF = phrases(
    """
    more than i had done, more than i can say, i was out, we were wrong, in my defence, in our defence, do not ask, don't ask,
    do not argue, don't argue, trust me, mistakes were made, not to brag, guess who, no regrets, standing up,
    honest confession, i blame, we blame, i lost, i gave up, against my will, or so i say, or so they say, or so he says, or so she says,
    i have managed it once, not my finest, my finest hour, i regret nothing, my mum, my mother says, so i am told, burnt,
    i always remember, i checked, we checked, we counted, i remembered, which i take, do not tell, don't tell, i may have,
    i might have, we may have, ask me how i know, do not quote me, i cried, we cried, my dignity, my ego, my knees, my bank balance, my diet,
    send help, for my sins, as usual i, i have no idea, i had one job, nobody asked, ask nobody, we do not talk about, a grown man, a grown woman
    """
)
_EN_TURNS = phrases(
    """
    allegedly, apparently, reportedly, technically, obviously, officially, somehow, in theory, turns out, it turns out, plot twist,
    spoiler, long story, step two, except, unfortunately, sadly, of all people, more or less, so far, not that, which is more than,
    has other ideas, mind of its own, has views, takes it personally, only because, and neither, nor has, some of us, pretend,
    pretends, pretending, mostly, admittedly, frankly, to nobody's surprise, behaves, has not happened, is a long, you may want, or nearly,
    who knows, we suspect, i suspect, with conviction, in protest, out of spite, against all odds, for reasons
    """
)
_EN_SERIOUS: Mapping[str, str | None] = {
    "in order to": "to",
    "prior to": "before",
    **phrases(
        """
        please ensure, ensure, must, required, store, stored, do not exceed, exceed, apply, applied, in accordance, hereby, regret,
        apologise, apologies, inconvenience, within, recommended, available, dispatched, please note, please be advised, conditions,
        terms, members, participants, instructions, according to, maximum, minimum, per person, sealed, container, millimetres,
        sign in, arrive, customers, submitted, submit, refunded, maintenance, notice, accordingly
        """
    ),
}
_EN_DRY = phrases(
    "slightly, please, needs, keep, use within, rinse, check, the limit, opening, lasts, wash, enter, address"
)
_EN_THINGS_DO = {
    **joined(
        listed("it they which he she"),
        ("", *phrases("has, have, had, is, are, then, now, still, has not, is currently, has already")),
        listed(
            """
            decided insists insist claims claim denies deny denied disagrees objects forgotten ignores ignoring judging plotting
            drafting sulking negotiating planning considering
            """
        ),
    ),
    **joined(
        ("its", "its own"),
        listed(
            "will mind lawyer lawyers union feelings dignity notice debut revenge agent opinion holidays resignation"
        ),
    ),
}
_EN_SAYINGS = phrases(
    """
    on strike, head of naps, takes a bow, take a bow, gone rogue, in a huff, in a mood, on holiday, has opinions, has feelings, has plans,
    has standards, stopped speaking to, not speaking to, stopped talking to, not talking to, refuses to speak, only one of them,
    only one of us, only one of those, becomes soup, becomes dust, becomes a problem, becomes art, become a problem
    """
)
_EN_PATTERNS = (
    up(r" like it(?=[,.;!?\n]|$)", 1.0),
    up(r"one (?:[a-z]+ )?too (?:many|few)\b", 0.8),
    up(
        r"\((?=[^()\n]{0,60}\b(?:i|i've|i'm|you|he|she|it|it's|not|never|we|nobody|yes|no|my)\b)[^()\n0-9]{4,60}\)",
        1.2,
        "",
    ),
    up("[😂🤣😹😅🙃🤪😜😏😼🙈🤡]", 1.0, ""),
    up(r"!", 0.2),
)

LEXICONS: Mapping[Language, Lexicon] = {
    Language.ZH: Lexicon(
        Trait.HUMOROUS,
        Language.ZH,
        [
            (True, 1.2, _ZH_PEOPLE),
            (True, 1.2, _ZH_SLANG),
            (True, 1.0, _ZH_THINGS_DO),
            (True, 0.8, _ZH_EXAGGERATED),
            (True, 1.0, _ZH_SELF),
            (True, 0.5, _ZH_TURNS),
            (False, 0.8, _ZH_SERIOUS),
            (False, 0.3, _ZH_DRY),
        ],
        _ZH_PATTERNS,
    ),
    Language.EN: Lexicon(
        Trait.HUMOROUS,
        Language.EN,
        [
            (True, 1.0, _EN_PEOPLE),
            (True, 1.0, _EN_SAYINGS),
            (True, 0.8, _EN_THINGS_DO),
            (True, 1.2, _EN_SLANG),
            (True, 0.8, _EN_EXAGGERATED),
            (True, 1.0, _EN_SELF),
            (True, 0.5, _EN_TURNS),
            (False, 0.7, _EN_SERIOUS),
            (False, 0.3, _EN_DRY),
        ],
        _EN_PATTERNS,
    ),
}
