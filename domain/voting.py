"""Who decides for a collective, and with how many votes (领域3.0.a): one table by body and day, with its articles.

What the country's law says stands here; every cell is a parameter (law.py), so that the record may say what the law has
become, from a day on and by a paper. Until 2025-04-30 村组法 22, 26 and 渝村办 10, 12 hold, since 2025-05-01 集组法 26 to 28,
31, 64.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

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

# How sure the source of a value is (领域0.1): read · named but not read again · another place's · our own.
Tag = Literal["规定", "规定*", "实践", "推断"]
COLLECTIVE_LAW = "2025-05-01"  # 集组法 in force


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole that must be reached, or exceeded: of those present, or of all who are entitled."""

    numerator: int
    denominator: int
    words: str
    exceeded: bool = False
    of_all: bool = False

    def met(self, part: int, whole: int) -> bool:
        """Exact: 16 of 24 is two thirds."""
        left, right = part * self.denominator, whole * self.numerator
        return left > right if self.exceeded else left >= right

    def __str__(self) -> str:
        return f"全体的{self.words}" if self.of_all else self.words


def _shares(add: int, *, of_all: bool) -> dict[int, Share]:
    return {
        add + 12: Share(1, 2, "过半数", exceeded=True, of_all=of_all),
        add + 23: Share(2, 3, "三分之二以上", of_all=of_all),
        add + 34: Share(3, 4, "四分之三以上", of_all=of_all),
        add + 45: Share(4, 5, "五分之四以上", of_all=of_all),
        add + 11: Share(1, 1, "全数", of_all=of_all),
    }


NOTHING = 0
# The shares that statutes speak of, as values of a parameter: two digits for the part, a hundred more for a part of all.
SHARES: dict[int, Share] = {
    NOTHING: Share(0, 1, "不作要求"),
    **_shares(0, of_all=False),
    **_shares(100, of_all=True),
}
HALF, TWO_THIRDS, HALF_OF_ALL, TWO_THIRDS_OF_ALL = 12, 23, 112, 123


class Cell(NamedTuple):
    """What holds of a body since a day; "": from the beginning."""

    name: str
    since: str
    value: int
    source: str
    tag: Tag


def _body(
    body: str, since: str, source: str, tag: Tag, *, notice: int, quorum: int, passing: int
) -> tuple[Cell, ...]:
    cells = {"notice_days": notice, "quorum": quorum, "passing": passing}
    return tuple(Cell(f"{body}_{column}", since, value, source, tag) for column, value in cells.items())


# Days of notice before the meeting; who must be there, of all who are entitled; who must agree.
TABLE: tuple[Cell, ...] = (
    *_body("villagers", "", "村组法22", "规定", notice=0, quorum=HALF, passing=HALF),
    *_body("households", "", "村组法22", "规定", notice=0, quorum=TWO_THIRDS, passing=HALF),
    *_body("village_reps", "", "村组法26；渝村办12", "规定", notice=3, quorum=TWO_THIRDS, passing=HALF),
    # Before 集组法 no statute spoke of these: the villagers' own are applied by analogy; of a council none.
    *_body("members", "", "参照村组法22", "推断", notice=0, quorum=HALF, passing=HALF),
    *_body("member_reps", "", "参照村组法26、渝村办12", "推断", notice=3, quorum=TWO_THIRDS, passing=HALF),
    *_body("council", "", "领域3.0.a：无规定", "推断", notice=0, quorum=NOTHING, passing=NOTHING),
    # Where there is no 农村集体经济组织 the village acts by the same law (集组法 64).
    *(
        cell
        for body, source in {
            "villagers": "集组法27、64",
            "households": "集组法27、64",
            "village_reps": "集组法27、28、64",
            "members": "集组法27",
            "member_reps": "集组法27、28",
        }.items()
        for cell in _body(
            body, COLLECTIVE_LAW, source, "规定", notice=10, quorum=TWO_THIRDS, passing=TWO_THIRDS_OF_ALL
        )
    ),
    *_body("council", COLLECTIVE_LAW, "集组法31", "规定", notice=0, quorum=TWO_THIRDS, passing=HALF_OF_ALL),
    Cell("member_reps_more_than", "", 0, "领域3.0.a：无规定", "推断"),
    Cell("member_reps_more_than", COLLECTIVE_LAW, 20, "集组法28", "规定"),
    Cell("collective_decides", "", 0, "渝村办10", "规定"),
    Cell("collective_decides", COLLECTIVE_LAW, 1, "集组法26、64", "规定"),
    Cell("party_discusses", "", 0, "领域3.0.a：只是做法", "实践"),
    Cell("party_discusses", COLLECTIVE_LAW, 1, "集组法26", "规定"),
)

_COLUMNS = {"notice_days": "会前通知天数", "quorum": "到会人数", "passing": "同意人数"}
TITLES: dict[str, str] = {
    **{
        f"{body}_{column}": f"{label}{title}"
        for body, label in BODIES.items()
        for column, title in _COLUMNS.items()
    },
    "member_reps_more_than": "成员代表须多于多少人",
    "collective_decides": "有集体经济组织的，是否只由其成员（代表）大会决定（1是）",
    "party_discusses": "是否须先经党组织研究讨论（1是）",
}
BOUNDS: dict[str, tuple[int, int]] = {
    "notice_days": (0, 365),
    "member_reps_more_than": (0, 10_000),
    "collective_decides": (0, 1),
    "party_discusses": (0, 1),
}


def column(name: str) -> str:
    """Which column of the table a parameter is of; its own name, of one that no body has."""
    return next((one for one in _COLUMNS if name.endswith(f"_{one}")), name)


def choices(name: str) -> tuple[int, ...]:
    """The shares that a parameter may be; empty of one that is a number. A quorum is always of all."""
    match column(name):
        case "quorum":
            return tuple(value for value, share in SHARES.items() if not share.of_all)
        case "passing":
            return tuple(SHARES)
    return ()
