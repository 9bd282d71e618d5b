"""DISP-18 to 21 and PARTY-1: the price has a floor, the money goes to the owner and in full, the buyer is said as what it is."""

from domain.errors import WrongParty
from domain.errors_disposal import NotFullyReceived, PriceTooLow, ProceedsDiffer, WrongAccount
from domain.paths import ACCOUNTS
from tests.domain.disposals import STATE, Course, estate, leased
from tests.domain.paths import NOTHING_RECEIVED, by_owner
from tests.domain.story import WAN, Town


def test_disp_18_proceeds_are_allocated_or_retained(town: Town) -> None:
    its = estate(town).approved().sold()
    with town.refused(ProceedsDiffer):
        its.when("settle", its.settlement(allocated_fen=WAN - 1))
    its.when("settle", its.settlement(allocated_fen=0, retained_fen=3 * WAN))


def test_disp_19_not_below_nine_tenths_of_the_appraisal(town: Town) -> None:
    its = estate(town, STATE).approved().sold()
    floor = 3 * WAN * 9 // 10
    for deal, good in ((floor - 1, False), (floor, True)):
        money = {"allocated_fen": 0, "deal_fen": deal, "received_fen": deal, "retained_fen": deal}
        if good:
            its.when("settle", its.settlement(**money))
        else:
            with town.refused(PriceTooLow, "90%"):
                its.when("settle", its.settlement(**money))


def test_disp_19_who_settles_knows_the_price(town: Town) -> None:
    its = leased(town, STATE, "swap")
    its.decided().collected()
    its.papers["appraisal"] = its.paper("appraisal", "评估", amount_fen=WAN)
    its.when("approve", its.approval())
    papers = [its.paper("contract")]
    with town.refused(PriceTooLow):
        its.when("settle", its.settlement(documents=papers, deal_fen=None, **NOTHING_RECEIVED))


def test_disp_19_not_below_what_the_meeting_fixed(town: Town) -> None:
    its = estate(town).approved().sold()
    for deal, good in ((2 * WAN - 1, False), (2 * WAN, True)):
        money = {"allocated_fen": 0, "deal_fen": deal, "received_fen": deal, "retained_fen": deal}
        if good:
            its.when("settle", its.settlement(**money))
        else:
            with town.refused(PriceTooLow):
                its.when("settle", its.settlement(**money))


@by_owner
def test_disp_20_the_money_goes_to_the_owners_account(town: Town, course: Course) -> None:
    its = estate(town, course).approved().sold()
    for account in ACCOUNTS:
        if account != course.account:
            with town.refused(WrongAccount):
                its.when("settle", its.settlement(account=account))
    its.when("settle", its.settlement())


def test_disp_21_what_is_sold_is_paid_in_full(town: Town) -> None:
    its = estate(town).approved().sold()
    for wrong in ({"deal_fen": 4 * WAN}, {"deal_fen": None}):
        with town.refused(NotFullyReceived):
            its.when("settle", its.settlement(**wrong))


def test_party_1_a_buyer_is_a_body_or_a_commitment(town: Town) -> None:
    its = estate(town).approved().sold()
    buyer = {"kind": "individual", "name": "张三", "organisation": "", "person": ""}
    with town.refused(WrongParty):
        its.when("settle", its.settlement(counterparty=buyer))
    buyer |= {"name": "", "person": "commit:" + "0f" * 32}
    its.when("settle", its.settlement(counterparty=buyer))
