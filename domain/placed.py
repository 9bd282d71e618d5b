"""Where the subjects lie that a paper, a notice or a meeting names: whoever writes into them is over them (AUTH-5)."""

from collections.abc import Iterable
from typing import Protocol, runtime_checkable

from domain.batch import Batch, entered_by
from domain.proposal import Proposal
from domain.world import Case


@runtime_checkable
class Placed(Protocol):
    """A noun that lies in areas."""

    def places(self, day: str) -> list[str]:
        """Its areas on a day."""
        ...


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
