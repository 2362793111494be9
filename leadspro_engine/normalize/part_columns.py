"""The column forms of those parts of a record that nearly every row fills: names, mail, phones, employer.

Each takes the frame of cells that its scalar form in ``part_values`` takes as arguments, one column an
argument, and gives the frame of its fields. The cells go through the column form of their kind, each distinct
one once; what joins kinds is done by columns. A property test holds them equal to the scalar forms.
"""

from __future__ import annotations

import polars as pl
from msgspec import Struct

from leadspro_engine.normalize import columns, company, domain, email, linkedin, name, phone
from leadspro_engine.normalize import part_values as values
from leadspro_engine.normalize.name_fold import fold

_NEVER = "\0"
"""No clean text holds it: splitting at it leaves a text whole."""


class _Mention(Struct, frozen=True, gc=False):
    company_record_id: str | None


class _Numbers(Struct, frozen=True, gc=False):
    first: str | None
    others: list[str]


def name_columns(cells: pl.DataFrame) -> pl.DataFrame:
    """``values.names`` of whole name, form of address, given, middle and family name, suffix."""
    full, prefix, given, middle, family, suffix = (columns.texts_of(cell) for cell in cells.iter_columns())
    frame = pl.DataFrame({"full": full, "both": _filled(given) & _filled(family)})
    frame = frame.with_columns(name.column(_where(frame, ~pl.col("both"))).alias("whole"))
    parts = pl.DataFrame([given, middle, family, prefix, suffix])
    frame = frame.with_columns(_named_by_parts(parts, frame.get_column("whole").is_null()).alias("parts"))
    left = pl.col("both") & pl.col("parts").is_null()
    frame = frame.with_columns(name.column(_where(frame, left)).alias("left"))
    return _name_fields(frame.select(pl.coalesce("whole", "parts", "left")).to_series().struct.unnest())


def _named_by_parts(parts: pl.DataFrame, asked: pl.Series) -> pl.Series:
    """``name.from_parts`` of the rows that are asked for, null in the others."""
    found = name.from_parts_column(parts.filter(asked))
    nothing = pl.repeat(None, parts.height - len(found), dtype=found.dtype, eager=True)
    return columns.pieced(asked, found, nothing)


def _name_fields(found: pl.DataFrame) -> pl.DataFrame:
    """The fields of ``Name``: names in display form, in compare form, and what else one is called."""
    parts = ("given", "middle", "family")
    keys = {part: name.key_column(found.get_column(part)) for part in parts}
    words = pl.DataFrame({part: _folded(found.get_column(part)) for part in parts})
    in_order = pl.concat_str(pl.all(), separator=" ", ignore_nulls=True)
    sorted_words = in_order.str.split(" ").list.sort().list.join(" ")
    shown = {"full_name": "full", "name_suffix": "suffix", **{f"{part}_name": part for part in parts}}
    return found.select(pl.col(field).alias(column) for column, field in shown.items()).with_columns(
        *(key.alias(f"{part}_key") for part, key in keys.items()),
        words.select(pl.when(in_order != "").then(sorted_words).alias("name_key")).to_series(),
        columns.list_column(keys["given"], name.variants).alias("given_variants"),
    )


def _folded(texts: pl.Series) -> pl.Series:
    return columns.text_column(texts, lambda text: fold(text) or None)


def mail_columns(cells: pl.DataFrame) -> pl.DataFrame:
    """``values.mail`` of addresses, given key and family key."""
    addresses, given_key, family_key = cells.iter_columns()
    texts, rows = columns.opened(addresses)
    frame = email.column(texts).struct.unnest()
    valid = frame.get_column("address").is_not_null()
    own_key = frame.select(pl.when(~(pl.col("role") | pl.col("disposable"))).then("key")).to_series()
    told = _mailboxes(own_key).with_columns(given_key.gather(rows), family_key.gather(rows))
    wrong = pl.Series([values.mail_text(text) for text in texts.filter(~valid)], dtype=pl.String())
    made = {
        "emails": frame.get_column("address"),
        "email_keys": own_key,
        "email_locals": told.select(_telling(*(key.name for key in (family_key, given_key)))).to_series(),
        "email_texts": columns.pieced(valid, told.get_column("untagged").filter(valid), wrong),
    }
    return pl.DataFrame({field: columns.relisted(rows, each, cells.height) for field, each in made.items()})


def _mailboxes(keys: pl.Series) -> pl.DataFrame:
    """Of each match key the address without a plus tag, and the ``letters`` of its local part."""
    parts = keys.str.extract_groups(r"^(([^+]+)?.*)(@[^@]*)$").struct.unnest()
    local = parts.select(pl.coalesce("2", "1").alias("local")).to_series()
    untagged = parts.select((pl.lit(local) + pl.col("3")).alias("untagged"))
    ascii_only = ~local.str.contains(r"[^\x00-\x7f]").fill_null(value=False)
    plain = local.filter(ascii_only).str.replace_all(r"[^a-zA-Z0-9]", "").replace("", None)
    letters = columns.pieced(
        ascii_only, plain, columns.text_column(local.filter(~ascii_only), values.letters)
    )
    return untagged.with_columns(letters.alias("letters"))


