"""ID-2: what people write leads to one subject that the log knows, or is refused."""

import pytest

from domain.errors import NotFound
from projections.resolve import resolve
from tests.projections.log import QINGXI, Log, an_id


def test_a_number_or_a_name_with_its_kind_leads_to_its_bearer(log: Log) -> None:
    project = log.list("QX-0007")
    assert resolve(log, "project:QX-0007") == project
    assert resolve(log, "code:project:QX-0007") == project
    assert resolve(log, "area:青溪乡") == QINGXI


def test_an_id_that_the_log_knows_passes_through_and_another_is_refused(log: Log) -> None:
    project = log.list("QX-0007")
    assert resolve(log, project) == project
    with pytest.raises(NotFound):
        resolve(log, an_id("project", "QX-0008"))


@pytest.mark.parametrize(
    "text", ["project:QX-0008", "area:青溪", "asset:QX-0007", "QX-0007", "project:", ":", "", "a b:c"]
)
def test_what_the_log_does_not_know_is_refused(log: Log, text: str) -> None:
    log.list("QX-0007")
    with pytest.raises(NotFound):
        resolve(log, text)


def test_a_row_of_a_workbook_leads_to_what_was_read_from_it(log: Log) -> None:
    row = {"code": "code:row:甲.xlsx/表/5", "file": "0" * 64, "row": 5, "sheet": "表"}
    project = log.list("QX-0007", row=row)
    assert resolve(log, "row:甲.xlsx/表/5") == project


def test_a_code_with_two_bearers_is_refused_and_names_them(log: Log) -> None:
    first, second = log.list("QX-0007"), log.list("QX-0008", code="code:project:QX-0007")
    with pytest.raises(NotFound) as refused:
        resolve(log, "project:QX-0007")
    assert refused.value.detail["bearers"] == [first, second]


def test_who_names_a_code_without_bearing_it_is_not_its_bearer(log: Log) -> None:
    log.record(("contract.signed.v1", an_id("contract", "1"), {"of": "code:project:QX-0007"}))
    project = log.list("QX-0007")
    assert resolve(log, "project:QX-0007") == project
