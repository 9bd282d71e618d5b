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


class WrongKind(Unreadable):
    code, rule, title = "wrong_kind", "READ-1", "不是可读的表格文件"


class Empty(Unreadable):
    code, rule, title = "empty_file", "READ-1", "文件是空的"


class Damaged(Unreadable):
    code, rule, title = "damaged_file", "READ-1", "文件损坏"


class Encrypted(Unreadable):
    code, rule, title = "encrypted_file", "READ-1", "文件加了密码"


class HasMacros(Unreadable):
    code, rule, title = "has_macros", "READ-1", "文件带有宏"


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
