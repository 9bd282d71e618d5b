"""Refusals (拒绝): one class each, with a stable code and the number of the rule in domain/RULES.md.

A refusal answers the signer, so its message is Chinese, names the ids, and says what would be right.
What merely sends the ledger back to decide anew (`DecideAgain`) is no refusal and reaches nobody.
"""

from typing import Any, ClassVar


class Refused(Exception):
    """A broken rule. `detail` holds plain values for machines; the message is for people."""

    code: ClassVar[str] = ""
    rule: ClassVar[str] = ""
    title: ClassVar[str] = ""

    def __init__(self, message: str, /, **detail: Any) -> None:
        super().__init__(message)
        self.message = message
        self.detail: dict[str, Any] = detail


# --- the command itself -----------------------------------------------------------------------------


class UnknownCommand(Refused):
    code, rule, title = "unknown_command", "CMD-1", "没有这种指令"


class BadShape(Refused):
    code, rule, title = "bad_shape", "CMD-2", "指令内容不符合格式"


class WrongOrigin(Refused):
    code, rule, title = "wrong_origin", "CMD-3", "指令不是给本台账的"


class Expired(Refused):
    code, rule, title = "expired", "CMD-4", "指令已过有效期"


class WrongSummary(Refused):
    code, rule, title = "wrong_summary", "CMD-5", "摘要与内容不符"


class WrongNature(Refused):
    code, rule, title = "wrong_nature", "CMD-6", "此指令不能以该性质提交"


class FutureDate(Refused):
    code, rule, title = "future_date", "CMD-7", "业务日期晚于入账日期"


class LateReasonMissing(Refused):
    code, rule, title = "late_reason_missing", "CMD-8", "补登须说明迟登原因"


class InexactAmount(Refused):
    code, rule, title = "inexact_amount", "MONEY-1", "金额不能精确到分"


# --- who may sign -----------------------------------------------------------------------------------


class UnknownKey(Refused):
    code, rule, title = "unknown_key", "AUTH-1", "密钥未登记"


class KeyNotGood(Refused):
    code, rule, title = "key_not_good", "AUTH-2", "密钥已停用"


class CapacityNotHeld(Refused):
    code, rule, title = "capacity_not_held", "AUTH-3", "签名身份与登记不符"


class RoleNotAllowed(Refused):
    code, rule, title = "role_not_allowed", "AUTH-4", "岗位无权作此指令"


class OutsideArea(Refused):
    code, rule, title = "outside_area", "AUTH-5", "超出岗位辖区"


class DisciplineIndependent(Refused):
    code, rule, title = "discipline_independent", "AUTH-6", "纪委只监督、不经办"


class LedgerKeyLimited(Refused):
    code, rule, title = "ledger_key_limited", "AUTH-7", "台账自身密钥不得签此指令"


class WrongSigners(Refused):
    code, rule, title = "wrong_signers", "AUTH-8", "签名人数或人选不符"


class NotDeputised(Refused):
    code, rule, title = "not_deputised", "AUTH-9", "不在代理授权的日期之内"


# --- what the signer had seen -----------------------------------------------------------------------


class WrongSeen(Refused):
    code, rule, title = "wrong_seen", "SEEN-1", "所见清单与内容不符"


class SubjectMoved(Refused):
    code, rule, title = "subject_moved", "SEEN-2", "签名之后情况已有变化"


class Busy(Refused):
    code, rule, title = "busy", "SEEN-3", "同时变动过多，请重新提交"


# --- identity of things -----------------------------------------------------------------------------


class Taken(Refused):
    code, rule, title = "taken", "ID-1", "编号已被使用"


class NotFound(Refused):
    code, rule, title = "not_found", "ID-2", "台账中没有此编号"


class LabelDiffers(Refused):
    code, rule, title = "label_differs", "ID-3", "所写名称与台账不符"


# --- the ledger, keys, posts, areas, parameters -----------------------------------------------------


class AlreadyOpened(Refused):
    code, rule, title = "already_opened", "LEDGER-1", "台账已经开立"


class WrongOpening(Refused):
    code, rule, title = "wrong_opening", "LEDGER-2", "开立内容不完整"


class WrongEpoch(Refused):
    code, rule, title = "wrong_epoch", "LEDGER-3", "规则版次不连续"


class RulesNotAdopted(Refused):
    code, rule, title = "rules_not_adopted", "LEDGER-4", "本程序的规则尚未启用"


class ForeignRules(Refused):
    code, rule, title = "foreign_rules", "LEDGER-6", "不是本程序的规则"


class NotOpened(Refused):
    code, rule, title = "not_opened", "LEDGER-5", "台账尚未开立"


class WrongBinding(Refused):
    code, rule, title = "wrong_binding", "KEY-1", "密钥与人、岗位、单位不一致"


class LastRegistrar(Refused):
    code, rule, title = "last_registrar", "KEY-2", "不得停用最后一名登记员的密钥"


class WrongTerm(Refused):
    code, rule, title = "wrong_term", "POST-1", "任期不符"


class WrongDeputy(Refused):
    code, rule, title = "wrong_deputy", "POST-2", "代理人不符"


class WrongPosition(Refused):
    code, rule, title = "wrong_position", "KEY-3", "所指位置尚不存在"


class WrongParent(Refused):
    code, rule, title = "wrong_parent", "AREA-1", "上级区域不符"


class WrongSuccessors(Refused):
    code, rule, title = "wrong_successors", "AREA-2", "承继的区域不符"


class AreaSucceeded(Refused):
    code, rule, title = "area_succeeded", "AREA-3", "区域已由其他区域承继"


