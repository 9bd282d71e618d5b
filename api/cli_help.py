"""The pages of `--help` in the words of those who read them: what typer itself says there is English."""

from __future__ import annotations

import re
from typing import Any

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
