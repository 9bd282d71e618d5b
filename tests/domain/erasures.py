"""An old debt to a household, long repaid, and the order to erase whose it was. 示例数据: all of it is invented."""

import hashlib
from typing import Any

from tests.domain.estate import COMMITTED, obligation_id, owing, party, repayment
from tests.domain.story import WAN, Json, Town, identity

DEBT = "示例旧欠"
BEGAN, ENDED = "2012-05-01", "2013-06-01"
OTHER = "commit:" + hashlib.sha256(b"another household").hexdigest()
ROLES = ["head", "treasurer"]


def ten_years(town: Town) -> None:
    """The county has set the shortest term that there is."""
    town.law("names_years", 10, "2026-01-01")


def old_debt(town: Town, name: str = DEBT, **changed: Any) -> str:
    """Owed since 2012."""
    fields = {"late_reason": "补登", "principal_fen": WAN, "paid_fen": 0, "outstanding_fen": WAN} | changed
    return owing(town, name, on=BEGAN, **{"creditor": party("household"), **fields})


def repaid(town: Town, name: str = DEBT, on: str = ENDED, by: str = "clerk") -> None:
    payment = repayment(WAN, name, late_reason="补登")
    town.when("obligation.repay.v1", payment, by, nature="fact", occurred_on=on)


def copy(medium: str = "异地备份", post: str = "treasurer") -> Json:
    return {"medium": medium, "post": identity("post", post)}


def order(**changed: Any) -> Json:
    return {
        "basis": "示例府函〔2026〕9号",
        "commitments": [COMMITTED],
        "copies": [copy()],
        "erasure": identity("erasure", "一"),
        "ground": "period_over",
        "subjects": [obligation_id(DEBT)],
    } | changed


def confirmation(medium: str = "异地备份", **changed: Any) -> Json:
    return {"erasure": identity("erasure", "一"), "medium": medium, "record": "示例销毁登记3号"} | changed
