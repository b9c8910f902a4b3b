"""The triggers: what the database itself refuses, whoever asks, so that a bug in Python cannot break a promise.

Triggers and not foreign keys or checks, because a plain SQLite connection has foreign keys off, and
because the rules look at other tables. SQLite's `INSERT OR REPLACE` deletes the row in its way without
firing delete triggers; a BEFORE INSERT trigger that refuses the existing row closes that door.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from copilot.domain.delivery import LIVE, UNSENT, DeliveryState
from copilot.errors import Conflict


def _listed(states: frozenset[DeliveryState]) -> str:
    return ", ".join(f"'{state}'" for state in sorted(states))


_APPROVED = """
    SELECT 1 FROM approval AS a
    JOIN approval_destination AS ad ON ad.approval_id = a.id
    JOIN revision AS r ON r.id = NEW.revision_id
    JOIN post AS p ON p.id = NEW.post_id
    WHERE a.post_id = NEW.post_id
      AND a.withdrawn_at IS NULL
      AND a.digest = NEW.digest
      AND r.digest = NEW.digest
      AND r.post_id = NEW.post_id
      AND p.head_id = NEW.revision_id
      AND p.slot_id = NEW.slot_id
      AND ad.destination_id = NEW.destination_id
      AND NEW.due_at BETWEEN a.window_start AND a.window_end
      AND NOT EXISTS (SELECT 1 FROM flag AS f WHERE f.revision_id = NEW.revision_id AND f.resolved_at IS NULL)
"""

# A waiver lets stand what it was given for, in the sentence it was given for, in its own post, until it is taken back.
_OPEN_BLOCK = """
    SELECT 1 FROM finding AS f LEFT JOIN waiver AS w ON w.id = f.waiver_id
      AND w.withdrawn_at IS NULL AND w."check" = f."check" AND w.rule = f.rule AND w.text = f.text
      AND w.seat = f.seat
      AND w.post_id = (SELECT post_id FROM revision WHERE id = f.revision_id)
    WHERE f.severity = 'block' AND w.id IS NULL
