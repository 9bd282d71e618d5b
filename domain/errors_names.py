"""Refusals about names of natural persons, each with the number of its rule in domain/RULES.md."""

from domain.errors import Refused


class TwoRolesNeeded(Refused):
    code, rule, title = "two_roles_needed", "NAME-1", "删除须两个岗位共同签名"


class ErasureNotWhole(Refused):
    code, rule, title = "erasure_not_whole", "NAME-2", "删除令没有列齐"


class NameStillNeeded(Refused):
    code, rule, title = "name_still_needed", "NAME-3", "事项仍需个人信息"


class RetentionNotOver(Refused):
    code, rule, title = "retention_not_over", "NAME-4", "保存期未满"


class WrongCopy(Refused):
    code, rule, title = "wrong_copy", "NAME-5", "副本的确认不符"
