"""`python -m audit TARGET`: verification for a stranger, with nothing but this directory, Python and `cryptography`.

TARGET is an exported log. Exit code: 0 verified, 7 verification failed, 2 usage. Nothing is written but the answer.
"""

from __future__ import annotations

import argparse
import json
import sys
import unicodedata
from pathlib import Path
from typing import Any

from audit import canonical, entry
from audit.exported import ExportedLog
from audit.verdict import IDENTITY, Source, Verdict
from audit.verify import verify

EXIT_OK, EXIT_USAGE, EXIT_FAILED = 0, 2, 7


def main(arguments: list[str] | None = None) -> int:
    """Verify and print; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m audit", description="核验导出的账本（FORMAT.md 第 15 节）"
    )
    parser.add_argument("target", type=Path, metavar="TARGET", help="导出的账本目录")
    parser.add_argument("--trust", type=Path, metavar="FILE", help="信任文件")
    parser.add_argument("--event", type=int, metavar="N", help="另外印出第 N 号分录")
    parser.add_argument("--json", action="store_true", help="结果印成 JSON")
    options = parser.parse_args(arguments)
    if not options.target.is_dir():
        parser.error(f"{options.target} 不是目录")
    if options.trust is not None and not options.trust.is_file():
        parser.error(f"{options.trust} 不是文件")
    source = ExportedLog(options.target)
    verdict = verify(source, None if options.trust is None else options.trust.read_bytes())
    event = None
    if options.event is not None and verdict.ok:
        if not 0 <= options.event < verdict.size:
            parser.error(f"--event 应在 0 与 {verdict.size - 1} 之间")
        event = described(source, options.event, verdict.size)
    if options.json:
        answer = verdict.json() if event is None else {**verdict.json(), "event": event}
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("".join(f"{seen(line)}\n" for line in lines(verdict)))
        if event is not None:
            sys.stdout.write(json.dumps(event, ensure_ascii=False, indent=1) + "\n")
    return EXIT_OK if verdict.ok else EXIT_FAILED


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
