"""NAME: what two roles order to be erased, after a check of the duties to retain (domain/RULES.md)."""

import pytest

from domain.base import EVENTS
from domain.erasure import Erasure, erased_code
from domain.errors import BadShape, NotFound, NothingAccepted, NotInBatch, OutsideArea, RoleNotAllowed, Taken
from domain.errors_names import (
    ErasureNotWhole,
    NameStillNeeded,
    RetentionNotOver,
    TwoRolesNeeded,
    WrongCopy,
)
from tests.domain.disposals import HOUSEHOLD, Estate
from tests.domain.erasures import DEBT, OTHER, ROLES, confirmation, copy, old_debt, order, repaid, ten_years
from tests.domain.estate import (
    COMMITTED,
    correct,
    correction_of,
    obligation_id,
    opened,
    party,
    share,
    signature,
)
from tests.domain.story import LEDGER_ID, Town, actor, identity, settled

ORDER, CONFIRM = "erasure.order.v1", "erasure.confirm.v1"


@pytest.fixture
def bare() -> Town:
    return settled()


@pytest.fixture
def town(bare: Town) -> Town:
    """A debt of 2012, repaid in 2013, in a county that keeps names for ten years."""
    town = bare
    town.people()
    ten_years(town)
    old_debt(town)
    repaid(town)
    return town


def erasure(town: Town) -> Erasure:
    return town.the(Erasure, identity("erasure", "一"))


def test_an_order_names_commitments_their_codes_and_the_ledger_and_no_value(town: Town) -> None:
    entry = town.only(town.when(ORDER, order(), ROLES))
    named = {subject for subject, _ in entry.subjects}
    assert named >= {LEDGER_ID, erased_code(COMMITTED), obligation_id(DEBT), identity("post", "treasurer")}
    assert entry.state["commitments"] == [COMMITTED]
    assert (erasure(town).copies, erasure(town).confirmed) == (
        {"异地备份": identity("post", "treasurer")},
        [],
    )
    town.check()


def test_id_1_what_is_ordered_once_is_not_ordered_again(town: Town) -> None:
    town.when(ORDER, order(), ROLES)
    with town.refused(Taken, f"承诺 {COMMITTED} 已有删除令"):
        town.when(ORDER, order(erasure=identity("erasure", "二")), ROLES)


@pytest.mark.parametrize("commitments", [None, 1, [1], [[COMMITTED]], {COMMITTED: 1}])
def test_cmd_2_commitments_of_another_shape_are_refused_before_anything_is_asked(
    town: Town, commitments: object
) -> None:
    with town.refused(BadShape):
        town.when(ORDER, order(commitments=commitments), ROLES, summary="示例")


@pytest.mark.parametrize("by", [["head", "treasurer"], ["treasurer", "head"], ["head", "county"]])
def test_name_1_one_decides_and_one_has_checked_the_duties(town: Town, by: list[str]) -> None:
    town.when(ORDER, order(), by)


@pytest.mark.parametrize("by", [["head"], ["treasurer"], ["treasurer", "county"], ["head", "head"]])
def test_name_1_one_role_alone_erases_nothing(town: Town, by: list[str]) -> None:
    with town.refused(TwoRolesNeeded):
        town.when(ORDER, order(), by)


def another_finance_post(town: Town, name: str, area: str, held_by: str) -> None:
    """A second post of somebody who is there already; `name` signs in it."""
    post = {
        "areas": [identity("area", area)],
        "organisation": town.known("treasurer").organisation,
        "post": identity("post", name),
        "role": "finance",
        "title": f"示例岗位{name}",
    }
    town.when("post.establish.v1", post, "registrar")
    town.enrol(name, "finance", "finance", person=held_by, post=name)


def test_name_1_one_person_with_two_posts_is_one(town: Town) -> None:
    another_finance_post(town, "acting", "town", held_by="head")
    with town.refused(TwoRolesNeeded):
        town.when(ORDER, order(), ["head", "acting"])
    with town.refused(TwoRolesNeeded):  # two persons and two roles, but three signatures
        town.when(ORDER, order(), ["head", "treasurer", "acting"])


