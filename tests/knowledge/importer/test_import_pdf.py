"""Guides as PDF, printed by a real browser: broken lines, page numbers, ruled tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from sample_guides import ITEMS, REGION, STYLES, SampleItem, written

from knowledge.errors import BadInput
from knowledge.importer.importing import import_guide
from knowledge.importer.reading import read_source
from knowledge.text import squeeze

pytestmark = pytest.mark.browser

RUNNING_TITLE = "云岭市医保服务指南汇编"
LONG_NOTE = ("申请人提交的材料不齐全或者不符合法定形式的，经办机构应当当场一次性告知需要补正的全部"
             "内容，申请人补正后经办机构继续办理，不得以同一理由再次要求补正。")
LONG_ITEMS = tuple(SampleItem(item.name, {**item.sections, "channels": (
    *item.sections["channels"], LONG_NOTE, LONG_NOTE)}) for item in ITEMS)
PAGE = """<meta charset="utf-8"><style>
body {{ font: 16px "Noto Sans CJK SC", sans-serif; margin: 0 }} p {{ margin: 6px 0 }}
table {{ border-collapse: collapse; font-size: 13px }} thead {{ display: table-header-group }}
td, th {{ border: 1px solid; padding: 3px; vertical-align: top }} tr {{ break-inside: avoid }}
</style>{body}"""


@pytest.fixture(scope="module")
def printed(tmp_path_factory, browser):
    """Prints the body of a page as a PDF of A5 pages with running title and page numbers."""
    folder = tmp_path_factory.mktemp("pdf")

    def print_(name: str, body: str, **options) -> Path:
        page.set_content(PAGE.format(body=body))
        page.pdf(path=folder / name, format="A5", display_header_footer=True,
                 margin={"top": "18mm", "bottom": "20mm", "left": "15mm", "right": "15mm"},
                 header_template=f'<span style="font-size:9px">{RUNNING_TITLE}</span>',
                 footer_template='<span style="font-size:9px">— <span class="pageNumber"></span>'
                                 " —</span>", **options)
        return folder / name

    page = browser.new_page()
    yield print_
    page.close()


def paragraphs(text: str) -> str:
    return "".join(f"<p>{line}</p>" for line in text.split("\n") if line)


def texts(imported, name: str, kind: str) -> list[str]:
    """Return the clauses of an item's section, squeezed, without final stop."""
    items = imported.kb.guide(imported.guide).items.values()
    item = next(i for i in items if i.name == name)
    return [squeeze(c.text).rstrip("。;") for c in item.clauses.values() if c.kind == kind]


@pytest.mark.parametrize("style", ["numbered as in Meizhou", "numbered 1.0.1",
                                   "brackets, no stated names", "without any numbers"])
def test_an_outline_is_found_in_spite_of_broken_lines_and_page_numbers(style, printed) -> None:
    text = written(STYLES[style], LONG_ITEMS)
    imported = import_guide(printed(f"{style}.pdf", paragraphs(text)), REGION)
    assert imported.whole
    assert [i.name for i in imported.draft.items] == [i.name for i in LONG_ITEMS]
    for item in LONG_ITEMS:
        for kind, wanted in item.sections.items():
            assert texts(imported, item.name, kind) == [squeeze(t).rstrip("。;") for t in wanted]


def test_running_titles_and_page_numbers_are_left_out(printed) -> None:
    text = written(STYLES["numbered 1.0.1"], LONG_ITEMS)
    imported = import_guide(printed("furniture.pdf", paragraphs(text)), REGION)
    files = [imported.draft.guide.file, *imported.draft.files]
    reasons = {out.reason: out.pieces[0].shown for f in files for out in f.left_out}
    assert set(reasons) == {"repetition", "page_number"}
    assert reasons["repetition"] == RUNNING_TITLE


def table(rows: int) -> str:
    """Return a table of items over several pages; every second row shares its note."""
    columns = ("序号", "事项名称", "申报材料", "办结时限", "备注")
    header = "".join(f"<th>{word}</th>" for word in columns)
    body = []
    for n in range(1, rows + 1):
        shared = f"<td rowspan=2>第{n}、{n + 1}项可网上办理。</td>" if n % 2 else ""
        body.append(f"<tr><td>{n}</td><td>第{n}号医保服务事项登记办理</td>"
                    f"<td>1.有效身份证件<br>2.第{n}号登记表</td><td>{n}个工作日</td>{shared}</tr>")
    return (f"<p>云岭市医疗保障经办政务服务事项清单</p><table><thead><tr>{header}</tr></thead>"
            f"<tbody>{''.join(body)}</tbody></table>")


def test_a_ruled_table_over_several_pages_is_one_table_with_its_merged_cells(printed) -> None:
    imported = import_guide(printed("table.pdf", table(24)), REGION)
    assert imported.whole
    assert len(imported.draft.items) == 24
    for n in (1, 12, 24):
        name = f"第{n}号医保服务事项登记办理"
        assert texts(imported, name, "materials") == ["有效身份证件", f"第{n}号登记表"]
        assert texts(imported, name, "time_limits") == [f"{n}个工作日"]
        first = n if n % 2 else n - 1
        assert texts(imported, name, "notes") == [f"第{first}、{first + 1}项可网上办理"]


def test_a_pdf_without_text_is_refused_and_ocr_is_proposed(printed) -> None:
    picture = '<svg width="300" height="300"><rect width="300" height="300"/></svg>'
    scan = printed("scan.pdf", picture)
    with pytest.raises(BadInput, match="没有可读的文字.*OCR"):
        read_source(scan)
