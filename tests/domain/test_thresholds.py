"""Every number that the law or a local rule gives: its source, how sure it is (领域0.1), and its edge.

Each stands here once. What domain.md marks as a practice of elsewhere or as our own ([规定*], [实践], [推断]) is a parameter;
what a statute says ([规定]) is one too, or stands in code under a name. A number that is neither listed here nor a limit of
form (the length of a list or a text, FORMAT) has no source: a test counts them.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from domain import limitation, scope, title, voting
from domain.errors import LateReasonMissing, Refused, WrongExpiry
from domain.errors_asset import SharesDiffer
from domain.errors_disposal import (
    AuctionNoticeLate,
    DocumentMissing,
    LeaseTooLong,
    NoticeNotFull,
    PriceTooLow,
    WrongApprover,
)
from domain.errors_names import RetentionNotOver
from domain.law import PARAMETERS
from domain.values import days_after
from tests.domain import erasures
from tests.domain import estate as assets
from tests.domain.disposals import STATE, estate, leased
from tests.domain.story import TODAY, WAN, Town, settled

PACKAGE = Path(voting.__file__).parent
Tag = voting.Tag


@dataclass(frozen=True)
class Threshold:
    """A number as it stands in the code. `deed` keeps it exactly when `by` is 0 and misses it by one when it is 1."""

    name: str
    value: int
    source: str
    tag: Tag
    deed: Callable[[Town, int], object]
    refusal: type[Refused]


def late(town: Town, by: int) -> None:
    payload = assets.owed("旧账", late_reason="")
    town.when("obligation.register.v1", payload, nature="fact", occurred_on=days_after(TODAY, -30 - by))


def kept(town: Town, by: int) -> None:
    """The last business was in 2013: thirty years from the end of that year."""
    town.people()
    erasures.old_debt(town)
    erasures.repaid(town)
    town.books.today = "2043-12-31" if by else "2044-01-01"
    town.when("erasure.order.v1", erasures.order(), erasures.ROLES, valid_until="2099-01-01")


def waiting(town: Town, by: int) -> None:
    its = estate(town)
    its.when("propose", its.proposal(expires_on=days_after(TODAY, 90 + by)))


def posted(town: Town, by: int) -> None:
    its = estate(town).decided()
    town.when("notice.post.v1", its.posting(until=days_after(town.books.today, 10 - by)))


def auctioned(town: Town, by: int) -> None:
    its = leased(town, method="auction").approved().sold()
    announced = days_after(town.books.today, by - 7)
    papers = [its.papers["deal"], its.papers["receipt"], its.paper("auction_notice", issued_on=announced)]
    its.when("settle", its.settlement(documents=papers))


def let(town: Town, by: int) -> None:
    its = estate(town)
    its.method = "lease"
    its.when("propose", its.proposal(months=240 + by, ground="use"))


def _approved(town: Town, fen: int, *, state: bool = False, appraised: bool = True) -> None:
    """By the township, of property that is worth so much."""
    its = estate(town, STATE) if state else estate(town)
    its.decided(expected_fen=fen).collected()
    papers = [its.papers[kind] for kind in its.course.papers if kind in its.papers]
    if appraised and not state:
        papers.append(its.paper("appraisal", amount_fen=WAN))
    its.when("approve", its.approval(documents=papers, level="township"), "head")


def of_the_state(town: Town, by: int) -> None:
    _approved(town, 5 * WAN - 1 + by, state=True)


def of_a_collective(town: Town, by: int) -> None:
    _approved(town, 20 * WAN - 1 + by)


def unappraised(town: Town, by: int) -> None:
    _approved(town, 5 * WAN - 1 + by, appraised=False)


def sold(town: Town, by: int) -> None:
    """Appraised at 3.2万元: ninety per cent are 28,800元. The meeting had asked for less."""
    its = estate(town).decided().collected()
    its.when("approve", its.approval(documents=[its.paper("appraisal", amount_fen=320 * WAN // 100)]))
    its.sold()
    price = 288 * WAN // 100 - by
    money = {"deal_fen": price, "received_fen": price, "retained_fen": price - WAN}
    its.when("settle", its.settlement(**money))


def shared(town: Town, by: int) -> None:
    assets.opened(town, shares=[assets.share(basis_points=10_000 - by)])


THRESHOLDS = (
    Threshold("late_days", 30, "设计D7", "推断", late, LateReasonMissing),
    Threshold(
        "names_years", 30, "会计档案管理办法（79号令）第十四条、附表一", "规定*", kept, RetentionNotOver
    ),
    Threshold("proposal_days", 90, "设计D10", "推断", waiting, WrongExpiry),
    Threshold("notice_days", 10, "渝村办30；公示11第四条", "规定", posted, NoticeNotFull),
    Threshold("auction_notice_days", 7, "拍卖法45", "规定", auctioned, AuctionNoticeLate),
    Threshold("lease_months_max", 240, "民法典705", "规定", let, LeaseTooLong),
    Threshold("state_county_fen", 5 * WAN, "领域3.7.d 处B", "实践", of_the_state, WrongApprover),
    Threshold("collective_county_fen", 20 * WAN, "领域3.7.d 介休", "实践", of_a_collective, WrongApprover),
    Threshold("collective_appraisal_fen", 5 * WAN, "领域3.7.c、3.7.d", "实践", unappraised, DocumentMissing),
    Threshold("price_floor_percent", 90, "领域3.7.d 处A", "实践", sold, PriceTooLow),
    Threshold("WHOLE", title.WHOLE, "设计D19", "推断", shared, SharesDiffer),
)
BY_LAW = {
    # In code under a name, each from a text that was read: a fact is noted, a claim has a last day.
    "POLICY_YEAR": (scope.POLICY_YEAR, 2013, "种子 附件2说明1"),
    "limitation": (tuple(one.years for one in limitation.TABLE), (2, 1, 3, 3), "民法通则135、136；民法典188"),
    "limitation.LONGEST": (limitation.LONGEST.years, 20, "民法典188"),
}


@pytest.mark.parametrize("one", THRESHOLDS, ids=[one.name for one in THRESHOLDS])
def test_what_keeps_a_threshold_exactly_is_accepted_and_one_beyond_refused(one: Threshold) -> None:
    one.deed(settled(), 0)
    town = settled()
    with pytest.raises(Refused) as caught:
        one.deed(town, 1)
    assert type(caught.value) is one.refusal


@pytest.mark.parametrize("one", THRESHOLDS, ids=[one.name for one in THRESHOLDS])
def test_a_threshold_that_is_a_parameter_has_this_value_and_source(one: Threshold) -> None:
    spec = PARAMETERS.get(one.name)
    if spec is not None:
        assert (spec.default, spec.source, spec.tag) == (one.value, one.source, one.tag)
        assert spec.least <= spec.default <= spec.most


def test_a_number_that_no_statute_gives_is_a_parameter() -> None:
    assert [one.name for one in THRESHOLDS if one.tag != "规定" and one.name not in PARAMETERS] == ["WHOLE"]
    assert {name: have for name, (have, _, _) in BY_LAW.items()} == {
        name: said for name, (_, said, _) in BY_LAW.items()
    }


def test_every_parameter_is_listed_here_or_a_cell_of_the_table_of_meetings() -> None:
    """The edges of that table are told in test_meeting.py, body by body."""
    listed = {one.name for one in THRESHOLDS}
    assert set(PARAMETERS) - listed == set(voting.TITLES)
    assert {cell.name for cell in voting.TABLE} == set(voting.TITLES)
    for spec in PARAMETERS.values():
        assert all(spec.allows(one.value) and one.document for one in spec.statutory)
        assert [one.effective_on for one in spec.changes] == sorted(
            {one.effective_on for one in spec.changes}
        )


def test_proj_3_the_year_before_the_campaign_is_out_of_scope(town: Town) -> None:
    for year, noted in ((2013, []), (2012, ["PROJ-3"])):
        payload = town.project(f"{year}年的", build_year=year)
        assert town.only(town.when("project.list.v1", payload, nature="fact")).state["notes"] == noted


# Numbers of form, not of law: bounds of parameters are judged by PARAM-1, the rest are shapes of days, ids and bytes.
FORM = {
    "archive": {1980, 3, 33188, 16},  # the bytes of a zip
    "base": {1970},
    "book": {2},  # two registrars (FORMAT 10)
    "correction": {110},  # characters of a label
    "erasure": {2},  # two roles (NAME-1)
    "grounds": {2, 100},  # the disposal and its only asset; a per cent
    "key": {2},  # two signatures; the last registrar (KEY-2)
    "ledger": {20},  # attempts
    "load": {30},  # characters
    "money": {100, 1_000_000, 10_000_000_000},  # 元, 万元, 亿元 in fen
    "limitation": {2, 3, 20, 28},  # BY_LAW; the last day of February
    "parameter": {2},  # two registrars (PARAM-2)
    "scope": {2013},  # BY_LAW
    "title": {10_000},  # basis points
    "values": {200, 100, 2, 53, 74, 180, 1900},
    "verdicts": {8},  # parts of a note
}


@pytest.mark.parametrize("module", sorted(path.stem for path in PACKAGE.glob("*.py")))
def test_no_number_stands_in_the_rules_unlisted(module: str) -> None:
    if module in {"law", "voting"}:
        return  # the tables themselves
    assert _numbers(PACKAGE / f"{module}.py") <= FORM.get(module, set())


def _numbers(path: Path) -> set[int]:
    """The integers of a module but 0 and 1, outside of limits of form, of slices and of what is said to people."""
    skipped: set[int] = set()
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        called = isinstance(node, ast.Call) and getattr(node.func, "id", "")
        form = called in {"Field", "shortened", "StringConstraints", "lru_cache", "_rule"}
        if form or isinstance(node, ast.Slice | ast.JoinedStr):
            skipped |= {id(one) for one in ast.walk(node)}
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and type(node.value) is int and id(node) not in skipped
    } - {0, 1}
