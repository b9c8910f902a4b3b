"""How posts of nobody in particular are written, counted in tests/data/voices.yaml: what a brand's own stand out from.

Written by tests/unit/test_checks_tone.py, which says how.
"""

from __future__ import annotations

from collections.abc import Mapping

from copilot.domain.brands import Language

MANNERS: Mapping[Language, Mapping[str, tuple[float, float, float]]] = {
    Language.ZH: {
        "w_的": (1.285, 0.947, 0.789),
        "w_了": (0.522, 0.855, 0.722),
        "w_着": (0.156, 0.46, 1.087),
        "w_就": (0.351, 0.704, 0.801),
        "w_也": (0.097, 0.382, 1.283),
        "w_都": (0.145, 0.495, 1.023),
        "w_不": (0.41, 0.685, 1.036),
        "w_是": (0.307, 0.658, 1.017),
        "w_在": (0.375, 0.704, 0.83),
        "w_有": (0.662, 0.889, 0.713),
        "w_把": (0.066, 0.318, 0.6),
        "w_会": (0.301, 0.632, 0.848),
        "w_还": (0.158, 0.47, 1.093),
        "w_很": (0.061, 0.296, 1.24),
        "w_这": (0.271, 0.613, 0.759),
        "w_那": (0.153, 0.452, 1.119),
        "w_一": (1.134, 0.957, 0.842),
        "w_请": (0.347, 0.647, 0.753),
        "w_可": (0.265, 0.617, 0.758),
        "w_以": (0.264, 0.614, 0.748),
        "w_于": (0.261, 0.55, 0.825),
        "w_将": (0.195, 0.479, 0.728),
        "w_为": (0.045, 0.312, 1.316),
        "w_其": (0.0, 0.15, 0.6),
        "w_之": (0.033, 0.223, 0.6),
        "w_与": (0.117, 0.4, 1.079),
        "w_由": (0.083, 0.425, 0.665),
        "w_上": (0.462, 0.697, 1.036),
        "w_下": (0.409, 0.697, 0.954),
        "w_个": (0.299, 0.631, 0.839),
        "w_来": (0.414, 0.733, 0.953),
        "w_去": (0.0, 0.15, 0.6),
        "w_到": (0.371, 0.649, 0.879),
        "w_好": (0.363, 0.679, 0.811),
        "w_说": (0.117, 0.392, 1.3),
        "w_要": (0.231, 0.569, 1.084),
        "w_能": (0.076, 0.365, 0.6),
        "w_给": (0.148, 0.436, 0.964),
        "w_没": (0.132, 0.439, 0.93),
        "a_you": (0.205, 0.499, 0.983),
        "a_you_polite": (0.253, 0.6, 0.634),
        "a_we": (0.168, 0.494, 0.827),
        "a_everyone": (0.222, 0.542, 0.814),
        "a_people": (0.482, 0.763, 0.743),
        "a_i": (0.17, 0.51, 0.957),
        "t_particles": (0.618, 1.155, 0.6),
        "m_comma": (2.431, 0.531, 0.651),
        "m_stop": (1.729, 1.017, 0.6),
        "m_exclamation": (0.444, 0.794, 0.6),
        "m_question": (0.144, 0.481, 0.619),
        "m_pause": (0.0, 0.15, 0.6),
        "m_colon": (0.344, 0.641, 0.748),
        "m_semicolon": (0.0, 0.15, 0.6),
        "m_ellipsis": (0.0, 0.15, 0.6),
        "m_dash": (0.0, 0.15, 0.6),
        "m_bracket": (0.0, 0.15, 0.6),
        "m_quotation": (0.0, 0.15, 0.6),
        "m_title": (0.0, 0.15, 0.6),
        "m_emoji": (0.217, 0.487, 0.6),
        "f_figures": (0.148, 0.622, 0.798),
        "f_spaced": (0.122, 0.601, 0.778),
        "f_latin": (0.0, 0.15, 0.6),
        "s_sentence": (2.905, 0.417, 0.6),
        "s_clause": (2.109, 0.235, 0.6),
        "s_line": (3.208, 0.367, 0.6),
        "s_open": (0.021, 0.15, 0.871),
        "s_greets": (0.354, 0.478, 0.922),
        "t_friendly": (5.55, 1.458, 0.6),
        "t_humorous": (2.865, 0.905, 0.6),
        "t_literary": (2.958, 1.552, 0.6),
    },
    Language.EN: {
        "w_the": (2.413, 1.321, 0.835),
        "w_a": (0.901, 1.206, 0.935),
        "w_an": (0.039, 0.27, 1.316),
        "w_and": (1.373, 1.124, 0.843),
        "w_of": (0.799, 1.059, 0.872),
        "w_to": (0.586, 0.922, 0.999),
        "w_in": (0.783, 1.078, 0.852),
        "w_for": (0.515, 0.899, 0.902),
        "w_with": (0.177, 0.593, 1.126),
        "w_is": (0.652, 1.043, 0.741),
        "w_are": (0.6, 1.006, 0.908),
        "w_it": (0.489, 0.914, 1.005),
        "w_that": (0.279, 0.747, 0.803),
        "w_this": (0.482, 0.897, 0.859),
        "w_but": (0.042, 0.286, 1.316),
        "w_so": (0.225, 0.672, 0.77),
        "w_just": (0.161, 0.536, 1.095),
        "w_or": (0.239, 0.713, 0.74),
        "w_if": (0.13, 0.503, 0.797),
        "w_at": (0.454, 0.919, 1.056),
        "w_on": (0.508, 0.892, 1.026),
        "w_by": (0.185, 0.622, 0.827),
        "w_from": (0.081, 0.388, 1.238),
        "w_as": (0.089, 0.436, 1.328),
        "w_be": (0.598, 1.02, 0.6),
        "w_not": (0.121, 0.47, 1.279),
        "w_no": (0.138, 0.541, 0.941),
        "w_was": (0.092, 0.441, 0.915),
        "w_were": (0.114, 0.442, 1.342),
        "w_has": (0.12, 0.468, 0.965),
        "w_have": (0.209, 0.617, 1.143),
        "w_had": (0.0, 0.15, 0.6),
        "w_will": (0.453, 0.898, 0.828),
        "w_would": (0.0, 0.15, 0.6),
        "w_can": (0.048, 0.328, 0.6),
        "w_could": (0.0, 0.15, 0.6),
        "w_all": (0.041, 0.28, 1.316),
        "w_one": (0.291, 0.706, 0.954),
        "w_please": (0.197, 0.661, 0.631),
        "w_when": (0.098, 0.472, 0.6),
        "w_what": (0.098, 0.472, 0.6),
        "w_who": (0.125, 0.486, 1.055),
        "w_how": (0.054, 0.369, 0.6),
        "w_there": (0.089, 0.427, 0.91),
        "w_here": (0.169, 0.564, 0.672),
        "w_been": (0.073, 0.353, 1.239),
        "w_should": (0.175, 0.589, 0.823),
        "w_may": (0.037, 0.257, 1.316),
        "w_which": (0.139, 0.553, 0.956),
        "w_than": (0.045, 0.312, 0.6),
        "w_then": (0.054, 0.369, 0.6),
        "a_you": (0.876, 1.305, 0.705),
        "a_we": (1.151, 1.184, 0.776),
        "a_i": (0.26, 0.791, 0.828),
        "a_everyone": (0.457, 0.851, 0.6),
        "a_they": (0.315, 0.85, 0.925),
        "w_ing": (0.755, 1.042, 0.877),
        "w_ed": (1.183, 1.386, 0.648),
        "w_ly": (0.332, 0.758, 0.968),
        "w_noun": (0.393, 0.899, 0.957),
        "t_contractions": (0.902, 1.44, 0.6),
        "m_comma": (2.354, 1.09, 0.6),
        "m_stop": (2.623, 0.985, 0.651),
        "m_exclamation": (0.716, 1.363, 0.6),
        "m_question": (0.447, 0.885, 0.642),
        "m_colon": (0.137, 0.546, 0.943),
        "m_semicolon": (0.0, 0.15, 0.6),
        "m_ellipsis": (0.0, 0.15, 0.6),
        "m_dash": (0.0, 0.15, 0.6),
        "m_bracket": (0.0, 0.15, 0.6),
        "m_quotation": (0.0, 0.15, 0.6),
        "m_emoji": (0.332, 0.754, 0.6),
        "f_figures": (0.195, 0.79, 0.912),
        "f_capitals": (0.173, 0.687, 1.164),
        "s_word": (4.228, 0.49, 0.711),
        "s_sentence": (2.132, 0.285, 0.6),
        "s_line": (2.63, 0.325, 0.6),
        "s_open": (0.056, 0.15, 0.6),
        "s_greets": (0.292, 0.455, 0.641),
        "t_friendly": (5.312, 1.555, 0.6),
        "t_humorous": (2.971, 0.805, 0.618),
        "t_literary": (3.212, 1.374, 0.656),
    },
}
"""By feature: the mean of all posts, how they spread, and how the posts of one brand do, in parts of that."""

