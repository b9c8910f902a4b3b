"""When a column comes, in the reader's words."""

from __future__ import annotations

from babel import dates
from flask_babel import gettext as _

from copilot.domain.columns import Cadence, Every
from copilot.domain.festivals import FESTIVALS
from copilot.web.context_processors import locale, spoken_day


def when(cadence: Cadence) -> str:
    """Such as: every day, every Monday and Friday, 每月 1、15 日."""
    chinese = locale().startswith("zh")
    match cadence.every:
        case Every.DAY:
            return str(_("every day"))
        case Every.WEEKDAY:
            return str(_("Monday to Friday"))
        case Every.WEEK:
            names = dates.get_day_names("abbreviated" if chinese else "wide", locale=locale())
            return str(_("every %(days)s", days=_joined([names[day - 1] for day in cadence.weekdays])))
        case Every.MONTH:
            days = _joined([str(day) for day in cadence.month_days])
            return str(_("every month on day %(days)s", days=days))
        case Every.FESTIVAL:
            festivals = [FESTIVALS[slug] for slug in cadence.festivals]
            return _joined([one.zh if chinese else one.en for one in festivals])
        case Every.ONCE:
            return _joined([spoken_day(day) for day in cadence.dates])
        case Every.JOIN:
            return str(_("when somebody joins"))


def _joined(words: list[str]) -> str:
    if locale().startswith("zh"):
        return "、".join(words)
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
