"""`python -m audit TARGET`: verification for a stranger, with nothing but this directory, Python and `cryptography`.

TARGET is an exported log. Exit code: 0 verified, 7 verification failed, 2 usage. Nothing is written but the answer.
"""

from __future__ import annotations

import getopt
import json
import re
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from audit import canonical, entry
from audit.exported import ExportedLog
from audit.verdict import IDENTITY, Source, Verdict
from audit.verify import verify

EXIT_OK, EXIT_USAGE, EXIT_FAILED = 0, 2, 7
USAGE = "用法：python -m audit [选项] TARGET"
HELP = f"""{USAGE}

  核验导出的账本（FORMAT.md 第 15 节）。退出码：0 通过，7 不通过，2 写法不对。

  TARGET        导出的账本目录（bangfu export-log 所写）

选项：
  --trust FILE  信任文件；没有它只证明自洽，不证明身份
  --event N     核验通过的，另外印出第 N 号分录
  --json        结果印成 JSON
  -h, --help    显示本说明
"""
_position = re.compile("0|[1-9][0-9]{0,15}").fullmatch  # as FORMAT 7.2 writes it


@dataclass(frozen=True, slots=True)
class Asked:
    target: Path
    trust: Path | None
    event: int | None
    as_json: bool


def main(arguments: list[str] | None = None) -> int:
    """Verify and print; returns the exit code. Raises SystemExit for words that do not do."""
    asked = _asked(sys.argv[1:] if arguments is None else arguments)
    if asked is None:
        sys.stdout.write(HELP)
        return EXIT_OK
    source = ExportedLog(asked.target)
    verdict = verify(source, None if asked.trust is None else asked.trust.read_bytes())
    event = None
    if asked.event is not None and verdict.ok:
        if not 0 <= asked.event < verdict.size:
            _stop(f"--event 应在 0 与 {verdict.size - 1} 之间")
        event = described(source, asked.event, verdict.size)
    if asked.as_json:
        answer = verdict.json() if event is None else {**verdict.json(), "event": event}
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("".join(f"{seen(line)}\n" for line in lines(verdict)))
        if event is not None:
            sys.stdout.write(json.dumps(event, ensure_ascii=False, indent=1) + "\n")
    return EXIT_OK if verdict.ok else EXIT_FAILED


def _asked(words: Sequence[str]) -> Asked | None:
    """What is asked for; None for the help."""
    try:
        options, targets = getopt.gnu_getopt(list(words), "h", ["event=", "help", "json", "trust="])
    except getopt.GetoptError as error:
        if error.opt in ("event", "trust"):
            _stop(f"选项 --{error.opt} 后面缺少值")
        _stop(f"选项 --{error.opt} 后面不写值" if error.opt in ("help", "json") else f"没有选项 {error.opt}")
    stated = dict(options)
    if stated.keys() & {"-h", "--help"}:
        return None
    if len(targets) != 1:
        _stop(f"多出的词：{' '.join(targets[1:])}" if targets else "缺少 TARGET")
    target, trust, event = Path(targets[0]), stated.get("--trust"), stated.get("--event")
    if not target.is_dir():
        _stop(f"{target} 不是目录")
    if trust is not None and not Path(trust).is_file():
        _stop(f"{trust} 不是文件")
    if event is not None and not _position(event):
        _stop("--event 应为整数")
    return Asked(
        target,
        None if trust is None else Path(trust),
        None if event is None else int(event),
        "--json" in stated,
    )


def _stop(why: str) -> NoReturn:
    sys.stderr.write(f"{seen(why)}\n{USAGE}\n")
    raise SystemExit(EXIT_USAGE)


def seen(text: str) -> str:
    """A text for a terminal: a log may say anything, and must not steer what its verifier sees."""
    return "".join("\ufffd" if unicodedata.category(one) in ("Cc", "Cf", "Zl", "Zp") else one for one in text)


def lines(verdict: Verdict) -> list[str]:
    """A verdict in plain Chinese."""
    checked = verdict.checked
    counts = (
        f"已核对分录 {checked.entries} 条、签名 {checked.signatures} 个、封印 {checked.seals} 个；规则未重放"
    )
    if verdict.failures:
        failure = verdict.failures[0]
        place = "全账" if failure.position is None else f"第 {failure.position} 号分录"
        return [f"核验不通过：第 {failure.step} 步，{place}：{failure.detail}", counts]
    found = ["核验通过", IDENTITY[verdict.trust], f"大小 {verdict.size}，根 {verdict.root.hex()}", counts]
    if verdict.doubtful:
        found.append(
            f"存疑 {len(verdict.doubtful)} 条（签名密钥已报泄露）：{'、'.join(map(str, verdict.doubtful))}"
        )
    return found


def described(source: Source, position: int, size: int) -> dict[str, Any]:
    """What a verified entry says. The command of an entry with i > 1 stands before it."""
    sections = entry.unframe(next(source.entries(position, size)))
    header = canonical.decode(sections.header)
    first = position - (header["i"] - 1)
    statement = sections.statement
    if first != position:
        statement = entry.unframe(next(source.entries(first, size))).statement
    return {
        "header": header,
        "state": canonical.decode(sections.state),
        "statement": canonical.decode(statement),
    }


if __name__ == "__main__":
    sys.exit(main())
