"""An answer shown again: the people of a past request as the present dataset has them, and what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from leadspro_engine.dataset import hides
from leadspro_engine.records import Company, Person, PersonResult, Suppressions
from leadspro_engine.service.answers import Change, FieldChange, ReplayResponse, ReplayResult
from leadspro_engine.service.desk import Offer
from leadspro_engine.service.past import without_hidden

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from leadspro_engine.dataset.keys import KeyIndex
    from leadspro_engine.service.desk import Desk
    from leadspro_engine.service.requests import Empty

_CHANGE: dict[bool | None, Change | None] = {True: "changed", False: "same", None: None}
_PERSON = tuple(name for name in Person.__struct_fields__ if name != "id")
_COMPANY = tuple(name for name in Company.__struct_fields__ if name != "id")


def replay(desk: Desk, _request: Empty, request_id: str) -> Offer:
    """The people whom a request showed, as the present dataset has them, and which of their fields changed.

    An id that another one took over is answered with that one. Fields are compared with the dataset of the
    request, for as long as that is kept.

    Raises:
        NotFound: the workspace made no such request.
    """
    (entry,) = without_hidden(desk, [desk.accounts.request(desk.caller, request_id)])
    with desk.as_of(entry.dataset_version) as index:
        then = _people_then(desk, index, entry.ids)
    now = _Now(desk, entry.ids, [one.company.id for one in (then or {}).values() if one.company])
    results = [_result(one, then, now) for one in entry.ids]
    compared = None if then is None else entry.dataset_version

    return Offer(
        answer=lambda meta: ReplayResponse(request=entry, results=results, compared_with=compared, meta=meta)
    )


def _people_then(desk: Desk, index: KeyIndex | None, ids: Sequence[str]) -> dict[str, PersonResult] | None:
    """The people as an earlier dataset has them, without who is hidden; None when it is not kept."""
    if index is None:
        return None
    hidden = Suppressions(desk.suppressions.hashes())
    people = {one: found for one, found in index.people(ids).items() if not hides(hidden, found.person)}
    companies = index.companies({found.company_id for found in people.values() if found.company_id})
    return {
        one: PersonResult(found.person, companies.get(found.company_id or ""))
        for one, found in people.items()
    }


class _Now:
    """The present dataset, asked once for all people of a request."""

    def __init__(self, desk: Desk, people: Sequence[str], companies: Sequence[str]) -> None:
        engine = desk.engine
        self._successors = engine.successors([*people, *companies])
        heirs = {one: next(iter(self._successors.get(one, ())), one) for one in people}
        found = engine.people(set(heirs.values()))
        self.people = {one: found[heir] for one, heir in heirs.items() if heir in found}

    def same_company(self, then: Company | None, now: Company | None) -> bool:
        """Whether two employers are one, under another id perhaps."""
        if then is None or now is None:
            return then is now
        return now.id == then.id or now.id in self._successors.get(then.id, ())


def _result(one: str, then: Mapping[str, PersonResult] | None, now: _Now) -> ReplayResult:
    """What became of one person."""
    found = now.people.get(one)
    if found is None:
        return ReplayResult(id=one, person=None, company=None, change="gone", changes=None)
    before = None if then is None else then.get(one)
    changes = None if before is None else list(_changes(before, found, now))
    merged = found.person.id != one
    change = "merged" if merged else _CHANGE[None if changes is None else bool(changes)]
    return ReplayResult(id=one, person=found.person, company=found.company, change=change, changes=changes)


def _changes(then: PersonResult, now: PersonResult, present: _Now) -> Iterator[FieldChange]:
    """The fields that have another value; of another employer the names alone."""
    yield from _differing("", _PERSON, then.person, now.person)
    if not present.same_company(then.company, now.company):
        yield FieldChange(field="company", then=_name(then.company), now=_name(now.company))
    elif then.company is not None and now.company is not None:
        yield from _differing("company.", _COMPANY, then.company, now.company)


def _differing(prefix: str, names: Sequence[str], then: Struct, now: Struct) -> Iterator[FieldChange]:
    """The fields of two records that have another value."""
    for name in names:
        old, new = getattr(then, name), getattr(now, name)
        if old != new:
            yield FieldChange(field=f"{prefix}{name}", then=_plain(old), now=_plain(new))


def _plain(value: object) -> Any:
    """A value as JSON has it."""
    return msgspec.to_builtins(value)


def _name(company: Company | None) -> str | None:
    """What a company is called; by its id when it has no name."""
    return None if company is None else company.name or company.id
