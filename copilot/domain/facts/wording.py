"""The words that tell what a figure pins down: a price, an offer, a promise, a specification."""

from __future__ import annotations

import re

_I = re.IGNORECASE

# Headers of cells that hold prose, and of cells that nobody pins.
PROSE_HEADER = re.compile(
    r"说明|内容|条件|怎么|可以这样|备注|一句话|details?|conditions?|notes?|highlight|answer|reply|remark|fact",
    _I,
)
SKIPPED_HEADER = re.compile(
    r"多久|频率|次数|适合|理由|原因|建议|场景|不要|编号|序号|参加方式|how often|why|who|tested|saw|say\b|\bno\.?$|number$|sku",
    _I,
)
NAMING_HEADER = re.compile(
    r"产品|品名|商品|名称|型号|款式|套餐|套装(?!价)|东西|项目|情况|场合|product|item|name|model|bundle|set$|service|subject|what you do|situation",
    _I,
)
OFFER_HEADER = re.compile(r"^(?:优惠|活动|权益|福利|offer|promotion|deal|campaign)(?:名称?|名| name)?$", _I)
VARIANT_HEADER = re.compile(r"颜色|款式|型号|口味|尺码|variant|colou?r|flavou?r|version|option", _I)
ANY_VARIANT_HEADER = re.compile(r"variant|version|option|款式|型号", _I)
START_HEADER = re.compile(r"有效期起|开始|起始|valid[ _]from|starts?\b|start date", _I)
END_HEADER = re.compile(r"有效期止|截止|结束|valid[ _](?:until|to)|ends?\b|end date|expires?", _I)
# The row's own window, which every fact of the row carries: the names are those that its reader knows.
WINDOW_HEADER = re.compile(r"^(?:有效期[起止]|valid[ _]?(?:from|until))$", _I)
# Days that somebody tells people of, and such as a day can only be in a table of events.
EVENT_HEADER = re.compile(
    r"上市|上新|上架|发布|开售|开团|开抢|预售|活动|开放|报名|登记(?!时间|日期)|开奖|发货日|到货日"
    r"|launch|release|on sale|opens?\b|opening|event|booking|registration|dispatch day",
    _I,
)
DAY_HEADER = re.compile(r"日期|时间|哪天|几号|日子|\b(?:date|when|day|time)\b", _I)
# When a row was written down, ordered or paid is true of that row alone.
LOGGED_HEADER = re.compile(
    r"创建|下单|付款|支付|提交|更新|修改|录入|入库|导入|记录|登记(?:时间|日期)|反馈|处理|签收(?:时间|日期)|生产"
    r"|created|updated|modified|ordered|paid|submitted|logged|imported|recorded|timestamp|[ _]at$",
    _I,
)
# A row about one order, case or customer: nothing of it is what the brand says to all.
LOG_HEADER = re.compile(
    r"^(?:订单|工单|流水|运单|物流单|快递单|售后单)(?:编?号|号码)?$|下单(?:时间|日期|人)|买家|收货人|收件人"
    r"|客户(?:姓名|名称?|昵称|编号|id)|手机号?$|联系电话"
    r"|^(?:order|ticket|case|invoice|tracking)[ _]?(?:no\.?|number|id|#)$|^(?:buyer|customer|recipient)(?:[ _](?:name|id|email))?$"
    r"|^(?:created|ordered|submitted|logged)(?:[ _](?:at|on|date|time))?$|^order[ _]date$|^timestamp$",
    _I,
)
QUANTITY_HEADER = re.compile(r"数量|限购|限量|名额|库存|份数|quantity|limit|stock|places", _I)
CODE_HEADER = re.compile(r"(?:优惠|折扣|券|兑换)码|口令|(?<![a-z])(?:promo |voucher |discount )?code$", _I)
CODE_CELL = re.compile(r"[A-Z][A-Z0-9]{3,19}")
PRICE_HEADER = re.compile(r"价|合计|金额|price|cost|rrp|fee\b", _I)
REWARD_HEADER = re.compile(r"积分|奖励|points?|rewards?|earns?", _I)
TERM_HEADER = re.compile(r"时限|期限|多长|时间|how soon|how long|within|deadline|period|answers?", _I)
STORAGE_HEADER = re.compile(r"温度|期限|保质|存放|temperature|shelf|storage", _I)

