"""Taking materials in: files, whole folders or pasted text become a job, and a job becomes a list of files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import request

from copilot.domain.materials import Family, Kind, last_day
from copilot.domain.messages import Message, stored_message
from copilot.domain.paths import given_path
from copilot.errors import InvalidInput
from copilot.services.jobs import JobView
from copilot.services.queries.shelf import MaterialRow
from copilot.web.access import actor, brand
from copilot.web.context import services
from copilot.web.context_processors import spoken_day
from copilot.wording import LANGUAGES, word

JOBS = ("ingest", "settle")
MOST_FILE = 30 * 1024 * 1024
"""What the readers take of one file; the page says so before anything is sent."""

MOST_AT_ONCE = 60 * 1024 * 1024
"""What a script sends at once, a little under what the server takes; more goes in several parts."""

LONGEST_TITLE = 200
"""Characters of a title that somebody types; what a file is called may be longer."""

_OVER = ("done", "failed")
_SHOWN = 12
_FRESH = timedelta(days=1)
_DRAIN = 128 * 1024 * 1024
# Edges of windows are instants in UTC: the first and last years that a calendar has leave no room for zones.
_YEARS = range(1900, 9999)
_LITTER = frozenset({"thumbs.db", "desktop.ini", "__macosx"})
_UNFIT = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]+")


@dataclass(frozen=True)
class FileLine:
    """What became of one file, or how far it is: `done` of `total` passages are embedded."""

    path: str
    status: str
    reason: Message | None = None
    material: int | None = None
    passages: int = 0
    unchanged: bool = False
    done: int = 0
    total: int = 0

    @property
    def file(self) -> str:
        return self.path.partition("/")[2] or self.path


@dataclass(frozen=True)
class Upload:
    """A job that takes files in, as the page shows it."""

    job: JobView
    files: tuple[FileLine, ...]
    error: Message | None

    @property
    def is_over(self) -> bool:
        return self.job.state in _OVER

    @property
    def troubled(self) -> tuple[FileLine, ...]:
        """Those that somebody has to read about."""
        return tuple(line for line in self.files if line.status in ("warned", "refused"))

    @property
    def refused(self) -> int:
        return sum(line.status == "refused" for line in self.files)

    @property
    def warned(self) -> int:
        return sum(line.status == "warned" for line in self.files)

    @property
    def fine(self) -> tuple[FileLine, ...]:
        return tuple(line for line in self.files if line.status in ("indexed", "settled"))

    @property
    def ahead(self) -> tuple[FileLine, ...]:
        """The one at work, then those that wait."""
        return tuple(line for line in self.files if line.status in ("reading", "waiting"))

    @property
    def is_long(self) -> bool:
        return len(self.files) > _SHOWN


@dataclass(frozen=True)
class _Given:
    """A file as the browser sent it: the folders it lay in, the kind that one of them names, and where it goes."""

    kind: Kind | None
    path: str
    data: bytes


def view(job: JobView) -> Upload:
    """The job with a line for each of its files, in the order in which they came."""
    lines = job.result if isinstance(job.result, list) else []
    # Of a job that broke off, the file at work did not come in either.
    reported = [_line(line) for line in lines if job.state not in _OVER or line["status"] != "reading"]
    rest = (file["path"] for file in (job.payload.get("files") or [])[len(reported) :])
    if job.state == "failed":
        ahead = [FileLine(path, "refused", Message("upload.not_reached")) for path in rest]
    else:
        ahead = [FileLine(path, "waiting") for path in rest]
    return Upload(job, (*reported, *ahead), stored_message(job.error))


def recent() -> list[Upload]:
    """What is being taken in now, and what was lately; the newest first."""
    jobs = [job for kind in JOBS for job in services().jobs.recent(brand=brand().id, kind=kind, limit=6)]
    return [view(job) for job in sorted(jobs, key=lambda job: -job.id)]


def unread(uploads: Sequence[Upload], *, now: datetime) -> Upload | None:
    """The newest upload, where it is over since less than a day and somebody has to read about its files."""
    newest = next((one for one in uploads if one.job.kind == "ingest"), None)
    if newest is None or not newest.is_over or newest.job.created_at is None:
        return None
    return newest if newest.troubled and now - newest.job.created_at < _FRESH else None


def drain() -> None:
    """Reads what is still under way of a request that is too large, or its browser would never hear the answer."""
    left = min(request.content_length or 0, _DRAIN)
    while left > 0 and (read := request.environ["wsgi.input"].read(min(left, 1024 * 1024))):
        left -= len(read)


def days() -> tuple[date | None, date | None]:
    """The window of a form, by its first and last day; InvalidInput names the field that is wrong."""
    first, last = _day("valid_from"), _day("valid_until")
    if first is not None and last is not None and last < first:
        raise InvalidInput(
            {"valid_until": "invalid.window"}, value=f"{spoken_day(first)} – {spoken_day(last)}"
        )
    return first, last


def day_of(field: str, typed: str) -> date | None:
    """The day that somebody typed, None for nothing; InvalidInput for what is no day, or in no year anybody means."""
    try:
        day = date.fromisoformat(typed) if typed else None
    except ValueError:
        raise InvalidInput({field: "invalid.date"}, value=typed) from None
    if day is not None and day.year not in _YEARS:
        raise InvalidInput({field: "invalid.year"}, value=typed, first=_YEARS[0], last=_YEARS[-1])
    return day


def title_fault(title: str) -> str | None:
    return "invalid.title_long" if len(title) > LONGEST_TITLE else None


def days_of(row: MaterialRow) -> tuple[date | None, date | None]:
    """The first and the last day on which a material holds."""
    return (
        row.valid_from.date() if row.valid_from is not None else None,
        last_day(row.valid_until) if row.valid_until is not None else None,
    )


def kind_of(value: str) -> Kind | None:
    return Kind(value) if value in set(Kind) else None


def kind_names(kind: Kind) -> list[str]:
    """What a folder may be called so that its files are of this kind: the code's word, or a person's."""
    return [str(kind), *(word(Message(f"kind.{kind}"), language).casefold() for language in LANGUAGES)]


def enqueue(kind: str, files: list[dict[str, Any]]) -> int:
    label = ", ".join(given_path(file["path"]).name for file in files[:3])
    return services().jobs.enqueue(
        kind,
        {"brand": brand().id, "actor": actor().id, "files": files},
        brand=brand().id,
        requested_by=actor().id,
        label=label,
    )


def take_in() -> int:
    """Hands what the form holds to a job; InvalidInput names every field that is missing or wrong."""
    form = request.form
    chosen = kind_of(form.get("kind", ""))
    title, text = form.get("title", "").strip(), form.get("text", "").strip()
    files = list(_given())
    wrong = {}
    if not files and not text and not title:
        wrong["files"] = "invalid.no_file"
    elif files and not any(file.data for file in files):
        wrong["files"] = "invalid.empty_files"
    if title and not text:
        wrong["text"] = "invalid.empty"
    if text and not title:
        wrong["title"] = "invalid.title_needed"
    if chosen is None and (any(file.kind is None for file in files) or not files):
        wrong["kind"] = "invalid.kind_needed"
    if fault := title_fault(title):
        wrong["title"] = fault
    if wrong:
        raise InvalidInput(wrong, limit=LONGEST_TITLE, count=len(title))
    first, last = days()
    if text:
        name = _UNFIT.sub(" ", title).strip(" .")[:80] or "text"
        files.append(_Given(None, f"{name}.md", f"# {title}\n\n{text}\n".encode()))
    entries = [_entry(file, file.kind or chosen, first, last) for file in files]
    taken: set[str] = set()
    for entry in entries:
        if entry["path"] in taken:
            raise InvalidInput({"files": "invalid.same_name"}, value=entry["path"].partition("/")[2])
        taken.add(entry["path"])
    return enqueue("ingest", entries)


def _entry(file: _Given, kind: Kind | None, first: date | None, last: date | None) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "path": f"{kind}/{file.path}",
        "digest": services().parts.blobs.put(file.data),
        "kind": str(kind),
        "valid_from": first.isoformat() if first is not None else None,
        "valid_until": last.isoformat() if last is not None else None,
    }
    if kind is not None and kind.family is Family.UGC:
        said = {name: request.form.get(name, "").strip() for name in ("attribution", "consent")}
        entry |= {name: value for name, value in said.items() if value}
    return entry


def _given() -> Iterator[_Given]:
    """Every file that was sent, but for what a desktop leaves in folders."""
    for file in (*request.files.getlist("files"), *request.files.getlist("folder")):
        parts = _parts(file.filename or "")
        if not parts or any(part.startswith(".") or part.casefold() in _LITTER for part in parts):
            continue
        kind, rest = _shelf(parts)
        yield _Given(kind, "/".join(rest), file.read())


def _parts(filename: str) -> list[str]:
    """The folders and the name that a browser sent, as far as they are any; none of them leads upwards."""
    parts = given_path(filename).parts
    return [clean for part in parts if (clean := _UNFIT.sub(" ", part).strip()) and clean not in (".", "..")]


def _shelf(parts: list[str]) -> tuple[Kind | None, list[str]]:
    """The kind that a folder is named after, as the code or a person writes it, and the path from there on."""
    for place, part in enumerate(parts[:-1]):
        kind = _kinds_by_name().get(part.casefold())
        if kind is not None:
            return kind, parts[place + 1 :]
    return None, parts


def _kinds_by_name() -> Mapping[str, Kind]:
    return {name: kind for kind in Kind for name in kind_names(kind)}


def _day(field: str) -> date | None:
    return day_of(field, request.form.get(field, "").strip())


def _line(line: Mapping[str, Any]) -> FileLine:
    known = {
        name: line[name] for name in ("material", "passages", "unchanged", "done", "total") if name in line
    }
    return FileLine(line["path"], line["status"], stored_message(line.get("reason")), **known)
