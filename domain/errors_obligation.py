"""Refusals of obligations, each with the number of its rule in domain/RULES.md."""

from domain.errors import Refused


class SideMissing(Refused):
    code, rule, title = "side_missing", "OBL-1", "债权人、债务人不明"


class OutstandingDiffers(Refused):
    code, rule, title = "outstanding_differs", "OBL-2", "余额与各项不符"


class OutstandingBelowZero(Refused):
    code, rule, title = "outstanding_below_zero", "OBL-3", "余额小于零"


class InstalmentsDiffer(Refused):
    code, rule, title = "instalments_differ", "OBL-4", "分期之和与本金不符"


class OwedToItself(Refused):
    code, rule, title = "owed_to_itself", "OBL-5", "债权人与债务人相同"


class InsiderLoan(Refused):
    code, rule, title = "insider_loan", "OBL-6", "内部人员向集体借款"


class GovernmentLoan(Refused):
    code, rule, title = "government_loan", "OBL-7", "集体为地方政府举债"


class LoanNotDecided(Refused):
    code, rule, title = "loan_not_decided", "OBL-8", "集体举债未经民主决策"


class ConfirmedOtherwise(Refused):
    code, rule, title = "confirmed_otherwise", "OBL-9", "确认金额与余额不符"


class NotConfirmable(Refused):
    code, rule, title = "not_confirmable", "OBL-10", "确认没有凭据"


class AssistanceFundsUsed(Refused):
    code, rule, title = "assistance_funds_used", "OBL-11", "用帮扶资金偿债"


class OffsetNotNotified(Refused):
    code, rule, title = "offset_not_notified", "OBL-12", "抵销未通知对方"


class VoucherMissing(Refused):
    code, rule, title = "voucher_missing", "OBL-13", "还款没有凭证"


class AlreadySettled(Refused):
    code, rule, title = "already_settled", "OBL-14", "债权债务已结清"


class DemandNotServed(Refused):
    code, rule, title = "demand_not_served", "OBL-15", "催收没有送达证明"


class NothingRepaid(Refused):
    code, rule, title = "nothing_repaid", "OBL-16", "还款金额为零"
