"""DOC: a paper is filed once, under its salted hash; what cites it asks for its kind, its day and what it is about."""

import pytest

from domain.errors import BadShape, NotFound, PersonalText, RoleNotAllowed, Taken
from domain.errors_disposal import (
    DocumentMissing,
    ForeignDocument,
    WeakSource,
    WrongDocumentContent,
    WrongDocumentDate,
    WrongDocumentKind,
    YoungDocument,
)
from tests.domain.disposals import COLLECTIVE, HOUSEHOLD, STATE, estate
from tests.domain.story import Town, identity


def test_doc_a_paper_is_filed_as_it_is(town: Town) -> None:
    its = estate(town)
    document = its.paper("appraisal", "冷库评估报告", number="示例评字〔2026〕1号", amount_fen=1)
    (entry,) = town.books.stream(document)
    assert (entry.event, entry.state["hash"], entry.state["pages"]) == ("document.registered.v1", "d" * 64, 2)
    assert entry.state["subjects"] == [its.asset]
    town.check()


def test_doc_2_a_step_asks_for_its_kind_of_paper(town: Town) -> None:
    its = estate(town, STATE).proposed()
    its.papers["decision"] = its.paper("minutes")
    with town.refused(WrongDocumentKind, "单位集体决策纪要"):
        its.when("decide", its.decision())
    its.papers["decision"] = its.paper("unit_decision")
    its.when("decide", its.decision())


@pytest.mark.parametrize("quality", ["recollection", "none"])
def test_doc_3_an_act_rests_on_an_original_or_a_copy(town: Town, quality: str) -> None:
    its = estate(town, HOUSEHOLD).proposed()
    missing = {"hash": "", "pages": 0} if quality == "none" else {}
    its.papers["decision"] = its.paper("consent", quality=quality, **missing)
    with town.refused(WeakSource):
        its.when("decide", its.decision())
    its.papers["decision"] = its.paper("consent", "同意书复印件", quality="copy")
    its.when("decide", its.decision())


def test_doc_3_a_fact_says_what_it_rests_on(town: Town) -> None:
    its = estate(town, HOUSEHOLD).proposed()
    its.papers["decision"] = its.paper("consent", quality="recollection")
    accepted = its.when("decide", its.decision(), "typist", nature="fact")
    assert town.only(accepted).state["notes"] == ["DOC-3"]


def test_doc_4_hash_and_pages_are_those_of_a_file(town: Town) -> None:
    its = estate(town)
    for wrong in ({"hash": ""}, {"pages": 0}, {"quality": "none"}, {"quality": "none", "hash": ""}):
        with town.refused(WrongDocumentContent, "材料“photo”（document_.*）标明"):
            its.paper("photo", **wrong)
    its.paper("photo", quality="none", hash="", pages=0)


def test_doc_5_no_paper_is_of_a_day_to_come(town: Town) -> None:
    its = estate(town)
    with town.refused(WrongDocumentDate, "材料“photo”（document_"):
        its.paper("photo", issued_on="2026-11-24")
    its.paper("photo", issued_on="2016-03-01")


def test_doc_6_a_step_rests_on_no_younger_paper(town: Town) -> None:
    its = estate(town, HOUSEHOLD).proposed(late_reason="")
    its.papers["decision"] = its.paper("consent")
    town.books.today = "2026-11-24"
    its.papers["decision"] = its.paper("consent", "次日的同意书")
    with town.refused(YoungDocument, "2026-11-24"):
        its.when("decide", its.decision(), occurred_on="2026-11-23")
    its.when("decide", its.decision())


def test_doc_7_a_paper_bears_what_it_is_about(town: Town) -> None:
    its = estate(town, HOUSEHOLD).proposed()
    other = its.opened("另一冷库")
    for subjects in ([], [other]):
        its.papers["decision"] = its.paper("consent", f"同意书{len(subjects)}", subjects=subjects)
        with town.refused(ForeignDocument):
            its.when("decide", its.decision())
    its.papers["decision"] = its.paper("consent", "此处置的同意书", subjects=[its.disposal])
    its.when("decide", its.decision())


def test_doc_1_what_is_missing_is_named(town: Town) -> None:
    its = estate(town, STATE).decided().collected()
    del its.papers["value_proof"]
    with town.refused(DocumentMissing, "价值凭证") as caught:
        its.when("approve", its.approval())
    assert caught.value.detail["missing"] == [["value_proof"]]


def test_id_2_papers_and_what_they_are_about_are_there(town: Town) -> None:
    its = estate(town, COLLECTIVE)
    with town.refused(NotFound):
        its.paper("photo", subjects=[identity("project", "没有的项目")])
    its.proposed()
    with town.refused(NotFound, "会议"):
        its.when("decide", its.decision(meeting=identity("meeting", "没有的会")))


def test_id_1_a_paper_is_filed_once(town: Town) -> None:
    its = estate(town)
    its.paper("photo")
    with town.refused(Taken):
        its.paper("photo")


def test_proj_6_no_natural_person_is_named(town: Town) -> None:
    its = estate(town)
    with town.refused(PersonalText, "/issuer"):
        its.paper("expert_opinion", issuer="张三")
    its.paper("expert_opinion", issuer="")


def test_cmd_2_a_hash_is_64_hex_digits(town: Town) -> None:
    its = estate(town)
    with town.refused(BadShape):
        its.paper("photo", hash="D" * 64)


def test_auth_4_discipline_files_nothing_here(town: Town) -> None:
    its = estate(town)
    payload = dict(town.books.stream(its.paper("photo"))[0].command["payload"])
    payload["document"] = identity("document", "x")
    with town.refused(RoleNotAllowed):
        town.when("document.register.v1", payload, "registrar")
