"""What is asked of a file that is read: the numbered rules (READ-n), and the fault that names one.

These rules say how a table is understood, before any rule of the ledger (domain/RULES.md) is asked.
Numbers are never used again.
"""

import re
from dataclasses import dataclass

from api.exchange.text import one_line
from domain.values import shortened

CODE_NAME = re.compile(r"[^\x00-\x20\"\\\x7f\s]{1,60}\Z")  # as domain.values.CodeName

RULES: dict[str, str] = {
    "READ-1": "文件须是 .xlsx、.xls、.ods 工作簿，或UTF-8（可带BOM）、GB18030编码的CSV；不得带宏、加密、损坏或超过大小限制。",
    "READ-2": "须有表头（一行或两行），其中有一个金额栏，并有项目名称栏或地点栏；或是栏目在左的表单。同一内容只有一栏。",
    "READ-3": "标题、表头、栏次、单位、小计、合计、分组标题、备注、模板示例行和空行略过并说明；其余每一行都是数据，不得略过。",
    "READ-4": "金额须写明单位：在格内、数字格式、栏目名或“单位：万元”一行，或由导入人说明。两处单位不同的，留待询问。",
    "READ-5": "金额须是不为负、精确到分的数；其后括号内或逗号后的文字作为附注保留，附注另有金额而未说明已含的，留待询问。",
    "READ-6": "建设年度须是一个年份；无此栏的，取自项目名称，再取自标题，并注明出处；写“不详”的不另取。",
    "READ-7": "是否栏只填是或否（√、×亦可）；空白为不详。",
    "READ-8": "每格文字不超过200字，建设内容不超过1800字，文号、金额不超过100字。",
    "READ-9": "编号不得有空格、引号和反斜杠，不超过60字，同一文件内不得重复。",
    "READ-10": "纵向合并的格取合并区的值；未合并而类别、乡镇为空的，取上一行的值；都注明。合并的金额和名称留待询问。",
    "READ-11": "没有项目名称的行，以及贷款贴息、培训补助、务工补贴等非项目的行，留待询问。",
    "READ-12": "地点、名称、年度、金额都相同的行，各行都留待询问。",
    "READ-13": "表上印的小计、合计与各行之和比较，差额如实报告。",
    "READ-14": "个人信息（联系人、电话，看不出是单位的经营主体）不读入。",
    "READ-15": "地点看来是村、社区而未登记为区域的，留待询问；外部来源的地点只作文字。",
    "READ-16": "已登记的行与台账现状逐栏比较，不同的各栏列出。",
    "READ-17": "没有结果的公式、错误值、嵌入单元格的图片、超过15位的数值，不当作空白，也不猜。",
    "READ-18": "日期须到日。",
    "READ-19": "有选项的栏只填选项。",
    "READ-20": "数量须是不为负的数。",
    "READ-21": "台账编号由台账填写，只用于再次导入时对上。",
    "READ-22": "各笔金额以；分开，其和等于总额。",
    "READ-23": "没有表头而有数字的工作表，逐行留待询问；只有文字的工作表是说明，略过。",
    "READ-24": "几个所有权人以；分开，各写份额（如 60%），合计100%。",
    "READ-25": "分期写作“日期 金额”，各期以；分开。",
    "READ-26": "所属区域、项目编号、资产编号须是已登记的，或是同一文件中的新行；否则留待询问。",
}


_SHOWN_MAX = 40  # letters of a value within a sentence; whole it stands in its own field


def quoted(text: str) -> str:
    """A value as read within a sentence: on one line, shortened."""
    return f"“{shortened(one_line(text), _SHOWN_MAX)}”"


def as_read(text: str) -> str:
    """How a sentence about a cell begins; of an empty one the rest says what it lacks."""
    return f"读到{quoted(text)}，" if one_line(text) else ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the text of one cell cannot be taken, and what to type instead. It does not know its cell."""

    rule: str
    fix: str

    def __post_init__(self) -> None:
        assert self.rule in RULES, self.rule


@dataclass(frozen=True, slots=True)
class Fault:
    """A problem at its place: the address in the sheet ("E17") and the value as read."""

    cell: str
    value: str
    rule: str
    fix: str

    def __post_init__(self) -> None:
        assert self.rule in RULES, self.rule

    @property
    def told(self) -> str:
        """All of it as one line for the clerk: E17：读到“约20”，请只填一个数（READ-5）."""
        return f"{self.cell}：{as_read(self.value)}{self.fix}（{self.rule}）"

    def as_json(self) -> dict[str, str]:
        return {"cell": self.cell, "value": self.value, "rule": self.rule, "fix": self.fix}