def test_name_1_two_persons_who_both_decide_are_of_one_role(town: Town) -> None:
    deputy = actor("deputy head", "township", "township office")
    town.extra["deputy head"] = deputy
    town.establish({"deputy head": deputy}, {"deputy head": ("town",)})
    with town.refused(TwoRolesNeeded):
        town.when(ORDER, order(), ["head", "deputy head"])
    town.when(ORDER, order(), ["deputy head", "treasurer"])


@pytest.mark.parametrize("by", ["clerk", "registrar", "centre"])
def test_auth_4_no_other_role_is_one_of_the_two(town: Town, by: str) -> None:
    with town.refused(RoleNotAllowed):
        town.when(ORDER, order(), ["head", by])


def test_auth_5_both_are_over_where_the_matters_lie(town: Town) -> None:
    another_finance_post(town, "elsewhere", "shan", held_by="treasurer")
    with town.refused(OutsideArea):
        town.when(ORDER, order(), ["head", "elsewhere"])


def test_name_2_the_list_is_in_order_and_of_matters_that_name_persons(town: Town) -> None:
    both = sorted([COMMITTED, OTHER])
    for commitments in (both[::-1], [COMMITTED, COMMITTED]):
        with town.refused(ErasureNotWhole, "承诺"):
            town.when(ORDER, order(commitments=commitments), ROLES)
    with town.refused(ErasureNotWhole, "不载个人信息"):
        town.when(ORDER, order(subjects=[identity("obligation", "没有的")]), ROLES)
    project = town.listed()
    with town.refused(ErasureNotWhole, "不载个人信息"):
        town.when(ORDER, order(subjects=[project]), ROLES)
    town.when(ORDER, order(commitments=both), ROLES)


def test_name_3_a_debt_that_is_still_owed_needs_its_names(town: Town) -> None:
    live = old_debt(town, "示例新欠")
    with town.refused(NameStillNeeded, f"债权债务“示例新欠”（{live}）尚未了结"):
        town.when(ORDER, order(subjects=[live]), ROLES)
    repaid(town, "示例新欠")
    town.when(ORDER, order(subjects=[live]), ROLES)


def test_name_3_a_debt_that_was_registered_twice_needs_its_names_once(town: Town) -> None:
    live, again = old_debt(town, "示例新欠"), old_debt(town, "示例新欠又一笔")
    twice = {"instead": live, "instead_name": "示例新欠", "kind": "duplicate"}
    with town.refused(NameStillNeeded, again):
        town.when(ORDER, order(subjects=[again]), ROLES)
    asked = correction_of(again, "示例新欠又一笔", proposal="重复") | twice
    town.when("obligation.correct.v1", asked, "clerk")
    town.when("proposal.endorse.v1", signature(town, "checks", "重复"), "centre")
    with town.refused(NameStillNeeded, live):
        town.when(ORDER, order(subjects=sorted([live, again])), ROLES)
    town.when(ORDER, order(subjects=[again]), ROLES)
    town.check()


def test_name_3_an_asset_that_is_in_the_books_needs_its_names(town: Town) -> None:
    asset = opened(town, kind="household", owner_type="household", shares=[share(kind="household")])
    with town.refused(NameStillNeeded, asset):
        town.when(ORDER, order(subjects=[asset]), ROLES)


def test_name_3_a_disposal_that_has_not_ended_needs_its_names(town: Town) -> None:
    estate = Estate(town, HOUSEHOLD)
    estate.opened()
    estate.proposed()
    with town.refused(NameStillNeeded, estate.disposal):
        town.when(ORDER, order(subjects=[estate.disposal]), ROLES)


def test_name_4_a_disposal_that_was_given_up_is_kept_from_the_day_it_was(town: Town) -> None:
    estate = Estate(town, HOUSEHOLD)
    estate.opened()
    estate.proposed()
    town.books.today = "2027-01-04"
    town.when("disposal.withdraw.v1", estate.of(reason="价格未定"), "clerk", valid_until="2027-12-31")
    with town.refused(RetentionNotOver, "2037-12-31"):
        town.when(ORDER, order(subjects=[estate.disposal]), ROLES, valid_until="2027-12-31")


