"""Plain to literary: what is seen and heard, words said twice, likenesses and pauses, against instruction and figures."""

from __future__ import annotations

from collections.abc import Mapping

from copilot.domain.brands import Language
from copilot.domain.checks.tone.lexicon import Lexicon, down, joined, listed, phrases, up
from copilot.domain.checks.tone.values import Trait

_ZH_SEEN = listed(
    """
    白雾 晨雾 薄雾 浓雾 雾气 起雾 层雾 雾里 雾散 霜落 落霜 霜花 寒霜 初霜 一层霜 露水 月色 月光 月亮 星星 星光 云朵 白云 炊烟 茶烟 大雪 雪夜 下雪 落雪 雨声 雨夜 细雨 雨后 晚风 微风 秋风 春风 风声 晨光 暮色 夜色 黄昏
    傍晚 清晨 清早 夕阳 灯火 灯影 灯下 影子 涟漪 溪水 远山 山色 江南 落叶 落花 花瓣 花影 竹叶 竹影 松风 桂花 梅花 荷花 荷叶 柳枝 柳絮 垂柳 杨柳 柳叶 青苔 苔痕
    瓦上 屋檐 檐下 小巷 巷子 庭院 窗台 窗上 窗前 一窗 衣襟 台阶 门扉 扉页 钟声 蝉声 蝉鸣 鸟鸣 岁月 时光 光阴 流年 旧时 往事 故人
    归人 远方 心事 思念 温柔 静谧 寂静 人间 烟火 春色 秋色 四季 尘埃 微光 余温 余味 回甘 深处 金色 银杏 水汽 炉火 一夜 墨香
    窗外 水面 湖面 江面 海风 石阶 青石 老屋 木门 铜铃 风铃 指尖 掌心 呼吸 许久 良久 久久 山里 云影 星河 灯盏 几盏 一盏 潮声 渔火 芦苇 旷野 田埂
    冷天 天冷 天凉 凉意 暖意 秋深 夜深 春深 初雪 初春 深秋 隆冬 旧日子 那年 远处 很远 低处 旧书 旧了 归途 炊火 雨落 落雨 梦里 梦中 旧梦
    """
)
_ZH_DOES = listed(
    """
    落下 落在 落满 落了 飘落 飘来 飘着 漫过 漫上 漏下来 洒落 洒下 洒在 铺满 流淌 氤氲 缭绕 摇曳 低语 呢喃 絮语 私语 轻抚 拂过 吹成 吹过
    醒来 睡去 升起 沉下去 点亮 映着 映在 浸在 晕开 散开 流过 爬上 焐热 焐 沉淀 绽放 凋谢 融化 倾听 凝成 停泊 栖 伫立 回响
    叫醒 淹没 漂过 驶过 聚拢 碎在 沉在 睡着了 听见 抚过 唤醒 藏进 酿成 晒成 走进 等来 开了又 落了又
    小声说话 起了一层 翻书 等一个 一站 留下的 不必 何妨 不妨 恰好 便是 便有 依稀 似水 若有所
    """
)
_ZH_SLOWLY: Mapping[str, str | None] = {
    "轻轻地": "",
    "静静地": "",
    "悄悄地": "",
    "缓缓地": "",
    "默默地": "",
    "淡淡的": "",
    "缓缓": "慢慢",
    "徐徐": "慢慢",
    **listed(
        """
        轻轻 慢慢 静静 悠悠 渐渐 细细 淡淡 微微 幽幽 软软 暖暖 沉沉 浅浅 绵绵 点点 片片 袅袅 静静的 低低地 慢慢地 隐隐 款款 脉脉
        依依 纷纷 簌簌 沙沙 潺潺 点滴 丝丝 缕缕 层层 声声
        安安静静 星星点点 平平淡淡 零零落落 断断续续 朝朝暮暮 岁岁年年 年年岁岁 清清浅浅 斑斑驳驳 高高低低 深深浅浅
        """
    ),
}
_ZH_LIKE: Mapping[str, str | None] = {
    "仿佛": "好像",
    "宛如": "像",
    "宛若": "像",
    "犹如": "像",
    "如同": "像",
    "恍若": "像",
    **listed("似的 一般地 好似 恰似 胜似 一如"),
}
_ZH_WARM = listed(
    "有点冷 热粥 屋里 暖了 就暖 灶上 阳台 一来就 软 安稳 天色 日子 窗 灯 雨 声音 安静 夜里 静 木头"
)
_ZH_PLAIN: Mapping[str, str | None] = {
    "即可": "就好",
    **listed(
        """
        点击 登录 小程序 填写 提交 回复 下单 限购 每人 步骤 使用前 使用 清洗 优惠 价格 到货 上架 尺寸 直径 规格 活动 福利 积分 领取 报名
        截止 地点 链接 套装 配套 包装 请提前 签到 请勿 说明 通知 公告 特此 根据 规定 本公司 办理 系统 订单 发货 客服 开封
        哈哈 超级 打卡 私聊 发我 扣1 抽奖
        """
    ),
}
_ZH_DRY = listed("就好 就行 可以 需要 左右 然后 首先 最后 因为 所以 如果 大家 请 配")
_ZH_PATTERNS = (
    # Not 像样, 像素, 好像: only what is likened to something.
    up(r"像(?<![好图头影肖录摄]像)(?![样素是话])[^，。！？；\n]{1,14}", 1.2),
    up(r"一([^一\W\d])[，、]?一\1", 1.0),
    # Two measures of four that answer each other.
    up(r"，(?<=[\s，。；！？][㐀-鿿]{4}，)[㐀-鿿]{4}(?=[，。；！？\n]|$)", 0.8),
    up(r"……|——", 0.4),
    up(r"着(?![急想法呢吧])", 0.3),
    down(r"[0-9][0-9.]*", 0.3),
    down(
        r"[一二三四五六七八九十两百][一二三四五六七八九十两百]{0,4}(?:分钟|小时|克|毫升|元|厘米|毫米|公斤|天内|个月|支|本|个)",
        0.3,
    ),
    down(r"[!！～~]", 0.3),
)

