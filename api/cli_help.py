"""Commands as the library has them: loaded when they are asked for, with pages of `--help` in the words of those who read them.

What typer itself says there is English.
"""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

# What typer says -> what stands in its place. Types and braces are for programmers.
_WORDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.MULTILINE), words)
    for pattern, words in (
        (r"^Usage: ", "用法："),
        (r"\[OPTIONS\]", "[选项]"),
        (r"COMMAND \[ARGS\]\.\.\.", "命令 …"),
        (r"^Arguments:$", "参数："),
        (r"^Options:$", "选项："),
        (r"^Commands:$", "命令："),
        (r"\{([A-Za-z.|]+)\}", r"\1"),
        (r" <[a-z ]+>", ""),
        (r"\brequired\]", "必填]"),
        (r"\[default: ", "[不写则为 "),
        (r"\bx>=(\d+)", r"不小于 \1"),
        (r"\b(\d+)<=x<=(\d+)", r"\1 至 \2"),
        (r"; ", "，"),
        (r"Show this message and exit\.", "显示本说明"),
    )
)


def told(page: str) -> str:
    """A page of help as typer writes it, in Chinese."""
    for pattern, words in _WORDS:
        page = pattern.sub(words, page)
    return page


class Command(TyperCommand):
    def get_help(self, ctx: Any) -> str:
        return told(super().get_help(ctx))


class Group(TyperGroup):
    def get_help(self, ctx: Any) -> str:
        return told(super().get_help(ctx))


class Later(Mapping[str, Any]):
    """Commands by their names, each imported with its group when it is asked for.

    `groups`: the names of commands, by the module that registers them.
    """

    def __init__(self, groups: Mapping[str, Sequence[str]]) -> None:
        self._module_of = {name: module for module, names in groups.items() for name in names}
        self._loaded: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        module = self._module_of[name]
        if name not in self._loaded:
            self._loaded |= _commands_of(module)
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._module_of)

    def __len__(self) -> int:
        return len(self._module_of)


def _commands_of(module: str) -> Mapping[str, Any]:
    group = typer.Typer(rich_markup_mode=None)
    with nullcontext() if module in sys.modules else _for_good():
        import_module(module).register(group)
    return typer.main.get_group(group).commands


@contextmanager
def _for_good() -> Iterator[None]:
    """What is loaded stays to the end of the program: the collector need not look through it meanwhile, nor when it ends."""
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if collected:
            gc.enable()
