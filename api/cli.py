"""`bangfu`: the command line. Data on stdout, everything else on stderr; exit codes as README says. Translates; no rule lives here.

Each command stands in a module of its group, which is imported when one of its commands is asked for: a program that starts
for every line of a script shall load what that line needs.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated, Any, NoReturn

import typer

from api.cli_help import Group, Later

GROUPS = {
    "api.cli_keys": ("init", "keygen", "trust", "enrol", "posts", "adopt-rules"),
    "api.cli_record": ("commands", "prepare", "sign", "submit", "endorse"),
    "api.cli_papers": ("file-hash",),
    "api.cli_import": ("import", "template", "export"),
    "api.cli_read": (
        "trace", "diff", "verify", "export-log", "backup", "restore", "rebuild", "register", "loads", "demo",
    ),
    "api.cli_names": ("names", "erasures"),
    "api.cli_serve": ("serve", "login"),
}  # fmt: skip


class _Bangfu(Group):
    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings | {"commands": Later(GROUPS)})


app = typer.Typer(
    name="bangfu",
    cls=_Bangfu,
    help="帮扶台账：签名、封印、可独立核验的资产债务审计台账。",
    no_args_is_help=True,
    suggest_commands=False,  # what may have been meant is told with what went wrong
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(asked: bool) -> None:
    if asked:
        from importlib import metadata  # noqa: PLC0415 - only who asks for the version waits for it

        from api.archive import own_archive  # noqa: PLC0415

        try:
            number = metadata.version("bangfu-ledger")
        except metadata.PackageNotFoundError:
            number = "（未安装，从源码运行）"
        typer.echo(f"bangfu {number}，规则包 {own_archive()[0][:16]}")
        raise typer.Exit


@app.callback()
def _all(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="版本和规则包")
    ] = False,
) -> None:
    pass


def run(arguments: list[str] | None = None) -> int:
    """Run one command; its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    try:
        code = app(words, prog_name="bangfu", standalone_mode=False)
    except Exception as error:
        from api.cli_failed import tell  # noqa: PLC0415 - it knows every error, and so every package

        told = tell(error, words)
        if told is None:
            raise
        return told
    return code if isinstance(code, int) else 0


def main() -> NoReturn:
    try:
        code = run()
    except KeyboardInterrupt:
        # While what went wrong was still to be told; before that the library gives the same code.
        code = 130
    try:
        print(end="", flush=True)
    except OSError:
        # There is no room for it, or nobody who reads it: Python would try once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = code or 1
    sys.exit(code)


if __name__ == "__main__":
    main()
