"""Short guides of an invented city, written out in the ways that real ones are.

``ITEMS`` is what the guides say; a :class:`Style` is how one says it: other words for headings,
other numbers, headings with content on their line, titles of chapters, no stated names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

REGION = "云岭市"
TITLE = "云岭市医疗保障经办服务指南"


@dataclass(frozen=True)
class SampleItem:
    """An invented item: its name and, by kind of section, its clauses."""

    name: str
    sections: dict[str, tuple[str, ...]]


ITEMS = (
    SampleItem("异地长期居住人员备案", {
        "audience": ("在云岭市参保、长期居住在外地的人员。",),
        "materials": ("医保电子凭证或有效身份证件或社保卡；", "云岭市异地就医备案登记表；",
                      "居住证明原件及复印件一份（加盖村居委会公章）。"),
        "time_limits": ("2个工作日内办结。",),
        "channels": ("窗口办理：云岭市政务服务大厅医保专区。", "网上办理：云岭医保服务网。"),
        "steps": ("申请人提交材料。", "经办人员审核。", "告知结果。"),
        "notes": ("材料不齐的可要求补充提供长期居住说明。",),
    }),
    SampleItem("门诊费用报销", {
        "audience": ("未能在医院直接结算门诊费用的参保人员。",),
        "materials": ("医保电子凭证或有效身份证件；", "医院收费票据原件；", "门诊费用清单。"),
        "time_limits": ("不超过25个工作日。",),
        "channels": ("窗口办理：各县（区）医保经办窗口。",),
        "steps": ("提交材料。", "审核。", "拨付。"),
        "notes": ("急诊需提供急诊诊断证明。",
                  "参保人员应当自费用发生之日起2年内向医保经办机构申请报销，因不可抗力的除外。"),
    }),
    SampleItem("生育津贴支付", {
        "audience": ("符合规定的参保女职工。",),
        "materials": ("病历资料；", "《云岭市生育津贴申请表》一式两份。"),
        "time_limits": ("不超过18个工作日。",),
        "channels": ("窗口办理：参保地医保经办机构。",),
        "steps": ("单位申请。", "审核。", "拨付。"),
        "notes": ("鼓励网上办理。",),
    }),
    SampleItem("参保人员个人账户一次性支取", {
        "audience": ("职工医保参保人员。",),
        "materials": ("医保电子凭证、社保卡、居民身份证等有效身份证件；", "银行卡复印件。"),
        "time_limits": ("不超过12个工作日。",),
        "channels": ("窗口办理：参保地医保经办机构窗口。",),
        "steps": ("提交材料。", "审核。", "拨付。"),
        "notes": ("因死亡支取的，需提供继承人身份证。",),
    }),
)

_CN = "一二三四五六七八九十"


def cn(n: int) -> str:
    return f"{_CN[n - 1]}、"


def cn_paren(n: int) -> str:
    return f"（{_CN[n - 1]}）"


def arabic(n: int) -> str:
    return f"{n}."


def arabic_comma(n: int) -> str:
    return f"{n}、"


def arabic_paren(n: int) -> str:
    return f"({n})"


def circled(n: int) -> str:
    return chr(ord("①") + n - 1)


def none(n: int) -> str:
    return ""


WORDS = {"name": "事项名称", "audience": "服务对象", "materials": "办理材料",
         "time_limits": "办理时限", "channels": "办理渠道", "steps": "办理流程", "notes": "备注"}
OTHER_WORDS = {"name": "业务名称", "audience": "适用范围", "materials": "申报材料",
               "time_limits": "承诺时限", "channels": "办理方式", "steps": "经办流程",
               "notes": "注意事项"}
MORE_WORDS = {"name": "办理事项", "audience": "申请条件", "materials": "所需材料",
              "time_limits": "办结时限", "channels": "受理渠道", "steps": "办事程序",
              "notes": "温馨提示"}
STILL_OTHER_WORDS = {"name": "项目名称", "audience": "办理对象", "materials": "提交材料",
                     "time_limits": "办理期限", "channels": "办理途径", "steps": "办理步骤",
                     "notes": "特别说明"}


@dataclass(frozen=True)
class Style:
    """How a guide is written.

    ``title`` and ``heading`` make the lines of an item's title and of a heading (item number,
    section number, word); ``clause`` the number of a clause. ``inline`` puts single clauses behind
    their heading. ``named`` says whether items state their name; ``chapters`` are titles before
    items, by the item's place.
    """

    title: Callable[[int, str], str]
    heading: Callable[[int, int, str], str]
    clause: Callable[[int], str]
    words: dict[str, str] = field(default_factory=lambda: WORDS)
    inline: bool = False
    named: bool = True
    chapters: dict[int, str] = field(default_factory=dict)
    blank_lines: bool = False


STYLES = {
    "numbered as in Meizhou": Style(
        lambda n, name: name, lambda n, k, w: cn(k) + w, cn_paren,
        chapters={1: "一、异地就医和报销", 3: "二、生育保险待遇核准支付"}, blank_lines=True),
    "numbered 1.0.1": Style(
        lambda n, name: f"{n}.{name}", lambda n, k, w: f"{n}.0.{k} {w}", arabic, OTHER_WORDS,
        chapters={1: "第一章 备案与报销", 3: "第二章 待遇支付"}),
    "brackets, no stated names": Style(
        lambda n, name: cn(n) + name, lambda n, k, w: f"（{_CN[k - 1]}）{w}", arabic, MORE_WORDS,
        named=False),
    "arabic headings, clauses in brackets": Style(
        lambda n, name: cn(n) + name, lambda n, k, w: f"{k}.{w}", arabic_paren, STILL_OTHER_WORDS,
        named=False, blank_lines=True),
    "arabic with a comma, circled clauses": Style(
        lambda n, name: f"{cn_paren(n)}{name}", lambda n, k, w: f"{k}、{w}：", circled, MORE_WORDS),
    "markdown": Style(
        lambda n, name: f"## {n}. {name}", lambda n, k, w: f"### {w}", arabic, OTHER_WORDS,
        named=False, blank_lines=True),
    "brackets 【】 with content on the line": Style(
        lambda n, name: f"{n}、{name}", lambda n, k, w: f"【{w}】", arabic, STILL_OTHER_WORDS,
        inline=True, named=False),
    "colons with content on the line": Style(
        lambda n, name: name, lambda n, k, w: f"{w}：", arabic, WORDS, inline=True),
    "numbers and colons on the line": Style(
        lambda n, name: f"{n}.{name}", lambda n, k, w: f"{cn(k)}{w}：", arabic_paren, OTHER_WORDS,
        inline=True, named=False),
    "two levels 1.1": Style(
        lambda n, name: f"{n} {name}", lambda n, k, w: f"{n}.{k} {w}", arabic_paren, MORE_WORDS),
    "without any numbers": Style(
        lambda n, name: name, lambda n, k, w: w, arabic, OTHER_WORDS, named=False,
        blank_lines=True),
}


def written(style: Style, items: tuple[SampleItem, ...] = ITEMS, title: str = TITLE) -> str:
    """Return the invented guide as text."""
    lines = [title]
    for n, item in enumerate(items, start=1):
        if n in style.chapters:
            lines.append(style.chapters[n])
        lines.append(style.title(n, item.name))
        sections = {"name": (item.name,), **item.sections} if style.named else item.sections
        for k, (kind, clauses) in enumerate(sections.items(), start=1):
            lines += _section(style, style.heading(n, k, style.words[kind]), clauses)
    return ("\n\n" if style.blank_lines else "\n").join(lines) + "\n"


def _section(style: Style, heading: str, clauses: tuple[str, ...]) -> list[str]:
    if len(clauses) == 1:
        return [heading + clauses[0]] if style.inline else [heading, clauses[0]]
    return [heading, *(f"{style.clause(n)}{text}" for n, text in enumerate(clauses, start=1))]
