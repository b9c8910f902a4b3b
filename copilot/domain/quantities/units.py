"""The units of copy, each with its spellings, its canonical unit and the factor to it."""

from __future__ import annotations

from decimal import Decimal

_END = r"(?![A-Za-z])"

# Spelling (a regular expression) → canonical unit, factor. Longer spellings stand before their prefixes.
DURATIONS: tuple[tuple[str, str, Decimal], ...] = (
    (r"秒钟?|(?:seconds?|secs?)" + _END, "s", Decimal(1)),
    (r"分钟|(?:minutes?|mins?)" + _END, "s", Decimal(60)),
    (r"个?小时|个?钟头|(?:hours?|hrs?|h)" + _END, "s", Decimal(3600)),
    (r"个?工作日|(?:working|business)[ -]days?" + _END, "workday", Decimal(1)),
    (r"nights?" + _END, "night", Decimal(1)),
    (r"个?晚上?(?!安|餐|会|点)", "night", Decimal(1)),
    (
        r"天(?!然|生|猫|花|地|气|鹅|下|使)|日(?!常|子|用|记|期|历|元|本|光|晒|报)|days?" + _END,
        "s",
        Decimal(86400),
    ),
    (
        r"个?(?:星期|礼拜)(?![一二三四五六日天])|周(?![一二三四五六日末年围边到岁长])|(?:weeks?|wks?)" + _END,
        "s",
        Decimal(604800),
    ),
    (r"fortnights?" + _END, "s", Decimal(1209600)),
    (r"个季度|quarters" + _END, "month", Decimal(3)),
    (r"个月|months?" + _END, "month", Decimal(1)),
    (r"周年|(?:anniversary)" + _END, "anniversary", Decimal(1)),
    (r"(?:years?|yrs?)[ -]old" + _END + r"|岁", "age", Decimal(1)),
    (r"decades?" + _END, "month", Decimal(120)),
    (r"个世纪|centur(?:y|ies)" + _END, "month", Decimal(1200)),
    (r"年(?!级|轻|货|夜|味|糕|前|度|龄|终)|(?:years?|yrs?)" + _END, "month", Decimal(12)),
)

MEASURES: tuple[tuple[str, str, Decimal], ...] = (
    (r"毫升|(?:m[lL]|ML|cc|millilitres?|milliliters?)" + _END, "ml", Decimal(1)),
    (r"(?:cl|centilitres?)" + _END, "ml", Decimal(10)),
    (r"升(?!级|温|起|职|华)|(?:[lL]|litres?|liters?)" + _END, "ml", Decimal(1000)),
    (r"pints?" + _END, "pint", Decimal(1)),
    (r"茶匙|(?:tsps?|teaspoons?(?:fuls?)?)" + _END, "tsp", Decimal(1)),
    (r"汤匙|(?:tbsps?|tablespoons?(?:fuls?)?)" + _END, "tsp", Decimal(3)),
    (r"fl\.?[ ]?oz" + _END, "floz", Decimal(1)),
    (r"毫克|(?:mg|milligrams?)" + _END, "g", Decimal("0.001")),
    (r"公斤|千克|(?:kg|KG|Kg|kilos?|kilograms?)" + _END, "g", Decimal(1000)),
    (r"g/(?:m2|m²|㎡)|克/平方米|(?:gsm|GSM)" + _END, "gsm", Decimal(1)),
    (r"克(?!服|制|拉)|(?:g|grams?|grammes?)" + _END, "g", Decimal(1)),
    (r"斤", "g", Decimal(500)),
    (r"吨|tonnes?" + _END, "g", Decimal(1_000_000)),
    (r"磅|(?:lbs?|pounders?|(?<=-)pound(?![ ](?:note|voucher|gift|coin)))" + _END, "oz", Decimal(16)),
    (r"盎司|(?:oz|ounces?)" + _END, "oz", Decimal(1)),
    (
        r"平方米|平米|平(?![方米安均常静时价台衡日面板底铺凡和行稳])|㎡|m²|(?:m2|sqm|square[ ]met(?:re|er)s?)"
        + _END,
        "m2",
        Decimal(1),
    ),
    (r"毫米|(?:mm|millimet(?:re|er)s?)" + _END, "mm", Decimal(1)),
    (r"厘米|公分|(?:cm|CM|centimet(?:re|er)s?)" + _END, "mm", Decimal(10)),
    (r"公里|千米|(?:km|kilomet(?:re|er)s?)" + _END, "mm", Decimal(1_000_000)),
    (r"米(?!饭|粉|面|色|线|酒|白|其|粒|糊|饼|油|糠)|(?:m|met(?:re|er)s?)" + _END, "mm", Decimal(1000)),
    (
        r"英?寸(?!步|土|心|头|铁)|(?:inch(?:es)?)"
        + _END
        + r"|in(?=[;.,)]|$|[ ](?:long|wide|tall|deep|high|thick|across|x)(?![A-Za-z]))",
        "in",
        Decimal(1),
    ),
    (r"英尺|(?:ft|feet|foot)" + _END, "in", Decimal(12)),
    (r"miles?" + _END, "mile", Decimal(1)),
    (r"°[ ]?F|℉|华氏度|degrees?[ ](?:F|Fahrenheit)" + _END, "F", Decimal(1)),
    (r"度电|千瓦时|kWh", "kWh", Decimal(1)),
    (r"°[ ]?C|℃|摄氏度|度(?!过|假|日)|degrees?(?:[ ](?:C|Celsius))?" + _END + r"|°", "C", Decimal(1)),
    (r"千瓦|kW" + _END, "W", Decimal(1000)),
    (r"瓦(?!片|楞)|W|watts?" + _END, "W", Decimal(1)),
    (r"伏(?!天)|V|volts?" + _END, "V", Decimal(1)),
    (r"毫安时?|mAh", "mAh", Decimal(1)),
    (r"赫兹|Hz", "Hz", Decimal(1)),
    (r"TB" + _END, "GB", Decimal(1024)),
    (r"GB" + _END, "GB", Decimal(1)),
    (r"MB" + _END, "MB", Decimal(1)),
    (r"大卡|千卡|(?:kcal|calories)" + _END, "kcal", Decimal(1)),
    (r"千焦|kJ", "kJ", Decimal(1)),
    (r"bars?" + _END, "bar", Decimal(1)),
    (r"psi" + _END, "psi", Decimal(1)),
    (r"Nm" + _END, "Nm", Decimal(1)),
    (r"分贝|(?:dB|decibels?)" + _END, "dB", Decimal(1)),
    (r"(?:rpm)" + _END, "rpm", Decimal(1)),
    (r"ppm" + _END, "ppm", Decimal(1)),
)

