"""Jobs: a file of rows, looked at first, then answered in the background, a credit for each row matched."""

from __future__ import annotations

import random
import tempfile
from typing import TYPE_CHECKING, Any

import msgspec
import polars as pl
from msgspec import Struct

from leadspro_engine.accounts.jobs import ENDPOINT, JobState, new_id
from leadspro_engine.errors import InvalidInput, JobNotFinished
from leadspro_engine.match.table import fields_of
from leadspro_engine.privacy import identifier_hash
from leadspro_engine.service.desk import Download, Offer
from leadspro_engine.service.job_answers import (
    JobColumn,
    JobCredits,
    JobReport,
    JobResponse,
    JobSample,
    JobsResponse,
    JobView,
)
from leadspro_engine.service.job_files import RAW, Given, write_result
from leadspro_engine.service.odds import at_most

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from leadspro_engine.accounts import Entry, Job
    from leadspro_engine.engine import Engine
    from leadspro_engine.service.answers import AnswerMeta
    from leadspro_engine.service.desk import Desk
    from leadspro_engine.service.requests import (
        Empty,
        EndJobRequest,
        JobChanges,
        JobRequest,
        JobResultRequest,
        JobsRequest,
    )

SAMPLE_ROWS = 200
"""Rows that the dry run answers, drawn from the whole file: the match rate to about 7 points."""

_EXAMPLES = 3
_MEDIA = {"csv": "text/csv; charset=utf-8", "raw": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}
_STATUS = "lp_status"


class Settings(Struct, frozen=True):
    """How the rows of a job are asked.

    Attributes:
        columns: column -> field of a query.
    """

    columns: dict[str, str]
    min_likelihood: float


class Report(Struct, frozen=True):
    """What is known of a job's file: what reading it showed, and the dry run with the settings of the job."""

    given: Given
    examples: dict[str, list[str]]
    duplicates: int
    sampled: int
    sample_matched: int


def create_job(desk: Desk, request: JobRequest) -> Offer:
    """A job over an uploaded file with its dry run; started at once when asked for.

    Raises:
        InvalidInput: the file cannot be used, or no column can be asked by.
    """
    files, job_id = desk.files, new_id()
    with files.take_in(desk.upload, desk.caller.plan.job_rows) as (folder, given):
        first = files.part(folder, 0).drop(RAW, strict=False)
        columns = _mapped(first, None if request.columns is None else _read_columns(request.columns))
        settings = Settings(columns, request.min_likelihood)
        report = _dry_run(desk, lambda number: files.part(folder, number), given, settings)
        files.keep(folder, job_id)
    job = desk.accounts.jobs.create(
        desk.caller,
        job_id,
        name=request.name,
        settings=msgspec.json.encode(settings),
        report=msgspec.json.encode(report),
        rows=given.rows,
        parts=given.parts,
    )
    return _one(desk, desk.accounts.jobs.start(desk.caller, job.id) if request.start else job)


def list_jobs(desk: Desk, request: JobsRequest) -> Offer:
    """A page of the workspace's jobs, the newest first."""
    before = None if request.cursor is None else int(request.cursor)
    found = desk.accounts.jobs.listed(
        desk.caller, limit=request.limit + 1, before=before, status=request.status
    )
    shown = found[: request.limit]
    following = str(shown[-1].number) if len(found) > len(shown) else None
    views = [_view(job) for job in shown]
    return Offer(answer=lambda meta: JobsResponse(results=views, next_cursor=following, meta=meta))


def job(desk: Desk, _request: Empty, job_id: str) -> Offer:
    """One job with its progress and the report of its dry run.

    Raises:
        NotFound: the workspace has no such job.
    """
    return _one(desk, desk.accounts.jobs.get(desk.caller, job_id))


def change_job(desk: Desk, request: JobChanges, job_id: str) -> Offer:
    """A job that was not started yet, with other settings and a dry run of its own.

    Raises:
        InvalidInput: it was started, or the settings do not fit the file.
        NotFound: the workspace has no such job.
    """
    before = desk.accounts.jobs.get(desk.caller, job_id)
    if before.status != "ready":
        raise InvalidInput("id", job_id, f"a job that is ready, not {before.status}")
    old, report = _settings(before), _report(before)
    first = desk.files.part(job_id, 0).drop(RAW, strict=False)
    columns = old.columns if request.columns is None else _mapped(first, request.columns)
    likelihood = old.min_likelihood if request.min_likelihood is None else request.min_likelihood
    settings = Settings(columns, likelihood)
    told = _dry_run(desk, lambda number: desk.files.part(job_id, number), report.given, settings)
    changed = desk.accounts.jobs.change(
        desk.caller, job_id, settings=msgspec.json.encode(settings), report=msgspec.json.encode(told)
    )
    return _one(desk, changed)


