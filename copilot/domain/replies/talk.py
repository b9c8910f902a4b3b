"""How members talk: phrases that say nothing of a question's subject, and families of words for one thing.

General to any shop and its after-sales service; what only one brand says (its products, its programmes) is
read from the question and the passages themselves.
"""

from __future__ import annotations

import re
from functools import lru_cache

from copilot.domain.brands import Language
from copilot.domain.quantities.lists import listed

# What a question is made of, taken out before its words are compared. Longer phrases come first.
FILLER = {
    Language.ZH: re.compile(
        r"请问|你好|您好|想问一?下?|问一?下|麻烦|帮我|咋办|怎么办|怎么弄|怎么样|怎样|怎么回事|怎么|咋回事|咋样|咋弄|咋"
        r"|什么时候|什么|为什么|为啥|有没有|能不能|可不可以|是不是|要不要|会不会|可以|能够|需要|应该|一下|还有救|有救|补救"
        r"|多少|多久|多长时间|几[天个点只种样次顿遍分块张条位]|哪天|哪种|哪个|哪些|哪里|哪儿|哪样|东西|这个|那个|这种|那种|下了?单|付款后?|付了款|订单|买来|(?P<x>[\u4e00-\u9fff])不(?P=x)|我家里?|我们|你们家?|你家|咱们"
        r"|自己|我买|的话|之前|以前|以后|之后|时候|里面|上面|那层|一点|有点|好多|大概|大约|[两一几]个?(?:礼拜|星期|月|周)|第[一二三四五]天"
        r"|没多久|刚刚|现在|突然|第二|不干净|干净|好不好|行不行|提前|分别|怎么配|只能|还能|这样|那样|谢谢|呢|哈"
    ),
    Language.EN: re.compile(
        r"\b(?:what (?:do|should|can) i do|what now|how do i know|how can i tell|do i (?:need|have) to|i want to|i'd like to|can you tell me"
        r"|look after|at all|how (?:long|soon|fast|often|quickly|many|much)|how do i (?:check|find|see)|questions? about|only|please|thanks?|hello|hi|hey|just|really|actually|came out|comes out|turned out|keeps|keep getting"
        r"|everywhere|inside|over a|in over|how come|going to|go through|up in|i'm|i've|i'd|it's|there's|what's|where's|when's|who's"
        r"|isn't|aren't|doesn't|don't|can't|won't|hasn't|haven't|didn't|couldn't|shouldn't)\b",
        re.IGNORECASE,
    ),
}  # fmt: skip

# Parts of speech, as the cutter names them, that tell nothing: pronouns, numbers, measure words, particles …
IDLE_TAGS = frozenset({"r", "m", "q", "p", "c", "u", "y", "d", "e", "o", "f", "x"})
# Chinese words that are in every other question.
IDLE = frozenset(
    listed(
        "知道 想知道 觉得 时候 情况 事情 问题 办法 方法 东西 今天 明天 昨天 马上 开始 结束 行 对 参加 听说 看到 发现 准备 打算 "
        "希望 告诉 说明 介绍 推荐 比较 正常 地方 样子 人家 老是 总是 还有 没有 一样 别人 有人 大家 大 小 多 少 好 有点 好吃 走 催 加 算 拿 弄 搞 判断 注意 干嘛 干啥 拿来 用来 考虑 选择 出现 处理 建议 图片"
    )
)

STOP = {
    Language.ZH: frozenset(
        "的了着过地得之是在有和与及或也都就还又很更最太再才只把被给让向从到对为于以而但并跟同由按至将若则其这那哪几谁啥个们我你您他她它"
        "请要想能会可上下里内外中前后起来去时不没无别吗呢吧啊呀哦啦嘛什么怎样如何多少久一两些点次样办弄元块天用做好该够人家件完新换掉出成等年月日周号"
    ),
    Language.EN: frozenset(
        listed(
            "a an the and or but if of to in on at by for from with without into onto as is are was were be been being am "
            "do does did has have had will would can could should may might must shall i you he she it we they me him her "
            "us them my your its our their this that these those here there who whom which what when where why how all any "
            "some no not so than then too very also about s t d m ll re ve long many much often get gets got want need sell pay pays "
            "buy tell use used using one two up out off over now still back way thing things anything something someone "
            "work works mean means find make makes made come comes take takes going go put let way know own really ever "
            "around through after before while until else only even again yet few bit bits small little came said week weeks day days month months year years hour hours minute minutes question questions write writing written wrote "
            "different certain amount same place time start begin during side down today tomorrow yesterday tonight noon "
            "leave left give given gave hit sit sitting happen happens stop try tried ask asked someone somebody person people else able "
            "allow allowed gone went first second third three four five six seven eight nine ten dozen should've kind sort type "
            "look feel think thought looking next last per each every other another more most less least bad good "
            "better best nice great fine ok okay sure please whole half part exactly actually please possible normal okay"
        )
    ),
}

