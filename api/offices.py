"""Who is in office: posts with their areas and terms, the keys that sign in them, and who stands in (AUTH-3, AUTH-9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.compose import china_today
from api.desk import Desk
from domain.authority import ROLE_LABELS, Directory
from domain.standing import Deputy


@dataclass(frozen=True, slots=True)
class Holder:
    """A good key, and whose it is."""

    key: str
    person: str


@dataclass(frozen=True, slots=True)
class StandIn:
    """A deputy (代理), from day to day."""

    person: str
    posts: tuple[str, ...]  # of the person itself, as people call them
    valid_from: str
    until: str


@dataclass(frozen=True, slots=True)
class Office:
    """A post as it is today: ids and titles, no name of a person (D17)."""

    post: str
    title: str
    number: int  # among those that are called the same, in the order in which they were established; 0: the only one
    role: str
    organisation: str
    areas: tuple[str, ...]  # names
    valid_from: str  # empty: without a bound
    until: str
    held: bool  # neither closed nor out of its term
    keys: tuple[Holder, ...]
    deputies: tuple[StandIn, ...]  # whose last day has not passed


def called(desk: Desk, post: str) -> str:
    """A post by its organisation and title; the id when there is none."""
    return title_of(desk.ledger.refresh(), post)


def posts_held(directory: Directory, person: str) -> tuple[str, ...]:
    """A person, who has no name (D17), by the posts of its good keys."""
    own = (one.post for one in directory.keys.values() if one.person == person and not one.ended)
    return tuple(title_of(directory, post) for post in dict.fromkeys(own))


def title_of(directory: Directory, post: str) -> str:
    """As `called`."""
    found = directory.posts.get(post)
    if found is None:
        return post
    body = directory.organisations.get(found.organisation)
    return f"{_opening(directory) if body is None else body.name}/{found.title}"


def offices(desk: Desk) -> list[Office]:
    """Every post of the ledger that is not closed, in the order in which they were established."""
    directory, today = desk.ledger.refresh(), china_today()
    numbers = _numbers(directory)
    found = []
    for post in directory.posts.values():
        if post.closed:
            continue
        body = directory.organisations.get(post.organisation)
        keys = [one for one in directory.keys.values() if one.post == post.id and not one.ended]
        deputies = [one for one in post.deputies if today <= one.term.until]
        found.append(
            Office(
                post=post.id,
                title=post.title,
                number=numbers[post.id],
                role=post.role,
                organisation=_opening(directory) if body is None else body.name,
                areas=tuple(directory.areas[area].name for area in post.areas),
                valid_from=post.term.valid_from,
                until=post.term.until,
                held=post.is_held(today),
                keys=tuple(Holder(one.id, one.person) for one in keys),
                deputies=tuple(_stand_in(directory, one) for one in deputies),
            )
        )
    return found


def _numbers(directory: Directory) -> dict[str, int]:
    """Of each post its number. Those of registrars are on the sheet of the opening, so a closed post keeps its own."""
    alike: dict[str, list[str]] = {}
    for post in directory.posts:
        alike.setdefault(title_of(directory, post), []).append(post)
    return {
        post: number if len(posts) > 1 else 0
        for posts in alike.values()
        for number, post in enumerate(posts, 1)
    }


def _stand_in(directory: Directory, deputy: Deputy) -> StandIn:
    own = posts_held(directory, deputy.person)
    return StandIn(deputy.person, own, deputy.term.valid_from, deputy.term.until)


def _opening(directory: Directory) -> str:
    """The unit of the first registrars: it is set up with the ledger and has no name but that."""
    assert directory.ledger is not None
    return f"{directory.ledger.area_name}（开账登记）"


def office_lines(found: Sequence[Office]) -> Iterator[str]:
    for one in found:
        where = f"，辖区 {'、'.join(one.areas)}" if one.areas else ""
        bounded = one.valid_from or one.until
        term = f"，任期自{one.valid_from or '设立'}至{one.until or '撤销'}" if bounded else ""
        out = "" if one.held else "，不在任期"
        title = f"{one.title} {one.number}" if one.number else one.title
        yield f"{one.organisation} {title}（{ROLE_LABELS.get(one.role, one.role)}）{where}{term}{out}  {one.post}"
        for holder in one.keys:
            yield f"  密钥 {holder.key}  人员 {holder.person}"
        for deputy in one.deputies:
            yield f"  代理 {'、'.join(deputy.posts)} 人员 {deputy.person}  自{deputy.valid_from}至{deputy.until}"
