"""From what people write to the id: `debt:QX-Z-1`, `post:青溪乡农服中心/核查岗` and the key or the person there, `proposal:27`.

Organisations and posts have no codes, and persons no names (D17): whoever holds the one good key of a post is found by it.
What has neither code nor name is found by the position that was told when it was recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from api.desk import Desk
from api.places import areas_like
from audit.reader import Reader
from domain.authority import Directory
from domain.errors import NotFound
from domain.standing import KeyFacts
from domain.values import is_id, kind_of
from projections.labels import KINDS
from projections.resolve import resolve

# The word that people write -> the kind of the id.
KIND_OF: Mapping[str, str] = {"debt": "obligation"}


# What nobody gives a number: `proposal:27` is the one that was recorded at position 27.
DIGITS_MAX = 15  # of a position; what is longer is none
_BY_POSITION = frozenset({"batch", "document", "erasure", "meeting", "notice", "proposal"})
# The word before the colon -> what it is called: whatever has a number, a name, or a position that was told.
WRITTEN: Mapping[str, str] = {
    word: KINDS[KIND_OF.get(word, word)]
    for word in ("project", "asset", "debt", "area", "load", "parameter", "disposal", *sorted(_BY_POSITION),
                 "organisation", "post", "person", "key")
}  # fmt: skip
_UNWRITTEN = frozenset({"code", "erased", "obligation", "row"})  # known all the same


def found_as(desk: Desk, text: str) -> str:
    """The id of anything that the ledger knows. Refused (ID-2) when it knows none, or several."""
    kind, colon, name = text.strip().partition(":")
    if colon and kind not in WRITTEN and kind not in _UNWRITTEN:
        known = "、".join(f"{word} {label}" for word, label in WRITTEN.items())
        raise NotFound(f"没有“{kind}”这种类别：类别有 {known}", subject=text)
    if kind in OFFICES:
        return in_office(desk.ledger.refresh(), text.strip())
    if kind in _BY_POSITION and name.isdecimal() and len(name) <= DIGITS_MAX:
        return _at(desk.reader, kind, int(name))
    try:
        return resolve(desk.reader, text)
    except NotFound as refusal:
        near = areas_like(desk.ledger.directory, name) if kind == "area" else []
        if not near:
            raise
        raise NotFound(f"{refusal.message}；名称相近的区域：{'、'.join(near)}", subject=text) from None


def _at(reader: Reader, kind: str, position: int) -> str:
    try:
        entry = reader.entry(position)
    except LookupError:
        raise NotFound(f"台账中没有第 {position} 号", subject=f"{kind}:{position}") from None
    first = position - entry.i + 1
    for one in reader.entries(first, first + entry.n):
        if kind_of(one.stream) == kind:
            return one.stream
    raise NotFound(f"第 {position} 号没有记载{KINDS[kind]}", subject=f"{kind}:{position}")


def in_office(directory: Directory, text: str) -> str:
    """The id of an organisation, a post, or the key or person in a post. Refused (ID-2) when there is none, or several."""
    kind, _, name = text.partition(":")
    found = list(dict.fromkeys(OFFICES[kind](directory, name)))
    if not found:
        raise NotFound(
            f"台账中没有 {text}，{KINDS[kind]}的写法见 bangfu posts：{kind}:{_FORM[kind]}", subject=text
        )
    if len(found) > 1:
        raise NotFound(f"“{text}”不止一个：{'、'.join(found)}，请写明是哪一个", subject=text, bearers=found)
    return found[0]


def post_called(directory: Directory, text: str) -> str:
    """The id of the post in whose name a deputy signs; an id passes through."""
    if is_id(text) and kind_of(text) == "post":
        return text
    return in_office(directory, f"post:{text.removeprefix('post:')}")


def _organisations(directory: Directory, name: str) -> Iterable[str]:
    return (one.id for one in directory.organisations.values() if one.name == name)


def _posts(directory: Directory, name: str) -> list[str]:
    """Those that are not closed: by title alone, or after the organisation's name."""
    body, _, title = name.rpartition("/")
    bodies = set(_organisations(directory, body))
    return [
        one.id
        for one in directory.posts.values()
        if one.title == title and not one.closed and (not body or one.organisation in bodies)
    ]


def _holders(directory: Directory, name: str) -> list[KeyFacts]:
    posts = set(_posts(directory, name))
    return [one for one in directory.keys.values() if one.post in posts and not one.ended]


OFFICES: Mapping[str, Callable[[Directory, str], Iterable[str]]] = {
    "key": lambda directory, name: (one.id for one in _holders(directory, name)),
    "organisation": _organisations,
    "person": lambda directory, name: (one.person for one in _holders(directory, name)),
    "post": _posts,
}
_FORM = {"key": "单位/岗位", "organisation": "单位", "person": "单位/岗位", "post": "单位/岗位"}
