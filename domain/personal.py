"""Values that name a natural person (自然人): in a payload they are commitments, never the values themselves (D17).

A payload class marks such a field by its type, `PersonName` for instance. The mark is all that the signer's client, the
vault and the admission need to know of it; guards and replay see an opaque text and never need the clear value.
The bytes of a commitment are fixed by FORMAT 5.5.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel, StringConstraints

Field = Literal["name", "phone", "identity_number", "address"]
FIELDS: dict[Field, str] = {"name": "姓名", "phone": "电话", "identity_number": "身份证号", "address": "住址"}

_UNIONS = (Union, type(int | str))  # `Union[…]` and `… | …` are of two kinds


@dataclass(frozen=True, slots=True)
class Personal:
    """The mark of a value that names a natural person, and which one: the `field` of FORMAT 5.5, whose `kind` is `person`."""

    field: Field


Commitment = Annotated[str, StringConstraints(pattern=r"^commit:[0-9a-f]{64}$")]
PersonName = Annotated[Commitment, Personal("name")]
PersonNameOrBlank = Annotated[Commitment | Literal[""], Personal("name")]


class Place(NamedTuple):
    """Where a personal value stands in payloads of a command, and which value it is."""

    path: tuple[str, ...]  # "" stands for each item of a list
    field: Field


class Held(NamedTuple):
    """A personal field as a payload states it."""

    pointer: str  # JSON pointer into the payload
    field: Field
    value: str


@lru_cache(maxsize=256)
def places(payload: type[BaseModel]) -> tuple[Place, ...]:
    """The personal fields of a payload class, in the order of its fields."""
    return tuple(_of_model(payload, ()))


def held(payload: type[BaseModel], stated: Mapping[str, Any]) -> Iterator[Held]:
    """The personal fields that a stated payload fills in; blank ones are left out.

    The payload may still be of any shape: what does not fit is for CMD-2 to refuse.
    """
    for place in places(payload):
        for pointer, value in _found(stated, place.path):
            if isinstance(value, str) and value:
                yield Held(pointer, place.field, value)


def _found(value: Any, path: tuple[str, ...], pointer: str = "") -> Iterator[tuple[str, Any]]:
    if not path:
        yield pointer, value
        return
    step, *rest = path
    if step and isinstance(value, Mapping) and step in value:
        yield from _found(value[step], tuple(rest), f"{pointer}/{step}")
    elif not step and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _found(item, tuple(rest), f"{pointer}/{index}")


def _of_model(model: type[BaseModel], path: tuple[str, ...]) -> Iterator[Place]:
    for name, field in model.model_fields.items():
        yield from _of_field(field, (*path, name))


def _of_field(field: Any, path: tuple[str, ...]) -> Iterator[Place]:
    marks = [mark for mark in field.metadata if isinstance(mark, Personal)]
    if marks:
        yield Place(path, marks[0].field)
        return
    yield from _of_type(field.annotation, path)


def _of_type(kind: Any, path: tuple[str, ...]) -> Iterator[Place]:
    origin = get_origin(kind)
    if origin is Annotated:
        inner, *marks = get_args(kind)
        found = [mark for mark in marks if isinstance(mark, Personal)]
        if found:
            yield Place(path, found[0].field)
        else:
            yield from _of_type(inner, path)
    elif origin in _UNIONS:
        for one in get_args(kind):
            yield from _of_type(one, path)
    elif origin is list:
        yield from _of_type(get_args(kind)[0], (*path, ""))
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        yield from _of_model(kind, path)