# Money that is not a price.
SAVED = re.compile(
    r"(?:比.{0,12}(?:少|省|便宜|低)|(?:省|便宜|少花|差价|相差|差)(?:了|下)?)[ ]?$"
    r"|(?<![A-Za-z])(?:saves?|saving|cheaper by|by)[ ](?:you[ ])?$",
    _I,
)
SAVED_AFTER = re.compile(r"^[ ]?(?:less|cheaper|saved)(?![A-Za-z])", _I)
REDUCED = re.compile(r"(?:立减|减|抵|返|优惠)[ ]?$")
REDUCED_AFTER = re.compile(r"[ ]off(?![A-Za-z])", _I)
COUPON = re.compile(
    r"^[ ]?(?:[^\s，。；、]{0,4}券|红包|代金|礼金|[ ](?:voucher|coupon|gift card|credit))", _I
)
ABOVE = re.compile(r"(?:不?满|达到?|超过|over|above|under|below|up to|at least|orders of|or)[ ]?$", _I)
ABOVE_AFTER = re.compile(r"^[ ]?(?:以上|起送|or more|and above|and over|\+)", _I)
BENEFIT = re.compile(
    r"包邮|免邮|免运费|可用|立?减|送|赠|兑|no charge|free|(?<![A-Za-z])off(?![A-Za-z])|gift", _I
)
POINTS = re.compile(r"积分|券|points?(?![A-Za-z])|voucher|coupon", _I)
FIXED_AMOUNT = re.compile(r"消费|每|赔|补偿|compensat|remedy", _I)

# A promise needs what is promised; a figure of time stands beside it.
PROMISED = re.compile(
    r"发货|发出|寄出|送到|送达|到货|补发|重发|退货|退款|退全款|可以退|能退|都可以退|都行|差价|退换|换货|换新|换一只|无理由|质保|保修|维修|回复|告诉你|答复|响应|给出方案"
    r"|出面|办完|到账|停止使用|更正|拍照|照片|补寄|提醒|在线|安静|不.{0,4}发消息"
    r"|dispatch|shipp?(?:s|ed)?(?![A-Za-z])|posts?(?![A-Za-z])|posted|pack(?:ed|ing)|arriv|deliver|come back|returns?(?![A-Za-z])|refund|replac|repair|mend|re-enamel"
    r"|repl(?:y|ies)|answer|respond|guarantee|warrant|sends? (?:the|a|it)|looked at|honour|decide|report",
    _I,
)
SERVED = re.compile(
    r"在线|客服|营业|回复|不.{0,6}发消息|安静|hours|team is|at the bench|open(?:s|ing)?(?![A-Za-z])|quiet|phone|line",
    _I,
)
FREE = re.compile(
    r"不收(?:运)?费|不收取|免费(?:维修|补发|更换|退|换|上门|配)|(?:运费|费用)(?:由|都由)?(?:我们|店里|商家)(?:承担|出)|运费我们出|原路退回?|全额退|(?<!不支持)(?<!不享受)(?<!不适用)无理由"
    r"|at no charge|free of charge|free (?:repair|return|replacement|postage|delivery)|pays? the (?:return )?postage",
    _I,
)
LIMIT = re.compile(
    r"(?:每[人单户位口]?[^，。；]{0,6}限|限购?|最多|上限是?|共|总共|头一批共?|名额|接待|no more than|at most|only)[ ]?$",
    _I,
)
LIMIT_AFTER = re.compile(
    r"^[^.;,]{0,24}(?:set aside|to an order|per order|per person|places|available)|^[ ]?(?:名额|封顶)", _I
)
VALID = re.compile(r"有效|内可领|内使用|可领|last for|valid|expire", _I)
EVENT = re.compile(
    r"开始|结束|截止|起|登记|报名|开放|开售|发售|开抢|开团|预售|上新|上市|上架|上线|发货|活动"
    r"|(?<![A-Za-z])(?:open(?:s|ing|ed)?|clos(?:es?|ing|ed)|start(?:s|ing|ed)?|ends?|until|from|between|on)(?![A-Za-z])",
    _I,
)
WEEKDAY = re.compile(
    r"(?:每个?)?(?:周|星期|礼拜)[一二三四五六日天]|(?<![A-Za-z])(?:(?:every|each|on|on each)[ ])?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?(?![A-Za-z])",
    _I,
)