# Chinese measure words that count the same sort of thing are one unit; 个 stands for any of them.
_CLASSIFIER_GROUPS = ("款种样类项", "人位名", "次遍回", "颗粒枚", "泡道", "家间", "条根", "勺匙", "倍")
_CLASSIFIERS = "个只件支瓶盒包袋片块张双套台把杯份层本册页罐桶筒串束朵棵株盆头匹辆部副组箱板贴卷泡泵圈格档枝道座期级抽轮局站户国字分票桌单滴壶听节堂组"
ANY_CLASSIFIER = "个"
CLASSIFIERS: dict[str, str] = {character: character for character in _CLASSIFIERS}
CLASSIFIERS |= {character: group[0] for group in _CLASSIFIER_GROUPS for character in group}

CURRENCY_PREFIX: dict[str, str] = {
    "¥": "CNY", "￥": "CNY", "RMB": "CNY", "CNY": "CNY", "£": "GBP", "GBP": "GBP", "US$": "USD", "$": "USD",
    "USD": "USD", "€": "EUR", "EUR": "EUR",
}  # fmt: skip

CURRENCY_SUFFIX: tuple[tuple[str, str, Decimal], ...] = (
    (r"元(?!旦|宵|素|气|老|件)|块钱|人民币|(?:yuan|RMB|rmb|CNY)" + _END, "CNY", Decimal(1)),
    (r"[角毛](?!度|落|色|巾|衣|孔|发|绒|毯|刷|豆|尖|质|线|囊|料)(?=$|[^A-Za-z])", "CNY", Decimal("0.1")),
    (
        r"英镑|(?:(?<!-)pounds?(?![ ]of)|(?<=-)pound(?=[ ](?:note|voucher|gift|coin))|quid|GBP)" + _END,
        "GBP",
        Decimal(1),
    ),
    (r"(?:pence|p)" + _END, "GBP", Decimal("0.01")),
    (r"美元|(?:dollars?|bucks|USD)" + _END, "USD", Decimal(1)),
    (r"cents?" + _END, "USD", Decimal("0.01")),
    (r"欧元|(?:euros?|EUR)" + _END, "EUR", Decimal(1)),
)
