"""From marshmallow's messages to places, for bodies and for query strings."""

import marshmallow as ma
import pytest

from service_catalog.documents.faults import faults_in_body, faults_in_query
from service_catalog.documents.fields import NOT_AN_OBJECT
from service_catalog.documents.schemas.queries import ListQuery, NoQuery
from service_catalog.domain.errors import Place
from service_catalog.domain.vocabulary import Text

WRONG = Text("错", "wrong")


def test_faults_in_a_body_when_nested_get_pointers_below_the_start():
    messages = {"a": {0: {"b/c": [WRONG], "_schema": [WRONG]}}, "d~e": [WRONG, WRONG]}
    pointers = ["/services/3/a/0/b~1c", "/services/3/a/0/_schema", "/services/3/d~0e", "/services/3/d~0e"]
    assert faults_in_body(messages, "/services/3") == [Place(WRONG, pointer=pointer) for pointer in pointers]


def test_fault_of_a_whole_object_when_it_is_none_points_to_the_object():
    assert faults_in_body({"a": {"_schema": [NOT_AN_OBJECT]}}) == [Place(NOT_AN_OBJECT, pointer="/a")]


def test_a_message_when_it_is_not_bilingual_still_gets_words_in_both_languages():
    (place,) = faults_in_body({"a": ["Not a valid thing."]})
    assert place == Place(Text("取值不正确", "Not a valid thing."), pointer="/a")


@pytest.mark.parametrize("parameter", ["taggs", "a/b", "a~b", "社", " ", "0", "_schema", ""])
@pytest.mark.parametrize("schema", [NoQuery, ListQuery])
def test_an_unknown_parameter_when_refused_is_named_as_it_was_sent(schema: type[ma.Schema], parameter: str):
    with pytest.raises(ma.ValidationError) as refused:
        schema().load({parameter: "x"}, unknown=ma.RAISE)
    (place,) = faults_in_query(refused.value.messages)
    assert (place.parameter, place.pointer) == (parameter, None)
    assert place.message.zh != place.message.en


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("limit", "0"),
        ("limit", "1001"),
        ("limit", "１２"),
        ("online", "yes"),
        ("tag", ["zero-visit", "other"]),
        ("max_visits", "2"),
        ("division", "4302\n"),
        ("sort", "name"),
        ("cursor", "a b"),
    ],
)
def test_a_parameter_when_of_a_wrong_value_is_named_once(parameter: str, value: str | list[str]):
    with pytest.raises(ma.ValidationError) as refused:
        ListQuery().load({parameter: value})
    assert [place.parameter for place in faults_in_query(refused.value.messages)] == [parameter]
