"""How refusals call things: by the name by which people know them, and by the id."""

from collections.abc import Iterable

from domain.authority import Directory
from domain.errors import (
    LabelDiffers,
    NotFound,
    NotProposer,
    OutsideArea,
    Refused,
    SubjectMoved,
    Taken,
    WrongSeen,
)
from domain.record import Recorded

# What says the name as that which is wrong, or must not say it, or compares ids: as new, as seen, as not there.
UNNAMED = (LabelDiffers, NotFound, NotProposer, SubjectMoved, Taken, WrongSeen)
BEGINNINGS = ("load.proposed.v1", "proposal.made.v1")


def nameless(refusal: Refused, directory: Directory, entries: Iterable[Recorded]) -> list[str]:
    """The ids of areas, posts, sessions and proposals that stand in a refusal without their names. Of what lies elsewhere the
    name is not told (AUTH-5)."""
    if isinstance(refusal, UNNAMED):
        return []
    untold = refusal.detail.get("subject") if isinstance(refusal, OutsideArea) else ""
    known: dict[str, str] = {one.id: one.name for one in directory.areas.values()}
    known |= {one.id: one.title for one in directory.posts.values()}
    known |= {
        one.stream: one.state.get("name") or one.state["label"] for one in entries if one.event in BEGINNINGS
    }
    said = refusal.message
    return [
        one
        for one, name in known.items()
        if name and one != untold and one in said and f"“{name}”（{one}）" not in said
    ]
