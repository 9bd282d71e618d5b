"""Where the subjects lie that a command names (AUTH-5).

Whoever writes into a subject is over it: over all of its areas. Whoever only names one, as a ground or by mistake, has a
part in it; else the refusal is the same whatever it is, so that nobody is told of what lies elsewhere.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol, runtime_checkable

from domain.base import Aggregate
from domain.batch import Batch, entered_by
from domain.errors import OutsideArea
from domain.proposal import Proposal
from domain.values import kind_of
from domain.world import Case, Signer


@runtime_checkable
class Placed(Protocol):
    """A noun that lies in areas."""

    def places(self, day: str) -> list[str]:
        """Its areas on a day."""
        ...


@runtime_checkable
class Concerning(Protocol):
    """A noun that is about others: whoever has a part in one of them has a part in it."""

    def concerns(self) -> Iterable[str]:
        """The subjects that it is about."""
        ...


def admit_named(case: Case, named: Iterable[str]) -> None:
    """That every signer has a part in whatever is there of these subjects, before anything else is asked about it.

    A part has whose post is over one of its areas, or over one of those of what it is about, and who proposed it; of a fact, too,
    whose post lies in an area that a paper is of. What lies nowhere is everybody's. A registrar has a part in all.
    """
    signers = [one for one in case.signers if one.role != "registrar"]
    for identity in named if signers else ():
        found = None if kind_of(identity) == "code" else case.world.find(identity)
        for signer in signers:
            if found is not None and not _has_part(case, signer, found):
                raise OutsideArea(
                    f"{identity} 不在{signer.post.called}的辖区之内，也不关联辖区内的事项",
                    subject=identity,
                )


def _has_part(case: Case, signer: Signer, found: Aggregate) -> bool:
    if isinstance(found, Proposal) and signer.key.person in case.persons_of(found.made_by):
        return True

    def is_over(areas: Iterable[str]) -> bool:
        return any(case.world.within(one, signer.post.areas, case.today) for one in areas)

    areas = _areas(case, found.id)
    if is_over(areas):
        return True  # and what it is about, which may be much, need not be looked at
    if not isinstance(found, Concerning):
        return not areas
    if case.nature != "act" and _is_of_all(case, signer, areas):
        return True
    about = areas_of(case, found.concerns())
    return is_over(about) or not (areas or about)


def _is_of_all(case: Case, signer: Signer, areas: Sequence[str]) -> bool:
    """Whether a paper, a meeting or a notice is of an area that the signer's own lies in: what a county issued for all of its
    villages names none of their subjects. A fact rests on it and says so (DOC-7); an act is asked for the link."""
    return any(case.world.within(own, areas, case.today) for own in signer.post.areas)


def areas_of(case: Case, subjects: Iterable[str]) -> list[str]:
    """The areas of subjects of whatever kind, today. One that is not there lies nowhere: ID-2 refuses it."""
    return list(dict.fromkeys(area for subject in subjects for area in _areas(case, subject)))


def _areas(case: Case, subject: str) -> list[str]:
    found = case.world.find(subject)
    match found:
        case Proposal():  # lies where its target lies
            return _areas(case, found.subject)
        case Batch():  # as for its endorsement: wherever those are who entered it
            posts = (case.world.post(signer["post"]) for signer in entered_by(case, subject))
            return [area for post in posts for area in post.areas]
        case Placed():
            return found.places(case.today)
    return []
