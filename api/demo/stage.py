"""The stage: what every step of the demo has at hand, and how it stops when something does not go as told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from api.ceremony import NotDone
from api.clerk import Clerk
from api.compose import china_today
from api.demo.cast import Actor
from api.demo.site import Site
from api.demo.telling import Telling
from api.desk import Answer, Desk
from api.endorsing import endorse
from api.imported import Imported
from api.keyfile import load
from projections.resolve import resolve


@dataclass(frozen=True, slots=True)
class Stage:
    """A ledger open at the desk, where its keys are, and who is told."""

    site: Site
    desk: Desk
    telling: Telling

    def clerk(self, actor: Actor) -> Clerk:
        return Clerk(self.desk, load(self.site.keys / actor.file))

    def do(
        self,
        what: str,
        actor: Actor,
        name: str,
        payload: Mapping[str, Any],
        *,
        nature: str = "",
        on: str = "",
    ) -> int:
        """The position of what somebody signs and hands in. Raises NotDone when it is refused."""
        found = self.clerk(actor).do(name, payload, nature=nature, occurred_on=on)
        done(what, found)
        return position(found)

    def endorse(self, what: str, actor: Actor, at: int, capacity: str = "checks") -> int:
        """The position of an endorsement. Raises NotDone when it is refused."""
        found = endorse(self.clerk(actor), at, capacity)
        done(what, found)
        return position(found)

    def id_of(self, text: str) -> str:
        return resolve(self.desk.reader, text)


def ago(days: int) -> str:
    """An ISO day counted back from today in China."""
    return (date.fromisoformat(china_today()) - timedelta(days)).isoformat()


def done(what: str, answer: Answer) -> None:
    """Raises NotDone when what the story needs was refused."""
    if not answer.ok:
        raise NotDone(f"示例中断，{what}未能入账（{answer.code}，{answer.rule}）：{answer.message}")


def entered(file: str, found: Imported) -> None:
    """Raises NotDone unless every new row of a register is in the ledger and the sums printed on it are right."""
    if not found.plan.balanced:
        raise NotDone(f"示例中断，{file} 的合计与各行之和不符")
    for row in found.plan.rows:
        if row.faults:
            raise NotDone(f"示例中断，{file} 第 {row.row} 行有误：{row.reason}")
    recorded(file, found)


def recorded(file: str, found: Imported) -> None:
    """Raises NotDone unless every row that is new and good is in the ledger."""
    for answer in found.answers:
        done(file, answer)
        for index, code, rule, message in answer.refused:
            raise NotDone(f"示例中断，{file} 的第 {index + 1} 条未收（{code}，{rule}）：{message}")


def position(answer: Answer) -> int:
    assert answer.position is not None
    return answer.position


def refusal(answer: Answer) -> str:
    """Raises NotDone when what should have been refused was not."""
    if answer.ok:
        raise NotDone(f"示例中断，本应拒绝的却入账为第 {answer.position} 号")
    return f"不予受理（{answer.code}，{answer.rule}）：{answer.message}"
