"""What a job can be: each handler takes plain JSON, does one use case, and returns plain JSON as commands print it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from copilot.domain.channels import Channel
from copilot.domain.findings import Finding
from copilot.domain.materials import Kind
from copilot.domain.messages import Message
from copilot.errors import CopilotError, InvalidInput
from copilot.ports import Advance, Blobs, Progress
from copilot.services.accounts import Accounts
from copilot.services.checking import Checking
from copilot.services.copylibrary import CopyLibrary
from copilot.services.drafteval import DraftEval, score_json
from copilot.services.drafting import Drafting
from copilot.services.factreading import FactReading
from copilot.services.indexing import Indexing
from copilot.services.ingestion import FileResult, Ingestion
from copilot.services.jobs import Handler
from copilot.services.lifecycle import Lifecycle
from copilot.services.media import Added
from copilot.services.planning import Planning
from copilot.services.queries import DeskQueries
from copilot.services.reporting import (
    ReportedError,
    copy_json,
    finding_json,
    message_json,
    post_finding_json,
)
from copilot.services.retrieval import Hit, Retrieval
from copilot.services.reviewing import Reviewing
from copilot.services.terms import Upload
from copilot.services.translating import Translating
from copilot.services.weeks import Weeks


def handlers(
    *,
    ingestion: Ingestion,
    lifecycle: Lifecycle,
    indexing: Indexing,
    factreading: FactReading,
    retrieval: Retrieval,
    drafting: Drafting,
    weeks: Weeks,
    translating: Translating,
    drafteval: DraftEval,
    checking: Checking,
    planning: Planning,
    reviewing: Reviewing,
    copylibrary: CopyLibrary,
    accounts: Accounts,
    desk: DeskQueries,
    blobs: Blobs,
) -> dict[str, Handler]:
    def _uploads(files: Sequence[Mapping[str, Any]]) -> list[Upload]:
        return [
            Upload(
                path=file["path"],
                data=blobs.get(file["digest"]),
                kind=Kind(file["kind"]),
                valid_from=_day(file.get("valid_from")),
                valid_until=_day(file.get("valid_until")),
                title=file.get("title", ""),
                attribution=file.get("attribution", ""),
                consent=file.get("consent", ""),
                cleared=frozenset(file.get("cleared", ())),
                standing=file.get("standing", False),
            )
            for file in files
        ]

    def ingest(payload: Mapping[str, Any], advance: Advance) -> Any:
        """{"brand", "actor", "files": [{"path", "digest", "kind"}]}

        Each file may carry "valid_from", "valid_until", "title", "attribution", "consent", "names",
        "cleared" and "standing".
        """
        brand, actor, files = payload["brand"], payload.get("actor"), payload["files"]
        lines: list[dict[str, Any]] = []

        def at_work(done: int, total: int) -> None:
            now = {"path": files[len(lines)]["path"], "status": "reading", "done": done, "total": total}
            advance(len(lines), len(files), [*lines, now])

        results = ingestion.add_each(_uploads(files), brand=brand, actor=actor, progress=at_work)
        for file in files:
            at_work(0, 0)
            result = next(results)
            if file.get("names") and result.material is not None:
                ingestion.settle(result.material, brand=brand, actor=actor, names=file["names"])
            lines.append(file_result(result))
        advance(len(lines), len(files), lines)
        return lines

    def settle(payload: Mapping[str, Any], advance: Advance) -> Any:
        """{"brand", "actor", "files": [{"material", "path", "title"?, "kind"?, "window"?}]}; answers as ingest does"""
        files = payload["files"]
        lines: list[dict[str, Any]] = []
        for file in files:
            now = {"path": file["path"], "status": "reading", "done": 0, "total": 0}
            advance(len(lines), len(files), [*lines, now])
            lines.append(_settled(file, payload["brand"], payload.get("actor")))
        return lines

    def _settled(file: Mapping[str, Any], brand: int, actor: int | None) -> dict[str, Any]:
        """A material that cannot have these terms is a line with the reason; the rest get theirs."""
        window = file.get("window")
        reason = None
        try:
            ingestion.settle(
                file["material"],
                brand=brand,
                actor=actor,
                title=file.get("title"),
                kind=Kind(file["kind"]) if file.get("kind") else None,
                window=(_day(window[0]), _day(window[1])) if window is not None else None,
            )
        except CopilotError as exc:
            wrong = exc.fields if isinstance(exc, InvalidInput) else {}
            reason = Message(next(iter(wrong.values()), exc.message_id), exc.params)
        status = "settled" if reason is None else "refused"
        return {
            "path": file["path"],
            "status": status,
            "reason": message_json(reason),
            "material": file["material"],
        }

    def tend(payload: Mapping[str, Any], _progress: Progress) -> Any:
        """{"brand", "actor", "deed", "materials": [id]}; the deed is retire, restore or delete"""
        deeds = {"retire": lifecycle.retire, "restore": lifecycle.restore, "delete": lifecycle.delete}
        deeds[payload["deed"]](payload["materials"], brand=payload["brand"], actor=payload.get("actor"))
        return {"materials": payload["materials"]}

    def reindex(payload: Mapping[str, Any], progress: Progress) -> Any:
        """{"brand"}"""
        return {"passages": indexing.reindex(brand=payload["brand"], progress=progress)}

    def read_facts(payload: Mapping[str, Any], progress: Progress) -> Any:
        """{"brand", "material"}"""
        found = factreading.read(payload["material"], brand=payload["brand"], progress=progress)
        return {"suggested": found}

    def search(payload: Mapping[str, Any], _progress: Progress) -> Any:
        """{"brand", "query", "kinds", "k", "at"?}"""
        hits = retrieval.search(
            payload["query"],
            brand=payload["brand"],
            kinds=[Kind(kind) for kind in payload["kinds"]],
            at=_instant(payload.get("at")),
            k=payload["k"],
        )
        return [hit_json(hit) for hit in hits]

    def draft(payload: Mapping[str, Any], _progress: Progress) -> Any:
        """{"brand", "user", "column", "at", "channel"?, "instruction"}"""
        brand = payload["brand"]
        actor = accounts.actor(user=payload["user"], brand=brand)
        at = datetime.fromisoformat(payload["at"])
        slot = planning.slot_at(brand=brand, column=payload["column"], at=at)
        channel = Channel(payload["channel"]) if payload.get("channel") else None
        post = planning.open_post(slot, brand=brand, actor=actor, channel=channel)
        generation = drafting.request(post, brand=brand, actor=actor, instruction=payload["instruction"])
        drafting.run(generation)
        return draft_json(desk, post, brand, generation)

    def translate(payload: Mapping[str, Any], progress: Progress) -> Any:
        """{"brand", "user", "post", "channels", "instruction"}; a draft of each, in their order"""
        brand = payload["brand"]
        begun = translating.request(
            payload["post"],
            [Channel(channel) for channel in payload["channels"]],
            brand=brand,
            actor=accounts.actor(user=payload["user"], brand=brand),
            instruction=payload["instruction"],
        )
        made = []
        for post, generation in begun:
            drafting.run(generation)
            made.append(draft_json(desk, post, brand, generation))
            progress(len(made), len(begun))
        return made

    def week(payload: Mapping[str, Any], advance: Advance) -> Any:
        """{"brand", "user", "start", "job"}; only as a job, because that is what it goes on with after a crash"""
        actor = accounts.actor(user=payload["user"], brand=payload["brand"])
        return weeks.compile(
            job=payload["job"],
            brand=payload["brand"],
            actor=actor,
            start=date.fromisoformat(payload["start"]),
            advance=advance,
        )

    def eval_drafts(payload: Mapping[str, Any], progress: Progress) -> Any:
        """{"brand", "user"?, "count", "offline", "name"}; drafts nothing that anybody would see, and keeps the score"""
        brand = payload["brand"]
        actor = accounts.actor(user=payload["user"], brand=brand) if payload.get("user") else None
        score = drafteval.run(
            drafteval.briefs(brand=brand, count=payload["count"]),
            offline=payload["offline"],
            progress=progress,
        )
        kept = drafteval.keep(score, brand=brand, actor=actor, name=payload["name"])
        return {"evaluation": kept, **score_json(score)}

    def check(payload: Mapping[str, Any], _progress: Progress) -> Any:
        """{"brand", "channel", "text", "at"?, "column"?}; grounded on what the library finds for each claim"""
        brand, column = payload["brand"], payload.get("column")
        checked = checking.check_text(
            payload["text"],
            brand=brand,
            channel=Channel(payload["channel"]),
            at=_instant(payload.get("at")),
            column=planning.column(column, brand=brand) if column else None,
        )
        return checked_json(checked.findings, checked.claims)

    def submit(payload: Mapping[str, Any], _progress: Progress) -> Any:
        """{"brand", "user", "post"}; here because the gate checks again, and checks look things up"""
        actor = accounts.actor(user=payload["user"], brand=payload["brand"])
        reviewing.submit(payload["post"], brand=payload["brand"], actor=actor)
        return {"post": payload["post"]}

    def approve(payload: Mapping[str, Any], _progress: Progress) -> Any:
        """As submit, with the "revision" that the approver saw"""
        actor = accounts.actor(user=payload["user"], brand=payload["brand"])
        approval = reviewing.approve(
            payload["post"], brand=payload["brand"], actor=actor, revision=payload["revision"]
        )
        return {"post": payload["post"], "approval": approval}

    def copy_add(payload: Mapping[str, Any], _progress: Progress) -> Any:
        """{"brand", "user", "scene", "title", "text"}"""
        actor = accounts.actor(user=payload["user"], brand=payload["brand"])
        entry = copylibrary.add(
            brand=payload["brand"],
            actor=actor,
            scene=payload["scene"],
            title=payload["title"],
            text=payload["text"],
        )
        return {"entry": entry}

    def copy_approve(payload: Mapping[str, Any], _progress: Progress) -> Any:
        """{"brand", "user", "entry", "seen"}: the fingerprint of the text that the approver saw"""
        actor = accounts.actor(user=payload["user"], brand=payload["brand"])
        copylibrary.approve(payload["entry"], brand=payload["brand"], actor=actor, seen=payload["seen"])
        return {"entry": payload["entry"]}

    return {
        "ingest": ingest,
        "settle": settle,
        "tend": tend,
        "reindex": reindex,
        "read_facts": read_facts,
        "search": search,
        "draft": draft,
        "week": week,
        "eval_drafts": eval_drafts,
        "translate": translate,
        "check": check,
        "submit": submit,
        "approve": approve,
        "copy_add": copy_add,
        "copy_approve": copy_approve,
    }


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _instant(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def file_result(result: FileResult) -> dict[str, Any]:
    return {**asdict(result), "status": str(result.status), "reason": message_json(result.reason)}


def picture_result(added: Added) -> dict[str, Any]:
    """A picture in the words of a file's result; nothing of it is indexed."""
    return {
        "path": f"media/{added.name}",
        "status": "refused" if added.refused is not None else "taken",
        "reason": message_json(added.refused),
        "material": None,
        "passages": 0,
        "characters": 0,
        "unchanged": added.unchanged,
    }