# Words for one thing, by which a member's and a guide's sentence meet. In a question an earlier family takes
# its words from a later one.
_FAMILIES: dict[str, tuple[str, str]] = {
    "postage": (r"邮费|运费|快递费|包邮|邮资|免邮", r"postage|delivery (?:costs?|fees?|charges?)|(?:pay|charge) for (?:delivery|shipping)|shipping (?:costs?|fees?)"),
    "abroad": (r"国外|海外|境外|出国|日本|韩国|美国|英国|新加坡|香港|澳门|台湾|港澳台|大陆|限国内|只发国内", r"abroad|overseas|international\w*|worldwide|outside the uk|addresses only|france|germany|spain|italy|ireland|europe|america|usa|canada|australia"),
    "refund": (r"退款|退钱|退的钱|返钱|回款", r"refund\w*|money back|reimburs\w*"),
    "return": (r"无理由|不想要了?|退货|退换|退", r"(?:send|ship|bring|giv|post)(?:ing|e)? (?:\w+ ){0,3}back|chang\w* (?:of|my) mind|returns?|returned|comes? back|send back"),
    "arrive": (r"送达|送到|到货|收到|到家|签收|寄到(?!哪)|(?<=几天)到|到(?=要几天|要多久|大概几天)", r"arriv\w*|gets? here|be here|deliver\w*|turn(?:ed|s)? up"),
    "dispatch": (r"发货|发出(?!去)|寄出|出库", r"ships?|shipping|posts?|posted|dispatch\w*|sent out|send|go(?:es)? out|leaves? you|packed|same day"),
    "track": (r"查件|查快递|快递|物流|包裹", r"track\w*|where(?:'s| is) my (?:parcel|order)"),
    "hours": (r"在线|下线|营业|开门|客服|有人在?", r"opening (?:hours|times)|are you open|hours(?=;|:)|\d+ ?am to \d+ ?pm"),
    "reply": (r"回消息|回复|回话|回信", r"answers?|answered|repl(?:y|ies)|respond\w*|get back to"),
    "crack": (r"开裂|裂", r"crack\w*"),
    "broken": (r"破损|破|碎|坏|磕|摔", r"broken?|broke|smash\w*|shatter\w*|in pieces|damaged|breakage|bust"),
    "burnt": (r"糊|焦", r"burn\w*|scorch\w*"),
    "wash": (r"清洗|清洁|擦洗|洗|刷", r"wash\w*|clean\w*|scrub\w*|soak\w*|off the"),
    "unopened": (r"[没未](?:有)?[开拆](?:盖|封|过)?", r"unopened|sealed|not (?:been )?opened|haven't opened"),
    "opened": (r"[开拆](?:了|过)?[盖封](?:后|了|之后|以后)|拆了封|拆开的|(?<=[酱罐米瓶盒袋])开了(?:盖|封)?", r"opened|once open"),
    "lapse": (r"过期|有效|到期|失效|几天内要?用", r"run out|expir\w*|last for"),
    "keep": (r"保存|保质期|存放|储存|期限|存|(?<!开)放(?=几|多久|多长|得?久|\d| \d)", r"keeps? for|keeps?|kept|last|stor(?:e|ed|age)|shelf life|stays?"),
    "price": (r"多少钱|几块钱?|几元|怎么卖|贵|什么价|价[格钱]|(?<!评)价(?!值)", r"how much (?:is|are|does|do|for)|pric\w*|costs?|dear(?:er)?|expensive|fees?|£"),
    "deal": (r"优惠|便宜|打折|活动价|折扣|优惠价|单买", r"discount\w*|deals?|sale price|on offer|sav(?:e|es|ing)|cheap\w*|offers?|instead of £|less than|lower price"),
    "newcomer": (r"新来|新人|新会员|刚进群|进群|刚加入", r"new members?|joining|new here|newcomer"),
    "smell": (r"腥味|异味|怪味|土味|味儿|有味道|味道(?=就|淡)|吸味", r"smell\w*|stink\w*"),
    "flavour": (r"口味|味道|[一二三四五六七]味|种味", r"flavou?r\w*|taste\w*"),
    "lid": (r"锅盖|盖子|外盖|内盖|盖", r"lids?"),
    "redeem": (r"兑换|兑|积分.{0,4}换|换(?:什么|积分|现金)", r"redeem\w*|swap\w*|exchange"),
    "quiet": (r"少发|打扰|免打扰|消息太多|太吵", r"mute|quiet|fewer messages|too many messages"),
    "child": (r"小朋友|小孩|孩子|娃|宝宝|儿童", r"child\w*|kids?|bab(?:y|ies)|toddler\w*"),
    "weight": (r"多重|重不重|重量|盖重|重(?=\d| |啊|吗|不)", r"heavy|weigh\w*"),
    "size": (r"多大|尺寸|容量|装(?=多少|\d|下|得|几|一袋|不下)|能装|大小", r"how big|big|large|size|measur\w*|tall|wide|dimensions|fits?"),
    "hard": (r"偏硬|太硬|硬", r"hard|tough"),
    "wet": (r"偏湿|太湿|湿|太烂|稀", r"wet|runny|puddle|spread\w*|pancake"),
    "first": (r"头一次|第一次|头一锅|新锅|首次", r"first time|first"),
    "single": (r"单独|单配|单买|单换|单卖|只买|按组卖|单罐|拆开", r"spare|replacement|on its own|separately"),
    "apply": (r"报名|登记|预约", r"book\w*|sign up|register"),
    "suit": (r"够用|够吃|不够|适合|合适|够", r"suit\w*|enough|right for"),
    "address": (r"收货信息|地址", r"address\w*"),
    "loose": (r"变松|松", r"loose"),
    "idle": (r"收起来|收纳|怎么收|长期不用|很久不用|久不用", r"put away"),
    "story": (r"手记|故事|投稿|体验", r"stor(?:y|ies)|write about"),
    "pricedrop": (r"降价|降了价?|差价", r"price drop\w*|dropped"),
    "stuck": (r"没有更新|没动静|不动了|没更新", r"(?:not|hasn't|hasn’t) moved?|stuck|sitting"),
    "insect": (r"虫子|虫", r"insects?|bugs?|weevils?"),
    "wrong": (r"发错|寄错|写错|填错", r"wrong"),
    "balance": (r"查积分|我还?有多少积分|积分余额", r"balance"),
    "allergy": (r"过敏", r"allerg\w*|avoid gluten"),
    "varnish": (r"指甲油", r"nail (?:polish|varnish)"),
    "colour": (r"颜色|花色|釉色|色差", r"colou?rs?|shades?"),
    "mend": (r"维修|修理|修", r"mend\w*|fix\w*|repair\w*|re-?enamel\w*"),
    "chip": (r"磕了?口|磕破|缺口|豁口|(?<!两)口子|掉瓷", r"chip(?:s|ped)?"),
    "hob": (r"炉灶|灶具", r"hobs?|induction|stove\w*"),
    "dairy": (r"牛奶|奶制品", r"dairy|milk"),
    "grey": (r"灰", r"gr[ea]y"),
    "liquid": (r"液体", r"liquid|hooch"),
    "shrink": (r"缩水", r"shr[aiu]nk\w*"),
    "away": (r"出门|不在家", r"away|holiday\w*|vacation"),
    "see": (r"透明|看得见", r"see"),
    "letterbox": (r"信箱|驿站", r"letterbox\w*|at home|be home|be in"),
    "cold": (r"冷(?!冻|藏)", r"cold|chilly|freezing"),
    "warm": (r"温度|多少度|℃", r"temperature\w*|pre-?heat\w*|degrees?|hot\w*|heat|°C|°"),
    "earn": (r"怎么攒|攒|赚", r"earn\w*|collect\w*"),
    "cash": (r"现金|提现|换钱|变现", r"cash|money"),
    "cancel": (r"取消|改单", r"cancel\w*|amend\w*|chang\w+ (?:an|my|the) order|change what i ordered|changed"),
    "seam": (r"开线|脱线", r"seams?|undone"),
    "bubble": (r"气泡", r"bubbl\w*"),
    "wood": (r"木", r"wooden|wood|beech|oak"),
    "material": (r"材质|材料|什么做的|用什么", r"made (?:of|from)|material|stoneware|porcelain|steel|linen|cotton|enamel\w*"),
    "contents": (r"里面有什么|有哪些东西|包含", r"(?:what(?:'s| is)) (?:in|inside)|comes? with|in the box|holds one|includes?|contains"),
    "slice": (r"切", r"slic\w*|cut\w*"),
    "rise": (r"发酵|醒发", r"ris(?:e|es|ing|en)|prov(?:e|es|ing)|doubl\w*"),
    "gather": (r"开放日", r"open day|open house"),
    "member": (r"会员", r"members?"),
    "choose": (r"选", r"pick|choos\w*"),
    "under": (r"底", r"bottom|underneath|base"),
    "free": (r"免费|收费|要钱|交钱|出钱|付钱|花钱|收钱|不收|门票|不要钱", r"(?<!-)free|no charge|£0"),
    "pass on": (r"转给|转让|送给|转出", r"giv(?:e|ing) .{0,20}to|pass(?:ed)? to|transfer\w*"),
    "origin": (r"哪里产|产地|产自|来自|出自|哪儿产", r"come from|comes from|origin\w*|grown|where (?:is|are) .{0,20}made"),
    "limit": (r"限购|限(?=\d| )|每人限|名额", r"limits?|limited"),
    "most": (r"最多|上限|封顶", r"most|maximum|up to"),
    "mark": (r"印子|黑印|印迹|痕迹|污渍", r"marks?|stains?"),
    "differ": (r"不一样|差别|区别|不同", r"differ\w*"),
    "place": (r"[在到]?哪[儿里]|地点|位置", r"where|location"),
    "leak": (r"漏水|渗水|渗|漏", r"leak\w*|seep\w*"),
    "fridge": (r"冰箱|冷藏", r"fridge|refrigerat\w*"),
    "freeze": (r"冷冻|冻", r"freez\w*|frozen"),
    "reheat": (r"加热|热一下|怎么热|回热|热(?=\d| )", r"re-?heat\w*|warm(?:ed)? up"),
    "leftover": (r"剩饭|剩菜|吃不完|剩下", r"left-?overs?|left over"),
    "withdraw": (r"撤回|收回|不想公开", r"withdraw\w*|take back"),
    "parcel": (r"包裹|箱子", r"parcels?|packages?"),
    "gluten": (r"麸质", r"gluten|coeliacs?|celiacs?"),
    "tear": (r"撕|揭", r"tears?|torn|split\w*|rip(?:s|ped)?"),
    "coupon": (r"券", r"codes?|vouchers?|coupons?"),
    "own": (r"一个人|独居", r"live alone"),
}  # fmt: skip


