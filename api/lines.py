"""Answers in lines for a terminal: a verdict, the register, load sessions. Read by the command line and told by the demo."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from api.exchange.text import one_line
from api.steps import STEPS
from api.verifying import Checked
from audit.errors import NotBelieved
from audit.verdict import IDENTITY, Failure
from domain.population import PARTS
from domain.values import kind_of
from projections.entry import CHINA, moment
from projections.labels import KINDS, amount, checked_label, class_label, event_title
from projections.load import Session
from projections.register import Register
from projections.text import pad


def verdict_lines(found: Checked, seconds: float) -> list[str]:
    """A verdict in plain Chinese."""
    verdict = found.verdict
    lines = []
    failures: list[Failure | NotBelieved] = [*verdict.failures, *found.further]
    for failure in failures:
        where = "全账" if failure.position is None else f"第 {failure.position} 号"
        lines.append(f"核验不通过：第 {failure.step} 步（{STEPS[failure.step]}），{where}：{failure.detail}")
    if found.replayed is not None:
        for epoch, sha256 in found.replayed.skipped.items():
            why = "存档缺失" if epoch in found.missing else "存档不在信任之列"
            lines.append(f"第 {epoch} 版规则未重放：{why}（{sha256[:16]}）")
    if not failures:
        lines.append(
            f"核验通过：{verdict.size} 条分录，{verdict.checked.signatures} 个签名，{verdict.checked.seals} 个封印，"
            f"{seconds:.1f} 秒"
        )
    if verdict.ok:
        lines.append(IDENTITY[verdict.trust])
    if found.replayed is not None:
        lines.append(
            f"重放（用本程序的代码）：{found.replayed.decided} 条指令，版次 {list(found.replayed.epochs)}"
        )
    if verdict.doubtful:
        lines.append(f"存疑：{len(verdict.doubtful)} 条由已报泄露的密钥签署，自第 {verdict.doubtful[0]} 号起")
    if found.event is not None:
        header, names = found.event["header"], found.event["names"]
        named: Callable[[str], str] = lambda one: called(one, names.get(one, ""))  # noqa: E731
        recorded = moment(header["at"]).astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
        lines.append(
            f"第 {header['position']} 号：{event_title(header['event'])}，{recorded} 入账，对象 {named(header['stream'])}"
        )
        statement = found.event["statement"]
        if statement is not None:
            lines.append(f"  {one_line(statement['summary'])}")
            lines += [f"  签名 {named(signer['key'])}" for signer in statement["signers"]]
    return lines


def called(subject: str, label: str) -> str:
    """A subject for people: of what kind, what it is called, and its id, by which it is found."""
    kind = KINDS.get(kind_of(subject), "")
    return f"{kind} {label}（{subject}）" if label else f"{kind} {subject}".strip()


def register_lines(found: Register) -> list[str]:
    """The register for a terminal: a line each, then the sums in both columns."""
    lines = []
    for row in found.rows:
        mark = "外部" if row["external"] else checked_label(row["checked"])
        name = f"{row['number']} {row['name']}".strip()
        class_ = class_label(row["class"])
        lines.append(f"{pad(mark, 6)}{pad(class_, 8)}{pad(name, 44)}{amount(row['total_fen'])}")
    rows = [(class_label(class_), sums) for class_, sums in found.sums.by.items()]
    for title, one in [*rows, ("合计", found.sums.all), ("外部来源（另计）", found.sums.external)]:
        columns = f"已核 {one.checked.count} 个 {amount(one.checked.fen[0])}"
        lines.append(
            f"{pad(title, 18)}{columns}；未核 {one.unchecked.count} 个 {amount(one.unchecked.fen[0])}"
        )
    lines.append(f"台账截至第 {found.next - 1} 号" if found.next else "台账为空")
    return lines


def session_lines(found: Sequence[Session]) -> list[str]:
    """Load sessions for a terminal: where each stands, and part by part what was stated beside what has been loaded."""
    lines = []
    for one in found:
        number = f"第 {one.number} 场 " if one.number else ""
        remark = f"（{one.remark}）" if one.remark else ""
        lines.append(
            f"{number}{one.name}（{one.area_label}），基准日 {one.cut_over_on}，{one.phase_title}{remark}  {one.id}"
        )
        for part, (_, title) in PARTS.items():
            stated, loaded, less = (kind[part] for kind in (one.stated, one.loaded, one.difference))
            differs = (
                f"，相差 {less['count']} 项 {amount(less['total_fen'])}" if any(less.values()) else "，相符"
            )
            lines.append(
                f"  {pad(title, 10)}应登记 {stated['count']} 项 {amount(stated['total_fen'])}，"
                f"已登记 {loaded['count']} 项 {amount(loaded['total_fen'])}{differs}"
            )
        if one.explanation:
            lines.append(f"  差异说明：{one_line(one.explanation)}")
    return lines or ["没有集中登记场次"]
