"""Chinese lunar festivals and solar terms as dates: a frozen table, so that no calendar library is needed at work.

Computed once with lunar-python 1.4 in China's time (UTC+8); the tests hold it against dates that people published.
A year that the table does not have, has none of these days: the last one is 2040.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

# Months and days, one row a year. Small New Year is the northern one, the 23rd of the twelfth month.
_LUNAR = """
year  laba  xiaonian  chuxi  spring-festival  lantern  longtaitou  dragon-boat  qixi  zhongyuan  mid-autumn  chongyang
2026  0126  0210      0216   0217             0303     0320        0619         0819  0827       0925        1018
2027  0115  0130      0205   0206             0220     0309        0609         0808  0816       0915        1008
2028  0104  0119      0125   0126             0209     0226        0528         0826  0903       1003        1026
2029  0122  0206      0212   0213             0227     0316        0616         0816  0824       0922        1016
2030  0111  0126      0202   0203             0217     0305        0605         0805  0813       0912        1005
2031  0101  0116      0122   0123             0206     0222        0624         0824  0901       1001        1024
2032  0120  0204      0210   0211             0225     0313        0612         0812  0820       0919        1012
2033  0108  0123      0130   0131             0214     0302        0601         0801  0809       0908        1001
2034  0127  0211      0218   0219             0305     0321        0620         0820  0828       0927        1020
2035  0116  0131      0207   0208             0222     0311        0610         0810  0818       0916        1009
2036  0105  0120      0127   0128             0211     0228        0530         0828  0905       1004        1027
2037  0123  0207      0214   0215             0301     0318        0618         0817  0825       0924        1017
2038  0112  0127      0203   0204             0218     0307        0607         0807  0815       0913        1007
2039  0102  0117      0123   0124             0207     0224        0527         0826  0903       1002        1026
2040  0121  0205      0211   0212             0226     0314        0614         0814  0822       0920        1014
"""

_SOLAR_TERMS = """
year  lichun  qingming  guyu  lixia  xiazhi  liqiu  qiufen  shuangjiang  lidong  dongzhi
2026  0204    0405      0420  0505   0621    0807   0923    1023         1107    1222
2027  0204    0405      0420  0506   0621    0808   0923    1023         1107    1222
2028  0204    0404      0419  0505   0621    0807   0922    1023         1107    1221
2029  0203    0404      0420  0505   0621    0807   0923    1023         1107    1221
2030  0204    0405      0420  0505   0621    0807   0923    1023         1107    1222
2031  0204    0405      0420  0506   0621    0808   0923    1023         1107    1222
2032  0204    0404      0419  0505   0621    0807   0922    1023         1107    1221
2033  0203    0404      0420  0505   0621    0807   0923    1023         1107    1221
2034  0204    0405      0420  0505   0621    0807   0923    1023         1107    1222
2035  0204    0405      0420  0505   0621    0807   0923    1023         1107    1222
2036  0204    0404      0419  0505   0621    0807   0922    1023         1107    1221
2037  0203    0404      0420  0505   0621    0807   0923    1023         1107    1221
2038  0204    0405      0420  0505   0621    0807   0923    1023         1107    1222
2039  0204    0405      0420  0505   0621    0807   0923    1023         1107    1222
2040  0204    0404      0419  0505   0621    0807   0922    1023         1107    1221
"""


def _read(table: str) -> Iterator[tuple[str, dict[int, date]]]:
    (_, *slugs), *rows = (line.split() for line in table.strip().splitlines())
    for place, slug in enumerate(slugs, start=1):
        yield (
            slug,
            {int(row[0]): date(int(row[0]), int(row[place][:2]), int(row[place][2:])) for row in rows},
        )


MOVING: Mapping[str, Mapping[int, date]] = dict((*_read(_LUNAR), *_read(_SOLAR_TERMS)))
"""The date of each of these festivals by year."""

LAST_YEAR = max(MOVING["spring-festival"])