def start_job(desk: Desk, _request: Empty, job_id: str) -> Offer:
    """The job, in the queue; a second time changes nothing.

    Raises:
        InvalidInput: it is over.
        NotFound: the workspace has no such job.
    """
    return _one(desk, desk.accounts.jobs.start(desk.caller, job_id))


def resume_job(desk: Desk, _request: Empty, job_id: str) -> Offer:
    """A cancelled or failed job that goes on where it stood; a second time changes nothing.

    Raises:
        InvalidInput: it is done, or its files are gone.
        NotFound: the workspace has no such job.
    """
    return _one(desk, desk.accounts.jobs.resume(desk.caller, job_id))


def end_job(desk: Desk, request: EndJobRequest, job_id: str) -> Offer:
    """An open job, cancelled; one that is over, deleted with its files, unless it is to be kept.

    Raises:
        NotFound: the workspace has no such job.
    """
    ended = desk.accounts.jobs.end(desk.caller, job_id, keep_finished=request.keep_finished)
    if ended.status == "deleted":
        desk.files.remove(job_id)
    return _one(desk, ended)


def job_result(desk: Desk, request: JobResultRequest, job_id: str) -> Download:
    """The file with the new columns beside its own: every row that was answered, in order.

    Raises:
        JobNotFinished: it is not over yet, or has no files any more.
        NotFound: the workspace has no such job.
    """
    found = desk.accounts.jobs.get(desk.caller, job_id)
    if found.status not in ("done", "cancelled", "failed") or not desk.files.here(job_id):
        raise JobNotFinished(job_id, found.status)
    out = tempfile.TemporaryFile()  # noqa: SIM115 - handed on; closing it removes it
    write_result(_answered(desk, found), _report(found).given.columns, request.format, out)
    size = out.tell()
    out.seek(0)
    ending = "jsonl" if request.format == "jsonl" else "csv"
    return Download(media=_MEDIA[request.format], name=f"{job_id}.{ending}", file=out, size=size)


def job_of(entry: Entry) -> str | None:
    """The job that a history entry is a part of; None when it is a request."""
    return entry.request_id.partition(".")[0] if entry.endpoint == ENDPOINT else None


def settings_of(job: Job) -> Settings:
    """How the rows of a job are asked."""
    return _settings(job)