class NameUsed(Refused):
    code, rule, title = "name_used", "AREA-4", "已是该区域的名称"


class WrongCutOver(Refused):
    code, rule, title = "wrong_cut_over", "LOAD-1", "场次的基准日或区域不符"


class SessionOverlaps(Refused):
    code, rule, title = "session_overlaps", "LOAD-2", "该区域已有未封账的场次"


class DifferenceUnexplained(Refused):
    code, rule, title = "difference_unexplained", "LOAD-3", "已登记与应登记不符而未说明"


class LoadedDiffers(Refused):
    code, rule, title = "loaded_differs", "LOAD-4", "所写已登记数不符"


class WrongPhase(Refused):
    code, rule, title = "wrong_phase", "LOAD-5", "场次不在登记中"


class BooksClosed(Refused):
    code, rule, title = "books_closed", "LOAD-6", "已封账，不再期初建账"


class UnknownParameter(Refused):
    code, rule, title = "unknown_parameter", "PARAM-1", "没有这个参数或取值不符"


class RetroactiveWithoutPaper(Refused):
    code, rule, title = "retroactive_without_paper", "PARAM-2", "参数缺少当时的文件，或所附文件不合"


class LawChanged(Refused):
    code, rule, title = "law_changed", "LAW-1", "规定已变更，前后结论不同"


# --- projects ---------------------------------------------------------------------------------------


class NoAssistanceFunds(Refused):
    code, rule, title = "no_assistance_funds", "PROJ-2", "没有帮扶资金投入"


class BeforePolicy(Refused):
    code, rule, title = "before_policy", "PROJ-3", "早于2013年"


class NothingLeft(Refused):
    code, rule, title = "nothing_left", "PROJ-4", "既不在存续期，也未形成经营性资产"


class TotalDiffers(Refused):
    code, rule, title = "total_differs", "PROJ-5", "总额与资金明细不符"


class PersonalText(Refused):
    code, rule, title = "personal_text", "PROJ-6", "此栏不得写自然人"


class NotChecked(Refused):
    code, rule, title = (
        "not_checked",
        "PROJ-7",
        "项目未核",
    )  # said of every noun since; the title is published


class AlreadyChecked(Refused):
    code, rule, title = "already_checked", "PROJ-8", "已经核对"


class SamePerson(Refused):
    code, rule, title = "same_person", "PROJ-9", "须由另一人办理"


class WrongEntry(Refused):
    code, rule, title = "wrong_entry", "PROJ-10", "所核的不是这一条"


class NotEnterer(Refused):
    code, rule, title = "not_enterer", "PROJ-11", "未核时只由录入人改行"


class CauseRequired(Refused):
    code, rule, title = "cause_required", "CLASS-1", "闲置、淘汰须填原因"


class CauseForbidden(Refused):
    code, rule, title = "cause_forbidden", "CLASS-2", "优势、薄弱不填原因"


class OpinionsNotSought(Refused):
    code, rule, title = "opinions_not_sought", "CLASS-3", "未征求三方意见"


class ProposalOpen(Refused):
    code, rule, title = "proposal_open", "CLASS-4", "已有待签的认定"


class WrongStage(Refused):
    code, rule, title = "wrong_stage", "CLASS-5", "认定层级与岗位不符"


class WrongParty(Refused):
    code, rule, title = "wrong_party", "PARTY-1", "当事方写法不符"


class NotCorrectable(Refused):
    code, rule, title = "not_correctable", "CORR-2", "此条不作更正"


class NothingCorrected(Refused):
    code, rule, title = "nothing_corrected", "CORR-1", "更正内容不符"


# --- proposals and batches --------------------------------------------------------------------------


class ProposalClosed(Refused):
    code, rule, title = "proposal_closed", "PROP-1", "提议已结束"


class WrongCapacity(Refused):
    code, rule, title = "wrong_capacity", "PROP-2", "签署次序或身份不符"


class WrongExpiry(Refused):
    code, rule, title = "wrong_expiry", "PROP-3", "提议期限不符"


class NotProposer(Refused):
    code, rule, title = "not_proposer", "PROP-4", "只有提议人可以撤回"


class WrongBatch(Refused):
    code, rule, title = "wrong_batch", "BATCH-1", "批次内容与声明不符"


class WrongSum(Refused):
    code, rule, title = "wrong_sum", "BATCH-2", "批次金额合计不符"


class Repeated(Refused):
    code, rule, title = "repeated", "BATCH-4", "该行的指令已入账"


class WrongException(Refused):
    code, rule, title = "wrong_exception", "BATCH-3", "除外行不符"


class NotInBatch(Refused):
    code, rule, title = "not_in_batch", "BATCH-5", "此指令不能成批"


class NothingAccepted(Refused):
    code, rule, title = "nothing_accepted", "BATCH-6", "批次中没有可入账的行"


def refusals() -> dict[str, type[Refused]]:
    """Every refusal by its code. Codes are unique and are never given another meaning."""
    return {one.code: one for one in Refused.__subclasses__() if one.__module__.startswith(__name__)}


# --- not refusals: the store sends the ledger back to decide anew ------------------------------------


class DecideAgain(Exception):
    """Nothing was recorded; what the decision assumed no longer holds."""


class Moved(DecideAgain):
    """A subject of the read set has moved since the decision read it."""

    def __init__(self, subjects: tuple[str, ...]) -> None:
        super().__init__(f"moved: {', '.join(subjects)}")
        self.subjects = subjects


class DateChanged(DecideAgain):
    """The recorded date is no longer the one assumed."""


class EpochChanged(DecideAgain):
    """The rules epoch is no longer the one assumed."""
