"""The documents point at what is there: links lead somewhere, and the commands they show exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from api.cli import app

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
# A command is shown where a line or a code span begins with the program's name.
SHOWN = re.compile(
    r"(?:^\s*(?:\$ )?|`|\| )(?:\.venv/bin/)?bangfu ([a-z][a-z-]+)((?:[^\n`|]*\\\n)*[^\n`|]*)", re.MULTILINE
)


WHERE = ("domain", "projections", "audit", "api", "docs", "benchmarks", "deploy")


def documents() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *(path for where in WHERE for path in (ROOT / where).rglob("*.md"))])


def names(paths: list[Path]) -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in paths]


DOCUMENTS = documents()


def test_there_is_something_to_read() -> None:
    assert {"README.md", "audit/FORMAT.md", "domain/RULES.md"} <= set(names(DOCUMENTS))


@pytest.mark.parametrize("path", DOCUMENTS, ids=names(DOCUMENTS))
def test_relative_links_resolve(path: Path) -> None:
    for target in LINK.findall(path.read_text("utf-8")):
        if re.match(r"[a-z]+:", target) or target.startswith("#"):
            continue
        linked = path.parent / target.partition("#")[0]
        assert linked.exists(), f"{path.name} links to {target}, which is not there"


def commands() -> dict[str, set[str]]:
    """Every command of the command line with its options."""
    group = get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    found: dict[str, set[str]] = {}
    for name, command in group.commands.items():
        found[name] = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    return found


def shown(path: Path) -> Iterator[tuple[str, list[str]]]:
    """The commands that a document shows, with the options they are given."""
    for name, rest in SHOWN.findall(path.read_text("utf-8")):
        yield name, re.findall(r"(?<![\w-])--[a-z][a-z-]*", rest)


@pytest.mark.parametrize("path", DOCUMENTS, ids=names(DOCUMENTS))
def test_the_commands_that_a_document_shows_exist(path: Path) -> None:
    known = commands()
    for name, options in shown(path):
        assert name in known, f"{path.name} shows `bangfu {name}`"
        assert set(options) <= known[name], (
            f"{path.name} shows `bangfu {name}` with {sorted(set(options) - known[name])}"
        )


def test_the_readme_shows_every_make_target_that_there_is() -> None:
    readme, makefile = (ROOT / "README.md").read_text("utf-8"), (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    for target in re.findall(r"(?:^|`)make ([a-z]+)", readme, re.MULTILINE):
        assert target in targets, f"README shows `make {target}`"
    assert "make demo" in readme
    assert "make test" in readme
