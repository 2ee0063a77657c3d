"""The pages use the API as it is."""

import pytest

from bridge.web import types


def test_the_schema_tells_what_the_pages_read() -> None:
    told = types.schema()["paths"]
    assert {"/api/v1/session", "/api/v1/queues", "/api/v1/agents", "/api/v1/interactions/{id}"} <= set(told)


@pytest.mark.timeout(300)
def test_the_compiler_finds_no_use_of_the_api_that_does_not_fit(capsys: pytest.CaptureFixture[str]) -> None:
    result = types.main()
    assert result == 0, capsys.readouterr().err
