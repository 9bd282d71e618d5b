"""What people read of a subject: the noun's own words, in the order of its form, and names in the place of ids."""

import re
from collections.abc import Iterable

import pytest

from domain.values import kind_of
from projections import cards, wording
from projections.diff import diff
from projections.entry import read
from projections.nouns import LISTED
from projections.timeline import tell
from projections.trace import Trace, trace
from tests.domain import corpus, estate
from tests.domain.disposals import estate as disposing
from tests.domain.loads import opened as session_opened
from tests.domain.story import Town, identity, settled
from tests.projections.test_estate import Told

RAW = re.compile(r"\b[a-z]+_[a-z2-7]{26}\b")
CARDED = ("project", "asset", "obligation", "disposal", "meeting", "notice", "document", "load")


@pytest.fixture
def town() -> Town:
    return settled()


@pytest.fixture(scope="module")
def history() -> Told:
    return Told(corpus.history())


def subjects(history: Told, kinds: Iterable[str]) -> list[str]:
    named = dict.fromkeys(one.stream for one in history.entries(0))
    return [one for one in named if kind_of(one) in kinds]


def test_every_field_that_is_ever_said_of_a_noun_stands_on_its_card(history: Told) -> None:
    said = {one: dict[str, None]() for one in CARDED}
    for _, after in tell(read(history, history.entries(0))):
        for subject, told in after.items():
            if kind_of(subject) in CARDED:
                said[kind_of(subject)] |= dict.fromkeys(told.names())
    assert {kind for kind, fields in said.items() if not fields} == set()
    for kind, fields in said.items():
        assert set(fields) - set(cards.CARDS[kind]) - cards.UNSHOWN == set(), kind


def test_no_two_fields_of_a_card_that_are_shown_have_one_word() -> None:
    for kind, card in cards.CARDS.items():
        words = [word for field, word in card.items() if cards.is_shown(kind, field)]
        assert len(words) == len(set(words)), kind


def test_the_fields_of_every_noun_are_told_in_the_order_of_its_card(history: Told) -> None:
    for subject in subjects(history, CARDED):
        places = {name: place for place, name in enumerate(cards.CARDS[kind_of(subject)])}
        found = trace(history, subject)
        compared = diff(history, subject, from_known_at=0).differences
        for told in (found.state, found.told(), compared):
            fields = [one.field for one in told]  # type: ignore[attr-defined]
            assert fields == sorted(fields, key=lambda name: places.get(name, len(places))), subject
        for item in found.timeline:
            if item.stream == subject and item.event.endswith((".listed.v1", ".opened.v1", ".proposed.v1")):
                changed = [one.field for one in item.changes if one.subject == subject]
                assert changed == sorted(changed, key=lambda name: places.get(name, len(places))), subject


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("project", "实施地点"),
        ("asset", "所在区域"),
        ("obligation", "所属区域"),
        ("meeting", "所在区域"),
        ("load", "登记区域"),
    ],
)
def test_each_noun_has_its_own_word_for_where_it_lies(history: Told, kind: str, word: str) -> None:
    for subject in subjects(history, [kind]):
        (told,) = [one.label for one in trace(history, subject).told() if one.field == "area_label"]
        assert told == word


def raw_in(found: Trace) -> list[str]:
    """Ids that are told where a name is known."""
    told = [one.shown for one in found.told()]
    for item in found.timeline:
        told += [
            wording.shown(one.field, value, found.names)
            for one in found.changes_of(item)
            for value in (one.old, one.new)
            if value is not None
        ]
        told += [one.label or one.id for one in item.concerns]
    return [one for text in told for one in RAW.findall(text)]


def test_no_id_is_told_where_a_name_is_known(history: Told) -> None:
    for subject in subjects(history, CARDED):
        assert raw_in(trace(history, subject)) == [], subject


