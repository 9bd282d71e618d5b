"""Obligations (债权债务): the aggregate. One record with a creditor and a debtor and two views (D19).

Registered as found or as it arises, confirmed by both sides, demanded, repaid. Its commands stand in owing.py
and correction.py.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from domain.assertions import FOREVER
from domain.base import State
from domain.entered import Entered, Entry
from domain.errors_obligation import (
    AlreadySettled,
    ConfirmedOtherwise,
    NotConfirmable,
    OutstandingBelowZero,
    OutstandingDiffers,
)
from domain.money import in_words
from domain.obligation_card import (
    FIGURES,
    Sums,
    confirmed_says,
    demanded_says,
    registered_says,
    repaid_says,
    sums,
)
from domain.said import Said
from domain.world import Case


class Registration(Entry):
    """What is known of an obligation on a day."""

    area_label: str
    areas: list[str]
    assets: list[str]
    basis: str
    category: str
    code: str
    contract: str
    creditor: State | None
    debtor: State | None
    democratic: bool | None
    due_on: str
    for_government: bool | None
    handler: str
    insider: bool | None
    instalments: list[State]
    interest_fen: int
    litigation: bool | None
    name: str
    number: str
    offset_fen: int
    origin_on: str
    outstanding_fen: int | None
    paid_fen: int
    papers_missing: list[str]
    papers_present: list[str]
    principal_fen: int | None
    projects: list[str]
    purpose: str
    rate_basis_points: int | None
    row: State | None
    security: str
    witness: str
    written_off_fen: int

    def says(self) -> State:
        return registered_says(vars(self))

    def apply(self, aggregate: Any) -> None:
        super().apply(aggregate)
        aggregate.number = self.number
        aggregate.opened_on = self.occurred_on


class Obligation(Entered):
    """Money that one side owes to another."""

    TOPIC = "obligation"
    WHAT = "债权债务"
    STRIKES = True

    class Registered(Registration):
        TOPIC = "obligation.registered.v1"

    class Confirmed(Entry):
        TOPIC = "obligation.confirmed.v1"
        amount_fen: int
        image: str
        level: str
        original_seen: bool
        sealed: bool
        side: str
        signed_by: str

        def says(self) -> State:
            return confirmed_says(vars(self))

    class Demanded(Entry):
        TOPIC = "obligation.demanded.v1"
        channel: str
        document: str
        receipt: str

        def says(self) -> State:
            return demanded_says(vars(self))

    class Repaid(Entry):
        TOPIC = "obligation.repaid.v1"
        accrued_fen: int
        funds: str
        interest_fen: int
        means: str
        notice: str
        principal_fen: int
        voucher: str

        def says(self) -> State:
            return repaid_says(vars(self))

    class Endorsed(Entered.Endorsed):
        TOPIC = "obligation.endorsed.v1"

    class CorrectionProposed(Entered.CorrectionProposed):
        TOPIC = "obligation.correction_proposed.v1"

    class Corrected(Entered.Corrected):
        TOPIC = "obligation.corrected.v1"

    def _begin(self) -> None:
        super()._begin()
        self.number = ""
        self.opened_on = ""  # the day for which it was registered

    # --- what others ask ---

    def side(self, side: str, day: str) -> State | None:
        """The creditor or the debtor; None when nobody knows."""
        found: State | None = self.at(side, day)
        return found

    def sums(self, day: str) -> Sums:
        """What is known of its sums on a day."""
        return sums(self.field, self.opened_on, day)

    def outstanding_fen(self, day: str) -> int | None:
        """余额 in fen on a day; None when the principal is unknown."""
        return self.sums(day).outstanding_fen

    def confirmed(self, day: str) -> bool:
        """Whether both sides have confirmed it (双方确认)."""
        return all(self.field(f"confirmed_{side}").at(day) is not None for side in ("creditor", "debtor"))

    def stands(self) -> Mapping[str, str]:
        return {"余额": in_words(self.outstanding_fen(FOREVER))}

    # --- guards ---

    def register(self, entry: State, case: Case) -> None:
        """`entry` is what owing.py made of the command, after the rules about what may be registered."""
        _check_not_below_zero([Sums(*(entry[name] for name in FIGURES))])
        self.trigger(self.Registered, entry)

    def require_open_to(self, case: Case, name: str) -> None:
        """A later word is about an obligation that its signer recognises and that is still owed."""
        self.require_name(name, case.occurred_on)
        if self.outstanding_fen(case.occurred_on) == 0:  # OBL-14
            raise AlreadySettled(f"{self.called}于 {case.occurred_on} 已结清", subject=self.id)
        if case.nature == "act":
            self.require_checked(case)

    def require_agreed_sum(self, case: Case) -> None:
        """Nothing is settled on a total that differs from its parts: it is corrected first (D20)."""
        stated = self.last("outstanding_fen")
        derived = Sums(*(self.last(name) for name in FIGURES)).outstanding_fen
        case.weigh(
            "OBL-2",
            True if stated is None or derived is None else stated == derived,
            lambda: OutstandingDiffers(
                f"{self.called}所写余额 {stated} 分，由各项得出 {derived} 分，须先更正"
            ),
        )

    def confirm(self, stated: State, case: Case) -> None:
        self.require_agreed_sum(case)
        derived = self.outstanding_fen(case.occurred_on)
        case.weigh(
            "OBL-9",
            None if derived is None else stated["amount_fen"] == derived,
            lambda: ConfirmedOtherwise(
                f"{self.called}的余额是 {derived} 分，所确认的是 {stated['amount_fen']} 分"
            ),
        )
        self.trigger_event(self.Confirmed, **stated, level=self._level(stated, case))

    def _level(self, stated: Mapping[str, Any], case: Case) -> str:
        """保证级别 (D15): A by the side's own key, B by a paper that somebody saw in the original."""
        party = self.side(stated["side"], case.occurred_on)
        if party is None:  # OBL-10
            raise NotConfirmable(f"{self.called}的该方不明，须先更正", subject=self.id)
        if party["organisation"] in {signer.post.organisation for signer in case.signers}:
            return "A"
        case.weigh(
            "OBL-10",
            bool(stated["image"] and stated["original_seen"]),
            lambda: NotConfirmable("由他人代录的确认须有签字盖章件的图像哈希，并见过原件"),
        )
        return "B"

    def demand(self, stated: State) -> None:
        self.trigger(self.Demanded, stated)

    def repay(self, stated: State, case: Case) -> None:
        self.require_agreed_sum(case)
        trial = self._said.copy()
        trial.say(self.version + 1, case.occurred_on, repaid_says(stated))
        self.check(trial, case)
        self.trigger(self.Repaid, stated)

    def check(self, said: Said, case: Case) -> None:
        """On no day is less than nothing outstanding (OBL-3)."""
        days = {one.valid_from for name in (*FIGURES, "movement") for one in said.field(name).assertions}
        _check_not_below_zero(sums(said.field, self.opened_on, day) for day in sorted(days))


def _check_not_below_zero(stood: Iterable[Sums]) -> None:
    known = [one.outstanding_fen for one in stood]
    lowest = min((one for one in known if one is not None), default=0)
    if lowest < 0:  # OBL-3
        raise OutstandingBelowZero(f"余额将为 {lowest} 分，所还多于所欠，请核对", outstanding_fen=lowest)
