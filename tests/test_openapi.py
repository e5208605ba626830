"""Requests made from our own OpenAPI, that fit it and that do not: each response is one that it describes.

What is sent is the same every time; the guard stands before the app, as it does when it is served.
"""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.openapi import from_asgi
from schemathesis.schemas import BaseSchema

from qa.api import build_api
from qa.config import Settings
from qa.web.guarding import Guard
from qa.web.serving import Service

EXAMPLES = 25  # requests to each route, of each kind


@pytest.fixture(scope="module")
def described(bundled_index: Path) -> BaseSchema:
    service = Service(Settings(index=bundled_index))
    service.test()
    api = build_api(service)
    schema = from_asgi("/v1/openapi.json", Guard(api, api.state.meter, pace="1000000/minute", most=64))
    # a report that there is not, a file that cannot be read, a chat that does not end with a question: well formed
    schema.config.checks.positive_data_acceptance.expected_statuses = ["200", "404", "422"]
    schema.config.checks.negative_data_rejection.expected_statuses = ["400", "413", "422"]
    return schema


@pytest.mark.parametrize("mode", GenerationMode)
def test_every_response_is_described(described: BaseSchema, mode: GenerationMode):
    for result in described.get_all_operations():
        operation = result.ok()
        if mode is GenerationMode.NEGATIVE and operation.method == "get":
            continue  # takes nothing that could be wrong

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(mode))
        def ask(case: Case):
            case.call_and_validate()

        ask()
