"""The citizen's last day, where a clause states one: 自…之日起1年内."""

from __future__ import annotations

import re

from knowledge.model import Deadline
from knowledge.numerals import number

_DEADLINE = re.compile(
    r"(?P<start>[^，。；;,]{2,60}?)(?P<from>(?:之日)?起(?:算|计算)?[，,]?)?\s*"
    r"(?P<amount>\d{1,3}|[一二三四五六七八九十两]{1,3})\s*(?P<unit>个?工作日|个?自然日|个?月|年|日|天)(?:之)?内")
_SOMEBODY_APPLIES = re.compile("申请|申报|办理|提出|提交|报销")
_TO_AGENCY = re.compile("内[^。；]*向[^。；]*机构")
_AGENCY = re.compile("经办机构(应|应当|需|须|在|自|收到|受理)|受理(后|之日)|办结|拨付")
_LEAD = re.compile(".*?(?:应当?自|可自|自|从|可在|应当?在|在|于)")
_EXCEPT = re.compile("因?(?P<cases>[^，。；;]{2,40}?)(?:等)?(?:情况|情形|原因)?的?除外")


def deadline_in(text: str) -> Deadline | None:
    """Return the deadline that a note sets the citizen, or None.

    Time limits of the agency (受理后5个工作日内办结) are none.
    """
    for found in _DEADLINE.finditer(text):
        sentence = re.split("[。；;]", text[found.start() :])[0]
        asked = _SOMEBODY_APPLIES if found["from"] else _TO_AGENCY
        if _AGENCY.search(found["start"]) or not asked.search(sentence):
            continue
        amount = number(found["amount"])
        unit = found["unit"].removeprefix("个")
        return Deadline(amount=amount, unit=unit, start=_start(found["start"]),
                        except_for=_exceptions(text))
    return None


def _start(wording: str) -> str:
    """Return the event itself: of 自医疗费用票据上显示的诊疗截止日期 the part from 自 on."""
    lead = _LEAD.match(wording)
    return (wording[lead.end() :] if lead and lead.end() < len(wording) else wording).strip()


def _exceptions(text: str) -> tuple[str, ...]:
    found = _EXCEPT.search(text)
    if not found:
        return ()
    cases = re.split("[或、和及]", found["cases"])
    return tuple(case.removeprefix("存在") for case in cases if case.removeprefix("存在"))


__all__ = ["deadline_in"]
