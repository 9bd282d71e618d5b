"""`bangfu`: the command line. Data on stdout, everything else on stderr; exit codes as README says. Translates; no rule lives here."""

from __future__ import annotations

import sys
from typing import NoReturn

import typer

from api import cli_keys, cli_read, cli_record
from api.ceremony import NotDone
from api.cli_say import EXIT_CONFLICT, EXIT_NOT_FOUND, EXIT_OK, EXIT_OTHER, exit_of, say
from api.exchange.errors import Unreadable
from audit.driver import StoreFailure
from audit.errors import Malformed
from audit.log import ReadOnly
from audit.sealer import Forked
from domain.errors import NotFound, Refused

app = typer.Typer(
    name="bangfu",
    help="帮扶台账：签名、封印、可独立核验的资产债务审计台账。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for group in (cli_keys, cli_record, cli_read):
    group.register(app)


def run(arguments: list[str] | None = None) -> int:
    """Run one command; its exit code."""
    try:
        app(arguments)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else EXIT_OTHER if ended.code else EXIT_OK
    except NotFound as refusal:
        say(f"没有找到：{refusal.message}")
        return EXIT_NOT_FOUND
    except Refused as refusal:
        say(f"不予受理（{refusal.code}，{refusal.rule}）：{refusal.message}")
        return exit_of(refusal.code, refusal.rule)
    except LookupError as error:
        say(f"没有找到：{error.args[0] if error.args else error}")
        return EXIT_NOT_FOUND
    except FileExistsError as error:
        say(f"已经存在，不覆盖：{error.filename or error}")
        return EXIT_CONFLICT
    except FileNotFoundError as error:
        say(f"没有这个文件：{error.filename}")
        return EXIT_NOT_FOUND
    except (NotDone, Malformed, Unreadable, StoreFailure, Forked, ReadOnly, OSError) as error:
        say(str(error))
        return EXIT_OTHER
    return EXIT_OK


def main() -> NoReturn:
    sys.exit(run())


if __name__ == "__main__":
    main()