def test_name_4_an_asset_that_is_gone_is_kept_from_the_day_it_went(town: Town) -> None:
    estate = Estate(town, HOUSEHOLD)
    estate.opened()
    estate.gone()
    both = order(subjects=sorted([estate.asset, estate.disposal]))
    with town.refused(RetentionNotOver, f"“.*冷库”（({estate.asset}|{estate.disposal})）的保存期"):
        town.when(ORDER, both, ROLES, valid_until="2099-12-31")
    town.books.today = "2099-01-01"
    town.when(ORDER, both, ROLES, valid_until="2099-12-31")
    town.check()


def test_name_3_whom_a_correction_that_waits_would_name_is_still_needed(town: Town) -> None:
    change = ("creditor", party("household"), party("household", person=OTHER))
    debt = obligation_id(DEBT)
    town.when("obligation.correct.v1", correction_of(debt, DEBT, change, proposal="债权人"), "clerk")
    with town.refused(NameStillNeeded):
        town.when(ORDER, order(commitments=[OTHER], subjects=[debt]), ROLES)


def test_name_3_a_name_that_was_a_mistake_is_erased_once_it_is_corrected(town: Town) -> None:
    live = old_debt(town, "示例新欠", creditor=party("household", person=OTHER))
    mistaken = order(commitments=[OTHER], ground="mistaken", subjects=[live])
    with town.refused(NameStillNeeded, "须先更正"):
        town.when(ORDER, mistaken, ROLES)
    correct(
        town,
        live,
        "示例新欠",
        ("creditor", party("household", person=OTHER), party("household")),
        proposal="债权人",
    )
    town.when(ORDER, mistaken, ROLES)


def test_name_3_a_disposal_is_kept_whatever_was_a_mistake(town: Town) -> None:
    """What was proposed, decided and published is not put right afterwards: a disposal has no corrections."""
    estate = Estate(town, HOUSEHOLD)
    estate.opened()
    estate.gone()
    with town.refused(NameStillNeeded, estate.disposal):
        mistaken = order(commitments=[OTHER], ground="mistaken", subjects=[estate.disposal])
        town.when(ORDER, mistaken, ROLES, valid_until="2099-12-31")


def test_name_4_the_term_runs_from_the_end_of_the_year_of_the_last_movement(town: Town) -> None:
    late = old_debt(town, "示例新欠")
    repaid(town, "示例新欠", on="2016-01-05")
    for today, is_over in (("2026-11-23", False), ("2026-12-31", False), ("2027-01-01", True)):
        town.books.today = today
        asked = order(subjects=[late])
        header = {"valid_until": "2027-12-31"}
        if is_over:
            town.when(ORDER, asked, ROLES, **header)
        else:
            with town.refused(RetentionNotOver, "2026-12-31"):
                town.when(ORDER, asked, ROLES, **header)


def test_name_4_thirty_years_where_no_county_has_said_otherwise(bare: Town) -> None:
    bare.people()
    old_debt(bare)
    repaid(bare)
    with bare.refused(RetentionNotOver, "2043-12-31"):
        bare.when(ORDER, order(), ROLES)


def test_name_5_a_copy_is_confirmed_once_by_the_post_that_answers_for_it(town: Town) -> None:
    copies = [copy(), copy("县级镜像", "county")]
    town.when(ORDER, order(copies=copies), ROLES)
    with town.refused(WrongCopy, "由岗位"):
        town.when(CONFIRM, confirmation(), "county")
    with town.refused(WrongCopy, "待确认的副本"):
        town.when(CONFIRM, confirmation("没有的"), "treasurer")
    town.when(CONFIRM, confirmation(), "treasurer")
    with town.refused(WrongCopy, "待确认的副本是 县级镜像，"):
        town.when(CONFIRM, confirmation(), "treasurer")
    town.when(CONFIRM, confirmation("县级镜像"), "county")
    assert erasure(town).confirmed == ["异地备份", "县级镜像"]
    town.check()


@pytest.mark.parametrize("post", ["chair", "county", "treasurer", "registrar", "centre", "head", "clerk"])
def test_name_5_whoever_keeps_a_copy_confirms_it(town: Town, post: str) -> None:
    """Every role but who only types and who only supervises."""
    town.when(ORDER, order(copies=[copy(post=post)]), ROLES)
    town.when(CONFIRM, confirmation(), post)
    assert erasure(town).confirmed == ["异地备份"]
    town.check()


