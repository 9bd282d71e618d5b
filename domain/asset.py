"""Assets (资产): the aggregate. Opened as found, booked, owned in shares, registered, used, disposed of.

Its commands stand in holding.py, ownership.py and correction.py; disposals ask it by the questions below.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, runtime_checkable

from domain import asset_entries as entries
from domain.assertions import FOREVER
from domain.asset_card import (
    FIGURES,
    Figures,
    booked_says,
    figures,
    gone_says,
)
from domain.base import State
from domain.entered import Entered
from domain.errors_asset import (
    AlreadyBooked,
    AlreadyRegistered,
    AssetGone,
    CarryingBelowZero,
    CarryingDiffers,
    CarryingTooLarge,
    DisposalOpen,
    GoneCarries,
    OwnershipProposed,
)
from domain.money import in_words
from domain.proposal import Proposal
from domain.said import Said
from domain.title import Known, check_title
from domain.values import INTEGER_MAX
from domain.verdicts import Shown
from domain.world import Case


@runtime_checkable
class Lapsing(Protocol):
    """A disposal, as far as an asset asks about it."""

    def is_lapsed(self, today: str) -> bool:
        """Whether its proposal expired before it was decided and approved."""
        ...


class Asset(Entered):
    """Something of value that assistance funds made or bought."""

    TOPIC = "asset"
    WHAT = "资产"
    STRIKES = True

    class Opened(entries.Opening):
        TOPIC = "asset.opened.v1"

    class Booked(entries.Booked):
        TOPIC = "asset.booked.v1"

    class SharesSet(entries.SharesSet):
        TOPIC = "asset.shares_set.v1"

    class ConditionReported(entries.ConditionReported):
        TOPIC = "asset.condition_reported.v1"

    class OwnershipProposed(entries.OwnershipProposed):
        TOPIC = "asset.ownership_proposed.v1"

    class OwnershipRegistered(entries.OwnershipRegistered):
        TOPIC = "asset.ownership_registered.v1"

    class Endorsed(Entered.Endorsed):
        TOPIC = "asset.endorsed.v1"

    class CorrectionProposed(Entered.CorrectionProposed):
        TOPIC = "asset.correction_proposed.v1"

    class Corrected(Entered.Corrected):
        TOPIC = "asset.corrected.v1"

    class DisposalProposed(entries.DisposalProposed):
        TOPIC = "asset.disposal_proposed.v1"

    class DisposalCleared(entries.DisposalCleared):
        TOPIC = "asset.disposal_cleared.v1"

    class Derecognised(entries.Derecognised):
        TOPIC = "asset.derecognised.v1"

    def _begin(self) -> None:
        super()._begin()
        self.number = ""
        self.opened_on = ""  # the day for which it was opened as found
        self.ownership_proposal = ""  # the ownership proposal made last, until ownership is registered
        self.open_disposal = ""  # the disposal that has been proposed and is neither settled nor given up
        self.disposal_since = ""
        self.disposals: list[str] = []  # every one that was proposed on it

    # --- what others ask ---

    @property
    def owner_type(self) -> str:
        return self.last("owner_type") or "undetermined"

    @property
    def shares(self) -> list[State]:
        """`{"basis_points": int, "owner": party}`, summing to 10000; empty when nobody knows."""
        return self.last("shares") or []

    @property
    def registered(self) -> bool:
        """确权登记."""
        return self.last("registered") is True

    @property
    def disputed(self) -> bool | None:
        """None: nobody knows."""
        found: bool | None = self.last("disputed")
        return found

    @property
    def encumbered(self) -> bool | None:
        """Whether it is mortgaged or stands as a guarantee (抵押担保). None: nobody knows."""
        found: bool | None = self.last("encumbered")
        return found

    @property
    def gone_on(self) -> str:
        """The day from which it is derecognised as a whole; "" while it is in the books."""
        return self.last("gone_on") or ""

    def figures(self, day: str) -> Figures:
        """What is known of its money on a day."""
        return figures(self.field, self.opened_on, day)

    def carrying_fen(self, day: str) -> int | None:
        """账面价值 in fen on a day; None when the original value is unknown."""
        return self.figures(day).carrying_fen

    def state(self, day: str) -> str:
        """Its condition, or `disposal_pending`, `derecognised`; "" when nothing had been said by then."""
        if self.gone_on and day >= self.gone_on:
            return "derecognised"
        if self.open_disposal and day >= self.disposal_since:
            return "disposal_pending"
        condition: str | None = self.field("condition").at(day)
        return condition or ""

    def require_here(self, case: Case) -> None:
        if self.state(case.occurred_on) == "derecognised":  # ASSET-14
            raise AssetGone(f"{self.called}已于 {self.gone_on} 核销", subject=self.id)

    # --- what a disposal asks to be done ---

    def held_by(self, case: Case) -> str:
        """The disposal that it is in; "" when that one waited too long to be decided, or there is none."""
        if not self.open_disposal:
            return ""
        found: object = case.world.find(self.open_disposal)
        return "" if isinstance(found, Lapsing) and found.is_lapsed(case.today) else self.open_disposal

    def propose_disposal(self, disposal: str, case: Case) -> None:
        """From here on no other disposal may be proposed."""
        self.require_here(case)
        if self.held_by(case):  # ASSET-15
            raise DisposalOpen(f"{self.called}已有未了结的处置 {self.open_disposal}", subject=self.id)
        self.trigger_event(self.DisposalProposed, by=case.by, disposal=disposal, occurred_on=case.occurred_on)

    def clear_disposal(self, disposal: str, case: Case) -> None:
        """The disposal is given up; the asset is as it was."""
        self.require_open_disposal(disposal)
        self.trigger_event(self.DisposalCleared, by=case.by, disposal=disposal, occurred_on=case.occurred_on)

    def derecognise(self, disposal: str, case: Case, *, voucher: str, amount_fen: int | None = None) -> None:
        """核销: the whole asset with what it is carried at, or a part of `amount_fen`. The disposal is settled."""
        self.require_here(case)
        self.require_open_disposal(disposal)
        before = len(case.notes)  # one disposal derecognises several assets: each keeps its own notes
        stood = Figures(*(self.last(name) for name in FIGURES))
        check_carrying(case, self.last("carrying_fen"), stood)
        state = {
            "amount_fen": self.carrying_fen(case.occurred_on) if amount_fen is None else amount_fen,
            "occurred_on": case.occurred_on,
            "whole": amount_fen is None,
        }
        self.check_more(gone_says(state), case)
        self.trigger_event(
            self.Derecognised,
            by=case.by,
            disposal=disposal,
            notes=case.notes[before:],
            voucher=voucher,
            **state,
        )

    def require_open_disposal(self, disposal: str) -> None:
        if disposal != self.open_disposal:  # ASSET-15
            raise DisposalOpen(
                f"{self.called}未了结的处置是 {self.open_disposal or '（无）'}，不是 {disposal}",
                subject=self.id,
            )

    # --- guards ---

    def open(self, opening: State, case: Case) -> None:
        """`opening` is what holding.py made of the command, after the rules about what may be opened."""
        stood = Figures(*(opening[name] for name in FIGURES))
        _check_carried(case, [stood])
        self.trigger(self.Opened, opening)

    def require_open_to(self, case: Case, name: str) -> None:
        """A later word is about an asset that its signer recognises, and an act rests on what is checked."""
        self.require_name(name, case.occurred_on)
        self.require_here(case)
        if case.nature == "act":
            self.require_checked(case)

    def book(self, stated: State, case: Case) -> None:
        if stated["kind"] == "original" and self.figures(FOREVER).original_fen is not None:  # ASSET-4
            raise AlreadyBooked(f"{self.called}的原值已载，增减请另记，写错请更正", subject=self.id)
        self.check_more(booked_says(stated | {"occurred_on": case.occurred_on}), case)
        self.trigger(self.Booked, stated)

    def set_shares(self, stated: State) -> None:
        if self.registered:  # ASSET-12
            raise AlreadyRegistered(f"{self.called}已确权登记，份额变动须重新确权", subject=self.id)
        self.trigger(self.SharesSet, stated)

    def report_condition(self, stated: State) -> None:
        self.trigger(self.ConditionReported, stated)

    def propose_ownership(self, proposal: str, expires_on: str, title: State, case: Case) -> None:
        if self.ownership_proposal:  # ASSET-17
            open_one = case.world.get(Proposal, self.ownership_proposal, "提议")
            if open_one.is_open(case.today):
                raise OwnershipProposed(
                    f"{self.called}已有待签的确权{open_one.called}，须先签完、撤回或到期",
                    subject=self.ownership_proposal,
                )
        check_title(case, self._known(case.occurred_on), title, self._shown(title))
        self.trigger_event(
            self.OwnershipProposed,
            by=case.by,
            expires_on=expires_on,
            notes=case.notes,
            occurred_on=case.occurred_on,
            proposal=proposal,
            title=title,
        )

    def register_ownership(self, stated: State, case: Case) -> None:
        """确权登记 as a fact, or as what a completed proposal does."""
        check_title(case, self._known(case.occurred_on), stated, self._shown(stated))
        said = {name: value for name, value in stated.items() if name != "earlier_document"}
        self.trigger(self.OwnershipRegistered, said)

    def _shown(self, title: State) -> Shown:
        return Shown((title.get("earlier_document", ""),), (self.id,))

    def _known(self, day: str) -> Known:
        booked = bool(self.field("booked_on").at(day))
        return Known(kind=self.at("kind", day), booked=booked, disputed=self.at("disputed", day))

    def stands(self) -> Mapping[str, str]:
        return {
            "账面价值": in_words(self.carrying_fen(FOREVER)),
            "核销": self.gone_on or "未核销",
        }

    def require_duplicate(self, version: int, instead: str, case: Case) -> None:
        """No disposal holds it, and none has taken it out of the books: that is given up first, or stands."""
        if self.gone_on:  # ASSET-14: on whichever day it is said to be a duplicate
            raise AssetGone(f"{self.called}已于 {self.gone_on} 核销", subject=self.id)
        if self.open_disposal:  # ASSET-15
            raise DisposalOpen(
                f"{self.called}有未了结的处置 {self.open_disposal}，须先了结或撤回", subject=self.id
            )
        super().require_duplicate(version, instead, case)

    # --- what a proposal asks of its target ---

    def accepts(self, proposal: Proposal) -> bool:
        """Whether a proposal is still the one to sign: a later one takes the place of an earlier."""
        return proposal.kind != "asset.ownership" or self.ownership_proposal == proposal.id

    def complete(self, case: Case, kind: str, version: int, done: State) -> None:
        self.require_here(case)
        self.require_checked(case)
        stated = {
            "batch": "",
            "batch_index": None,
            "late_reason": "",
            "nature": case.nature,
            "notes": case.notes,
            "unchecked": False,
        }
        self.register_ownership(done | stated, case)

    # --- money ---

    def check_more(self, says: Mapping[str, Any], case: Case) -> None:
        """What must hold when something more is said of its money."""
        trial = self._said.copy()
        trial.say(self.version + 1, case.occurred_on, says)
        self.check(trial, case)

    def check(self, said: Said, case: Case) -> None:
        """On no day is it carried below zero (ASSET-3), and once it is wholly gone at nothing (ASSET-18).

        What was noted as left over may be mended step by step: it only must not become more.
        """
        days = {one.valid_from for name in (*FIGURES, "movement") for one in said.field(name).assertions}
        _check_carried(case, [figures(said.field, self.opened_on, day) for day in sorted(days)])
        if said.field("gone_on").at(FOREVER):
            left = figures(said.field, self.opened_on, FOREVER).carrying_fen or 0
            stood = (self.carrying_fen(FOREVER) or 0) if self.gone_on else 0
            case.weigh(
                "ASSET-18",
                abs(left) <= abs(stood),
                lambda: GoneCarries(
                    f"{self.called}整体核销后账面价值将为 {left} 分，请核对", subject=self.id
                ),
            )


def check_carrying(case: Case, stated: int | None, stood: Figures) -> None:
    """A carrying amount that somebody states is the derived one, and nothing is settled on another (ASSET-2)."""
    derived = stood.carrying_fen
    case.weigh(
        "ASSET-2",
        None if stated is None or derived is None else stated == derived,
        lambda: CarryingDiffers(f"所写账面价值 {stated} 分，由各项得出 {derived} 分，请核对、更正"),
    )


def _check_carried(case: Case, stood: Iterable[Figures]) -> None:
    carried = [one.carrying_fen for one in stood if one.carrying_fen is not None]
    beyond = next((one for one in carried if abs(one) > INTEGER_MAX), None)
    if beyond is not None:  # ASSET-19
        raise CarryingTooLarge(f"账面价值将为 {beyond} 分，超出可记的 {INTEGER_MAX} 分，请核对")
    lowest = min(carried, default=0)
    case.weigh(
        "ASSET-3",
        lowest >= 0,
        lambda: CarryingBelowZero(f"账面价值将为 {lowest} 分，减少的多于原有的，请核对"),
    )
