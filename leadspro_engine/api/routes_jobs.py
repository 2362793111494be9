"""Files of people, answered in the background."""

from __future__ import annotations

from leadspro_engine import service
from leadspro_engine.api.route import UPLOAD_BODY, Route
from leadspro_engine.service import job_answers, requests

JOBS: tuple[Route, ...] = (
    Route(
        method="POST",
        path="/api/v1/jobs",
        operation="create_job",
        capability="jobs",
        summary="Upload a file of people",
        description=(
            "The body is the file: CSV with any delimiter, or JSON lines, with the media type that says so. "
            "The answer tells what each column is taken for, how many rows ask the same, which rows cannot "
            "be read, and from a sample how many will match and what that costs. Then start the job, or "
            "change its columns first."
        ),
        scope="jobs",
        status=201,
        media=("text/csv", "text/tab-separated-values", "application/x-ndjson"),
        key_required=True,
        max_body=UPLOAD_BODY,
        request=requests.JobRequest,
        answer=job_answers.JobResponse,
        handler=service.create_job,
    ),
    Route(
        method="GET",
        path="/api/v1/jobs",
        operation="list_jobs",
        capability="jobs",
        summary="Which jobs are there?",
        description="Jobs and how far they are, the newest first.",
        scope="jobs",
        request=requests.JobsRequest,
        answer=job_answers.JobsResponse,
        handler=service.list_jobs,
    ),
    Route(
        method="GET",
        path="/api/v1/jobs/{job_id}",
        operation="job",
        capability="jobs",
        summary="How far is this job?",
        description="One job: its progress, its counts so far, and the report of its dry run.",
        scope="jobs",
        request=requests.Empty,
        answer=job_answers.JobResponse,
        handler=service.job,
    ),
    Route(
        method="PATCH",
        path="/api/v1/jobs/{job_id}",
        operation="change_job",
        capability="jobs",
        summary="Say what a job's columns are",
        description="Other columns or another least likelihood, with a new dry run; before it is started.",
        scope="jobs",
        request=requests.JobChanges,
        answer=job_answers.JobResponse,
        handler=service.change_job,
        examples={"two columns": {"columns": {"E-Mail": "email", "Firma": "company"}}},
    ),
    Route(
        method="POST",
        path="/api/v1/jobs/{job_id}/start",
        operation="start_job",
        capability="jobs",
        summary="Start a job",
        description="Its rows are answered in the background; a second time changes nothing.",
        scope="jobs",
        price="1 credit for each row that matches, as the rows are answered.",
        request=requests.Empty,
        answer=job_answers.JobResponse,
        handler=service.start_job,
    ),
    Route(
        method="POST",
        path="/api/v1/jobs/{job_id}/resume",
        operation="resume_job",
        capability="jobs",
        summary="Take a job up again",
        description=(
            "One that was cancelled or failed goes on with the rows that are not answered yet; what was paid "
            "for is not paid for again. A second time changes nothing."
        ),
        scope="jobs",
        price="1 credit for each row that matches, as the rows are answered.",
        request=requests.Empty,
        answer=job_answers.JobResponse,
        handler=service.resume_job,
    ),
    Route(
        method="DELETE",
        path="/api/v1/jobs/{job_id}",
        operation="end_job",
        capability="jobs",
        summary="Cancel or delete a job",
        description=(
            "One that is not over is cancelled: what was answered and paid for can still be downloaded, and "
            "it can be resumed. One that is over is deleted with its files, unless `keep_finished=true`."
        ),
        scope="jobs",
        request=requests.EndJobRequest,
        answer=job_answers.JobResponse,
        handler=service.end_job,
    ),
    Route(
        method="GET",
        path="/api/v1/jobs/{job_id}/result",
        operation="job_result",
        capability="jobs",
        summary="Download a job's result",
        description=(
            "Every row that was answered, in order, with its own columns untouched and new ones beside them "
            "(`lp_status`, `lp_full_name`, …). Cells that a spreadsheet would run begin with an apostrophe, "
            "unless `format=raw`."
        ),
        scope="jobs",
        download=("text/csv", "application/x-ndjson"),
        request=requests.JobResultRequest,
        answer=requests.Empty,
        handler=service.job_result,
    ),
)
