"""Raw text -> canonical value: one file a kind, pure but for packaged tables that are read once.

Every kind has the same doors, and they always agree:

- ``parse(value)``: the canonical value of one cell, a frozen struct, or None for "nothing meaningful here".
  Takes anything, never raises, needs time linear in the length of the cell.
- ``column(values)``: the same over a Polars series, one row for each cell; each distinct value is parsed
  once.
- ``why(value)``: what was wrong with the cell, or what in it was ignored, as ``note.Note`` values.

Kinds: address, company, date, domain, email, headcount, identifier, industry, linkedin, name, phone, place,
skill, technology, title. ``record`` joins them into whole canonical records. ``text`` cleans a cell,
``columns`` makes column forms, ``tables`` reads the packaged tables.

Nothing is imported here: ``from leadspro_engine.normalize import email`` loads that kind alone.
"""
