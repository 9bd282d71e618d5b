"""The borders of the packages, kept by reading the source: what may import what, and what only one place may do.

`domain` is pure and knows nobody. `audit` and `projections` know the domain and not each other. `api` wires. Inside
`audit` the verifying core needs only the standard library and `cryptography`, so that a stranger can run it.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = ("domain", "projections", "audit", "api")
FILES = [path for package in OURS for path in sorted((ROOT / package).rglob("*.py"))]
PACKAGES = sorted({path.parent for path in FILES})

MAY_KNOW = {
    "domain": set(),
    "projections": {"domain"},
    "audit": {"domain"},
    "api": {"domain", "projections", "audit"},
}
# A pure package: no clock, no files, no sockets, no randomness. `replay` is the one program in it, and `catalogue`
# and `archive` are run by hands that make a release.
DOMAIN_MAY_IMPORT = {
    "base64", "collections", "copy", "dataclasses", "datetime", "decimal", "enum", "functools", "hashlib", "itertools",
    "re", "threading", "typing", "unicodedata", "pydantic", "typing_extensions", "eventsourcing",
}  # fmt: skip
DOMAIN_PROGRAMS = {
    "archive": {"io", "zipfile"},
    "catalogue": {"json", "pathlib", "sys"},
    "replay": {"argparse", "json", "sys"},
}
CORE_OUTSIDE = {"cryptography"}
CORE_ENTRIES = ("verify", "exported", "trust", "__main__")

THE_CLOCK = {"audit/log.py", "api/compose.py", "projections/follow.py"}
THE_ENVIRONMENT = {"api/settings.py"}
THE_PRINTERS = ("api/cli", "api/demo/", "audit/__main__.py")
LINES_MAX = 500
LONGER: dict[str, str] = {}  # file → why it may be longer


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def ids(paths: list[Path]) -> list[str]:
    return [name_of(path) for path in paths]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def imported(path: Path) -> set[str]:
    """The dotted names of every module that a file imports, wherever the statement stands."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)} imports relatively"
            module = node.module or ""
            found.add(module)
            found |= {f"{module}.{alias.name}" for alias in node.names if module.split(".")[0] in OURS}
    return found


def roots(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imported(path)}


def dotted(node: ast.AST) -> str:
    """`os.environ` of an attribute chain; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def uses(path: Path) -> Iterator[str]:
    """Dotted names that are read anywhere in a file."""
    return filter(None, (dotted(node) for node in ast.walk(tree(path))))


@pytest.mark.parametrize("path", FILES, ids=ids(FILES))
def test_every_module_says_what_it_is_for(path: Path) -> None:
    docstring = ast.get_docstring(tree(path))
    assert docstring, f"{name_of(path)} has no docstring"
    assert docstring.splitlines()[0].strip(), f"{name_of(path)} says nothing in its first line"


@pytest.mark.parametrize("package", PACKAGES, ids=ids(PACKAGES))
def test_the_map_of_a_package_has_every_module_of_it(package: Path) -> None:
    words = re.findall(r"[a-z_]+\*?", ast.get_docstring(tree(package / "__init__.py")) or "")
    missing = {
        path.stem
        for path in package.glob("*.py")
        if not path.stem.startswith("__")
        and path.stem not in words
        and f"{path.stem.partition('_')[0]}_*" not in words
    }
    assert not missing, f"{name_of(package)}/__init__.py does not say where these stand: {sorted(missing)}"


@pytest.mark.parametrize("path", FILES, ids=ids(FILES))
def test_the_packages_know_only_whom_they_may(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    others = roots(path) & (set(OURS) | {"tests", "benchmarks"}) - {package}
    assert others <= MAY_KNOW[package], f"{name_of(path)} imports {sorted(others - MAY_KNOW[package])}"


def module_of(path: Path) -> str:
    """`domain.asset` of domain/asset.py, `api.http` of api/http/__init__.py."""
    return name_of(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def test_no_module_imports_in_a_circle() -> None:
    """Neither when it is used, nor in a function, nor for its types only: what two need lies beneath both."""
    modules = {module_of(path): path for path in FILES}
    graph = {name: imported(path) & modules.keys() - {name} for name, path in modules.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


@pytest.mark.parametrize(
    "text",
    [
        "from domain import asset",
        "import domain.asset",
        "if TYPE_CHECKING:\n    from domain.asset import Asset",
        "def later():\n    from domain.asset import Asset",
    ],
)
def test_an_import_counts_wherever_it_stands(text: str, tmp_path: Path) -> None:
    (file := tmp_path / "some.py").write_text(text, "utf-8")
    assert "domain.asset" in imported(file)


DOMAIN = [path for path in FILES if path.relative_to(ROOT).parts[0] == "domain"]


@pytest.mark.parametrize("path", DOMAIN, ids=ids(DOMAIN))
def test_the_domain_is_pure(path: Path) -> None:
    allowed = DOMAIN_MAY_IMPORT | DOMAIN_PROGRAMS.get(path.stem, set()) | {"domain", "__future__"}
    assert roots(path) <= allowed, f"{name_of(path)} imports {sorted(roots(path) - allowed)}"
    library = {name for name in imported(path) if name.startswith("eventsourcing")}
    may = {"eventsourcing.domain"} | ({"eventsourcing.application"} if path.stem == "ledger" else set())
    assert library <= may, f"{name_of(path)} imports {sorted(library - may)}"


def core() -> dict[str, Path]:
    """The modules that a verification needs, from what they import of each other."""
    found: dict[str, Path] = {}
    waiting = list(CORE_ENTRIES)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        path = ROOT / "audit" / f"{name}.py"
        if not path.exists():
            continue
        found[name] = path
        waiting += [one.split(".")[1] for one in imported(path) if one.startswith("audit.")]
    return found


def test_the_verifying_core_needs_only_the_standard_library_and_cryptography() -> None:
    for name, path in core().items():
        outside = roots(path) - set(sys.stdlib_module_names) - {"audit"}
        assert outside <= CORE_OUTSIDE, f"audit/{name}.py imports {sorted(outside - CORE_OUTSIDE)}"


def test_the_verifying_core_is_the_list_that_the_package_gives() -> None:
    """`audit/__init__.py` tells a stranger what to take along: exactly what is needed."""
    docstring = ast.get_docstring(tree(ROOT / "audit" / "__init__.py")) or ""
    listed = docstring.partition("(`")[2].partition("`)")[0].split()
    assert sorted(listed) == sorted(core()), "update the list in audit/__init__.py"


def applied_methods() -> Iterator[tuple[Path, ast.FunctionDef]]:
    """The `@event(…)` methods of the aggregates: what replay runs."""
    for path in DOMAIN:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef) and any(
                isinstance(mark, ast.Call) and dotted(mark.func) == "event" for mark in node.decorator_list
            ):
                yield path, node


# An event decides nothing, so it has no condition but on what it says itself; what it may call only builds values.
MAY_CALL = {
    "frozenset",
    "int",
    "list",
    "dict",
    "tuple",
    "set",
    "self._assert",
    "self._withdraw",
    "self.field",
}
ALLOWED_CONDITIONS = {
    ("project.py", "_class_opined"): "a village's opinion is also the village's word",
}


APPLIED = list(applied_methods())


def test_there_are_events_to_look_at() -> None:
    assert len(APPLIED) >= 15


@pytest.mark.parametrize(
    ("path", "method"), APPLIED, ids=[f"{path.name}:{node.name}" for path, node in APPLIED]
)
def test_an_applied_event_decides_nothing(path: Path, method: ast.FunctionDef) -> None:
    """Guards decide once (D11): a rule tightened tomorrow must not stop yesterday's history from loading."""
    assert method.name.startswith("_"), f"{path.name}: {method.name} is for replay only"
    for node in ast.walk(method):
        where = f"{path.name}:{method.name}"
        assert not isinstance(node, (ast.Raise, ast.Assert, ast.Try, ast.While)), f"{where} refuses"
        if isinstance(node, (ast.If, ast.IfExp)):
            assert (path.name, method.name) in ALLOWED_CONDITIONS, f"{where} has a condition"
        if isinstance(node, ast.Call) and node not in method.decorator_list:
            called = dotted(node.func) or ast.unparse(node.func)
            assert called in MAY_CALL or called.endswith(".made_at"), f"{where} calls {called}"