def test_a_disposal_is_told_with_its_assets_its_meeting_and_where_it_lies(town: Town) -> None:
    its = disposing(town, number="QX-ZC-1")
    its.proposed(number="QX-CZ-1").ground()
    its.when("decide", its.decision())
    found = trace(Told(town), its.disposal)
    told = {one.label: one.shown for one in found.told()}
    assert told["处置的资产"] == "QX-ZC-1 冷库"
    assert told["决议的会议"] == "成员大会"
    assert "所在区域" in told
    assert re.search("处置的资产 +QX-ZC-1 冷库", found.as_text())
    compared = diff(Told(town), its.disposal, from_known_at=found.timeline[0].position - 1)
    assert compared.as_text().startswith(f"处置 QX-CZ-1 转让：冷库\n编号 {its.disposal}\n")
    assert "处置的资产：未载 → QX-ZC-1 冷库" in compared.as_text()
    assert "租期（月）" not in compared.as_text(), "nothing was said, and nothing is there"
    assert "months" in [one.field for one in compared.differences]


def test_what_a_command_did_besides_says_whose_it_is_and_what_it_is_about(town: Town) -> None:
    its = disposing(town, number="QX-ZC-1")
    its.proposed(number="QX-CZ-1")
    told = Told(town)

    def concerns(subject: str) -> list[tuple[str, str]]:
        (item,) = [one for one in trace(told, subject).timeline if one.event == "asset.disposal_proposed.v1"]
        return [(one.kind, one.label) for one in item.concerns]

    assert concerns(its.disposal) == [("asset", "QX-ZC-1 冷库")]
    assert concerns(its.asset) == [("disposal", "QX-CZ-1 转让：冷库")]
    assert "涉及  资产 QX-ZC-1 冷库" in trace(told, its.disposal).as_text()


def test_a_proposal_says_what_was_proposed_who_must_sign_and_until_when(town: Town) -> None:
    project = town.checked()
    town.when("project.opine_class.v1", town.opinion())
    found = trace(Told(town), project)
    (item,) = [one for one in found.timeline if one.event == "proposal.made.v1"]
    told = {one.label: wording.shown(one.field, one.new, found.names) for one in found.changes_of(item)}
    assert told["提议事项"].startswith("村级初步认定：")
    assert told["须签"] == "核查（乡农服中心）、盖章认定（乡党委政府）"
    assert told["提议期限"]


def test_rows_of_a_batch_are_counted_from_one() -> None:
    assert wording.shown("excepted", [[0, "重复"]]) == "第 1 条：重复"
    assert wording.shown("accepted", [[0, 2], [4, 4]]) == "第 1 至 3 条、第 5 条"
    assert wording.shown("refused", [[3, "x", "PROJ-1"]]) == "第 4 条（PROJ-1）"


def test_a_resolution_reads_as_one_sentence() -> None:
    resolution = {
        "abstained": 1,
        "against": 2,
        "agreed": 90,
        "amount_fen": 15_000_000,
        "matter": "disposal",
        "subject": identity("disposal", "1"),
        "text": "同意转让冷库",
    }
    shown = wording.shown("resolutions", [resolution], {identity("disposal", "1"): "QX-CZ-1 转让：冷库"})
    assert shown.startswith("同意转让冷库（")
    assert shown.endswith("QX-CZ-1 转让：冷库）：同意 90，反对 2，弃权 1，所定金额 15万元")


def test_a_load_session_tells_its_phase(town: Town) -> None:
    session_opened(town)
    found = trace(Told(town), identity("load", "青溪乡清产核资"))
    told = {one.label: one.shown for one in found.told()}
    assert told["阶段"] == "登记中"
    assert told["基准日"]
    assert found.value("number") == 1


def test_every_listed_noun_that_people_look_at_has_a_card() -> None:
    assert {one.kind for one in LISTED} <= set(cards.CARDS)


def test_an_asset_leads_to_its_projects_by_name(town: Town) -> None:
    project = town.listed()
    asset = estate.opened(town, projects=[project])
    told = {one.label: one.shown for one in trace(Told(town), asset).told()}
    assert told["来源项目"].endswith("油茶基地")
