"""Columns of Chinese text on a terminal: a Chinese character is two columns wide."""

from collections.abc import Iterable, Iterator
from unicodedata import east_asian_width

COLUMNS = 80


def width(text: str) -> int:
    """The columns that a text takes."""
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in text)


def pad(text: str, columns: int) -> str:
    """The text, filled with spaces up to a number of columns."""
    return text + " " * max(0, columns - width(text))


def wrap(text: str, first: str = "", indent: str = "", columns: int = COLUMNS) -> list[str]:
    """Lines of at most `columns`, the first begun with `first`, the others with `indent`.

    Broken at a space where there is one, otherwise between any two characters, as Chinese is. A word longer
    than a line (an id never is) is broken too: nothing is cut off.
    """
    lines: list[str] = []
    line, room = first, columns - width(first)
    for word in _words(text):
        if width(word) > room and line.strip() and line not in (first, indent):
            lines.append(line.rstrip())
            line, room = indent, columns - width(indent)
            word = word.lstrip(" ")  # noqa: PLW2901 - a space at a break is no text
        line += word
        room -= width(word)
    return [*lines, line.rstrip()]


_NEVER_FIRST = frozenset("，。、；：？！）》】”’％→")  # 行首禁则: these stay with what stands before them


def _words(text: str) -> Iterator[str]:
    """Runs of narrow characters, each with the spaces before it; wide characters singly."""
    word = ""
    for one in text.replace("\n", " "):
        wide = east_asian_width(one) in "WF"
        ends = wide or (one == " " and not word.isspace()) or (word and east_asian_width(word[-1]) in "WF")
        if word and ends and one not in _NEVER_FIRST:
            yield word
            word = ""
        word += one
    if word:
        yield word


def table(pairs: Iterable[tuple[str, str]], indent: str = "  ", columns: int = COLUMNS) -> list[str]:
    """Labels with their values, aligned; long values wrapped under themselves."""
    rows = list(pairs)
    broad = max((width(label) for label, _ in rows), default=0) + 2
    lines: list[str] = []
    for label, value in rows:
        lines += wrap(value, indent + pad(label, broad), " " * (width(indent) + broad), columns)
    return lines