@lru_cache
def families(language: Language) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(name, pattern) of every family of words in this language, in the order in which they take."""
    if language is Language.ZH:
        return tuple((name, re.compile(zh)) for name, (zh, _) in _FAMILIES.items())
    return tuple(
        (name, re.compile(rf"(?<![A-Za-z])(?:{en})(?![A-Za-z])", re.IGNORECASE))
        for name, (_, en) in _FAMILIES.items()
    )


_COMPLAINTS = {
    Language.ZH: re.compile(
        r"破|碎|坏了|裂|虫|霉|受潮|漏|发错|寄错|少发了|少了|没收到|还没到|太慢|慢了|投诉|生气|差评|骗|失望|糟糕|不新鲜|降价|退款呢"
    ),
    Language.EN: re.compile(
        r"\b(?:broken?|smash\w*|crack\w*|damaged|in pieces|chipped|shr[au]nk|mould\w*|wrong (?:thing|item|one|colou?r)"
        r"|late|still not|never (?:came|arrived|moves)|missing|disappoint\w*|complain\w*|unhappy|angry|fed up|terrible|awful)\b",
        re.IGNORECASE,
    ),
}


def complains(text: str, language: Language) -> bool:
    """Whether somebody tells of a thing gone wrong: then the person comes before the matter."""
    return _COMPLAINTS[language].search(text) is not None


_SORRY = re.compile(
    r"抱歉|对不起|不好意思|赔个?不是|是我们没|的不是|让.{0,3}[等久费]|\bsorry\b|apolog",
    re.IGNORECASE,
)


def apologises(text: str) -> bool:
    return _SORRY.search(text) is not None
