"""The registers of the domain: rules, refusals, commands, catalogue, archive; and what it may import."""

import ast
import copy
import hashlib
import io
import json
import re
import sys
import zipfile
from pathlib import Path

import pytest

from domain import law, limitation
from domain.archive import archive, is_kept
from domain.base import EVENTS
from domain.catalogue import catalogue, table, taken_away, text
from domain.command import COMMANDS, Payload, command
from domain.errors import Refused, refusals
from domain.owing import CATEGORIES
from domain.rules import RULES, as_markdown

PACKAGE = Path(__file__).resolve().parents[2] / "domain"
MODULES = sorted(PACKAGE.glob("*.py"))


def test_rules_md_is_the_register() -> None:
    page = (PACKAGE / "RULES.md").read_text("utf-8").splitlines()
    assert [line for line in page if re.match(r"\| [A-Z]+-\d", line)] == as_markdown()


def test_rules_md_lists_what_statutes_say_of_the_parameters() -> None:
    page = (PACKAGE / "RULES.md").read_text("utf-8").splitlines()
    assert [line for line in page if re.match(r"\| [a-z]+_", line)] == law.as_markdown()


def test_rules_md_lists_the_terms_of_limitation() -> None:
    page = (PACKAGE / "RULES.md").read_text("utf-8")
    assert "\n".join(["|---|---|---|---|---|", *limitation.as_markdown(CATEGORIES), ""]) in page


def test_every_refusal_has_its_own_code_and_a_rule() -> None:
    classes = [one for one in Refused.__subclasses__() if one.__module__.startswith("domain.errors")]
    assert len(refusals()) == len(classes)
    for one in classes:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", one.code)
        assert one.rule in RULES
        assert one.title


def test_every_rule_has_a_refusal() -> None:
    assert {one.rule for one in refusals().values()} == set(RULES)


def test_every_rule_is_told_in_a_story() -> None:
    stories = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    told = {found.upper().replace("_", "-") for found in re.findall(r"def test_([a-z]+_\d+)_", stories)}
    assert set(RULES) - told == set()


def test_every_event_is_some_commands_and_the_outcome_is_the_batchs() -> None:
    declared = {event for spec in COMMANDS.values() for event in spec.events}
    assert set(EVENTS) - declared == {"batch.recorded.v1"}


def test_the_table_has_the_form_of_format_11_3() -> None:
    rows = table()["commands"]
    names = [row["command"] for row in rows]
    assert names == sorted(set(names))
    for row in rows:
        assert set(row) == {"command", "events", "natures"}
        for part in ("events", "natures"):
            assert row[part] == sorted(set(row[part]))
            assert row[part]
    assert {
        "command": "project.list.v1",
        "events": ["project.listed.v1"],
        "natures": ["fact", "opening"],
    } in rows


def test_catalogue_json_is_what_the_code_declares() -> None:
    kept = json.loads((PACKAGE / "catalogue.json").read_text("utf-8"))
    now = json.loads(text())
    assert kept == now, "run: python -m domain.catalogue"
    assert taken_away(kept, catalogue()) == [], "what is written again takes nothing away"


def test_the_catalogue_only_grows() -> None:
    before = catalogue()
    more = copy.deepcopy(before)
    more["commands"]["project.paint.v1"] = {}
    assert taken_away(before, more) == []
    less = copy.deepcopy(before)
    del less["events"]["project.listed.v1"]
    assert taken_away(before, less) == ["/events/project.listed.v1 不见了"]
    other = copy.deepcopy(before)
    other["refusals"]["taken"]["rule"] = "ID-9"
    assert taken_away(before, other) == ["/refusals/taken/rule 变了"]
    role = "/commands/post.establish.v1/schema/properties/role/enum"
    choice = copy.deepcopy(before)
    roles = choice["commands"]["post.establish.v1"]["schema"]["properties"]["role"]["enum"]
    roles.append("painter")
    assert taken_away(before, choice) == []
    roles.remove("township")
    assert taken_away(before, choice) == [f"{role} 少了 township"]


def test_a_command_is_declared_once() -> None:
    with pytest.raises(TypeError, match="declared already"):
        command("project.list.v1", title="", may={"act": ("registrar",)}, events=("project.listed.v1",))(
            Payload
        )


def test_every_payload_is_frozen_strict_and_complete() -> None:
    for spec in COMMANDS.values():
        for name, field in spec.payload.model_fields.items():
            # What a version of a command has come to know later: its older clients leave it out, and mean "".
            added = name in {"earlier_document", "unlike"} and field.default == ""
            assert field.is_required() or added, f"{spec.name}: {name}"
        assert spec.payload.model_config == {"frozen": True, "strict": True, "extra": "forbid"}
        assert "number" not in re.findall(r'"type": "(\w+)"', json.dumps(spec.payload.model_json_schema()))


def test_the_archive_is_the_same_bytes_and_holds_the_package() -> None:
    files = {path.name: path.read_bytes() for path in PACKAGE.iterdir() if path.is_file()}
    made = archive(files)
    assert made == archive(dict(reversed(files.items())))
    with zipfile.ZipFile(io.BytesIO(made)) as opened:
        assert opened.namelist() == sorted(f"domain/{name}" for name in files if is_kept(name))
        assert opened.read("domain/RULES.md") == files["RULES.md"]


def test_the_archive_of_known_bytes_is_known() -> None:
    made = archive({"a.py": b"A = 1\n", "notes.txt": b"left out", "RULES.md": "规则\n".encode()})
    assert (
        hashlib.sha256(made).hexdigest() == "ffb2a0752537823c327c475bf0e0eba863ac7222358ed0cf924fc1d2826e23c1"
    )


def imported(module: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_the_domain_imports_nothing_but_itself_and_three_others(module: Path) -> None:
    allowed = {"pydantic", "typing_extensions", "eventsourcing.domain"}
    if module.stem == "ledger":
        allowed.add("eventsourcing.application")
    for name in imported(module):
        top = name.split(".")[0]
        assert top in sys.stdlib_module_names or top == "domain" or name in allowed, name


# Clocks, chance, files, the environment: none of them in a decision.
IMPURE = {
    "datetime.now",
    "date.today",
    "time",
    "random",
    "secrets",
    "uuid",
    "os",
    "socket",
    "subprocess",
    "sqlite3",
}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_the_domain_reads_no_clock_chance_or_environment(module: Path) -> None:
    assert not imported(module) & IMPURE
    source = module.read_text("utf-8")
    assert ".now(" not in source
    assert ".today()" not in source
    assert "float" not in source.replace("no float", "")


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_d11_an_applied_method_only_assigns(module: Path) -> None:
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef) and any(
            isinstance(one, ast.Call) and getattr(one.func, "id", "") == "event"
            for one in node.decorator_list
        ):
            assert node.name.startswith("_")
            assert not [one for one in ast.walk(node) if isinstance(one, ast.Raise | ast.Assert)]
