"""The self-check beside an approval: what the machine answers, and what a person ticks."""

from __future__ import annotations

from datetime import timedelta

from copilot import models
from copilot.services.house import Services
from tests.conftest import Team
from tests.steps import approved_post, drafted_post
from tests.visiting import HOME, Visitor, one, parsed, said
from tests.waiving import audited, view


class TestTheSelfCheck:
    def test_it_stands_beside_the_approval_with_the_machines_answers(
        self, services: Services, team: Team, hang: Visitor
    ) -> None:
        post = drafted_post(services, team)
        services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
        for where in (f"review?post={post}", f"posts/{post}"):
            page = hang.get(f"{HOME}/{where}")
            boxes = parsed(page).css("input[name=selfcheck]")
            assert len(boxes) == 8 and not any("checked" in box.attributes for box in boxes)
            told = said(page, ".self-check")
            assert "Every claim has a source (1)." in told
            assert "Nothing else is written for these destinations that day." in told
            assert "饭友一群、饭友二群, at 15:00" in told
            assert "Only a person can say." in told

    def test_the_day_around_it_is_the_brands_and_of_the_same_places(
        self, services: Services, team: Team
    ) -> None:
        post = drafted_post(services, team)
        near, far = neighbour(services, post, minutes=20), neighbour(services, post, minutes=-600)
        answers = {one.ask: one for one in services.desk.self_check(view(services, team, post))}
        said_of = answers["disturbance"].answer
        assert said_of is not None and said_of.id == "selfcheck.disturbance.close"
        assert (said_of.params["minutes"], said_of.params["time"]) == (20, "15:20")
        with services.parts.db.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE post SET state = 'skipped' WHERE id = ?", (near,))
        said_of = answer_of(services, team, post)
        assert said_of == ("selfcheck.disturbance.others", 1), "what is skipped disturbs nobody"
        with services.parts.db.write() as session:
            elsewhere = session.get(models.Post, far)
            assert elsewhere is not None
            elsewhere.channel = "moments"
            session.add(
                models.Destination(
                    brand_id=team.brand, slug="m", name="朋友圈", channel="moments", adapter="manual"
                )
            )
        assert answer_of(services, team, post) == ("selfcheck.disturbance.alone", None)

    def test_ticks_are_kept_with_the_approval(self, services: Services, team: Team, hang: Visitor) -> None:
        post = drafted_post(services, team)
        services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
        head = view(services, team, post).head
        assert head is not None
        sent = {"revision": str(head.id), "selfcheck": ["one_line", "tone", "made_up"]}
        assert hang.post(f"{HOME}/posts/{post}/approve", sent).status_code == 303
        (given,) = (row for row in audited(services, "approval") if row.action == "approval.given")
        assert given.data["selfcheck"] == ["tone", "one_line"]

    def test_an_approval_without_ticks_says_so(self, services: Services, team: Team) -> None:
        approved_post(services, team)
        (given,) = audited(services, "approval")
        assert given.data["selfcheck"] == []

    def test_a_refused_approval_keeps_the_ticks(self, services: Services, team: Team, hang: Visitor) -> None:
        post = drafted_post(services, team)
        services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
        refused = hang.post(f"{HOME}/review/{post}/approve", {"revision": "1000", "selfcheck": "effect"})
        assert refused.status_code == 404
        assert "checked" in one(refused, "input[name=selfcheck][value=effect]").attributes


def neighbour(services: Services, post: int, *, minutes: int) -> int:
    """A post of the same column so many minutes from this one, written as well."""
    with services.parts.db.write() as session:
        row = session.get(models.Post, post)
        assert row is not None and row.head is not None
        slot = models.Slot(
            brand_id=row.brand_id,
            column_id=row.slot.column_id,
            starts_at=row.slot.starts_at + timedelta(minutes=minutes),
        )
        session.add(slot)
        session.flush()
        other = models.Post(
            brand_id=row.brand_id,
            slot_id=slot.id,
            channel=row.channel,
            state="draft",
            created_at=row.created_at,
        )
        session.add(other)
        session.flush()
        written = models.Revision(
            post_id=other.id,
            number=1,
            text=row.head.text,
            channel=row.channel,
            digest=row.head.digest,
            origin="person",
            author_id=row.head.author_id,
            created_at=row.created_at,
        )
        session.add(written)
        session.flush()
        other.head_id = written.id
        return other.id


def answer_of(services: Services, team: Team, post: int) -> tuple[str, object]:
    asked = services.desk.self_check(view(services, team, post))
    found = next(one.answer for one in asked if one.ask == "disturbance")
    assert found is not None
    return found.id, found.params.get("count")