def answers(engine: Engine, frame: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """The new columns of some rows: what each of them is answered, in their order."""
    missing = [
        pl.lit(None, pl.String()).alias(name) for name in settings.columns if name not in frame.columns
    ]
    names = {f"column {number}": name for number, name in enumerate(settings.columns)}
    asked = frame.with_columns(missing).select(pl.col(name).alias(plain) for plain, name in names.items())
    columns = {plain: settings.columns[name] for plain, name in names.items()}
    gained = engine.enrich_frame(asked, columns=columns, min_likelihood=settings.min_likelihood)
    return gained.drop(list(names))


def _settings(job: Job) -> Settings:
    return msgspec.json.decode(job.settings, type=Settings)


def _report(job: Job) -> Report:
    return msgspec.json.decode(job.report, type=Report)


def _read_columns(text: str) -> dict[str, str]:
    """The mapping that a query parameter holds."""
    try:
        return msgspec.json.decode(text, type=dict[str, str])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
        raise InvalidInput("columns", text, 'a JSON object such as {"E-Mail": "email"}') from exc


def _mapped(first: pl.DataFrame, columns: Mapping[str, str] | None) -> dict[str, str]:
    """The columns that rows are asked by: as given, else guessed from the first part of the file."""
    return fields_of(first, columns)


def _dry_run(desk: Desk, part: Any, given: Given, settings: Settings) -> Report:
    """Answer a sample of the rows, and count those that ask the same."""
    drawn = _drawn(given.rows)
    picked: list[pl.DataFrame] = []
    examples: dict[str, list[str]] = {}
    seen: set[int] = set()
    duplicates = before = 0
    for number in range(given.parts):
        frame = part(number).drop(RAW, strict=False)
        examples = examples or _examples(frame)
        duplicates += _repeated(frame, settings, seen)
        here = [row - before for row in drawn if before <= row < before + frame.height]
        before += frame.height
        picked.append(frame.select(_asked(frame, settings))[here])
    sample = pl.concat(picked, how="diagonal_relaxed")
    matched = int((answers(desk.engine, sample, settings)[_STATUS] == "matched").sum())
    return Report(given, examples, duplicates, sample.height, matched)


def _drawn(rows: int) -> list[int]:
    """The numbers of the rows that are answered, in order; the same for every file of that length.

    Not every so-manieth: lists are made of turns, one row of each of ten salesmen and again.
    """
    return sorted(random.Random(rows).sample(range(rows), min(rows, SAMPLE_ROWS)))  # noqa: S311 - no secret


def _asked(frame: pl.DataFrame, settings: Settings) -> list[str]:
    """The columns of a part that are asked by."""
    return [name for name in settings.columns if name in frame.columns]


def _examples(frame: pl.DataFrame) -> dict[str, list[str]]:
    """The first few cells of each column that say something."""
    texts = ((name, (str(cell) for cell in frame[name] if cell not in (None, ""))) for name in frame.columns)
    return {
        name: [text[:80] for text, _ in zip(cells, range(_EXAMPLES), strict=False)] for name, cells in texts
    }


def _repeated(frame: pl.DataFrame, settings: Settings, seen: set[int]) -> int:
    """How many rows ask what an earlier row asked, blanks and case aside."""
    asked = frame.select(_asked(frame, settings))
    texts = asked.with_columns(
        pl.col(name).list.join(";") for name, kind in asked.schema.items() if isinstance(kind, pl.List)
    ).with_columns(pl.all().str.strip_chars().str.to_lowercase())
    hashes = texts.hash_rows().to_list()
    before = len(seen)
    seen.update(hashes)
    return len(hashes) - (len(seen) - before)


def _answered(desk: Desk, found: Job) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """The rows and new columns of each part that is paid for, without who is hidden or was not paid for."""
    paid = desk.accounts.jobs.paid(found.id)
    for number in sorted(paid):
        gained = desk.files.answered(found.id, number)
        shown = _paid_for(gained, paid[number])
        yield desk.files.part(found.id, number), _without_hidden(desk, shown)


def _paid_for(gained: pl.DataFrame, paid: int) -> pl.DataFrame:
    """The new columns, empty in every match after the first ``paid`` ones."""
    matched = gained[_STATUS] == "matched"
    return _blank(gained, matched & (matched.cum_sum() > paid), "quota_exceeded")


def _without_hidden(desk: Desk, gained: pl.DataFrame) -> pl.DataFrame:
    """The new columns, empty where they would show somebody who asked not to be shown."""
    hashes = desk.suppressions.hashes()
    if not hashes:
        return gained
    hidden = desk.hidden(one for one in gained["lp_id"] if one is not None)
    rows = gained.iter_rows(named=True)
    told = [row["lp_id"] in hidden or _tells(row, hashes) for row in rows]
    return _blank(gained, pl.Series(told, dtype=pl.Boolean), "no_match")


def _tells(row: Mapping[str, Any], hashes: frozenset[str]) -> bool:
    """Whether the new cells of a row hold an identifier that is hidden, whatever the present dataset has."""
    emails = (("email", one) for one in (row["lp_email"] or "").split("; "))
    phones = (("phone", one) for one in (row["lp_phone"] or "").split("; "))
    slug = (("linkedin", (row["lp_linkedin"] or "").rstrip("/").rpartition("/")[2]),)
    return any(identifier_hash(kind, value) in hashes for kind, value in (*emails, *phones, *slug))  # type: ignore[arg-type]


def _blank(gained: pl.DataFrame, where: pl.Series, status: str) -> pl.DataFrame:
    """The new columns, empty but for a status in the rows that are marked."""
    return gained.with_columns(
        pl.when(where).then(pl.lit(status) if name == _STATUS else None).otherwise(pl.col(name)).alias(name)
        for name in gained.columns
    )


def _one(desk: Desk, found: Job) -> Offer:
    """The offer of one job."""
    credit = JobCredits(
        expected=_expected(found),
        at_most=_at_most(found),
        remaining=desk.accounts.balance(desk.caller).remaining,
    )
    view, report = _view(found), _told(found)

    def answer(meta: AnswerMeta) -> JobResponse:
        return JobResponse(job=view, report=report, credits=credit, meta=meta)

    return Offer(answer=answer)


def _expected(found: Job) -> int:
    """Credits that the rows not answered yet will cost, going by the sample."""
    report = _report(found)
    return round((found.rows - found.done) * report.sample_matched / max(1, report.sampled))


def _at_most(found: Job) -> int:
    """The same at the upper end of what the sample leaves open, with 97.5 % probability."""
    report = _report(found)
    left = found.rows - found.done
    return min(left, round(left * at_most(report.sample_matched, report.sampled)))


def _told(found: Job) -> JobReport:
    """The dry run as callers see it."""
    report, settings = _report(found), _settings(found)
    columns = [
        JobColumn(column=name, field=settings.columns.get(name), examples=report.examples.get(name, []))
        for name in report.given.columns
    ]
    return JobReport(
        rows=report.given.rows,
        columns=columns,
        min_likelihood=settings.min_likelihood,
        duplicates=report.duplicates,
        rejected=report.given.rejected,
        rejects=report.given.rejects,
        sample=JobSample(
            rows=report.sampled,
            matched=report.sample_matched,
            match_rate=round(report.sample_matched / max(1, report.sampled), 4),
        ),
    )


def _view(found: Job) -> JobView:
    """A job as lists show it."""
    return JobView(
        **{name: getattr(found, name) for name in JobState.__struct_fields__},
        progress=round(found.done / max(1, found.rows), 4),
    )
