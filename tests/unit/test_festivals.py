"""The table of festivals against dates that people published, and the rules of the days that have none."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from copilot.domain.brands import Language
from copilot.domain.festivals import FESTIVALS, FestivalKind, between, easter, falls_on
from copilot.domain.festivaltable import LAST_YEAR
from copilot.domain.ideas import FESTIVAL_IDEAS

# Month and day of each year, from official notices and almanacs; those of 2026-11 to 2027-11 from the facts.
KNOWN = {
    "black-friday": ["2024-11-29", "2025-11-28", "2026-11-27", "2029-11-23"],
    "cyber-monday": ["2024-12-02", "2026-11-30"],
    "double-12": ["2026-12-12"],
    "dongzhi": ["2026-12-22", "2028-12-21"],
    "christmas": ["2026-12-25"],
    "new-year": ["2027-01-01"],
    "laba": ["2026-01-26", "2027-01-15"],
    "xiaonian": ["2027-01-30"],
    "chuxi": ["2026-02-16", "2027-02-05", "2028-01-25"],
    "spring-festival": ["2026-02-17", "2027-02-06", "2028-01-26", "2033-01-31", "2034-02-19", "2040-02-12"],
    "valentines": ["2027-02-14"],
    "lantern": ["2027-02-20", "2028-02-09"],
    "38-sale": ["2027-03-08"],
    "qingming": ["2026-04-05", "2027-04-05", "2028-04-04"],
    "mothers-day": ["2026-05-10", "2027-05-09"],
    "520": ["2027-05-20"],
    "childrens-day": ["2027-06-01"],
    "dragon-boat": ["2026-06-19", "2027-06-09", "2028-05-28"],
    "618": ["2027-06-18"],
    "fathers-day": ["2026-06-21", "2027-06-20"],
    "qixi": ["2026-08-19", "2027-08-08"],
    "zhongyuan": ["2026-08-27", "2027-08-16"],
    "teachers-day": ["2027-09-10"],
    "mid-autumn": ["2026-09-25", "2027-09-15", "2028-10-03", "2031-10-01"],
    "national-day": ["2027-10-01"],
    "chongyang": ["2026-10-18", "2027-10-08"],
    "double-11": ["2027-11-11"],
    "memorial-day": ["2026-12-13"],
    "mothering-sunday": ["2024-03-10", "2025-03-30", "2026-03-15", "2027-03-07"],
    "pancake-day": ["2025-03-04", "2026-02-17", "2027-02-09"],
    "good-friday": ["2026-04-03", "2027-03-26"],
    "easter": ["2026-04-05", "2027-03-28"],
    "remembrance": ["2025-11-09", "2026-11-08", "2027-11-14"],
    "early-may": ["2026-05-04", "2027-05-03"],
    "spring-bank": ["2026-05-25", "2027-05-31"],
    "summer-bank": ["2026-08-31", "2027-08-30"],
    "small-business-saturday": ["2026-12-05"],
}


@pytest.mark.parametrize("slug", sorted(KNOWN))
def test_a_festival_is_on_its_day_and_on_no_other_of_the_year(slug: str) -> None:
    for known in map(date.fromisoformat, KNOWN[slug]):
        days = [
            known.replace(month=1, day=1) + timedelta(days=number)
            for number in range(365 + (known.year % 4 == 0))
        ]
        assert [day for day in days if falls_on(slug, day)] == [known]


def test_easter_reaches_its_earliest_and_its_latest_day() -> None:
    assert [easter(year) for year in (2008, 2011, 2024, 2038, 2285)] == [
        date(2008, 3, 23),
        date(2011, 4, 24),
        date(2024, 3, 31),
        date(2038, 4, 25),
        date(2285, 3, 22),
    ]


def test_the_moving_days_stand_in_the_order_that_the_sky_gives_them() -> None:
    """New Year's new moon lies between 21 January and 20 February, and the lunar days at their distance from it."""
    for year in range(2026, LAST_YEAR + 1):
        new_year = FESTIVALS["spring-festival"].day(year)
        assert new_year is not None
        assert date(year, 1, 21) <= new_year <= date(year, 2, 20)
        for slug, days in (("chuxi", -1), ("lantern", 14)):
            assert falls_on(slug, new_year + timedelta(days=days))
        distances = {
            (slug, (day - new_year).days)
            for slug in ("longtaitou", "dragon-boat", "qixi", "mid-autumn", "chongyang")
            if (day := FESTIVALS[slug].day(year)) is not None
        }
        months = {"longtaitou": 1, "dragon-boat": 4, "qixi": 6, "mid-autumn": 7, "chongyang": 8}
        day_of_month = {"longtaitou": 2, "dragon-boat": 5, "qixi": 7, "mid-autumn": 15, "chongyang": 9}
        for slug, distance in distances:
            moons = (distance - day_of_month[slug] + 1) / 29.53
            # A leap month may come before it.
            assert min(abs(moons - months[slug]), abs(moons - months[slug] - 1)) < 0.06


def test_solar_terms_hardly_move() -> None:
    for festival in FESTIVALS.values():
        if festival.kind is FestivalKind.SOLAR_TERM:
            days = {
                (festival.day(year) or date.min).timetuple().tm_yday for year in range(2026, LAST_YEAR + 1)
            }
            assert max(days) - min(days) <= 2, festival.slug


def test_a_year_past_the_table_has_fixed_days_and_no_lunar_ones() -> None:
    year = LAST_YEAR + 1
    slugs = {festival.slug for _, festival in between(date(year, 1, 1), date(year, 12, 31), Language.ZH)}
    assert "double-11" in slugs and not slugs & {"spring-festival", "qingming"}


def test_each_audience_has_its_own_days_and_both_ends_of_the_span_count() -> None:
    def on(day: date, audience: Language) -> list[str]:
        return [festival.slug for _, festival in between(day, day, audience)]

    assert on(date(2026, 11, 11), Language.ZH) == ["double-11"]
    assert on(date(2026, 11, 11), Language.EN) == []
    assert on(date(2027, 5, 9), Language.EN) == [] and on(date(2027, 5, 9), Language.ZH) == ["mothers-day"]
    met = between(date(2026, 12, 31), date(2027, 1, 1), Language.EN)
    assert [festival.slug for _, festival in met] == ["new-years-eve", "new-year"]


def test_days_of_mourning_promote_nothing() -> None:
    quiet = {festival.slug for festival in FESTIVALS.values() if not festival.promotes}
    assert quiet == {"qingming", "zhongyuan", "september-18", "memorial-day", "good-friday", "remembrance"}


@pytest.mark.parametrize("audience", list(Language))
def test_every_festival_that_promotes_has_an_idea_for_its_readers(audience: Language) -> None:
    shown = {slug for slug, festival in FESTIVALS.items() if audience in festival.audiences}
    without = shown - set(FESTIVAL_IDEAS[audience])
    assert set(FESTIVAL_IDEAS[audience]) <= shown
    assert all(not FESTIVALS[slug].promotes for slug in without)
