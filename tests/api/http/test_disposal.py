"""The path of a disposal over real HTTP, for each owner: from an asset as it is found to its derecognition, with real keys.

The stories are those of the domain's own tests, told to a server: each wrong signer, wrong order, stale view and missing
paper is answered by its rule, and what was done outside is recorded with its notes.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.compose import new_id
from api.filling import completed
from domain.errors import SubjectMoved
from tests.api.http.remote import RemoteTown, remote_town, settled
from tests.domain.disposals import LATER, Course, estate
from tests.domain.paths import by_owner
from tests.domain.test_disposal import (  # noqa: F401 - collected here, with the town below
    test_auth_2_the_keys_before_are_still_good,
    test_auth_6_discipline_signs_none_of_it,
    test_disp_8_each_step_is_its_own_hands,
    test_disp_10_no_step_is_dated_before_the_one_it_follows,
    test_disp_10_nothing_is_signed_before_it_is_approved,
    test_disp_10_the_order_of_the_steps_is_fixed,
    test_disp_11_a_step_is_taken_once,
    test_disp_12_three_persons_take_it_and_another_keeps_the_books,
    test_disp_12_who_decided_does_not_settle,
    test_disp_13_the_decision_rests_on_what_the_owner_decides_by,
    test_disp_the_whole_path,
    test_doc_1_no_step_without_its_papers,
    test_proj_10_who_decides_names_exactly_what_was_proposed,
    test_seen_2_a_stale_view_signs_nothing,
)
from tests.domain.test_disposal_again import (  # noqa: F401 - as above
    test_disp_24_a_fact_says_that_its_ground_was_used,
    test_disp_24_a_resolution_about_the_asset_bears_one_disposal,
    test_disp_25_an_act_waits_until_a_day_and_a_fact_for_nobody,
    test_prop_1_what_waited_too_long_is_decided_by_nobody,
)
from tests.domain.test_disposal_approval import (  # noqa: F401 - as above
    test_disp_14_from_an_amount_on_the_county_approves,
)
from tests.domain.test_disposal_facts import (  # noqa: F401 - as above
    test_auth_4_a_fact_is_entered_by_those_who_enter,
    test_disp_6_a_thirty_year_lease_of_2016,
    test_disp_10_and_13_nothing_came_first_and_nothing_is_there,
    test_disp_14_18_19_20_21_a_fact_says_what_it_did_not_meet,
    test_disp_15_a_decision_that_is_a_fact_decides_nothing,
    test_disp_15_the_whole_path_was_gone_outside,
    test_disp_16_an_act_does_not_go_on_from_an_unchecked_fact,
    test_seen_2_a_fact_is_recorded_with_what_its_signer_had_seen,
)
from tests.domain.test_disposal_fit import (  # noqa: F401 - as above
    test_disp_4_an_asset_that_is_not_fit_is_not_proposed,
)
from tests.domain.test_disposal_money import (  # noqa: F401 - as above
    test_disp_20_the_money_goes_to_the_owners_account,
)
from tests.domain.test_disposal_owners import (  # noqa: F401 - as above
    test_disp_19_each_owner_has_a_floor_of_its_own,
    test_disp_21_what_is_sold_is_paid_in_full_whoever_owns,
    test_disp_22_every_asset_is_derecognised_whoever_owns,
    test_doc_1_a_fact_of_each_method_says_that_its_papers_are_missing,
    test_doc_1_each_method_has_its_papers_whoever_owns,
)


@pytest.fixture(scope="module")
def settled_town(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    directory = tmp_path_factory.mktemp("settled") / "ledger"
    return directory, settled(directory)


@pytest.fixture
def town(settled_town: tuple[Path, int], tmp_path: Path) -> Iterator[RemoteTown]:
    directory, nonce = settled_town
    with remote_town(Path(shutil.copytree(directory, tmp_path / "ledger")), nonce) as found:
        yield found


@by_owner
def test_a_lost_race_is_answered_with_the_difference(town: RemoteTown, course: Course) -> None:
    its = estate(town, course).proposed().ground()
    stale = town.command("disposal.decide.v1", its.decision(), course.decider, valid_until=LATER)
    its.paper("photo", "现场照片", subjects=[its.disposal])
    with town.refused(SubjectMoved):
        town.ledger.handle(town.sign(stale))
    assert town.ledger.refusal["status"] == 409
    (moved,) = town.ledger.refusal["moved"]
    assert (moved["subject"], moved["now"]) == (its.disposal, moved["seen"] + 1)
    (since,) = moved["since"]
    assert (since["event"], since["title"]) == ("document.registered.v1", "登记材料")
    assert "现场照片" in since["summary"]
    again = {**stale, "seen": [[one, town.books.moves([one])[one]] for one, _ in stale["seen"]]}
    town.ledger.handle(town.sign(again))


@by_owner
def test_proj_10_which_entry_is_decided_and_approved_is_filled_in(town: RemoteTown, course: Course) -> None:
    its = estate(town, course).proposed().ground()
    decision = its.decision()
    written = {name: value for name, value in decision.items() if name not in ("leaf", "position")}
    for name in ("disposal.decide.v1", "disposal.approve.v1"):
        assert completed(name, written, town.world.desk) == decision
    stated = written | {"position": 1}
    assert completed("disposal.decide.v1", stated, town.world.desk) == stated
    unknown = written | {"disposal": new_id("disposal")}
    assert completed("disposal.decide.v1", unknown, town.world.desk, str) == unknown


@by_owner
def test_the_same_again_is_the_same_receipt(town: RemoteTown, course: Course) -> None:
    its = estate(town, course)
    signed = town.sign(town.command("disposal.propose.v1", its.proposal(), course.proposer))
    first = town.ledger.handle(signed)
    size = town.world.desk.reader.size()
    answer = town.ledger.office.stranger.submit(town.ledger.envelope(signed))
    assert (answer.status_code, answer.json()["replayed"]) == (200, True)
    assert answer.json()["position"] == first.position
    assert town.world.desk.reader.size() == size