def hit_json(hit: Hit) -> dict[str, Any]:
    return {
        "passage": hit.source.passage,
        "material": hit.material,
        "path": hit.path,
        "kind": str(hit.source.kind),
        "score": round(hit.score, 6),
        "text": hit.source.text,
    }


def checked_json(findings: Sequence[Finding], claims: Sequence[Any]) -> dict[str, Any]:
    return {
        "findings": [finding_json(finding) for finding in findings],
        "claims": [
            {
                "sentence": claim.sentence,
                "verdict": str(claim.verdict),
                "start": claim.start,
                "end": claim.end,
                "passage": claim.passage,
                "quote": claim.quote,
                "method": str(claim.method),
            }
            for claim in claims
        ],
    }


def draft_json(desk: DeskQueries, post: int, brand: int, generation: int) -> dict[str, Any]:
    """The draft that a generation ended in; the error it ended with is raised as it was reported."""
    view = desk.post(post, brand=brand)
    made = view.generation
    if made is not None and made.id == generation and made.error is not None:
        raise ReportedError({"id": made.error.id, "params": made.error.params, "external": True})
    head = view.head
    if head is None:
        raise ReportedError({"id": "error.draft_lost", "params": {}, "external": False})
    return {
        "post": post,
        "channel": view.card.channel,
        "revision": head.id,
        **copy_json(head.text, view.claims, view.findings),
        "findings": [post_finding_json(finding) for finding in view.findings],
        "provenance": dict(head.provenance),
    }
