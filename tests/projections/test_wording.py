"""What is recorded is shown in words: amounts exact, persons without a name."""

from projections import wording


def test_values_are_shown_in_words_and_amounts_exact() -> None:
    assert wording.shown("total_fen", 113_500_050) == "113.50005万元"
    assert wording.shown("total_fen", None) == "不详"
    assert wording.shown("subsisting", False) == "否"
    assert wording.shown("class", "idle") == "闲置类"
    assert wording.shown("cause_codes", ["C7"]) == "自然灾害等不可抗力"
    assert wording.shown("notes", []) == "无"


def test_parties_and_shares_are_shown_without_a_name_of_a_person() -> None:
    body = {"kind": "organisation", "name": "示例村集体", "organisation": "", "person": ""}
    person = {"kind": "household", "name": "", "organisation": "", "person": "commit:" + "ab" * 32}
    assert wording.shown("creditor", body) == "示例村集体"
    assert wording.shown("creditor", person) == "农户（abababab）"
    assert wording.shown("creditor", None) == "不详"
    shares = [{"basis_points": 3_333, "owner": body}, {"basis_points": 6_600, "owner": person}]
    assert wording.shown("shares", shares) == "示例村集体 33.33%；农户（abababab） 66%"
    assert wording.shown("shares", []) == "不详"
    assert wording.shown("owner_type", "collective_village") == "村集体"
    assert wording.shown("confirmed_debtor", 1_000_000) == "1万元"