def _telling(*names: str) -> pl.Expr:
    """``letters`` where they say more than the names and initials of their holder do."""
    rest = pl.col("letters")
    for key in names:
        squeezed = pl.col(key).str.replace_all(" ", "", literal=True).fill_null(_NEVER)
        rest = rest.str.split(squeezed).list.join("")
    nameless = pl.all_horizontal(pl.col(key).is_null() for key in names)
    return pl.when((rest.str.len_chars() > 1) | nameless).then("letters")


def phone_columns(cells: pl.DataFrame) -> pl.DataFrame:
    """``values.phones`` of numbers, region of the source, country of the record."""
    numbers, hint, country = cells.iter_columns()
    texts, rows = columns.opened(numbers)
    homes = pl.DataFrame({"country": country, "hint": hint}).select(pl.coalesce("country", "hint"))
    asked = pl.DataFrame({"cell": texts, "home": homes.to_series().gather(rows)})
    found = (
        columns.struct_rows(asked, _numbers_in, _Numbers).struct.unnest().with_columns(row=rows, cell=texts)
    )
    if (found.get_column("others").list.len() > 0).any():
        every = pl.concat_list("first", "others").alias("first")
        found = found.with_columns(every).explode("first")
    number, rows = found.get_column("first"), found.get_column("row")
    valid = number.is_not_null()
    wrong = columns.text_column(found.get_column("cell").filter(~valid), values.digits)
    compared = columns.pieced(valid, phone.national_column(number.filter(valid)), wrong)
    made = {"phones": number, "phone_texts": compared}
    return pl.DataFrame({field: columns.relisted(rows, each, cells.height) for field, each in made.items()})


def _numbers_in(cell: str, home: str | None) -> _Numbers:
    found = phone.parse_all(cell, home)
    return _Numbers(found[0].number if found else None, [each.number for each in found[1:]])


def employer_columns(cells: pl.DataFrame) -> pl.DataFrame:
    """``values.employer`` of company, domain, the company's LinkedIn page, and addresses."""
    employer, web, page, addresses = cells.iter_columns()
    found = company.column(employer).struct.unnest()
    domains = _domains(web, addresses)
    named = pl.DataFrame(
        {
            "key": found.get_column("key"),
            "web": domains.list.first(),
            "page": linkedin.company_column(page),
        }
    )
    mentions = columns.struct_rows(named, _mention, _Mention).struct.unnest()
    keys = columns.relisted(pl.int_range(cells.height, eager=True), named.get_column("key"), cells.height)
    return pl.DataFrame(
        [
            found.get_column("display").alias("company"),
            keys.alias("company_keys"),
            domains.alias("domains"),
            mentions.get_column("company_record_id"),
        ]
    )


def _mention(key: str | None, web: str | None, page: str | None) -> _Mention:
    return _Mention(values.mention_id(key, web, page))


def _domains(web: pl.Series, addresses: pl.Series) -> pl.Series:
    """For each row the company's own domain, then those of its professional mailboxes."""
    texts, rows = columns.opened(addresses)
    mail = email.column(texts).struct.unnest()
    theirs = mail.select(pl.when(~(pl.col("free") | pl.col("disposable"))).then("registrable_domain"))
    own = domain.company_column(web)
    if own.null_count() == len(own):
        return columns.relisted(rows, theirs.to_series(), len(web))
    lists = columns.relisted(rows, theirs.to_series(), len(web))
    flat = pl.DataFrame({"own": own, "theirs": lists}).with_row_index("row")
    flat = flat.select("row", pl.concat_list("own", "theirs").alias("domain")).explode("domain")
    return columns.relisted(flat.get_column("row"), flat.get_column("domain"), len(web))


def profile_columns(cells: pl.DataFrame) -> pl.DataFrame:
    """``values.profile`` of LinkedIn page and date of birth."""
    page, born = cells.iter_columns()
    slugs, dates = linkedin.person_column(page), columns.text_column(born, values.birth_date)
    return pl.DataFrame([slugs.alias("linkedin"), dates.alias("birth_date")])


def identity_columns(cells: pl.DataFrame) -> pl.DataFrame:
    """``values.identity`` of company, whole name, domain and addresses."""
    named, full, web, addresses = cells.iter_columns()
    found = pl.DataFrame({"company": company.column(named), "full": company.column(full)})
    fields = found.select(pl.coalesce("company", "full")).to_series().struct.unnest()
    return fields.select(
        pl.col("display").alias("name"), pl.col("key").alias("name_key"), "acronym"
    ).with_columns(
        _domains(web, addresses).alias("domains"),
        columns.text_column(web, values.website).alias("website"),
    )


def _filled(texts: pl.Series) -> pl.Series:
    return texts.is_not_null() & (texts != "")


def _where(frame: pl.DataFrame, asked: pl.Expr) -> pl.Series:
    """The whole names of the rows that are asked for, null in the others."""
    return frame.select(pl.when(asked).then("full")).to_series()
