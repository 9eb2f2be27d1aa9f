"""The API keeps its own description whatever it is sent (review.md check 23): no 5xx, no undocumented code, no other shape."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import openapi
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks

from traceeval.web.roles import Role

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
PLACES = [*(("default", slot, 1 + slot % 3) for slot in range(1, 7)), ("protocol", 7, 4), ("protocol", 8, 4)]
pytestmark = pytest.mark.usefixtures("round_and_alarm")


def keeps_its_word(visitor, headers, number, count):
    """Sends ``count`` cases made from the description, half of them about what is there; how often each code was answered."""
    schema, codes = openapi.from_dict(visitor.http.app.openapi()), Counter()

    @seed(number)
    @settings(max_examples=count, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=schema.as_strategy(), there=st.none() | st.sampled_from(PLACES))
    def send(case, there):
        if there is not None:
            known, made = dict(zip(("queue", "slot", "item"), there, strict=True), round=1), case.path_parameters or {}
            case.path_parameters = {name: known.get(name, value) for name, value in made.items()}
            if isinstance(case.body, dict) and "fence" in case.body:
                case.body["fence"] = 1
        response = answered(visitor.http, case, headers)
        codes[response.status_code] += 1
        case.validate_response(response, checks=CHECKS)

    send()
    return codes


def answered(http, case, headers):
    sent = case.as_transport_kwargs(base_url=str(http.base_url))
    body = {"content": sent["data"]} if isinstance(sent.get("data"), (bytes, str)) else {"json": sent.get("json")}
    headers = {**sent["headers"], **headers}
    return http.request(sent["method"], sent["url"], params=sent.get("params"), headers=headers, **body)


@pytest.mark.parametrize("n", [30, pytest.param(10_000, marks=pytest.mark.soak)])
@pytest.mark.parametrize("role", list(Role))
def test_whatever_a_role_sends_is_answered_as_the_description_says(visit, token, filled, pairs, figure, role, n):
    pairs("protocol")
    codes = keeps_its_word(visit(), token("someone", role.value), 23, n)
    assert sum(codes.values()) >= n
    figure(
        "23 description",
        f"{role.value}: {n:,} cases, 0 x 5xx, nothing undocumented; answers {dict(sorted(codes.items()))}",
    )


def forgotten_code(word):
    for path in word["paths"].values():
        for operation in path.values():
            del operation["responses"]["404"], operation["responses"]["422"]


def forgotten_field(word):
    for path in word["paths"].values():
        for operation in path.values():
            for kind in operation["responses"]["404"]["content"].values():
                kind["schema"] = {"type": "object", "required": ["cause"]}


@pytest.mark.parametrize(("forget", "said"), [(forgotten_code, "status code"), (forgotten_field, "schema")])
def test_an_api_that_breaks_its_word_is_found(visit, token, filled, forget, said):
    visitor, headers = visit(), token("someone", "reviewer")
    forget(visitor.http.app.openapi())
    with pytest.raises(FailureGroup) as found:
        keeps_its_word(visitor, headers, 23, 30)
    assert any(said in one.title.lower() for one in found.value.exceptions)
