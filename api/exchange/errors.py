"""Files that cannot be read at all: one class each, with a stable code and a message for the clerk.

What is wrong with a single row is no error but a `Fault` of that row: all of them are collected (`rules.py`).
"""

from typing import Any, ClassVar


class Unreadable(Exception):
    """A file that gives no table. The message says what was wrong and what would be right."""

    code: ClassVar[str] = ""
    rule: ClassVar[str] = ""
    title: ClassVar[str] = ""

    def __init__(self, message: str, /, **detail: Any) -> None:
        super().__init__(message)
        self.message = message
        self.detail: dict[str, Any] = detail


class NotCsv(Unreadable):
    code, rule, title = "not_csv", "READ-1", "不是CSV文件"


class UnknownEncoding(Unreadable):
    code, rule, title = "unknown_encoding", "READ-1", "文字编码不能识别"


class BrokenCsv(Unreadable):
    code, rule, title = "broken_csv", "READ-1", "CSV格式有误"


class TooLarge(Unreadable):
    code, rule, title = "file_too_large", "READ-1", "文件过大"


class NoHeading(Unreadable):
    code, rule, title = "no_heading", "READ-2", "找不到表头"


class AmbiguousHeading(Unreadable):
    code, rule, title = "ambiguous_heading", "READ-2", "表头有重复的栏"
