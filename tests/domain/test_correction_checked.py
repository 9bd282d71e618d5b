"""D10, D12: what is asked of a correction is asked again, of the state of then, when another has checked it."""

from domain.errors_correction import CountedElsewhere
from domain.errors_obligation import OwedToItself, SideMissing
from tests.domain import estate as entered
from tests.domain.estate import COLD_STORE, LAND_RENT, asset_id, obligation_id, party
from tests.domain.story import Town, identity
from tests.domain.test_correction_kinds import asked, check, paper, propose, twice

OTHER = "示例另一冷库"
COMPANY = party(name="青溪砖瓦厂")


def test_corr_8_what_a_correction_would_name_has_become_a_duplicate_meanwhile(town: Town) -> None:
    entered.opened(town)
    entered.opened(town, OTHER)
    entered.owing(town)
    change = ("assets", [], [asset_id(OTHER)])
    propose(town, asked(obligation_id(), LAND_RENT, "slip", change))
    again = twice(asset_id(OTHER), OTHER, asset_id(), COLD_STORE, proposal=identity("proposal", "重复"))
    propose(town, again)
    check(town, "重复")
    with town.refused(CountedElsewhere, asset_id()):
        check(town)
    town.check()


def test_corr_8_the_paper_of_a_material_correction_has_become_a_duplicate_meanwhile(town: Town) -> None:
    entered.opened(town)
    one, two = paper(town, asset_id(), "验收报告"), paper(town, asset_id(), "验收报告二")
    change = ("location", "康家村三组", "康家村二组")
    propose(town, asked(asset_id(), COLD_STORE, "material", change, paper=two))
    propose(town, twice(two, "验收报告二", one, "验收报告", proposal=identity("proposal", "重复")))
    check(town, "重复")
    with town.refused(CountedElsewhere, one):
        check(town)
    town.check()


def test_obl_5_two_corrections_that_are_each_right_leave_nobody_owing_to_himself(town: Town) -> None:
    entered.owing(town)
    sides = entered.owed(LAND_RENT)
    for field, name in (("creditor", "一"), ("debtor", "二")):
        change = (field, sides[field], COMPANY)
        propose(town, asked(obligation_id(), LAND_RENT, "slip", change, proposal=identity("proposal", name)))
    check(town, "一")
    with town.refused(OwedToItself):
        check(town, "二")
    town.check()


def test_obl_1_two_corrections_that_are_each_right_leave_a_side(town: Town) -> None:
    entered.owing(town, basis="示例借据")
    sides = entered.owed(LAND_RENT)
    for field, name in (("creditor", "一"), ("debtor", "二")):
        change = (field, sides[field], None)
        propose(town, asked(obligation_id(), LAND_RENT, "slip", change, proposal=identity("proposal", name)))
    check(town, "一")
    with town.refused(SideMissing):
        check(town, "二")
    town.check()