def taking_over() -> Iterator[tuple[Path, ast.FunctionDef]]:
    """The `apply` and `says` of events that hand themselves over, and what they hand themselves over to."""
    for path in DOMAIN:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef) and (
                node.name in HAND_OVER or (path.name in SAID and node.name in ENTERED)
            ):
                yield path, node


HAND_OVER = {"apply", "says"}
SAID = {"entered.py", "said.py", "written.py"}
ENTERED = {"_enter", "_assert", "_withdraw", "say", "withdraw", "correct"}


@pytest.mark.parametrize(
    ("path", "method"), list(taking_over()), ids=[f"{path.name}:{node.name}" for path, node in taking_over()]
)
def test_an_event_that_hands_itself_over_refuses_nothing(path: Path, method: ast.FunctionDef) -> None:
    for node in ast.walk(method):
        assert not isinstance(node, (ast.Raise, ast.Assert, ast.Try, ast.While)), (
            f"{path.name}:{method.name} refuses"
        )


def test_the_conditions_allowed_in_events_are_still_needed() -> None:
    having = {
        (path.name, method.name)
        for path, method in APPLIED
        if any(isinstance(node, (ast.If, ast.IfExp)) for node in ast.walk(method))
    }
    assert having == set(ALLOWED_CONDITIONS)


@pytest.mark.parametrize("path", FILES, ids=ids(FILES))
def test_what_only_one_place_may_do(path: Path) -> None:
    name = name_of(path)
    used = set(uses(path))
    if name not in THE_ENVIRONMENT:
        assert not used & {"os.environ", "os.getenv", "os.putenv"}, f"{name} reads the environment"
    if name not in THE_CLOCK:
        clocks = {
            "datetime.now",
            "datetime.utcnow",
            "datetime.today",
            "date.today",
            "time.time",
            "datetime.datetime.now",
        }
        assert not used & clocks, f"{name} has a clock of its own"
    if not name.startswith(THE_PRINTERS):
        assert "print" not in used, f"{name} prints"


@pytest.mark.parametrize("path", FILES, ids=ids(FILES))
def test_no_module_is_too_long_to_be_read_at_once(path: Path) -> None:
    lines = len(path.read_text("utf-8").splitlines())
    assert lines <= LINES_MAX or name_of(path) in LONGER, f"{name_of(path)} has {lines} lines"


def test_the_exceptions_to_the_length_are_still_needed() -> None:
    for name in LONGER:
        assert len((ROOT / name).read_text("utf-8").splitlines()) > LINES_MAX, (
            f"{name} no longer needs its exception"
        )


def test_every_module_of_the_tests_says_what_it_shows_and_is_read_at_once() -> None:
    for path in sorted((ROOT / "tests").rglob("*.py")):
        if path.name != "__init__.py":
            assert ast.get_docstring(tree(path)), f"{name_of(path)} has no docstring"
        lines = len(path.read_text("utf-8").splitlines())
        assert lines <= LINES_MAX, f"{name_of(path)} has {lines} lines"
