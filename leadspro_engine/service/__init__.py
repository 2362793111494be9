"""What each endpoint does, without HTTP: a typed request and a desk in, an offer of a typed answer out."""

from __future__ import annotations

from leadspro_engine.service.desk import Answer, Desk, Download, Offer
from leadspro_engine.service.disclosing import disclosures
from leadspro_engine.service.health import health, package_version
from leadspro_engine.service.job_files import JobFiles
from leadspro_engine.service.jobs import (
    change_job,
    create_job,
    end_job,
    job,
    job_result,
    list_jobs,
    resume_job,
    start_job,
)
from leadspro_engine.service.keys import change_key, create_key, list_keys, revoke_key, rotate_key
from leadspro_engine.service.lookup import enrich, enrich_batch, identify, out_of_credits
from leadspro_engine.service.normalizing import normalize
from leadspro_engine.service.past import history, history_entry
from leadspro_engine.service.problems import WHOLE, field_of
from leadspro_engine.service.published import Published
from leadspro_engine.service.replaying import replay
from leadspro_engine.service.runner import Purged, Runner, purge
from leadspro_engine.service.searching import autocomplete, search_companies, search_people, understand
from leadspro_engine.service.suppressing import suppress, suppression
from leadspro_engine.service.workspace import me, usage

__all__ = [
    "WHOLE",
    "Answer",
    "Desk",
    "Download",
    "JobFiles",
    "Offer",
    "Published",
    "Purged",
    "Runner",
    "autocomplete",
    "change_job",
    "change_key",
    "create_job",
    "create_key",
    "disclosures",
    "end_job",
    "enrich",
    "enrich_batch",
    "field_of",
    "health",
    "history",
    "history_entry",
    "identify",
    "job",
    "job_result",
    "list_jobs",
    "list_keys",
    "me",
    "normalize",
    "out_of_credits",
    "package_version",
    "purge",
    "replay",
    "resume_job",
    "revoke_key",
    "rotate_key",
    "search_companies",
    "search_people",
    "start_job",
    "suppress",
    "suppression",
    "understand",
    "usage",
]
