"""PARAM: the nearest neighbours of a value that is set: a paper that is shown needlessly, a name that two claim at once."""

from domain.errors import LabelDiffers, NotFound, RetroactiveWithoutPaper
from domain.values import code, days_after
from tests.domain.story import TODAY, Town, identity
from tests.domain.test_parameter import NUMBER, setting

SET = "parameter.set.v1"
UNIQUE = code("parameter", "late_days")
BOTH = ["registrar", "registrar2"]


def test_param_2_a_paper_that_is_shown_is_looked_at_though_none_is_asked(town: Town) -> None:
    """Who reads the entry takes it for what the value rests on."""
    with town.refused(NotFound):
        town.when(SET, setting("late_days", 20, earlier_document=identity("document", "无")), "registrar")
    other = town.decree("示例府发〔2020〕7号", TODAY, "别的规定")
    with town.refused(LabelDiffers, "2020"):
        town.when(SET, setting("late_days", 20, earlier_document=other), "registrar")
    unseen = town.decree(NUMBER, TODAY, "未核的规定", seen=False)
    with town.refused(RetroactiveWithoutPaper, "未经另一人核对"):
        town.when(SET, setting("late_days", 20, earlier_document=unseen), "registrar")
    seen = town.decree(NUMBER, TODAY, "县里的规定")
    town.when(SET, setting("late_days", 20, earlier_document=seen), "registrar")


def test_param_2_a_paper_of_the_day_of_effect_will_do_and_one_of_the_day_after_not(town: Town) -> None:
    day = days_after(TODAY, -7)
    after = town.decree(NUMBER, days_after(day, 1), "次日的规定")
    with town.refused(RetroactiveWithoutPaper):
        town.when(SET, setting("late_days", 20, effective_on=day, earlier_document=after), BOTH)
    own = town.decree(NUMBER, day, "当日的规定")
    town.when(SET, setting("late_days", 20, effective_on=day, earlier_document=own), BOTH)


def test_id_1_the_first_value_claims_its_name_and_no_later_one_does(town: Town) -> None:
    """Two registrars who set it at once under two ids have both read the name: one of them is decided anew."""
    assert UNIQUE in town.reads_of(SET, setting("late_days", 10), "registrar")
    first, second = (
        town.only(town.when(SET, setting("late_days", value), "registrar")) for value in (10, 20)
    )
    assert (first.state["code"], second.state["code"]) == (UNIQUE, "")
    assert town.books.moves([UNIQUE])[UNIQUE] == 1
