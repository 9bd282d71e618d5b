"""How the command line speaks: JSON or lines on stdout, words on stderr, and the exit codes that scripts rely on."""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from api.clerk import Clerk
from api.cli_help import Command
from api.columns import fault_lines
from api.compose import china_today
from api.desk import Answer, Desk
from api.keyfile import load
from api.lookup import post_called
from api.settings import settings_of
from audit import dsse
from audit.admission import NotAdmitted
from audit.errors import Malformed
from domain.errors import BadShape, UnknownKey
from projections.labels import nth

EXIT_OK, EXIT_OTHER, EXIT_USAGE, EXIT_NOT_FOUND, EXIT_NOT_ALLOWED, EXIT_CONFLICT, EXIT_IMPORT, EXIT_VERIFY = (
    range(8)
)

_NOT_ALLOWED = frozenset({"unknown_key", "bad_signature", "bad_key"})

Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="数据目录")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON")]
KeyPath = Annotated[Path, typer.Option("--key", metavar="FILE", help="签名人的密钥文件")]
KeyPaths = Annotated[
    list[Path],
    typer.Option("--key", metavar="FILE", help="签名人的密钥文件；须几人共同签名的，按签名次序逐个给出"),
]
ReaderKey = Annotated[Path, typer.Option("--key", metavar="FILE", help="查阅人自己的密钥文件")]
Post = Annotated[
    str, typer.Option("--post", metavar="POST", help="作为代理人签名的：被代理的岗位，写 单位/岗位 或其编号")
]


def _url(text: str) -> str:
    """An address, or none. Its parts are looked at here, so that a slip of the pen is told as one."""
    if text and not re.match(r"https?://[^/]", text):
        raise typer.BadParameter(f"“{text}”不是服务的地址，应写作 http://127.0.0.1:8000")
    return text


UrlOrNone = Annotated[
    str,
    typer.Option(
        "--url", metavar="URL", callback=_url, help="或者：台账服务的地址，如 http://127.0.0.1:8000"
    ),
]
Url = Annotated[
    str, typer.Option("--url", metavar="URL", callback=_url, help="服务的地址，如 http://127.0.0.1:8000")
]


Run = TypeVar("Run", bound=Callable[..., "int | None"])


def exits(command: Run) -> Run:
    """A command whose returned number is the exit code of the program."""

    @wraps(command)
    def ran(*arguments: Any, **options: Any) -> None:
        code = command(*arguments, **options)
        print(end="", flush=True)  # what cannot be written is told here, and not lost when the program ends
        if code:
            raise typer.Exit(code)

    return ran  # type: ignore[return-value]


def add(app: typer.Typer, name: str, command: Callable[..., int | None]) -> None:
    """Put a command under its name, with a page of help in Chinese."""
    app.command(name, cls=Command)(exits(command))


def seen(text: str) -> str:
    """A text for a terminal: characters that steer it, or that nobody sees, are shown as U+FFFD."""
    return "".join(
        "\ufffd" if one != "\n" and unicodedata.category(one) in ("Cc", "Cf", "Zl", "Zp") else one
        for one in text
    )


def say(text: str) -> None:
    """To a person, beside the data."""
    print(seen(text), file=sys.stderr)


def out(text: str) -> None:
    """To a person, as the answer."""
    print(seen(text))


def out_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=None if not sys.stdout.isatty() else 1))


def day(text: str) -> str:
    """A date given as an option; empty for none."""
    try:
        return text and date.fromisoformat(text).isoformat()
    except ValueError:
        raise typer.BadParameter(f"“{text}”不是日期，应写作 {china_today()}") from None


def open_desk(data: Path) -> Desk:
    """Raises LookupError when there is no ledger, BadSettings."""
    settings = settings_of(data)
    if not settings.database_url and not (data / "ledger.db").exists():
        raise LookupError(f"{data} 里没有台账，请核对目录；还没有开账的，先 bangfu init")
    return Desk(settings)


def clerk_at(desk: Desk, keys: Sequence[Path], post: str = "") -> Clerk:
    """Whoever holds these keys, as deputies in a post of another if one is given. Refused (AUTH-1) for a key not enrolled."""
    found = [load(path) for path in keys]
    for path, key in zip(keys, found, strict=True):
        if desk.public_key(key.key_id) is None:
            raise UnknownKey(f"{path} 里的密钥 {key.key_id} 未登记，请先由登记员登记（bangfu enrol）")
    return Clerk(desk, *found, post=post and post_called(desk.ledger.refresh(), post))


def read_json(path: Path) -> Any:
    """Raises Malformed."""
    try:
        return json.loads(read_bytes(path).decode("utf-8"))
    except json.JSONDecodeError as error:
        raise Malformed(f"{path} 不是 JSON：第 {error.lineno} 行第 {error.colno} 个字附近写法不对") from None
    except UnicodeDecodeError:
        raise Malformed(f"{path} 不是 UTF-8 文本") from None


def read_bytes(path: Path) -> bytes:
    return sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()


def read_statement(path: Path) -> tuple[bytes, Any]:
    """A command or an envelope as it stands in a file, and its JSON value. Raises NotAdmitted."""
    text = read_bytes(path)
    if not text.strip():
        raise NotAdmitted("bad_form", "FORMAT-5", "前一步没有输出，原因见它的说明")
    try:
        return text, dsse.strict_json(text)
    except Malformed:
        raise NotAdmitted("bad_form", "FORMAT-5", f"{path} 不是 JSON，应是 prepare 或 sign 的输出") from None


def exit_of(code: str, rule: str) -> int:
    """The exit code of a refusal."""
    return EXIT_NOT_ALLOWED if rule.startswith("AUTH") or code in _NOT_ALLOWED else EXIT_CONFLICT


def say_refused(code: str, rule: str, message: str, detail: Mapping[str, Any] | None) -> None:
    """A refusal in words: with every fault of a content that has the wrong shape."""
    faults = (detail or {}).get("faults", [])
    if code == BadShape.code and faults and "title" not in faults[0]:
        message = f"内容有 {len(faults)} 处不对"
    say(f"不予受理（{f'{code}，{rule}' if rule else code}）：{message}")
    for line in fault_lines(faults):
        say(line)


def answer(found: Answer, as_json: bool) -> int:
    """Say what became of a statement; the exit code."""
    if as_json:
        out_json(found.json())
    elif found.ok:
        again = "（早已入账，没有重复）" if found.replayed else ""
        out(f"已入账{again}：第 {found.position} 号，共 {found.n} 条，指令 {found.command[:16]}")
        for first, last in found.accepted:
            out(f"  已收{nth(first)}至{nth(last)}" if first != last else f"  已收{nth(first)}")
        for index, code, rule, message in found.refused:
            say(f"  未收{nth(index)}（{code}，{rule}）：{message}")
    else:
        say_refused(found.code, found.rule, found.message, found.detail)
    return EXIT_OK if found.ok else exit_of(found.code, found.rule)
