"""The report of a de-duplication: one HTML file that needs nothing else, not even a network.

Every value of the table passes through ``_text``, which escapes it; the page also forbids scripts, so that a
cell with markup in it is shown and never run.
"""

from __future__ import annotations

import html
from importlib.resources import files
from math import log1p
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from leadspro_engine.compare import Scored, Weights
    from leadspro_engine.dedupe.run import Deduped
    from leadspro_engine.dedupe.table import RecordKind, Table
    from leadspro_engine.resolve.findings import BigCluster, Findings, ScoredPair

_NAMING: dict[RecordKind, tuple[str, ...]] = {
    "person": ("full_name", "given_name", "family_name", "email"),
    "company": ("company", "domain"),
}
"""Roles of the columns by which people know a row, the best first."""

LONGEST_TEXT = 300
"""Characters of a cell that are shown."""

Cell = str | int | float | None
"""What a table of the report may hold."""


def report_html(table: Table, deduped: Deduped, findings: Findings) -> str:
    """The whole page."""
    shown = {record for pair in findings.doubtful for record in (pair.a, pair.b)}
    shown |= {record for cluster in findings.biggest for record in cluster.records}
    rows = table.aligned(sorted(shown))
    roles = {column: role for given in table.roles.values() for column, role in given.items()}
    roles |= {role: role for role in roles.values()}
    naming = sorted(
        (column for column, role in roles.items() if role in _NAMING[table.kind]),
        key=lambda column: _NAMING[table.kind].index(roles[column]),
    )
    return _PAGE.format(
        style=files("leadspro_engine.dedupe").joinpath("report.css").read_text("utf-8"),
        body="\n".join(
            [
                _facts(deduped),
                _doubtful(findings.doubtful, rows, naming),
                _histogram(findings),
                _biggest(findings.biggest, rows, naming),
                _weights(deduped.weights),
                _blocking(findings),
                _roles(deduped.roles),
            ]
        ),
    )


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Duplicates</title>
<style>
{style}</style>
</head>
<body>
<main>
<h1>Duplicates</h1>
{body}
</main>
</body>
</html>
"""


def _facts(deduped: Deduped) -> str:
    """The figures that count most."""
    clusters = deduped.rows.get_column("cluster_id").n_unique()
    facts = {
        "rows": deduped.rows.height,
        "distinct" if deduped.record == "company" else "people": clusters,
        "duplicate rows": deduped.rows.height - clusters,
        "unusable rows": deduped.rejects.height,
        "pairs compared": deduped.pairs,
        "threshold": deduped.weights.threshold,
    }
    entries = "".join(
        f"<div><dt>{_text(name)}</dt><dd>{_text(value)}</dd></div>" for name, value in facts.items()
    )
    return f'<dl class="facts">{entries}</dl>'


def _doubtful(
    pairs: Sequence[ScoredPair], rows: Mapping[str, Mapping[str, Any]], naming: Sequence[str]
) -> str:
    """The pairs nearest to the threshold, each with both rows and its waterfall; the first one open."""
    told = "".join(
        _pair(pair, rows, naming, open_="" if number else " open") for number, pair in enumerate(pairs)
    )
    return f"""<section>
<h2>The most doubtful pairs</h2>
<p>Nearest to the threshold, on either side. <code>leadspro label</code> asks about such pairs and learns from
the answers.</p>
{told or "<p>No pair was compared.</p>"}
</section>"""


def _pair(
    pair: ScoredPair, rows: Mapping[str, Mapping[str, Any]], naming: Sequence[str], *, open_: str
) -> str:
    """One pair: both rows side by side, then its waterfall."""
    one, two = rows[pair.a], rows[pair.b]
    columns = [column for column in dict.fromkeys([*one, *two]) if one.get(column) or two.get(column)]
    side_by_side = _table(
        ("column", pair.a, pair.b),
        [(column, _cell(one.get(column)), _cell(two.get(column))) for column in columns],
    )
    verdict = "one cluster" if pair.joined else "two clusters"
    name = " / ".join(_title(row, naming) for row in (one, two))
    return f"""<details{open_}>
<summary><b>{pair.scored.probability:.1%}</b> {verdict}: {_text(name)}</summary>
{side_by_side}
{_waterfall(pair.scored)}
</details>"""


def _waterfall(scored: Scored) -> str:
    """How the score comes about: the prior, then each comparison, in bits, from one sum to the next."""
    steps = [("prior", "how rare matches are", scored.prior_bits)]
    steps += [(one.field.replace("_", " "), one.level, one.bits) for one in scored.evidence]
    sums, total = [0.0], 0.0
    for _, _, bits in steps:
        total += bits
        sums.append(total)
    low, high = min(sums), max(sums)
    width = (high - low) or 1.0
    lines = []
    for (field, level, bits), begin in zip(steps, sums, strict=False):
        left = (min(begin, begin + bits) - low) / width
        lines.append(_step(field, level, bits, (left, abs(bits) / width), "for" if bits >= 0 else "against"))
    left = (min(0.0, total) - low) / width
    chance = f"probability {scored.probability:.3%}"
    lines.append(_step("score", chance, total, (left, abs(total) / width), "total"))
    return "".join(lines)


def _step(field: str, level: str, bits: float, place: tuple[float, float], kind: str) -> str:
    """One bar of a waterfall."""
    left, width = place
    return (
        f'<div class="step"><span>{_text(field)} <small>{_text(level)}</small></span>'
        f'<span class="track"><i class="{kind}" style="left:{left:.2%};width:{width:.2%}"></i></span>'
        f'<span class="number">{bits:+.1f}</span></div>'
    )


def _histogram(findings: Findings) -> str:
    """The scores of all candidate pairs; heights are logarithms, so that few can be seen beside many."""
    most = max((log1p(bar.joined + bar.apart) for bar in findings.histogram), default=1.0)
    bars = []
    cut_drawn = False
    for bar in findings.histogram:
        height = log1p(bar.joined + bar.apart) / most
        share = bar.joined / (bar.joined + bar.apart)
        edge = ' class="cut"' if not cut_drawn and bar.bits + 1 > findings.cut_bits else ""
        cut_drawn = cut_drawn or bool(edge)
        title = (
            f"{bar.bits} to {bar.bits + 1} bits: {bar.joined:,} pairs in one cluster, {bar.apart:,} in two"
        )
        bars.append(
            f'<div{edge} title="{_text(title)}"><i class="for" style="height:{height * share:.2%}"></i>'
            f'<i class="against" style="height:{height * (1 - share):.2%}"></i></div>'
        )
    ends = [findings.histogram[place].bits for place in (0, -1)] if findings.histogram else [0, 0]
    return f"""<section>
