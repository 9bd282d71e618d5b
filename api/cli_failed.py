"""What went wrong with a command, in words or as JSON, with its exit code: the one place where it is told.

It is imported when something has, since it knows every kind of error that there is.
"""

from __future__ import annotations

import errno
from ast import literal_eval
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import typer
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from api.ceremony import NotDone
from api.cli_say import (
    EXIT_CONFLICT,
    EXIT_IMPORT,
    EXIT_NOT_FOUND,
    EXIT_OTHER,
    EXIT_USAGE,
    exit_of,
    out_json,
    say,
    say_refused,
)
from api.exchange.errors import Unreadable
from api.importing import UnclearArea
from api.settings import BadSettings
from api.verifying import NotTrust
from audit.admission import NotAdmitted
from audit.driver import StoreFailure
from audit.drivers.sql import said
from audit.errors import Malformed
from audit.log import ForeignKey, ReadOnly
from audit.sealer import Forked
from domain.errors import NotFound, Refused, UnknownCommand
from projections.follow import FollowedElsewhere

# typer brings the click that it is made of; of its errors only BadParameter has a name that typer publishes.
_UsageError: Any = typer.BadParameter.__bases__[0]
_ANY = (
    _UsageError, Refused, NotAdmitted, NotDone, Malformed, Unreadable, BadSettings, NotTrust, StoreFailure, Forked, ForeignKey,
    ReadOnly, FollowedElsewhere, SQLAlchemyError, LookupError, OSError,
)  # fmt: skip


def tell(error: Exception, words: Sequence[str]) -> int | None:
    """Tell what went wrong with these words of a command line; the exit code. None: it is a fault of ours, and nobody's to tell."""
    if isinstance(error, typer.Abort):
        return EXIT_OTHER
    if not isinstance(error, _ANY):
        return None
    if not words:
        say(str(error))  # the help
        return EXIT_USAGE
    failure = _failure(error)
    with suppress(OSError):  # where nobody listens any more the exit code tells it
        failure.tell("--json" in words)
    return failure.exit


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why a command did not go on, for people and for programs."""

    exit: int
    code: str
    message: str
    rule: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)

    def tell(self, as_json: bool) -> None:
        if as_json:
            told = {"ok": False, "code": self.code, "rule": self.rule, "message": self.message}
            out_json(told | ({"detail": dict(self.detail)} if self.detail else {}))
        elif self.rule and self.exit != EXIT_NOT_FOUND:
            say_refused(self.code, self.rule, self.message, self.detail)
        else:
            say(self.message)


def _failure(error: Exception) -> _Failure:
    if isinstance(error, NotFound | UnknownCommand):  # a name that names nothing
        return _Failure(EXIT_NOT_FOUND, error.code, error.message, error.rule, error.detail)
    if isinstance(error, Refused):
        return _Failure(exit_of(error.code, error.rule), error.code, error.message, error.rule, error.detail)
    if isinstance(error, NotAdmitted):
        return _Failure(exit_of(error.code, error.rule), error.code, error.message, error.rule)
    if isinstance(error, Unreadable):
        return _Failure(EXIT_IMPORT, error.code, error.message, error.rule, error.detail)
    if isinstance(error, UnclearArea):
        return _Failure(EXIT_USAGE, error.code, str(error))
    if isinstance(error, NotTrust):
        return _Failure(EXIT_USAGE, "not_trust", str(error))
    if isinstance(error, _UsageError):
        return _Failure(EXIT_USAGE, "usage", f"{_usage(error)}。用法见 --help")
    if isinstance(error, LookupError):
        return _Failure(EXIT_NOT_FOUND, "not_found", f"没有找到：{error.args[0] if error.args else error}")
    if isinstance(error, OSError):
        return _of_system(error)
    if isinstance(error, SQLAlchemyError):
        anew = "读表不是凭据：坏了的，停下服务，移走它的文件（projections.db），下次运行即重建"
        return _Failure(EXIT_OTHER, "not_done", f"读表读不出或写不进：{said(error)}。{anew}")
    return _Failure(EXIT_OTHER, error.code if isinstance(error, NotDone) else "not_done", str(error))


def _of_system(error: OSError) -> _Failure:
    named = error.filename or (error.args[0] if len(error.args) == 1 else "文件")
    if isinstance(error, FileExistsError):
        return _Failure(EXIT_CONFLICT, "exists", f"已经存在，不覆盖：{named}")
    if isinstance(error, FileNotFoundError):
        return _Failure(EXIT_NOT_FOUND, "not_found", f"没有这个文件：{named}")
    words = {
        errno.EACCES: "没有权限读写",
        errno.EPERM: "没有权限读写",
        errno.EISDIR: "是目录，不是文件",
        errno.ENOTDIR: "不是目录",
        errno.ENOSPC: "磁盘已满",
        errno.EROFS: "所在磁盘只读",
    }
    return _Failure(
        EXIT_OTHER, "system", f"{named}：{words.get(error.errno or 0, f'读写失败（errno {error.errno}）')}"
    )


def _usage(error: Any) -> str:
    """What is wrong with the words of the command line."""
    said = str(error.format_message())
    parameter = getattr(error, "param", None)
    name = (
        ""
        if parameter is None
        else "/".join(parameter.opts)
        if parameter.opts[0].startswith("-")
        else parameter.metavar or parameter.name
    )
    kind = type(error).__name__
    if kind == "MissingParameter":
        return f"缺少 {name}"
    if kind == "NoSuchOption":
        return f"没有选项 {error.option_name}{_near(error.option_name, error.possibilities or ())}"
    if kind == "BadOptionUsage":
        needs = "requires" in said
        return f"选项 {error.option_name} 后面{'缺少值' if needs else '不写值'}"
    if said.startswith("No such command"):
        written = literal_eval(said.removeprefix("No such command ").removesuffix("."))
        return f"没有命令 {written}{_near(written, error.ctx.command.list_commands(error.ctx))}"
    if said.startswith("Got unexpected extra"):
        return f"多出的词：{said.rpartition('(')[2].removesuffix(')')}"
    if kind == "BadParameter":
        # What the library itself says of a value is not for a clerk.
        return f"{name} {_wanted(error) if error.message.isascii() else error.message}".strip()
    return "命令的写法不对" if said.isascii() else said


def _near(written: str, known: Iterable[str]) -> str:
    """What may have been meant."""
    found = get_close_matches(written, list(known), cutoff=0.7)
    return f"，相近的是 {'、'.join(found)}" if found else ""


def _wanted(error: Any) -> str:
    """What may stand where a value of another type stood."""
    cause = error.__cause__
    if isinstance(cause, ValidationError):
        fault = cause.errors()[0]
        bounds = fault.get("ctx", {})
        if fault["type"].startswith("int_"):
            return "应为整数"
        if "ge" in bounds:
            return f"应不小于 {bounds['ge']}"
        if "le" in bounds:
            return f"应不大于 {bounds['le']}"
    return "的值不对"
