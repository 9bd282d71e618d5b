"""Refusals of assets, each with the number of its rule in domain/RULES.md."""

from domain.errors import Refused


class SharesDiffer(Refused):
    code, rule, title = "shares_differ", "ASSET-1", "份额合计不是100%"


class CarryingDiffers(Refused):
    code, rule, title = "carrying_differs", "ASSET-2", "账面价值与各项不符"


class CarryingBelowZero(Refused):
    code, rule, title = "carrying_below_zero", "ASSET-3", "账面价值小于零"


class AlreadyBooked(Refused):
    code, rule, title = "already_booked", "ASSET-4", "原值已入账"


class NotAccepted(Refused):
    code, rule, title = "not_accepted", "ASSET-5", "入账缺少验收或凭证"


class OwnerUnlikeKind(Refused):
    code, rule, title = "owner_unlike_kind", "ASSET-6", "权属与资产类型不符"


class OwnerUnlikeType(Refused):
    code, rule, title = "owner_unlike_type", "ASSET-7", "权利人与权属类型不符"


class NoticeTooShort(Refused):
    code, rule, title = "notice_too_short", "ASSET-8", "确权公示不足"


class NotBooked(Refused):
    code, rule, title = "not_booked", "ASSET-9", "资产尚未入账"


class OwnershipDisputed(Refused):
    code, rule, title = "ownership_disputed", "ASSET-10", "权属有争议"


class NotDecided(Refused):
    code, rule, title = "not_decided", "ASSET-11", "确权没有决定文件"


class AlreadyRegistered(Refused):
    code, rule, title = "already_registered", "ASSET-12", "已经确权登记"


class NothingDetermined(Refused):
    code, rule, title = "nothing_determined", "ASSET-13", "待界定不是确权结果"


class AssetGone(Refused):
    code, rule, title = "asset_gone", "ASSET-14", "资产已核销"


class DisposalOpen(Refused):
    code, rule, title = "disposal_open", "ASSET-15", "资产有未了结的处置"


class WrongProposal(Refused):
    code, rule, title = "wrong_proposal", "ASSET-16", "确权的提议不符"


class OwnershipProposed(Refused):
    code, rule, title = "ownership_proposed", "ASSET-17", "已有待签的确权"


class GoneCarries(Refused):
    code, rule, title = "gone_carries", "ASSET-18", "已核销的资产仍有账面价值"


class CarryingTooLarge(Refused):
    code, rule, title = "carrying_too_large", "ASSET-19", "账面价值超出可记的数额"
