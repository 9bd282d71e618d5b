"""Refusals of documents, meetings, notices and disposals, each with the number of its rule in domain/RULES.md."""

from domain.errors import Refused

# --- documents --------------------------------------------------------------------------------------


class DocumentMissing(Refused):
    code, rule, title = "document_missing", "DOC-1", "缺少材料"


class WrongDocumentKind(Refused):
    code, rule, title = "wrong_document_kind", "DOC-2", "材料种类不符"


class WeakSource(Refused):
    code, rule, title = "weak_source", "DOC-3", "没有原件或复印件"


class WrongDocumentContent(Refused):
    code, rule, title = "wrong_document_content", "DOC-4", "材料的哈希或页数不符"


class WrongDocumentDate(Refused):
    code, rule, title = "wrong_document_date", "DOC-5", "材料日期晚于登记"


class YoungDocument(Refused):
    code, rule, title = "young_document", "DOC-6", "材料晚于所办事项"


class ForeignDocument(Refused):
    code, rule, title = "foreign_document", "DOC-7", "材料与所办事项无关"


class LateAct(Refused):
    code, rule, title = "late_act", "DOC-8", "办理不能补登"


# --- meetings ---------------------------------------------------------------------------------------


class MeetingNotNotified(Refused):
    code, rule, title = "meeting_not_notified", "MEET-1", "会前通知天数不足"


class NoQuorum(Refused):
    code, rule, title = "no_quorum", "MEET-2", "到会人数不足"


class NotPassed(Refused):
    code, rule, title = "not_passed", "MEET-3", "决议未达法定比例"


class WrongCount(Refused):
    code, rule, title = "wrong_count", "MEET-4", "人数或票数不符"


class PartyNotConsulted(Refused):
    code, rule, title = "party_not_consulted", "MEET-5", "未经党组织研究讨论"


class MinutesMissing(Refused):
    code, rule, title = "minutes_missing", "MEET-6", "没有会议记录"


class NotCompetent(Refused):
    code, rule, title = "not_competent", "MEET-7", "会议无权决定此事"


class MeetingNotChecked(Refused):
    code, rule, title = "meeting_not_checked", "MEET-8", "会议未核"


class WrongResolution(Refused):
    code, rule, title = "wrong_resolution", "MEET-9", "决议与所办事项不符"


# --- public notices ---------------------------------------------------------------------------------


class NoticeNotFull(Refused):
    code, rule, title = "notice_not_full", "NOTICE-1", "公示天数不足"


class NoticeNotOver(Refused):
    code, rule, title = "notice_not_over", "NOTICE-2", "公示尚未期满"


class ObjectionsOpen(Refused):
    code, rule, title = "objections_open", "NOTICE-3", "公示异议未答复完"


class NotReviewed(Refused):
    code, rule, title = "not_reviewed", "NOTICE-4", "公示未经监督委员会审查"


class NoticeClosed(Refused):
    code, rule, title = "notice_closed", "NOTICE-5", "公示已经结束"


class NoticeMissing(Refused):
    code, rule, title = "notice_missing", "NOTICE-6", "没有就此事的公示"


# --- disposals --------------------------------------------------------------------------------------


class OwnershipOpen(Refused):
    code, rule, title = "ownership_open", "DISP-1", "资产权属未界定或未登记"


class InDispute(Refused):
    code, rule, title = "in_dispute", "DISP-2", "资产有权属争议"


class Encumbered(Refused):
    code, rule, title = "encumbered", "DISP-3", "资产已抵押担保"


class AssetNotChecked(Refused):
    code, rule, title = "asset_not_checked", "DISP-4", "资产未核"


class MixedOwners(Refused):
    code, rule, title = "mixed_owners", "DISP-5", "权属类型不一致"


class LeaseTooLong(Refused):
    code, rule, title = "lease_too_long", "DISP-6", "租期超过上限"


class InOtherDisposal(Refused):
    code, rule, title = "in_other_disposal", "DISP-7", "资产另有处置在办"


class WrongHand(Refused):
    code, rule, title = "wrong_hand", "DISP-8", "此步骤不由该岗位办理"


class GroundNotShown(Refused):
    code, rule, title = "ground_not_shown", "DISP-9", "处置情形没有依据"


class WrongOrder(Refused):
    code, rule, title = "wrong_order", "DISP-10", "处置步骤次序不符"


class StepDone(Refused):
    code, rule, title = "step_done", "DISP-11", "步骤已办或处置已结束"


class SameHand(Refused):
    code, rule, title = "same_hand", "DISP-12", "处置须由不同的人办理"


class DecisionMissing(Refused):
    code, rule, title = "decision_missing", "DISP-13", "缺少所有权人的决定"


class WrongApprover(Refused):
    code, rule, title = "wrong_approver", "DISP-14", "审批单位不符"


class FactNotHandled(Refused):
    code, rule, title = "fact_not_handled", "DISP-15", "既成处置尚未处理"


class DisposalNotChecked(Refused):
    code, rule, title = "disposal_not_checked", "DISP-16", "既成处置未核"


class StepNotOnPath(Refused):
    code, rule, title = "step_not_on_path", "DISP-17", "此处置没有这个步骤"


class ProceedsDiffer(Refused):
    code, rule, title = "proceeds_differ", "DISP-18", "收入与去向不符"


class PriceTooLow(Refused):
    code, rule, title = "price_too_low", "DISP-19", "成交价低于底价"


class WrongAccount(Refused):
    code, rule, title = "wrong_account", "DISP-20", "收款账户不符"


class NotFullyReceived(Refused):
    code, rule, title = "not_fully_received", "DISP-21", "款项未到齐"


class WrongPart(Refused):
    code, rule, title = "wrong_part", "DISP-22", "核销的资产不符"


class PartOfNothing(Refused):
    code, rule, title = "part_of_nothing", "DISP-23", "核销金额为零"


class GroundUsed(Refused):
    code, rule, title = "ground_used", "DISP-24", "依据已用于另一份处置"


class WrongDisposalTerm(Refused):
    code, rule, title = "wrong_disposal_term", "DISP-25", "处置提议期限不符"


class AuctionNoticeLate(Refused):
    code, rule, title = "auction_notice_late", "DISP-26", "拍卖公告发布过迟"
