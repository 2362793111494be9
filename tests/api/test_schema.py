"""The server does what /openapi.json says, for whatever schemathesis makes of it, by all of its checks.

``LEADSPRO_CASES`` says how many requests are made for each operation: a few in the suite; 200 of each make
more than 5,000 in all, see docs/security.md. One check is left out: that no request that fits the schema is
refused. What identifies a person, which cursor belongs to which search, or which id exists, no schema says.
Of a batch another is left out, that what does not fit is refused: a bad item never fails the others.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from leadspro_engine.api.routes import ROUTES

if TYPE_CHECKING:
    from schemathesis import Case

    from leadspro_engine.api import Application
    from leadspro_engine.api.route import Route
    from tests.api.conftest import Clock, MakeClient

CASES = int(os.environ.get("LEADSPRO_CASES", "8"))


@pytest.fixture(scope="session")
def described(app: Application) -> Any:
    return schemathesis.openapi.from_wsgi("/openapi.json", app)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.operation)
def test_every_operation_does_what_it_says(
    described: Any, make_client: MakeClient, clock: Clock, route: Route
) -> None:
    operation = described[route.path][route.method]
    cases = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]
    token = make_client().token
    excluded: list[Any] = [positive_data_acceptance, *([negative_data_rejection] if route.batch else [])]

    @given(case=st.one_of(cases))
    @settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck))
    def check(case: Case[Any]) -> None:
        clock.now = clock.now.replace(microsecond=(clock.now.microsecond + 1) % 1_000_000)
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, excluded_checks=excluded)

    check()
