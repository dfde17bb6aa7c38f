"""The words by which sections and columns are known are data, and checked on reading."""

from __future__ import annotations

import pytest

from knowledge.errors import DataError
from knowledge.importer import vocabulary as words


@pytest.mark.parametrize(("heading", "kinds"), [
    ("事项名称", ("name",)), ("适用范围", ("audience",)), ("申请条件", ("audience",)),
    ("申报材料", ("materials",)), ("所需材料", ("materials",)), ("提交材料", ("materials",)),
    ("承诺时限", ("time_limits",)), ("受理机构", ("level",)), ("政策依据", ("basis",)),
    ("办理渠道", ("channels",)), ("办理及查询方式", ("channels",)), ("经办流程", ("steps",)),
    ("异地转诊人员备案办理流程图", ("flow_chart",)), ("收费依据及标准", ("fee",)),
    ("监督投诉渠道", ("supervision",)), ("温馨提示", ("notes",)), ("办公地址和时间", ("offices",)),
    ("办理材料(窗口)", ("materials",)),
    ("办理材料、办理流程、办理时限", ("materials", "steps", "time_limits")),
    ("异地转诊人员备案", ()), ("窗口办理", ()), ("医院收费票据", ()), ("审核", ()), ("", ()),
])
def test_a_heading_is_known_by_its_words(heading: str, kinds: tuple[str, ...]) -> None:
    assert words.vocabulary().heading(heading) == kinds


def test_a_wrong_key_in_the_file_is_named(tmp_path, monkeypatch) -> None:
    path = tmp_path / "headings.yml"
    path.write_text("kind: {name: [事项名称]}\n", encoding="utf-8")
    monkeypatch.setattr(words, "_FILE", path)
    words.vocabulary.cache_clear()
    with pytest.raises(DataError, match="headings.yml: kinds"):
        words.vocabulary()
    words.vocabulary.cache_clear()
