"""Ownership (确权): owner shares as they are understood, and their registration.

An act of registration is proposed by the village or 乡农服中心 and sealed by the township (认定单位盖章); a
registration of earlier years is a fact, with the rules it does not meet noted.
"""

from collections.abc import Sequence

from domain.asset import Asset
from domain.citing import require_filed
from domain.command import Payload, also_gives, command
from domain.entered import entry
from domain.errors_asset import WrongProposal
from domain.holding import Evidence
from domain.proposal import Proposal
from domain.title import OWNER_TYPES, OwnerType, Shares, check_shares
from domain.values import AssetId, Blank, DocumentId, FilledLine, IsoDate, Line, ProposalId, shortened
from domain.world import Case

NEEDS = [["seals", "township"]]


@command(
    "asset.set_shares.v1",
    title="登记资产份额",
    may={
        "act": ("village_admin", "service_centre"),
        "fact": ("village_admin", "recorder", "service_centre"),
    },
    events=("asset.shares_set.v1",),
)
class SetShares(Payload):
    asset: AssetId
    basis: Line  # 依据: document, contract, contribution
    evidence: Evidence
    late_reason: Line
    name: FilledLine
    owner_type: OwnerType
    shares: Shares

    def summary(self) -> str:
        return f"登记资产份额：{shortened(self.name)}，{OWNER_TYPES[self.owner_type]}，权利人 {len(self.shares)} 个"

    def places(self, case: Case) -> Sequence[str]:
        return case.world.there(Asset, self.asset, "资产").places(case.today)

    def decide(self, case: Case) -> None:
        asset = case.world.get(Asset, self.asset, "资产")
        asset.require_open_to(case, self.name)
        check_shares(case, self.owner_type, self.shares)
        asset.set_shares(entry(case, "basis", "owner_type", "shares"))


def label(owner_type: str) -> str:
    """What an endorser of the proposal must recognise."""
    return f"确权登记：{OWNER_TYPES[owner_type]}"


# What is registered; `evidence` stands beside it in the state of a proposal, since the proposal is no entry.
_TITLE = (
    "basis",
    "certificate",
    "decided_on",
    "decision",
    "notice_from",
    "notice_place",
    "notice_to",
    "objections_settled",
    "owner_type",
    "shares",
)


@command(
    "asset.register_ownership.v1",
    title="确权登记",
    may={
        "act": ("village_admin", "service_centre"),
        "fact": ("village_admin", "recorder", "service_centre"),
    },
    events=("asset.ownership_proposed.v1", "asset.ownership_registered.v1", "proposal.made.v1"),
)
class RegisterOwnership(Payload):
    asset: AssetId
    basis: FilledLine  # 确权依据: document number, contract, contribution
    certificate: Line  # 证书号、不动产登记号
    decided_on: IsoDate | Blank
    decision: Line  # minutes or approval
    earlier_document: DocumentId | Blank = ""  # from before a change of the law (LAW-1)
    evidence: Evidence
    expires_on: IsoDate | Blank
    late_reason: Line
    name: FilledLine
    notice_from: IsoDate | Blank
    notice_place: Line
    notice_to: IsoDate | Blank
    objections_settled: bool | None
    owner_type: OwnerType
    proposal: ProposalId | Blank
    shares: Shares

    def summary(self) -> str:
        return f"{label(self.owner_type)}，权利人 {len(self.shares)} 个，资产：{shortened(self.name)}"

    def places(self, case: Case) -> Sequence[str]:
        return case.world.there(Asset, self.asset, "资产").places(case.today)

    def decide(self, case: Case) -> None:
        asset = case.world.get(Asset, self.asset, "资产")
        asset.require_open_to(case, self.name)
        check_shares(case, self.owner_type, self.shares)
        require_filed(case, self.earlier_document)
        proposed = case.nature == "act"
        if proposed != bool(self.proposal) or proposed != bool(self.expires_on):  # ASSET-16
            raise WrongProposal("办理确权须写提议编号和期限，由乡党委政府盖章后登记；既成事实两栏留空")
        if not proposed:
            asset.register_ownership(entry(case, "proposal", *_TITLE), case)
            return
        proposal = case.world.create(Proposal, self.proposal, "提议编号")
        title = {name: case.payload[name] for name in ("evidence", *_TITLE)}
        if self.earlier_document:  # asked again when the township has sealed
            title["earlier_document"] = self.earlier_document
        asset.propose_ownership(self.proposal, self.expires_on, title, case)
        proposal.make(
            case,
            kind="asset.ownership",
            label=label(self.owner_type),
            target=asset,
            needs=NEEDS,
            expires_on=self.expires_on,
        )


also_gives("proposal.endorse.v1", "asset.ownership_registered.v1")