def close(town: Town, post: str) -> None:
    closing = {"post": identity("post", post), "reason": "撤并", "title": f"示例岗位{post}"}
    town.when("post.close.v1", closing, "registrar")


def test_name_5_for_a_post_that_is_closed_a_registrar_confirms(town: Town) -> None:
    town.when(ORDER, order(), ROLES)
    with town.refused(WrongCopy):
        town.when(CONFIRM, confirmation(), "registrar")
    close(town, "treasurer")
    for nobody_of_it in ("county", "head", "centre"):
        with town.refused(WrongCopy, "由岗位"):
            town.when(CONFIRM, confirmation(), nobody_of_it)
    town.when(CONFIRM, confirmation(), "registrar")


def test_name_5_for_a_post_that_is_not_over_the_matters_any_more_a_registrar_confirms(town: Town) -> None:
    """Their village has come to another town since: or nobody could confirm, as long as that post is there."""
    town.when(ORDER, order(), ROLES)
    elsewhere = {"area": identity("area", "elsewhere"), "name": "白石镇"}
    new = {"division_code": "", "kind": "town", "parent": identity("area", "county")}
    town.when("area.register.v1", elsewhere | new, "registrar")
    with town.refused(WrongCopy):
        town.when(CONFIRM, confirmation(), "registrar")
    gone = {"area": identity("area", "kang"), "name": "康家村", "parent": identity("area", "elsewhere")}
    town.when("area.move.v1", gone, "registrar")
    with town.refused(OutsideArea):
        town.when(CONFIRM, confirmation(), "treasurer")
    for nobody_of_it in ("county", "clerk"):
        with town.refused(WrongCopy, "由岗位"):
            town.when(CONFIRM, confirmation(), nobody_of_it)
    town.when(CONFIRM, confirmation(), "registrar")
    town.check()


@pytest.mark.parametrize("post", ["typist", "discipline"])
def test_name_5_copies_differ_and_each_is_some_good_posts(town: Town, post: str) -> None:
    for copies in ([copy(), copy(post="county")], [copy(post=post)]):
        with town.refused(WrongCopy):
            town.when(ORDER, order(copies=copies), ROLES)


def test_name_5_no_copy_is_of_a_post_that_is_closed(town: Town) -> None:
    both = order(copies=[copy(), copy("县级镜像", "county")])
    close(town, "county")
    with town.refused(WrongCopy, f"（{identity('post', 'county')}）已撤销"):
        town.when(ORDER, both, ROLES)
    town.when(ORDER, order(), ROLES)


def test_name_5_no_copy_is_of_a_post_that_is_not_over_the_matters(town: Town) -> None:
    """It could not confirm, and as long as it is there nobody else could."""
    says = f"“异地备份”.*岗位“.*”（{identity('post', 'clerk_shan')}）的辖区不含区域“康家村”（area_.*）.*请写辖区包含所涉区域的岗位"
    with town.refused(WrongCopy, says):
        town.when(ORDER, order(copies=[copy("县级镜像", "county"), copy(post="clerk_shan")]), ROLES)
    with town.refused(NotFound):
        town.when(ORDER, order(copies=[copy(post="nobody")]), ROLES)
    town.when(ORDER, order(copies=[copy("县级镜像", "county"), copy(post="clerk")]), ROLES)
    town.check()


def test_auth_5_a_copy_is_confirmed_over_where_the_matters_lie(town: Town) -> None:
    town.when(ORDER, order(), ROLES)
    with town.refused(OutsideArea):
        town.when(CONFIRM, confirmation(), "clerk_shan")


def test_batch_5_nothing_is_erased_among_the_rows_of_a_batch(town: Town) -> None:
    signed = [town.command(ORDER, order(), "typist")]
    with town.refused(NothingAccepted) as caught:
        town.when_batch(signed)
    assert caught.value.detail["rows"][0]["code"] == NotInBatch.code


def test_the_events_are_the_two_of_an_order_and_its_copies() -> None:
    assert {name for name in EVENTS if name.startswith("erasure.")} == {
        "erasure.confirmed.v1",
        "erasure.ordered.v1",
    }