"""

_NEEDS_APPROVAL = _listed(UNSENT | {DeliveryState.SENDING})

# Moves that the outside world sees start at `sending` or `awaiting_person`; `sent` must come from one of them.
_SQLITE: dict[str, str] = {
    "delivery_insert_needs_approval": f"""
        BEFORE INSERT ON delivery
        WHEN NOT EXISTS ({_APPROVED}) OR NEW.state <> 'due'
        BEGIN SELECT RAISE(ABORT, 'guard: a delivery starts as due, with a standing approval'); END
    """,
    "delivery_insert_is_new": f"""
        BEFORE INSERT ON delivery
        WHEN EXISTS (SELECT 1 FROM delivery WHERE id = NEW.id OR (NEW.key IS NOT NULL AND key = NEW.key))
          OR EXISTS (SELECT 1 FROM delivery WHERE slot_id = NEW.slot_id
                     AND destination_id = NEW.destination_id AND state IN ({_listed(LIVE)}))
        BEGIN SELECT RAISE(ABORT, 'guard: one live delivery per slot and destination'); END
    """,
    "delivery_move_needs_approval": f"""
        BEFORE UPDATE OF state, due_at ON delivery
        WHEN NEW.state IN ({_NEEDS_APPROVAL}) AND NOT EXISTS ({_APPROVED})
        BEGIN SELECT RAISE(ABORT, 'guard: no standing approval for this digest, destination and time'); END
    """,
    "delivery_sent_comes_from_sending": """
        BEFORE UPDATE OF state ON delivery
        WHEN NEW.state = 'sent' AND OLD.state NOT IN ('sending', 'awaiting_person', 'unknown', 'sent')
        BEGIN SELECT RAISE(ABORT, 'guard: only what was being sent can be sent'); END
    """,
    "delivery_sent_is_history": """
        BEFORE UPDATE ON delivery
        WHEN OLD.state = 'sent' AND NEW.state NOT IN ('sent', 'awaiting_person')
        BEGIN SELECT RAISE(ABORT, 'guard: what was sent stays sent'); END
    """,
    "delivery_one_live": f"""
        BEFORE UPDATE OF state ON delivery
        WHEN NEW.state IN ({_listed(LIVE)}) AND EXISTS (
            SELECT 1 FROM delivery WHERE slot_id = NEW.slot_id AND destination_id = NEW.destination_id
            AND state IN ({_listed(LIVE)}) AND id <> OLD.id)
        BEGIN SELECT RAISE(ABORT, 'guard: one live delivery per slot and destination'); END
    """,
    "delivery_identity_is_fixed": """
        BEFORE UPDATE ON delivery
        WHEN NEW.id <> OLD.id OR NEW.post_id <> OLD.post_id OR NEW.slot_id <> OLD.slot_id
          OR NEW.revision_id <> OLD.revision_id OR NEW.destination_id <> OLD.destination_id
          OR NEW.digest <> OLD.digest OR NEW.brand_id <> OLD.brand_id
        BEGIN SELECT RAISE(ABORT, 'guard: what a delivery delivers is fixed'); END
    """,
    "delivery_is_kept": """
        BEFORE DELETE ON delivery
        BEGIN SELECT RAISE(ABORT, 'guard: deliveries are kept'); END
    """,
    "approval_is_of_its_revision": """
        BEFORE INSERT ON approval
        WHEN NOT EXISTS (SELECT 1 FROM revision AS r WHERE r.id = NEW.revision_id
                         AND r.post_id = NEW.post_id AND r.digest = NEW.digest)
          OR EXISTS (SELECT 1 FROM approval WHERE id = NEW.id)
          OR NEW.withdrawn_at IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'guard: an approval binds the digest of one revision'); END
    """,
    "approval_needs_four_eyes": """
        BEFORE INSERT ON approval
        WHEN EXISTS (SELECT 1 FROM revision AS r WHERE r.id = NEW.revision_id AND r.author_id = NEW.approver_id)
        BEGIN SELECT RAISE(ABORT, 'guard: author and approver differ'); END
    """,
    "approval_needs_sources_that_stand": """
        BEFORE INSERT ON approval
        WHEN EXISTS (SELECT 1 FROM flag WHERE revision_id = NEW.revision_id AND resolved_at IS NULL)
        BEGIN SELECT RAISE(ABORT, 'guard: what this copy was written from has changed'); END
    """,
    "approval_needs_no_open_block": f"""
        BEFORE INSERT ON approval
        WHEN EXISTS ({_OPEN_BLOCK} AND f.revision_id = NEW.revision_id)
        BEGIN SELECT RAISE(ABORT, 'guard: a finding blocks this copy'); END
    """,
    "review_needs_no_open_block": f"""
        BEFORE UPDATE OF state ON post
        WHEN NEW.state = 'in_review' AND EXISTS ({_OPEN_BLOCK} AND f.revision_id = NEW.head_id)
        BEGIN SELECT RAISE(ABORT, 'guard: a finding blocks this copy'); END
    """,
    "approval_only_withdrawn": """
        BEFORE UPDATE ON approval
        WHEN NEW.id <> OLD.id OR NEW.post_id <> OLD.post_id OR NEW.revision_id <> OLD.revision_id
          OR NEW.digest <> OLD.digest OR NEW.window_start <> OLD.window_start
          OR NEW.window_end <> OLD.window_end OR NEW.approver_id <> OLD.approver_id
          OR NEW.created_at <> OLD.created_at OR OLD.withdrawn_at IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'guard: an approval can only be withdrawn, once'); END
    """,
    "approval_is_kept": """
        BEFORE DELETE ON approval
        BEGIN SELECT RAISE(ABORT, 'guard: approvals are kept'); END
    """,
    "approval_destination_is_fixed": """
        BEFORE UPDATE ON approval_destination
        BEGIN SELECT RAISE(ABORT, 'guard: what an approval covers is fixed'); END
    """,
    "approval_destination_is_kept": """
        BEFORE DELETE ON approval_destination
        BEGIN SELECT RAISE(ABORT, 'guard: what an approval covers is fixed'); END
    """,
    "approval_destination_is_decided_at_once": """
        BEFORE INSERT ON approval_destination
        WHEN EXISTS (SELECT 1 FROM audit WHERE subject = 'approval' AND subject_id = NEW.approval_id)
          OR EXISTS (SELECT 1 FROM approval_destination WHERE approval_id = NEW.approval_id
                     AND destination_id = NEW.destination_id)
        BEGIN SELECT RAISE(ABORT, 'guard: what an approval covers is fixed'); END
    """,
    # An edit or a withdrawal takes effect on the way out at the same instant, in the same transaction.
    "withdrawal_holds_deliveries": f"""
        AFTER UPDATE OF withdrawn_at ON approval
        WHEN NEW.withdrawn_at IS NOT NULL
        BEGIN UPDATE delivery SET state = 'held', changed_at = NEW.withdrawn_at
              WHERE post_id = NEW.post_id AND digest = NEW.digest AND state IN ({_listed(UNSENT)}); END
    """,
    "edit_holds_deliveries": f"""
        AFTER UPDATE OF head_id ON post
        WHEN NEW.head_id IS NOT OLD.head_id
        BEGIN UPDATE delivery SET state = 'held'
              WHERE post_id = NEW.id AND revision_id <> NEW.head_id AND state IN ({_listed(UNSENT)}); END
    """,
    "flag_holds_deliveries": f"""
        AFTER INSERT ON flag
        WHEN NEW.resolved_at IS NULL
        BEGIN UPDATE delivery SET state = 'held', changed_at = NEW.created_at
              WHERE revision_id = NEW.revision_id AND state IN ({_listed(UNSENT)}); END
    """,
    "flag_is_new": """
        BEFORE INSERT ON flag
        WHEN EXISTS (SELECT 1 FROM flag WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'guard: flags are kept'); END
    """,
    "flag_is_settled_once": """
        BEFORE UPDATE ON flag
        WHEN NEW.id <> OLD.id OR NEW.revision_id <> OLD.revision_id OR NEW.post_id <> OLD.post_id
          OR OLD.resolved_at IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'guard: a flag is settled once'); END
    """,
    "flag_is_kept": """
        BEFORE DELETE ON flag
        BEGIN SELECT RAISE(ABORT, 'guard: flags are kept'); END
    """,
    "copy_entry_is_approved_as_it_stands": """
        BEFORE UPDATE ON copy_entry
        WHEN OLD.status = 'approved' AND NEW.status = 'approved' AND NEW.text <> OLD.text
        BEGIN SELECT RAISE(ABORT, 'guard: an approved entry keeps its text'); END
    """,
    "copy_entry_needs_an_approver": """
        BEFORE UPDATE ON copy_entry
        WHEN NEW.status = 'approved' AND (NEW.approver_id IS NULL OR NEW.approver_id = NEW.author_id)
        BEGIN SELECT RAISE(ABORT, 'guard: author and approver differ'); END
    """,
    "copy_entry_starts_unapproved": """
        BEFORE INSERT ON copy_entry
        WHEN (NEW.status = 'approved' AND NOT EXISTS (
                SELECT 1 FROM approval AS a JOIN revision AS r ON r.id = a.revision_id
                WHERE a.revision_id = NEW.revision_id AND a.withdrawn_at IS NULL AND r.text = NEW.text))
          OR EXISTS (SELECT 1 FROM copy_entry WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'guard: an entry is approved by a person'); END
    """,
    "revision_is_new": """
        BEFORE INSERT ON revision
        WHEN EXISTS (SELECT 1 FROM revision WHERE id = NEW.id OR (post_id = NEW.post_id AND number = NEW.number))
        BEGIN SELECT RAISE(ABORT, 'guard: revisions are immutable'); END
    """,
    "revision_is_immutable": """
        BEFORE UPDATE ON revision
        BEGIN SELECT RAISE(ABORT, 'guard: revisions are immutable'); END
    """,
    "revision_is_kept": """
        BEFORE DELETE ON revision
        BEGIN SELECT RAISE(ABORT, 'guard: revisions are immutable'); END
    """,
    "waiver_is_new": """
        BEFORE INSERT ON waiver
        WHEN EXISTS (SELECT 1 FROM waiver WHERE id = NEW.id) OR NEW.withdrawn_at IS NOT NULL
          OR trim(NEW.reason) = '' OR NEW.seat = ''
        BEGIN SELECT RAISE(ABORT, 'guard: a waiver is given once, for one seat, with a reason'); END
    """,
    "waiver_only_withdrawn": """
        BEFORE UPDATE ON waiver
        WHEN NEW.id <> OLD.id OR NEW.brand_id <> OLD.brand_id OR NEW.post_id <> OLD.post_id
          OR NEW."check" <> OLD."check" OR NEW.rule <> OLD.rule OR NEW.text <> OLD.text
          OR NEW.seat <> OLD.seat OR NEW.reason <> OLD.reason OR NEW.author_id <> OLD.author_id
          OR NEW.created_at <> OLD.created_at OR OLD.withdrawn_at IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'guard: a waiver can only be taken back, once'); END
    """,
    "waiver_is_kept": """
        BEFORE DELETE ON waiver
        BEGIN SELECT RAISE(ABORT, 'guard: waivers are kept'); END
    """,
    "rule_book_is_new": """
        BEFORE INSERT ON rule_book
        WHEN EXISTS (SELECT 1 FROM rule_book WHERE id = NEW.id
                     OR (brand_id = NEW.brand_id AND version = NEW.version))
        BEGIN SELECT RAISE(ABORT, 'guard: the versions of a rule book are kept'); END
    """,
    "rule_book_is_immutable": """
        BEFORE UPDATE ON rule_book
        BEGIN SELECT RAISE(ABORT, 'guard: the versions of a rule book are kept'); END
    """,
    "rule_book_is_kept": """
        BEFORE DELETE ON rule_book
        BEGIN SELECT RAISE(ABORT, 'guard: the versions of a rule book are kept'); END
    """,
    "audit_is_new": """
        BEFORE INSERT ON audit
        WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'guard: the audit log is append-only'); END
    """,
    "audit_is_immutable": """
        BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'guard: the audit log is append-only'); END
    """,
    "audit_is_kept": """
        BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'guard: the audit log is append-only'); END
    """,
}


def expected() -> dict[str, str]:
    """Name and statement of every guard, as SQLite stores them."""
    return {name: f"CREATE TRIGGER {name} {' '.join(body.split())}" for name, body in _SQLITE.items()}


def install(connection: Connection) -> None:
    """Puts every guard in place, replacing what stands there; idempotent, to be run after each migration."""
    if connection.dialect.name != "sqlite":
        raise Conflict("error.guards_unsupported", database=connection.dialect.name)
    for name in installed(connection):
        connection.execute(text(f'DROP TRIGGER "{name}"'))
    for statement in expected().values():
        connection.exec_driver_sql(statement)


def installed(connection: Connection) -> dict[str, str]:
    """Name and statement of every trigger that the database has now."""
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    return {row.name: row.sql for row in rows}
