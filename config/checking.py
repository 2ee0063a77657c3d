"""Checks what a document holds against the schema, and says every fault in an administrator's words."""

from collections.abc import Iterator
from typing import TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from config.document import Document, Keys, Plain
from config.errors import FAULT, ConfigError, shown, suggestion

M = TypeVar("M", bound=BaseModel)

_EXPECTED = {
    "int_type": ("is not a whole number", "Write a whole number."),
    "int_parsing": ("is not a whole number", "Write a whole number."),
    "int_from_float": ("is not a whole number", "Write a whole number."),
    "bool_type": ("is neither true nor false", "Write true or false."),
    "bool_parsing": ("is neither true nor false", "Write true or false."),
    "list_type": ("is not a list", "Write a list: [first, second]."),
    "string_type": ("is not text", "Write text; put numbers, true and false in quotes."),
    "tuple_type": ("is not a list", "Write a list: [first, second]."),
    "dict_type": ("does not hold entries", "Write one entry a line below it, indented: `name: value`."),
    "model_type": ("does not hold fields", "Write its fields below it, indented: `name: value`."),
}


def checked(
    model: type[M], document: Document, errors: list[ConfigError], path: Keys = (), context: object = None
) -> M | None:
    """What stands at `path` as a model; None, with its faults added to `errors`, when it is wrong.

    `context` is what the model's validators need to know."""
    if not document.readable:
        return None
    data = document.at(path)
    return _validated(model, document, path, {} if data is None and not path else data, errors, context=context)


def entries(model: type[M], document: Document, errors: list[ConfigError]) -> dict[str, M]:
    """The right entries of a document that maps names to models; faults of the others go to `errors`.

    The model's field `name` is the entry's key.
    """
    if document.data is None:
        return {}
    if not isinstance(document.data, dict):
        errors.append(document.error((), *_EXPECTED["dict_type"]))
        return {}
    found = ((name, _entry(model, document, name, data, errors)) for name, data in document.data.items())
    return {name: entry for name, entry in found if entry}


def _entry(model: type[M], document: Document, name: str, data: Plain, errors: list[ConfigError]) -> M | None:
    if isinstance(data, dict):
        if "name" in data:
            errors.append(document.error((name, "name"), "is not a field here", "The entry's key is its name."))
        data = {**data, "name": name}
    return _validated(model, document, (name,), data, errors, key="name")


def _validated(
    model: type[M],
    document: Document,
    path: Keys,
    data: Plain,
    errors: list[ConfigError],
    key: str | None = None,
    context: object = None,
) -> M | None:
    try:
        return model.model_validate(data, context=context)
    except ValidationError as wrong:
        faults = (_fault(model, document, path, detail, key) for detail in wrong.errors())
        told = {error.field for error in document.errors}
        errors += (fault for fault in faults if fault.field not in told)
        return None


def _fault(
    model: type[BaseModel], document: Document, path: Keys, detail: ErrorDetails, key: str | None
) -> ConfigError:
    loc = tuple(part for part in detail["loc"] if part != "[key]")
    where = path if loc == (key,) else (*path, *loc)
    if detail["type"] == "extra_forbidden":
        known = _model_at(model, loc[:-1]).model_fields.keys() - {key}
        return document.error(where, "is not a field here", suggestion(str(loc[-1]), known))
    return document.error(where, *_words(detail))


def _words(detail: ErrorDetails) -> tuple[str, str]:
    kind, value = detail["type"], shown(detail["input"])
    if kind == FAULT:
        return detail["ctx"]["problem"], detail["ctx"]["remedy"]
    if kind == "missing":
        return "is missing", f"Add the line `{detail['loc'][-1]}: ...` there."
    if kind in _EXPECTED:
        problem, remedy = _EXPECTED[kind]
        return f"is {value}, which {problem}", remedy
    return f"is {value}, but {detail['msg'].replace('Input should', 'it should', 1)}", "Correct the value."


def _model_at(model: type[BaseModel], loc: Keys) -> type[BaseModel]:
    for key in loc:
        if field := model.model_fields.get(str(key)):
            model = next(_models(field.annotation), model)
    return model


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
