"""Who decides for a collective, and with how many votes: the law of the day on which a meeting was held (D8).

Until 2025-04-30 村组法 22, 26 and 渝村办 10, 12; since 2025-05-01 集组法 26 to 28, 31, 64. National law, so it
stands here and is no parameter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Body = Literal["villagers", "households", "village_reps", "members", "member_reps", "council"]
BODIES: dict[str, str] = {
    "villagers": "村民会议",
    "households": "村民会议（户代表）",
    "village_reps": "村民代表会议",
    "members": "成员大会",
    "member_reps": "成员代表大会",
    "council": "理事会",
}
assert tuple(BODIES) == get_args(Body)

Matter = Literal["disposal", "distribution", "debt", "ownership"]
MATTERS: dict[str, str] = {
    "disposal": "处置",
    "distribution": "收益分配",
    "debt": "债务",
    "ownership": "确权",
}

COLLECTIVE_LAW = "2025-05-01"  # 集组法 in force
REPS_MORE_THAN = 20  # 集组法 28: members' representatives


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole that must be reached, or exceeded."""

    numerator: int
    denominator: int
    exceeded: bool = False

    def met(self, part: int, whole: int) -> bool:
        """Exact: 16 of 24 is two thirds."""
        left, right = part * self.denominator, whole * self.numerator
        return left > right if self.exceeded else left >= right

    def __str__(self) -> str:
        return f"{'多于' if self.exceeded else '不少于'}{self.denominator}分之{self.numerator}"


HALF = Share(1, 2, exceeded=True)
TWO_THIRDS = Share(2, 3)


@dataclass(frozen=True, slots=True)
class Procedure:
    """How one body decides: notice before the meeting in days, who must be there, who must agree."""

    notice_days: int
    quorum: Share
    passing: Share
    of_all: bool  # the votes are counted against all who are entitled, not against those present
    source: str


_VILLAGERS = Procedure(0, HALF, HALF, of_all=False, source="村组法22")
_HOUSEHOLDS = Procedure(0, TWO_THIRDS, HALF, of_all=False, source="村组法22")
_REPS = Procedure(3, TWO_THIRDS, HALF, of_all=False, source="村组法26；渝村办12")
_ASSEMBLY = Procedure(10, TWO_THIRDS, TWO_THIRDS, of_all=True, source="集组法27、28")
_COUNCIL = Procedure(0, TWO_THIRDS, HALF, of_all=True, source="集组法31")

_BEFORE: Mapping[str, Procedure] = {
    "villagers": _VILLAGERS,
    "households": _HOUSEHOLDS,
    "village_reps": _REPS,
    "members": _VILLAGERS,
    "member_reps": _REPS,
    "council": _COUNCIL,
}


def procedure(body: str, day: str) -> Procedure:
    """How a body decides on a day."""
    if day < COLLECTIVE_LAW or body == "council":
        return _BEFORE[body]
    return _ASSEMBLY


def competent(
    body: str, day: str, entitled: int, *, authorised: bool | None, no_rceo: bool | None
) -> bool | None:
    """Whether a body may decide on disposal, distribution, debt and ownership; None when what it needs is unknown.

    `authorised`: the villagers' meeting has given its representatives this matter for a term (渝村办 10).
    `no_rceo`: there is no 农村集体经济组织, so the village acts in its place (集组法 64).
    """
    if body == "council":
        return False
    if body in {"members", "member_reps"}:
        return body == "members" or day < COLLECTIVE_LAW or entitled > REPS_MORE_THAN
    limbs: list[bool | None] = [no_rceo] if day >= COLLECTIVE_LAW else []
    if body == "village_reps":
        limbs.append(authorised)
    return False if False in limbs else None if None in limbs else True