<h2>Scores of the compared pairs</h2>
<p>From {ends[0]} to {ends[1]} bits; 0 bits is an even chance. Green pairs are in one cluster, red ones in
two; the blue line is the threshold. Heights are logarithms: a pair can be seen beside a million.</p>
<div class="histogram" role="img" aria-label="Histogram of scores">{"".join(bars)}</div>
<div class="axis"><span>{ends[0]} bits</span><span>{ends[1]} bits</span></div>
</section>"""


def _biggest(
    clusters: Sequence[BigCluster], rows: Mapping[str, Mapping[str, Any]], naming: Sequence[str]
) -> str:
    """The largest clusters, with the rows of each."""
    told = []
    for cluster in clusters:
        columns = list(dict.fromkeys(column for one in cluster.records for column in rows[one]))
        body = _table(
            columns, [[_cell(rows[one].get(column)) for column in columns] for one in cluster.records]
        )
        more = cluster.size - len(cluster.records)
        rest = f"<p>and {more:,} more</p>" if more > 0 else ""
        name = _text(_title(rows[cluster.records[0]], naming))
        told.append(f"<details><summary><b>{cluster.size:,}</b> rows: {name}</summary>{body}{rest}</details>")
    body = "".join(told) or "<p>No row has a duplicate.</p>"
    return f"<section>\n<h2>The biggest clusters</h2>\n{body}\n</section>"


def _weights(weights: Weights) -> str:
    """What was learned: each level with how often it is seen in pairs of one and of two, and what it says."""
    rows: list[Sequence[Cell]] = [
        (field.replace("_", " "), level.label, f"{level.m:.4f}", f"{level.u:.6f}", f"{level.bits:+.1f}")
        for field, levels in weights.fields.items()
        for level in levels
    ]
    source = (
        "learned from this table"
        if weights.learned == "learned"
        else "as shipped: the table is too small to teach"
    )
    return f"""<section>
<h2>Weights</h2>
<p>{source}. Two random rows are one in {1 / max(weights.match_rate, 1e-15):,.0f} times. m is how often rows
of one entity agree this way, u how often strangers do; bits are log2(m / u). A rare value weighs more than
its level.</p>
{_table(("field", "level", "m", "u", "bits"), rows, numbers=(2, 3, 4))}
</section>"""


def _blocking(findings: Findings) -> str:
    """Which rules brought pairs together."""
    rows: list[Sequence[Cell]] = [
        (one.rule, f"{one.pairs:,}", f"{one.alone:,}", f"{one.thinned:,}") for one in findings.blocking
    ]
    return f"""<section>
<h2>What was compared</h2>
<p>Rows that share one of these are compared; other pairs are taken for strangers. Where too many rows share
a value and no second one tells them apart, each is compared with a few neighbors only: the last column.</p>
{_table(("shared", "pairs", "found by this alone", "rows with neighbors only"), rows, numbers=(1, 2, 3))}
</section>"""


def _roles(roles: Mapping[str, Mapping[str, str]]) -> str:
    """What each column was taken for."""
    rows: list[Sequence[Cell]] = [
        (source, column, role) for source, given in roles.items() for column, role in given.items()
    ]
    return f"""<section>
<h2>Columns</h2>
<p><code>--column "COLUMN=ROLE"</code> corrects a wrong guess.</p>
{_table(("source", "column", "taken for"), rows)}
</section>"""


def _table(header: Sequence[str], rows: Iterable[Sequence[Cell]], numbers: Sequence[int] = ()) -> str:
    """A table that scrolls sideways where it is too wide."""

    def row(cells: Sequence[Cell], tag: str) -> str:
        kinds = (' class="number"' if place in numbers else "" for place in range(len(cells)))
        told = (f"<{tag}{kind}>{_text(cell)}</{tag}>" for cell, kind in zip(cells, kinds, strict=True))
        return f"<tr>{''.join(told)}</tr>"

    body = "".join(row(cells, "td") for cells in rows)
    return f'<div class="wide"><table><thead>{row(header, "th")}</thead><tbody>{body}</tbody></table></div>'


def _title(row: Mapping[str, Any], naming: Sequence[str]) -> str:
    """What a row is known by: the values of its naming columns, else its first ones."""
    named = [_cell(row[column]) for column in naming if row.get(column)]
    return " ".join((named or [_cell(value) for value in row.values() if value])[:2])


def _cell(value: Any) -> str:
    """A cell as text, cut where it is too long."""
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    text = "" if value is None else str(value)
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def _text(value: Cell) -> str:
    """Anything as text that HTML shows as it stands."""
    if isinstance(value, int):
        value = f"{value:,}"
    elif isinstance(value, float):
        value = f"{value:.3f}"
    return html.escape(str(value or ""), quote=True)