# What a product's figure measures.
ATTRIBUTE = re.compile(
    r"容量|容积|净含量|净重|连盖重|重量|重|直径|口径|高度|高|宽度|宽|长度|长(?!在|得|稻)|壁厚|锅壁厚?|厚|深|尺寸|规格|功率|续航|电池容量"
    r"|保质期|未开[封盖]|开[封盖]后?|保存|存放|储存|冷藏|不要超过|不超过|烤箱|耐热|耐温"
    r"|[每一1][袋盒罐组瓶包片杯只]是?(?=[ ]?[0-9])|一次可?煮|正好[煮装]|能[煮舀装放]|装下|[吃用喝]完|大约|约|附|共"
    r"|(?<![A-Za-z])(?:holds?|capacity|measures?|stands?|weighs?|tall|wide|deep|thick|long|inside|oven heat|keeps?|shelf life|wakes?|"
    r"washes at|wash at|fits?|shrinks by|notched every|takes oven|jar of|bag of|box of|pages?|coats?|size|weight|below|up to)(?![A-Za-z])",
    _I,
)
SPECIFYING_HEADING = re.compile(r"规格|参数|尺寸|specification|what it is|size|dimensions|what stays", _I)
LASTING = re.compile(
    r"保质期|未开[封盖]|(?<!敞)开[封盖]后|开了[封盖]|不要超过|烤箱|keeps for|keep for|shelf life|unopened|up to|below",
    _I,
)
# A fee that comes on top of a price; the coffee is none.
FEE = re.compile(
    r"运费|邮费|配送费|押金|定金|手续费|服务费|(?<![A-Za-z])(?:postage|delivery|shipping|deposit|fees?)(?![A-Za-z])",
    _I,
)
FEE_AFTER = re.compile(r"^[ ]?(?P<name>运费|邮费|配送费|押金|定金|手续费|服务费)")
MONEY_MARK = re.compile(r"[元¥￥£€$]|块钱|[A-Z]{3}|yuan|pound|dollar|euro|pence|[0-9]p$|quid", _I)
REPEATED = re.compile(r"每[^，。；]{0,8}[一1][次回遍]|once (?:a|every)|every", _I)
LATEST = re.compile(r"(?:before|by|前)[ ]?$", _I)
TRAILING = re.compile(
    r"^[ ]?(?:以?内)?(?P<name>[吃用喝]完|tall|wide|deep|thick|long|high|inside)(?![A-Za-z])", _I
)
# A limit is half of what a measure says: 25℃ 以下 is no 25℃.
BOUND_BEFORE = re.compile(
    r"(?<![A-Za-z])(?:up to|below|under|over|above|at least|at most|no more than|less than|more than)[ ]$", _I
)
BOUND_AFTER = re.compile(r"[ ]?(?:及?以[上下内]|之内|[ ]or (?:less|more|below|above|under|over))(?![A-Za-z])")
# Written with blanks (12 月 5 日) a day ends after its figure does.
DAY_AFTER = re.compile(r"[ ]?[日号](?![常用])")
# The price of a part is none of the whole, so that the part has to be named.
REPLACED = re.compile(r"单[换配买]|另配|补配|换一|配一")
PART = re.compile(
    r"(?:硅胶|密封|内|外|上|下|竹|木|玻璃|陶|防滑|滤)?(?:(?<![开揭掀打合])盖(?:子|(?!碗))|圈|垫|手柄|把手|提[钮手]|滤网|内胆|壶嘴|塞子?|绳|底座)"
)
# Materials that hold this and that: what stands in them is not about them.
CONTAINER = re.compile(
    r"问答|档案|合集|汇总|资料|笔记|(?<![A-Za-z])(?:FAQs?|questions|file|notes|replies|answers|misc)(?![A-Za-z])",
    _I,
)
ASKING = re.compile(r"怎么[办算样回]?|多久|多少钱?|可以吗|[吗呢]$|什么时候|是什么|有哪些|要多长时间|[？?]$")
DISPATCHED = re.compile(r"发货|发出|寄出|dispatch|posted|shipped", _I)
KEPT = re.compile(r"保质|能放|吃完|保存|冷藏|冷冻|keeps? for|store", _I)
SPELLED = re.compile(r"[A-Za-z]")
ALL_GOODS = re.compile(r"全部|全场|全店|所有|通用|任意|any |all |every", _I)
STEP = re.compile(r"^[ ]*(?:[0-9]{1,2}|[一二三四五六七八九十])[.、)）]")
TALE = re.compile(
    r"有一回|能攒|攒到|按这个速度|那天|那年|以前|小时候|(?<![A-Za-z])(?:ago|my|I|we (?:baked|washed|tested))(?![A-Za-z])|岁"
    r"|comes? to|in our test kitchen"
)
