"""Chinese words for documents, meetings, notices and disposals; labels.py has them with all the others."""

from collections.abc import Mapping

from domain.document import DOCUMENT_KINDS
from domain.holding import EVIDENCE
from domain.notice import NOTICE_KINDS
from domain.paths import ACCOUNTS, GROUNDS, LEVELS, METHODS, STEPS
from domain.voting import BODIES, MATTERS

EVENTS: dict[str, str] = {
    "document.registered": "登记材料",
    "document.endorsed": "核对材料",
    "document.correction_proposed": "提出更正材料",
    "document.corrected": "更正材料",
    "meeting.recorded": "登记会议",
    "meeting.endorsed": "核对会议",
    "meeting.correction_proposed": "提出更正会议",
    "meeting.corrected": "更正会议",
    "notice.posted": "张贴公示",
    "notice.closed": "结束公示",
    "notice.endorsed": "核对公示",
    "notice.correction_proposed": "提出更正公示",
    "notice.corrected": "更正公示",
    "disposal.proposed": "提出处置",
    "disposal.decided": "决定处置",
    "disposal.approved": "审批处置",
    "disposal.settled": "结算处置",
    "disposal.derecognised": "核销资产",
    "disposal.handled": "处理既成处置",
    "disposal.withdrawn": "撤回处置",
    "disposal.rejected": "否决处置",
    "disposal.endorsed": "核对既成处置",
    "disposal.correction_proposed": "提出更正处置",
    "disposal.corrected": "更正处置",
}
KINDS: dict[str, str] = {"document": "材料", "meeting": "会议", "notice": "公示", "disposal": "处置"}
FIELDS: dict[str, str] = {
    # documents
    "earlier_document": "规定变更以前的材料",
    "hash": "加盐文件哈希",
    "issued_on": "材料日期",
    "issuer": "出具单位",
    "pages": "页数",
    "quality": "材料来源",
    "subjects": "关联事项",
    "decide_nature": "决定的性质",
    "approve_nature": "审批的性质",
    # meetings
    "abstained": "弃权",
    "against": "反对",
    "agreed": "同意",
    "authorised": "有村民会议授权",
    "body": "会议机构",
    "entitled": "应到",
    "matter": "决议事项",
    "minutes": "会议记录",
    "no_rceo": "没有集体经济组织",
    "notified_on": "通知日期",
    "party_discussed": "经党组织研究",
    "passed": "达到法定比例",
    "present": "实到",
    "resolutions": "决议",
    "text": "内容",
    # notices
    "answered": "已答复",
    "board": "公示地点",
    "objections": "异议",
    "outcome": "结果",
    "proof": "公示证明",
    "reviewed": "经监督委员会审查",
    "until": "截止日期",
    # disposals
    "account": "收款账户",
    "allocated_fen": "分配",
    "appraised_fen": "评估值",
    "approval": "批复",
    "asset": "资产",
    "assurance": "签名保证等级",
    "counterparty": "对方",
    "deal_fen": "成交价",
    "disposal": "处置",
    "documents": "材料",
    "expected_fen": "预计金额",
    "fixed_fen": "会议所定价格",
    "ground": "处置情形",
    "land_house_vehicle": "含土地、房屋、车辆",
    "level": "审批层级",
    "meeting": "会议",
    "method": "处置方式",
    "months": "租期（月）",
    "not_met": "既成事实未满足",
    "notice": "公示、通知",
    "parts": "核销明细",
    "progress": "进度",
    "project": "项目",
    "received_fen": "到账",
    "resolution": "第几项决议",
    "retained_fen": "留存",
}
PROGRESS: dict[str, str] = {
    **{step: f"已{label}" for step, label in STEPS.items()},
    "handled": "既成事实已处理",
    "withdrawn": "已撤回",
    "rejected": "已否决",
}
OUTCOMES: dict[str, str] = {"confirmed": "同意按既成事实续办", "rectify": "责令整改"}
WORDS: dict[str, Mapping[str, str]] = {
    "account": ACCOUNTS,
    "assurance": {"A": "A 本人密钥", "B": "B 纸质凭据"},
    "body": BODIES,
    "ground": GROUNDS,
    "level": LEVELS,
    "matter": MATTERS,
    "method": METHODS,
    "outcome": OUTCOMES,
    "progress": PROGRESS,
    "quality": EVIDENCE,
}
KINDS_OF: dict[str, str] = {**DOCUMENT_KINDS, **NOTICE_KINDS}  # the values of `kind`
