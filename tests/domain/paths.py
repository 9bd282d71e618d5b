"""What is asked of the paths of all owners alike (`by_owner`), and what each method of disposal needs."""

import pytest

from domain.asset import Asset
from tests.domain.disposals import COURSES, Estate

by_owner = pytest.mark.parametrize("course", COURSES, ids=lambda course: course.owner_type)


def asset_of(its: Estate) -> Asset:
    return its.town.the(Asset, its.asset)


APPRAISED = ["appraisal", "value_proof"]
METHOD_PAPERS: dict[str, tuple[list[str], list[str]]] = {  # before the approval; on settling
    "transfer": (APPRAISED, ["contract", "receipt"]),
    "auction": (APPRAISED, ["auction_notice", "deal", "receipt"]),
    "swap": (APPRAISED, ["contract"]),
    "equity": (APPRAISED, ["contract"]),
    "debt_offset": (APPRAISED, ["contract"]),
    "scrap": (["expert_opinion", "photo"], []),
    "loss": (["loss_proof"], []),
    "demolish": (["permit", "contract"], []),
    "gratis_transfer": (["contract"], ["handover"]),
    "donate": (["contract"], ["handover"]),
    "lease": (["tender"], ["contract", "receipt"]),
}
NOTHING_RECEIVED = {"account": "none", "allocated_fen": 0, "received_fen": 0, "retained_fen": 0}


def all_but_one(papers: list[str]) -> list[list[str]]:
    """The papers without each in turn."""
    return [[one for one in papers if one != missing] for missing in papers]
