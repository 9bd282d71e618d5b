"""What a load session (集中登记场次) does to the commands of others (D9).

In a session that is open, facts and openings of a day up to its cut-over date are expected to come late: the session is
one line that says so, and no reason is asked of each (CMD-8). Once the books of an area are closed, nothing is opened
there any more but by another session (LOAD-6).
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from domain.base import Aggregate
from domain.errors import BooksClosed, Moved, SessionOverlaps
from domain.proposal import Proposal
from domain.standing import LoadFacts
from domain.values import code
from domain.world import Case


def is_closing(case: Case, proposal: str) -> bool:
    """Whether the proposal to close a session still waits: withdrawn or expired, it closes nothing."""
    found = case.world.find(proposal)
    return isinstance(found, Proposal) and found.is_open(case.today)


def sessions_of(case: Case, area: str) -> Iterator[LoadFacts]:
    """Every session over an area: of what it lies in today or took the place of, and those in which its books were closed.

    What an area that took another's place has beside it never belonged to the other: it is under no session of that.
    """
    above = list(case.world.above(area, case.today))
    return (load for load in case.world.directory.loads.values() if _is_over(load, area, above))


def is_over(case: Case, load: LoadFacts, area: str) -> bool:
    """Whether a session is over an area today."""
    return _is_over(load, area, case.world.above(area, case.today))


def _is_over(load: LoadFacts, area: str, above: Iterable[str]) -> bool:
    return area in load.heirs or not load.areas.isdisjoint(above)


def next_number(case: Case) -> int:
    """The number under which the next session opens; in the read set, so that none opens unseen by whoever looks at all of them."""
    number = len(case.world.directory.loads) + 1
    unique = code("load", str(number))
    if case.world.moves(unique) > 0:  # opened by another process: the directory is behind the log
        raise Moved((unique,))
    return number


def carried(case: Case, area: str, to: str, under: str) -> list[LoadFacts]:
    """The sessions that go along when an area goes elsewhere: whose own it is, and in which its books were closed (LOAD-6).

    An open one over what it only lay in stays behind, unless it comes to what took that place. `to` is where it comes to lie or
    what takes its place; `under` comes to stand under the sessions. Raises SessionOverlaps when two would be loading in one
    place (LOAD-2).
    """
    world, today = case.world, case.today
    next_number(case)
    its = [
        load
        for load in world.directory.loads.values()
        if load.phase != "closed" and any(area in world.above(one, today) for one in load.areas)
    ]
    above = list(world.above(to, today))
    there = [load for load in sessions_of(case, to) if load.phase != "closed"]
    for one, met in product(its, there):
        # One that comes along meets another there, unless that comes along too and is over nothing else that lies there.
        if one is not met and (met not in its or not met.areas.isdisjoint(above)):
            raise SessionOverlaps(
                f"{world.area(area).called}的{_called(case, one)}和所去之处的{_called(case, met)}都未封账，"
                "请先封账其一再登记，业务日期照实写",
                subject=met.id,
            )

    def goes_along(load: LoadFacts) -> bool:
        its_own = load.phase == "closed" or area in load.areas | load.heirs
        return its_own or any(world.comes_to(one, to, today) for one in load.areas)

    return [
        load
        for load in sessions_of(case, area)
        if goes_along(load) and not _is_over(load, under, above) and under not in load.areas
    ]


def _called(case: Case, load: LoadFacts) -> str:
    return case.world.there(Aggregate, load.id, "场次").called


def is_loading(case: Case, load: LoadFacts) -> bool:
    return load.phase == "open" or (load.phase == "closing" and not is_closing(case, load.proposal))


def is_expected_late(case: Case, places: Sequence[str]) -> bool:
    """Whether the lateness of a fact or an opening is told by the sessions of all its places."""
    return (
        case.nature != "act"
        and bool(places)
        and all(
            any(
                case.occurred_on <= load.cut_over_on and is_loading(case, load)
                for load in sessions_of(case, area)
            )
            for area in places
        )
    )


def require_books_open(case: Case, places: Sequence[str]) -> None:
    """Refuse an opening where a session is closed or closing and no other is open (LOAD-6)."""
    if case.nature != "opening":
        return
    for area in places:
        sessions = list(sessions_of(case, area))
        if sessions and not any(is_loading(case, load) for load in sessions):
            last = sessions[-1]
            raise BooksClosed(
                f"{case.world.area(area).called}的集中登记{_called(case, last)}（基准日 {last.cut_over_on}）"
                "已封账或正在封账，不再期初建账，须另开场次；"
                "此后查明的以既成事实登记",
                subject=area,
            )
