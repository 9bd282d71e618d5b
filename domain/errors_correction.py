"""Refusals of corrections by their kind (更正的种类)."""

from domain.errors import Refused


class UnlikeKind(Refused):
    code, rule, title = "correction_unlike_kind", "CORR-3", "更正所写与其种类不符"


class NotDocumented(Refused):
    code, rule, title = "correction_not_documented", "CORR-4", "实质性更正缺少材料"


class WrongRightSubject(Refused):
    code, rule, title = "wrong_right_subject", "CORR-5", "所指的正确对象不符"


class WrongRemaining(Refused):
    code, rule, title = "wrong_remaining", "CORR-6", "所指的留存一项不符"


class UnlikeRemaining(Refused):
    code, rule, title = "unlike_remaining", "CORR-6", "与留存的一项所不同的未如实写明"


class EntryStays(Refused):
    code, rule, title = "entry_stays", "CORR-7", "此条不能整条作废"


class CountedElsewhere(Refused):
    code, rule, title = "counted_elsewhere", "CORR-8", "此项系重复登记"
