"""RULES.md, the register of rules, the refusals and the tests say the same, rule by rule."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import domain.nouns  # noqa: F401 - declares every refusal
from domain.errors import Refused, refusals
from domain.natures import weigh
from domain.rules import RULES, as_markdown

# The door has refusals of its own, by sections of FORMAT: they are not of the register.
REFUSALS = [one for one in Refused.__subclasses__() if one.__module__.startswith("domain.errors")]
ROOT = Path(__file__).parents[1]
TESTS = "\n".join(
    path.read_text("utf-8") for path in sorted((ROOT / "tests").rglob("test_*.py")) if path != Path(__file__)
)
SOURCE = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "domain").glob("*.py")))


def rows() -> list[str]:
    lines = (ROOT / "domain" / "RULES.md").read_text("utf-8").splitlines()
    return [line for line in lines if re.match(r"\| [A-Z]+-[0-9]+ \|", line)]


def test_the_page_is_the_register() -> None:
    assert rows() == as_markdown()


def test_every_number_stands_once() -> None:
    numbers = [row.split("|")[1].strip() for row in rows()]
    assert numbers == list(RULES)
    assert len(set(numbers)) == len(numbers)


def test_every_refusal_names_a_rule_and_every_code_is_used_once() -> None:
    assert refusals() == {one.code: one for one in REFUSALS}
    assert len(refusals()) == len(REFUSALS), "two refusals share a code"
    for one in REFUSALS:
        assert one.rule in RULES, f"{one.__name__} names {one.rule}"
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", one.code)
        assert one.title
    assert len({one.title for one in REFUSALS}) == len(REFUSALS)


@pytest.mark.parametrize("number", RULES)
def test_every_rule_is_refused_or_noted_somewhere(number: str) -> None:
    """By a refusal of its own, or by a weighing that names it."""
    refused = number in {one.rule for one in REFUSALS}
    assert refused or f'"{number}"' in SOURCE


@pytest.mark.parametrize("number", RULES)
def test_every_rule_has_a_test_that_cites_it(number: str) -> None:
    in_a_name = f"test_{number.lower().replace('-', '_')}_"
    cited = re.search(rf"(?<![A-Z0-9-]){number}(?![0-9])", TESTS) or in_a_name in TESTS
    assert cited, f"no test cites {number}"


@pytest.mark.parametrize("number", [number for number, rule in RULES.items() if rule.on_fact == "note"])
def test_what_is_noted_of_a_fact_is_refused_of_an_act(number: str) -> None:
    refusal = next((one for one in REFUSALS if one.rule == number), None)
    assert refusal is not None
    assert RULES[number].on_act == "refuse"
    if number != "SEEN-2":  # what a fact had seen is not weighed at all
        assert weigh("fact", number, False, lambda: refusal("")) == [number]
        with pytest.raises(refusal):
            weigh("act", number, False, lambda: refusal(""))


def test_every_refusal_is_raised_somewhere() -> None:
    """A refusal that nobody raises is a promise that nobody keeps."""
    raised = set()
    for path in sorted([*(ROOT / "domain").glob("*.py"), *(ROOT / "api").rglob("*.py")]):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                raised.add(node.func.id)
                # A value that breaks a rule by itself names the refusal that it will be.
                if node.func.id == "BrokenRule" and isinstance(node.args[0], ast.Name):
                    raised.add(node.args[0].id)
    assert {one.__name__ for one in REFUSALS} <= raised