_EN_SEEN = listed(
    """
    boat boats lamplight valley shore oars wings feathers bees roots moss fern bells chimney rooftop birds swallows heron tides estuary
    mist mists fog frost dew moon moonlight starlight stars dusk dawn twilight evenings autumn winter snow rain wind breeze shadow
    shadows river sea tide hills lane meadow petals petal leaves leaf embers ember ash smoke steam hush silence stillness whispers
    echo echoes memory memories dream dreams heart soul gold silver honey amber velvet silk lamp lamps sill garden gate reeds swans
    moth moths lace bloom blossom blossoms horizon sky cloud clouds rooftops slates wool candlelight lantern
    hearth fen pond orchard hedgerow briar thunder sunlight sunrise sunset firelight harbour marsh willow nightfall midnight
    """
)
_EN_DOES = listed(
    """
    murmur murmurs murmured murmuring mutter mutters muttered muttering whisper whispered whispering sigh sighs sighed sighing drift
    drifts drifted drifting linger lingers lingered lingering gathers gathered spill spills spilled spilling curl curls curled curling
    fade fades faded fading breathe breathes breathed breathing glow glows glowed glowing shimmer shimmers shimmering glimmer glimmers
    glisten glistens gleam gleams gleaming flicker flickers flickering unfurl unfurls fold folds leans leaning slips wakes waking hum
    hums humming wander wanders cradle cradles blush blushes dissolve dissolves ache aches yearn yearns settles drowse darkens deepens
    asleep breathing listening remembering climbs drowns remembers listens stirs rests loosens gathers softened hushes thaws
    softens ripens trembles beckons dances weeps
    """
)
_EN_HOW = phrases(
    """
    softly, slowly, drowsy, hushed, golden, silvery, pale, dim, faint, tender, ancient, distant, far away, faraway, weathered, lonely,
    endless, low and, still warm, by and by, at last, one by one, all night, all week, first frost, the light lasted, a while, somewhere,
    wherever you are, not a sound, cold morning, cold hands, the last of, the end of, the turning of, turns to, mists over, hour by hour
    """
)
_EN_WARM = phrases(
    """
    cold, warm, morning, evening, window, while, smells of, heavier, quiet, old, years, drawing in, gets up,
    fireside, hands, hour, dark, letters, colour of
    """
)
_EN_PLAIN = phrases(
    """
    click, tap, log in, submit, enter, fill in, press, reply, sign up, order, orders, price, the limit, limit, per person, includes,
    comes with, centimetres, millimetres, cm, wide, store, download, app, offer, discount, points, stock, use it, before you use,
    parcel, event, wait, website, register, booking, please, available, instructions, size, haha, vote
    """
)
_EN_DRY = phrases("you can, needs, need, it is, takes, once, check, thanks, just")
_EN_LIKE = phrases(
    "as if, as though, like someone, like something, like smoke, like glass, like rain, like water, like snow, like silk"
)
_EN_AGAIN = {
    f"{what} {how} {what}": None
    for what in listed(
        "drop day night hour year page leaf wave row layer line stone petal street thread word"
    )
    for how in ("by", "after", "upon")
}
_EN_FIGURES = joined(
    listed("two three four five six ten twelve fifteen twenty thirty forty fifty sixty"),
    listed("minutes seconds centimetres millimetres grams pens o'clock hours days degrees pounds people"),
)
_EN_PATTERNS = (
    up(r"like (?:an?|the|old|some|two) [^,.;!?\n]{0,40}", 1.2),
    up(r"(?:soft|slow|quiet|pale|light|still|dark|warm|cold|clear|bright) as \w+", 1.2),
    up(r" (?:gently|softly|quietly|tenderly)(?=[,.;]| and\b)", 0.6, ""),
    up(r"on a [a-z]+ (?:morning|evening|night|day)\b", 0.5),
    down(r"[0-9][0-9.]*", 0.3),
    down(r"!", 0.3),
)

LEXICONS: Mapping[Language, Lexicon] = {
    Language.ZH: Lexicon(
        Trait.LITERARY,
        Language.ZH,
        [
            (True, 0.7, _ZH_SEEN),
            (True, 0.8, _ZH_DOES),
            (True, 0.9, _ZH_SLOWLY),
            (True, 1.0, _ZH_LIKE),
            (True, 0.35, _ZH_WARM),
            (False, 0.6, _ZH_PLAIN),
            (False, 0.3, _ZH_DRY),
        ],
        _ZH_PATTERNS,
    ),
    Language.EN: Lexicon(
        Trait.LITERARY,
        Language.EN,
        [
            (True, 0.6, _EN_SEEN),
            (True, 0.9, _EN_DOES),
            (True, 0.7, _EN_HOW),
            (True, 1.2, _EN_LIKE),
            (True, 0.8, _EN_AGAIN),
            (False, 0.3, _EN_FIGURES),
            (True, 0.3, _EN_WARM),
            (False, 0.5, _EN_PLAIN),
            (False, 0.25, _EN_DRY),
        ],
        _EN_PATTERNS,
    ),
}
