"""``leadspro enrich``, ``identify``, ``search`` and ``autocomplete``: questions to the current snapshot."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import msgspec

from leadspro_engine.cli.output import add_common, print_fields, print_json, print_table, say, warn
from leadspro_engine.errors import InvalidInput
from leadspro_engine.records import CompanyFilters, PeopleFilters, PersonQuery, Suppressions

if TYPE_CHECKING:
    import argparse

    from leadspro_engine.cli.output import Commands
    from leadspro_engine.records import (
        BatchAnswer,
        Company,
        CompanyPage,
        EnrichAnswer,
        IdentifyAnswer,
        Lineage,
        Match,
        PeoplePage,
        Person,
    )
    from leadspro_engine.search import Understood

_QUERY_FIELDS = PersonQuery.__struct_fields__


def add(commands: Commands) -> None:
    """Add the commands."""
    enrich = commands.add_parser(
        "enrich",
        help="who is this?",
        description="The person whom a query means, with the company and the reasons.",
        epilog="Example: leadspro enrich --name 'Amanda Reyes' --company 'North Peak'",
    )
    enrich.add_argument(
        "query",
        nargs="?",
        metavar="JSON",
        help="a query, or a list of queries, as JSON; - reads standard input",
    )
    _add_fields(enrich, _QUERY_FIELDS)
    enrich.add_argument("--min-likelihood", type=float, default=0.5, metavar="P", help="0..1 (default: 0.5)")
    enrich.add_argument(
        "--require", action="append", default=[], metavar="FIELD", help="a field that the person must have"
    )
    enrich.add_argument(
        "--field",
        action="append",
        default=[],
        metavar="FIELD",
        help="a field to show, such as company.domain",
    )
    enrich.add_argument("--preview", action="store_true", help="show only which fields the answer has")
    enrich.add_argument(
        "--explain",
        action="store_true",
        help="show what each field said and where each value comes from, or who came near",
    )
    add_common(enrich)
    enrich.set_defaults(run=run_enrich)
    identify = commands.add_parser(
        "identify",
        help="who may this be?",
        description="Everybody whom a query may mean, the likeliest first.",
    )
    _add_fields(identify, _QUERY_FIELDS)
    identify.add_argument("--limit", type=int, default=20, metavar="N", help="1..20 (default: 20)")
    add_common(identify)
    identify.set_defaults(run=run_identify)
    search = commands.add_parser("search", help="who fits this?").add_subparsers(
        metavar="KIND", required=True
    )
    for kind, filters in (("people", PeopleFilters), ("companies", CompanyFilters)):
        parser = search.add_parser(
            kind, help=f"find {kind}", description="All options must fit; of one given twice, either."
        )
        _add_fields(parser, filters.__struct_fields__)
        parser.add_argument("--text", metavar="WORDS", help="filters in plain words; options go before them")
        parser.add_argument(
            "--exclude", action="append", default=[], metavar="FIELD=VALUE", help="leave out what fits this"
        )
        parser.add_argument("--limit", type=int, default=10, metavar="N", help="1..100 (default: 10)")
        parser.add_argument("--cursor", metavar="C", help="where the page before ended")
        parser.add_argument(
            "--sort", default="relevance", metavar="ORDER", help="relevance, completeness or recency"
        )
        parser.add_argument(
            "--facet", action="append", default=[], metavar="FIELD", help="count the values of a field"
        )
        parser.add_argument(
            "--field", action="append", default=[], metavar="FIELD", help="a field to show, such as job_title"
        )
        add_common(parser)
        parser.set_defaults(run=run_search, kind=kind)
    complete = commands.add_parser(
        "autocomplete", help="which values begin so?", description="Values of a field, the commonest first."
    )
    complete.add_argument("value_of", metavar="FIELD", help="job_title, company, skill, technology, city, …")
    complete.add_argument("prefix", metavar="PREFIX", help="what the value begins with")
    complete.add_argument("--limit", type=int, default=10, metavar="N", help="1..50 (default: 10)")
    add_common(complete)
    complete.set_defaults(run=run_autocomplete)


def run_enrich(arguments: argparse.Namespace) -> None:
    """Answer one query, or a list of them in order."""
    from leadspro_engine.engine import open_engine

    query = _query(arguments)
    options: dict[str, Any] = {
        "min_likelihood": arguments.min_likelihood,
        "required": arguments.require,
        "fields": arguments.field,
        "preview": arguments.preview,
        "explain": arguments.explain,
    }
    with open_engine(arguments.home, suppressions=suppressed(arguments)) as engine:
        answer = (
            engine.enrich_batch(query, **options)
            if isinstance(query, list)
            else engine.enrich(query, **options)
        )
    if arguments.json:
        print_json(answer)
    elif isinstance(answer, list):
        _show_batch(answer)
    else:
        _show_answer(answer)


def run_identify(arguments: argparse.Namespace) -> None:
    """Show everybody whom a query may mean."""
    from leadspro_engine.engine import open_engine

    with open_engine(arguments.home, suppressions=suppressed(arguments)) as engine:
        answer = engine.identify(_given(arguments, _QUERY_FIELDS), limit=arguments.limit)
    if arguments.json:
        print_json(answer)
    else:
        _show_candidates(answer)


def run_search(arguments: argparse.Namespace) -> None:
    """Show one page of people or companies."""
    from leadspro_engine.engine import open_engine

    names = (PeopleFilters if arguments.kind == "people" else CompanyFilters).__struct_fields__
    asked: dict[str, Any] = {
        "filters": _given(arguments, names),
        "exclude": _excluded(arguments.exclude, names) or None,
        "limit": arguments.limit,
        "cursor": arguments.cursor,
        "sort": arguments.sort,
        "facets": arguments.facet,
        "fields": arguments.field,
    }
    with open_engine(arguments.home, suppressions=suppressed(arguments)) as engine:
        if arguments.text is not None:
            understood = engine.understand(arguments.text, arguments.kind)
            asked["filters"] = {**understood.filters, **asked["filters"]}
            _show_understood(understood)
        page = (
            engine.search_people(**asked) if arguments.kind == "people" else engine.search_companies(**asked)
        )
    if arguments.json:
        print_json(page)
    else:
        _show_page(page)


def _show_understood(understood: Understood) -> None:
    """What the words of a text were taken for, beside the results."""
    for part in understood.parts:
        if part.field is not None:
            warn(f"{part.text!r} is {part.field.replace('_', ' ')}: {', '.join(part.values)}")


def run_autocomplete(arguments: argparse.Namespace) -> None:
    """Show the values of a field that begin so."""
    from leadspro_engine.engine import open_engine

    with open_engine(arguments.home, suppressions=suppressed(arguments)) as engine:
        found = engine.autocomplete(arguments.value_of, arguments.prefix, limit=arguments.limit)
    if arguments.json:
        print_json(found)
    else:
        print_table(f"{len(found)} begin so", ("value", "records"), [(one.value, one.count) for one in found])


def suppressed(arguments: argparse.Namespace) -> Suppressions:
    """Who asked not to be shown, by the list of the data folder."""
    from leadspro_engine.dataset import home_folder
    from leadspro_engine.privacy import SuppressionList

    return Suppressions(SuppressionList(home_folder(arguments.home)).hashes())


def _add_fields(parser: argparse.ArgumentParser, names: tuple[str, ...]) -> None:
    """One option a field; giving it again adds a value."""
    for name in names:
        parser.add_argument(
            f"--{name.replace('_', '-')}", dest=f"field_{name}", action="append", metavar=name.upper()
        )


def _given(arguments: argparse.Namespace, names: tuple[str, ...]) -> dict[str, list[str]]:
    """The fields that were given, as lists."""
    given = {name: getattr(arguments, f"field_{name}") for name in names}
    return {name: values for name, values in given.items() if values}


def _query(arguments: argparse.Namespace) -> Any:
    """The query of the options, or the one given as JSON."""
    fields = _given(arguments, _QUERY_FIELDS)
    if arguments.query is None:
        return fields
    if fields:
        raise InvalidInput("query", arguments.query, "either JSON or options, not both")
    text = sys.stdin.buffer.read() if arguments.query == "-" else os.fsencode(arguments.query)
    try:
        query = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
        raise InvalidInput("query", text, f"JSON ({exc})") from exc
    if not isinstance(query, dict | list):
        raise InvalidInput("query", text, "a JSON object, or a list of objects")
    return query


def _excluded(pairs: list[str], names: tuple[str, ...]) -> dict[str, list[str]]:
    """``field=value`` pairs as lists by field."""
    excluded: dict[str, list[str]] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        name = name.replace("-", "_")
        if not equals or name not in names:
            raise InvalidInput("--exclude", pair, f"FIELD=VALUE with one of {', '.join(names)}")
        excluded.setdefault(name, []).append(value)
    return excluded


def _show_answer(answer: EnrichAnswer) -> None:
    if answer.match is None:
        say("No match.")
        for near in answer.nearest or ():
            print_fields("Came near", [("lacks", near.lacks), ("would settle", near.would_settle)])
            _show_match(near.match)
        return
    if answer.person is not None:
        print_fields(
            answer.person.full_name or answer.person.id, [*_person(answer.person), *_company(answer.company)]
        )
    if answer.available is not None:
        print_fields("Has", [("fields", [name for name, there in answer.available.items() if there])])
    _show_match(answer.match)
    if answer.lineage is not None:
        _show_lineage(answer.lineage)


def _show_lineage(lineage: Lineage) -> None:
    rows = [
        (field, claim.value, claim.record_id, claim.observed_at, claim.reason)
        for field, claims in lineage.items()
        for claim in claims
    ]
    print_table("Where it comes from", ("field", "value", "source record", "observed", "reason"), rows)


def _show_candidates(answer: IdentifyAnswer) -> None:
    rows = [
        (one.person.full_name, one.person.job_title, one.company.name if one.company else None,
         one.match.likelihood, one.score, one.match.matched_on, one.match.conflicts, one.person.id)
        for one in answer.candidates
    ]  # fmt: skip
    columns = ("name", "job title", "company", "likelihood", "bits", "matched on", "conflicts", "id")
    print_table(f"{len(rows)} may be meant", columns, rows)


def _show_match(match: Match) -> None:
    reasons = [
        ("likelihood", match.likelihood),
        ("matched on", match.matched_on),
        ("conflicts", match.conflicts),
    ]
    print_fields("Why", reasons)
    if match.explain is not None:
        rows = [(one.field, one.query, one.record, one.level, f"{one.weight:+.2f}") for one in match.explain]
        print_table("In bits", ("field", "asked", "on record", "level", "weight"), rows)


def _show_batch(answers: list[BatchAnswer]) -> None:
    rows = [
        (
            answer.index,
            answer.status,
            answer.person.full_name if answer.person else None,
            answer.company.name if answer.company else None,
            answer.match.likelihood if answer.match else None,
            answer.error.detail if answer.error else None,
        )
        for answer in answers
    ]
    print_table("Answers", ("item", "status", "person", "company", "likelihood", "error"), rows)


def _show_page(page: PeoplePage | CompanyPage) -> None:
    people = [(one.person, one.company) for one in page.results if hasattr(one, "person")]
    title = f"{page.total.value:,} found, {len(page.results)} shown"
    if people:
        rows = [
            (person.full_name, person.job_title, company.name if company else None,
             person.location.city, person.location.country, person.id)
            for person, company in people
        ]  # fmt: skip
        print_table(title, ("name", "job title", "company", "city", "country", "id"), rows)
    else:
        companies = [one.company for one in page.results if one.company is not None]
        columns = ("name", "domain", "industry", "employees", "country", "status", "id")
        found = [
            (
                one.name,
                one.domain,
                one.industry,
                one.headcount_range,
                one.location.country,
                one.status,
                one.id,
            )
            for one in companies
        ]
        print_table(title, columns, found)
    for facet, counts in (page.facets or {}).items():
        print_table(facet, ("value", "records"), [(one.value, one.count) for one in counts])
    if page.next_cursor is not None:
        warn(f"more: --cursor {page.next_cursor}")


def _person(person: Person) -> list[tuple[str, object]]:
    place = [part for part in (person.location.city, person.location.region, person.location.country) if part]
    return [
        ("id", person.id),
        ("job title", person.job_title),
        ("department", person.department),
        ("level", person.management_level),
        ("e-mails", [f"{entry.address} ({entry.type})" for entry in person.emails]),
        ("phones", [f"{entry.number} ({entry.type})" for entry in person.phones]),
        ("LinkedIn", person.linkedin_url),
        ("location", place),
        ("skills", person.skills),
        ("updated", person.updated_at),
    ]


def _company(company: Company | None) -> list[tuple[str, object]]:
    if company is None:
        return []
    return [
        ("company", company.name),
        ("website", company.website),
        ("industry", company.industry),
        ("employees", company.headcount_range),
        ("technologies", company.technologies),
        ("status", company.status),
    ]
