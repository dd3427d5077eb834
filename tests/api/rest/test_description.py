"""The description is OpenAPI 3.1, says everything that a program needs, and every example in it is true."""

import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from shophub.api.description.links import LINKS
from shophub.api.description.subjects import SUBJECTS, subject_of
from shophub.settings import get_settings

SCHEMA = "http://json-schema.org/draft-07/schema#"


def operations(description: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def bodies(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give what an operation takes and answers with, each with its form."""
    yield from operation.get("requestBody", {}).get("content", {}).items()
    for answer in operation["responses"].values():
        yield from answer.get("content", {}).items()


def test_description_is_valid_openapi(description: dict[str, Any]) -> None:
    OPENAPI_31_VALIDATOR.validate(description)

    assert description["openapi"].startswith("3.1")
    assert description["servers"][0]["url"] == get_settings().public_url
    for schema in description["components"]["schemas"].values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


def test_every_operation_says_what_it_does_and_for_whom(description: dict[str, Any]) -> None:
    found = list(operations(description))

    for name, operation in found:
        assert 5 < len(operation["summary"]) <= 100, f"{name}: {operation['summary']}"
        assert re.search(r"\n\nFor .+\.", operation["description"]), name
        assert operation["tags"] == [subject_of(name.split(" ")[1]).name], name
        assert "``" not in operation["description"], name
    names = [operation["operationId"] for _, operation in found]
    assert sorted(names) == sorted(set(names))
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)+", name) for name in names), names


def test_subjects_stand_in_the_order_of_a_reader(description: dict[str, Any]) -> None:
    order = [one.name for one in SUBJECTS]
    tags = [tag["name"] for tag in description["tags"]]
    places = [order.index(subject_of(path).name) for path in description["paths"]]

    assert tags == [name for name in order if name in tags]
    assert all(tag["description"].endswith(".") for tag in description["tags"])
    assert places == sorted(places)


def test_every_success_has_a_type_and_every_body_a_true_example(description: dict[str, Any]) -> None:
    checked = 0
    for name, operation in operations(description):
        success = [status for status in operation["responses"] if status.startswith("2")]
        assert len(success) == 1, name
        assert success == ["204"] or operation["responses"][success[0]]["content"], name
        for form, content in bodies(operation):
            given = [content["example"]] if "example" in content else []
            given += [one["value"] for one in content.get("examples", {}).values()]
            assert given, f"{name}: {form} has no example"
            if "json" in form:
                assert content["schema"], f"{name}: anything goes"
                schema = {**content["schema"], "components": description["components"]}
                for value in given:
                    jsonschema_rs.validator_for(schema, validate_formats=True).validate(value)
                    checked += 1
    assert checked > 100


def test_headers_that_every_answer_has_are_described(description: dict[str, Any]) -> None:
    for name, operation in operations(description):
        for status, answer in operation["responses"].items():
            assert answer["headers"]["X-Request-ID"]["required"], (name, status)
        if name.startswith("GET"):
            assert "ETag" in operation["responses"]["304"]["headers"], name


@pytest.mark.parametrize("link", LINKS, ids=lambda link: f"{link.begin} to {link.end}")
def test_link_leads_from_an_answer_to_an_operation(description: dict[str, Any], link: Any) -> None:
    by_shape = {re.sub(r"\{\w+\}", "{}", name): operation for name, operation in operations(description)}
    assert {link.begin, link.end} <= set(by_shape)

    begin, end = by_shape[link.begin], by_shape[link.end]
    success = next(answer for status, answer in begin["responses"].items() if status.startswith("2"))
    written = success["links"][end["operationId"]]

    assert written["operationId"] == end["operationId"]
    assert len(written.get("parameters", {})) == link.end.count("{}") + len(link.headers or {})
    # What the link takes is there in the answer's example, so it is a field that there is.
    example = success["content"]["application/json"]["example"]
    for expression in filter(None, [link.path, *(link.body or {}).values(), *(link.headers or {}).values()]):
        if isinstance(expression, str):
            value = example
            for step in expression.removeprefix("$response.body#/").split("/"):
                value = value[int(step)] if isinstance(value, list) else value[step]