_COMMON: Mapping[Language, Mapping[int, str]] = {
    Language.ZH: {
        1: """
一共 一周 一场 一天 一定 一本 一的 一般 一遍 七天 万别 三天 三百 上八 上周 上好 上架 下个
下了 下午 下的 下面 不便 不好 不油 不累 业一 两周 中免 久换 么安 之内 书会 买家 买鞋 了几
了半 了点 事找 二杯 于月 于退 五岁 五截 些订 享一 亲们 人们 人参 人小 人问 什么 今晚 付定
以勤 以在 以开 以无 们会 们在 们承 价退 休息 优惠 伙伴 会员 会在 会肿 会读 伴抽 位会 位小
使用 候合 停电 停营 先付 先搓 先改 先预 免单 兑换 公园 共有 关于 内把 内送 再放 再看 冬天
几个 几天 几岁 出了 出门 分享 分将 分钟 刚刚 刚好 利多 别错 到七 到晚 前请 剩下 力气 办了
加哦 加衣 动一 勤一 包装 十一 十分 千万 午来 半个 半价 单在 单没 单要 又来 及时 友看 双十
发出 发就 发广 发黄 受是 口发 叨了 右就 各位 合脚 合适 名单 周五 周末 周清 咖啡 品已 哪一
唠叨 售开 啡机 喜这 因线 园办 圆了 在下 在今 在公 在小 在群 场雨 坐着 夏天 多久 多人 多多
夜深 大的 天一 天之 天付 天分 天就 天换 天用 天系 天见 天还 天降 头是 奖名 套可 好意 始了
始学 子几 子坐 子来 子里 学琴 孩都 安排 完整 定要 定金 家人 家好 家承 家的 将于 尊敬 小伙
小孩 小市 小技 小程 就可 尾款 岁可 岁左 左右 差价 己用 市集 带孩 带来 广告 床单 序首 底清
店明 店里 店长 建议 式见 弧度 当天 得加 快递 恭喜 息吧 您好 您带 您的 意思 意查 感受 感谢
我自 截止 手指 才是 扣优 找管 承担 技巧 把差 把椅 投票 抽中 指有 换一 换方 换水 掉了 搓一
摘了 播间 支持 收到 改群 放进 敬的 敬请 数量 新品 新来 方式 无理 日停 早上 早点 时候 时兑
明日 昨天 昨晚 是不 是橡 是真 昵称 晚上 晚下 晚八 暂停 最大 月底 月积 月读 有三 有事 有些
有人 有什 有你 有力 有扣 有没 有问 有限 朋友 木头 末有 本店 本月 本群 机会 机使 来不 来唠
来玩 来的 来试 杯半 枕套 查收 检修 椅子 榴掉 橡木 次机 次滤 欢迎 款当 款面 止发 每周 每天
气就 水箱 注意 洁精 洗一 洗洁 洗衣 活动 深了 清洗 清零 滤网 点休 点弧 点直 点结 点问 热十
热饮 理员 理由 用了 用刚 用前 用洗 由买 由我 由退 白衬 百多 的合 的快 的感 的扣 的支 的新
的朋 的活 的热 的石 的顾 的预 直播 看到 看有 看看 看群 看这 真的 着不 石榴 磨圆 禁止 福利
积分 移出 程序 第二 管理 箱每 精先 系统 线路 经上 经发 结束 给大 给您 统出 群公 群昵 群禁
群里 老人 者移 肿一 背有 能参 能摘 脚会 脚才 自己 般五 获奖 营业 衣服 衣机 衫领 衬衫 装完
要下 要多 见公 角都 计三 订单 议两 记得 请先 请及 请注 请谅 读书 读哪 谅解 谢大 谢谢 谢配
质量 费由 路检 转发 边角 过几 迎带 运费 还有 这位 这周 这把 这款 这里 进洗 违者 退给 退货
送达 递已 那时 都合 都磨 配合 里问 量有 量问 错过 长又 门记 问孩 问就 间见 降温 限哦 院子
霜我 靠背 面霜 鞋一 页看 顾客 预售 预热 预计 领口 题在 题由 饮第 首页
        """,
        2: """
一个 个小 个月 了一 八点 公告 参加 周的 天内 孩子 就能 就行 已经 开始 明天 有一 没有 里的
        """,
        3: """
一次 一点 今天 大家 我们 问题
        """,
        4: """
可以
        """,
    },
    Language.EN: {
        1: """
a_child a_dozen a_few a_fortnight a_look a_quick a_small a_tin accepted accepted_within admin
admin_if advertising advertising_in advised advised_that afternoon afternoon_when again
again_nagging always always_try and_a and_children and_it and_old and_rinse and_see and_sharing
and_should and_some and_the and_they and_what another another_one any_inconvenience any_problems
anything anything_here apologise apologise_for are_a are_accepted are_listed are_rounded are_strong
are_welcome are_your around around_five ask_the ask_us asked asked_when at_eight back_of back_the
be_advised be_closed be_ready be_removed be_with before_the before_then before_use below best
best_is bigger book book_shall break break_the buttons buttons_in buyer buyer_pays by_friday by_read
came came_down can can_start chair chair_is change_your child child_can children children_are closed
closed_tomorrow coffee coffee_machine cold cold_this collars collars_rub come come_up
congratulations congratulations_to corners corners_are cream cream_for customers customers_points
daily daily_and days_any days_if dear dear_customers difference difference_today discount
discount_we don't don't_miss down_the down_yesterday dozen dozen_of draw draw_there's drink drink_is
due due_to easy easy_on eight_loads eight_tonight end end_of enough every every_two every_week
everyone everyone_the expire expire_at faulty feet feet_are few few_pears filter filter_once fine
fine_once fingers fingers_are five five_is for_a for_any for_joining for_ten for_the for_yellow
fortnight fortnight_and found found_a friday gets gets_you good good_morning grandmother
grandmother_kept greasy group group_please half half_price has has_won have have_a hello
hello_everyone her her_buttons here_change here_they hi hi_your hot hot_drink how how_often hundred
hundred_of i i've i've_used i_like if_the if_you're in_last in_summer in_this in_three inconvenience
intact intact_the is_a is_easy is_faulty is_fine is_half is_intact is_oak is_that isn't isn't_greasy
it's_late it's_turned it_isn't it_rained it_suits item item_is its its_way joining joining_in just
just_let kept kept_her know_you last last_week late late_sleep let let_us like_best like_this liquid
liquid_before listed listed_below little_bigger little_washing live live_tonight loads loads_of look
look_and machine machine_for maintenance maintenance_we market market_in me me_again minutes
minutes_before miss miss_it missed missed_the month_please month_reply more more_than morning
morning_a my my_grandmother nagging nagging_always name name_to new_here new_range next next_month
night night_and no no_advertising now now_have oak oak_the of_offers of_them of_you offers offers_so
often often_should old on_in on_its once_a once_the one_tomorrow or_by or_every or_so orders
orders_missed packaging packaging_is parcel parcel_is park park_and part part_and pays pays_the
pears pears_came piano piano_around pinned pinned_post plans plans_for please_be please_posts
please_redeem points points_expire poll poll_which post_and post_gets postage postage_unless posts
posts_that preheat preheat_the price price_until problems problems_just quick quick_tip rained
rained_in range range_is read_next read_the ready ready_in redeem redeem_them refund refund_the
removed reply reply_or rest rest_will returns returns_are rinse rinse_the rounded rounded_and rub
rub_in rule rule_will sam sam_who second second_hot see see_you seven seven_days shall shall_we
sharing sharing_the sheets sheets_every shoes shoes_on should_be should_you site site_now sleep
sleep_well small small_market so_don't so_here some some_orders someone someone_asked sorry
sorry_the start start_the store store_will strong strong_enough stuck suits suits_young summer
system system_was ten ten_minutes than than_three thank thank_you that_break that_it that_the
the_admin the_afternoon the_buyer the_coffee the_corners the_difference the_discount the_end
the_filter the_fingers the_item the_month the_new the_night the_one the_packaging the_park the_piano
the_pinned the_post the_postage the_rest the_rule the_second the_sheets the_site the_store
the_system the_warehouse the_wash the_water the_weekend the_winners the_wood them_at them_before
then there there's there's_another there_is they_are they_come this_chair this_cream this_group
this_one this_week this_week's three_days three_hundred tin tin_like tip tip_for to_maintenance
to_sam to_the today tomorrow_and tomorrow_due tonight_at took took_part try try_shoes turned
turned_cold two two_weeks unless unless_the until until_eight up up_liquid up_white us_anything
us_know use use_change used used_this warehouse warehouse_so was was_down wash wash_and washing
washing_up water water_daily way way_and we're we're_live we_apologise we_found we_know we_read
we_will week's week's_draw week_in week_more week_or week_the weekend weekend_there weeks weeks_or
welcome well well_and what_are what_i when_a when_your which which_book white who who_has
will_refund winners winners_are with with_you within within_seven won won_this wood wood_is yellow
yellow_collars yesterday yesterday_and you're you're_stuck you_by you_change you_for you_tomorrow
you_took young young_and your_feet your_name your_parcel your_plans
        """,
        2: """
a_little a_week and_ask any ask at_the back by change_the days down eight if is_on it's know like
little month new of_the on_the once one_we post read should the_back them they three tonight us what
when you_in
        """,
        3: """
at before change here in_a in_the one or please so that to tomorrow will_be
        """,
        4: """
be it of on will your
        """,
        5: """
we week
        """,
        6: """
for this you
        """,
        7: """
are
        """,
        8: """
is
        """,
        9: """
a
        """,
        10: """
in
        """,
        13: """
and
        """,
        19: """
the
        """,
    },
}

COMMON: Mapping[Language, Mapping[str, int]] = {
    language: {turn: count for count, listed in counted.items() for turn in listed.split()}
    for language, counted in _COMMON.items()
}
"""In how many of the generic posts a turn stands."""
