"""Shapes of documents that were judged once: what matches one needs no second judgement (FORMAT 2, 3.1).

Documents of one kind differ in their scalars and in the length of their lists, hardly ever in their keys. From a document that
has passed the full check an expression is made with the same objects, the same keys in the same order, and a place for every
scalar. What matches it is canonical by construction: its keys are known to be good and ascending, its depth is known, its strings
need no escape, its integers have at most fifteen digits. And it shows its ids: each stands in a group of the expression.

What matches no shape is not bad; it has to be looked at the long way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from audit.ids import ids_in, is_id

# An id of FORMAT 3.1 that has at most 200 bytes for certain.
ID = r'[a-z]{2,16}_[a-z2-7]{26}|code:[a-z]{2,16}:(?:[!#-\[\]-~]{1,178}|[^\x00-\x20"\\\x7f]{1,44})'
# After a quote: the string is no id for certain.
NO_ID = r'(?![a-z]{2,16}_[a-z2-7]{26}"|code:)'
WHOLE = r"(?:0|[1-9][0-9]{0,14}+)"
_STRING = rf'"{NO_ID}[^"\\\x00-\x1f]*+"'
# Any scalar that is no id; what the judged document has there is tried first.
_NUMBER = rf"(?:0|[1-9][0-9]{{0,14}}+|{_STRING}|-[1-9][0-9]{{0,14}}+|true|false|null)"
_TRUTH = rf"(?:true|false|null|{_STRING}|0|-?[1-9][0-9]{{0,14}}+)"
# Where the judged document has an id, or nothing: a group for the id, or none where ids are read from the whole list.
_PERHAPS_ID = rf'(?:"({ID}|)"|{_TRUTH})'
_PERHAPS_ID_IN_LIST = rf'(?:"(?:{ID}|)"|{_TRUTH})'

_EXPRESSION_MAX = 20_000  # characters, some twenty milliseconds to compile
# A shape costs as much as some hundred full checks. It is taken from the eighth document of a kind that matches none, and so on.
_TAKEN_FROM = (8, 64, 512, 4096)
_KINDS_MAX = 128

Groups = tuple[str, ...]


def expression_of(value: object, place: str = _PERHAPS_ID) -> str:
    """The expression of a value that was judged. Its groups are for `ids_of`."""
    if isinstance(value, dict):
        rows = [f'"{re.escape(key)}":{expression_of(inner, place)}' for key, inner in sorted(value.items())]
        return rf"\{{{','.join(rows)}\}}"
    if isinstance(value, list):
        return _list_expression(value, place)
    if value in ("", None) or (isinstance(value, str) and is_id(value)):
        return place
    if isinstance(value, str):
        return _STRING
    return _TRUTH if isinstance(value, bool) else _NUMBER


def _list_expression(values: list[Any], place: str) -> str:
    """Any number of elements where all are of one shape. The ids of those after the first stand in one group together."""
    shapes = [expression_of(value, _PERHAPS_ID_IN_LIST) for value in values] or [_NUMBER]
    if len(set(shapes)) > 1:
        return rf"\[{','.join([expression_of(value, place) for value in values])}\]"
    first = shapes[0] if not values or place == _PERHAPS_ID_IN_LIST else expression_of(values[0], place)
    further = rf"(?:,{shapes[0]})*+"
    if first != shapes[0]:
        further = f"({further})"
    return rf"\[(?:{first}{further})?+\]" if first in (_NUMBER, _TRUTH) else rf"\[{first}{further}\]"


def ids_of(groups: Iterable[str]) -> list[str]:
    """The ids of documents that matched, ascending, each once, from the groups of their shapes."""
    found = {*groups}
    found.discard("")
    ids = sorted(found)
    if ids and ids[0] < "a":  # ids begin with a letter, further elements with a comma
        for further in [text for text in ids if text[0] == ","]:
            found.remove(further)
            found |= ids_in(f"[{further}]".encode())
        ids = sorted(found)
    return ids


class Shapes:
    """The shapes known so far, by kind of document: the name of its event or command. Not for several threads."""

    def __init__(self) -> None:
        self._known: dict[str, list[Callable[[str], re.Match[str] | None]]] = {}
        self._unmatched: dict[str, int] = {}

    def groups(self, kind: str, document: bytes) -> Groups | None:
        """The groups of the first shape of that kind that the document matches, or None."""
        known = self._known.get(kind)
        if known is None:
            return None
        try:
            text = document.decode("utf-8")
        except UnicodeDecodeError:
            return None
        for match in known:
            found = match(text)
            if found:
                return found.groups("")
        return None

    def learn(self, kind: str, draw: Callable[[], str]) -> None:
        """Note that a good document matched nothing; `draw` gives its expression when a shape is to be taken from it."""
        if kind not in self._unmatched and len(self._unmatched) >= _KINDS_MAX:
            return
        unmatched = self._unmatched[kind] = self._unmatched.get(kind, 0) + 1
        if unmatched in _TAKEN_FROM:
            expression = draw()
            if len(expression) <= _EXPRESSION_MAX:
                self._known.setdefault(kind, []).append(re.compile(expression).fullmatch)
