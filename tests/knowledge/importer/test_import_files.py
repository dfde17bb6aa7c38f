"""Reading files: encodings, DOCX with automatic numbers, and what cannot be read."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from sample_guides import ITEMS, REGION, STYLES, WORDS, written

from knowledge.errors import BadInput
from knowledge.importer.importing import import_guide
from knowledge.importer.reading import read_source

TEXT = written(STYLES["numbered as in Meizhou"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le",
                                      "utf-16-be"])
def test_a_text_is_read_in_the_encodings_in_use(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "guide.txt"
    path.write_bytes(TEXT.encode(encoding))
    assert read_source(path).text.lstrip("\ufeff") == TEXT


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_line_ends_of_other_systems_make_no_difference(ending: str, tmp_path: Path) -> None:
    path = tmp_path / "guide.txt"
    path.write_bytes(TEXT.replace("\n", ending).encode("gb18030"))
    imported = import_guide(path, REGION)
    assert len(imported.draft.items) == len(ITEMS) and imported.whole


def numbered(document, template: str, form: str) -> str:
    """Add a list definition to a document; return its id."""
    part = document.part.numbering_part.element
    number = str(900 + len(part))
    part.insert(0, parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}"><w:lvl w:ilvl="0">'
        f'<w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{template}"/></w:lvl>'
        f"</w:abstractNum>"))
    part.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}">'
                          f'<w:abstractNumId w:val="{number}"/></w:num>'))
    return number


def add(document, text: str, number: str = "") -> None:
    """Add a paragraph, numbered by Word where ``number`` names a list."""
    paragraph = document.add_paragraph(text)
    if number:
        paragraph._p.get_or_add_pPr().append(parse_xml(
            f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'))


def test_numbers_that_word_prints_by_itself_are_part_of_the_text(tmp_path: Path) -> None:
    document = docx.Document()
    items = numbered(document, "%1、", "chineseCountingThousand")
    for item in ITEMS:
        add(document, item.name, items)
        headings = numbered(document, "（%1）", "chineseCounting")
        for kind, clauses in item.sections.items():
            add(document, WORDS[kind], headings)
            list_of = numbered(document, "%1.", "decimal")
            for text in clauses:
                add(document, text, list_of if len(clauses) > 1 else "")
    document.save(tmp_path / "guide.docx")
    imported = import_guide(tmp_path / "guide.docx", REGION)
    assert [i.name for i in imported.draft.items] == [i.name for i in ITEMS]
    assert "二、门诊费用报销\n（一）服务对象\n" in imported.text
    assert "2.医院收费票据原件；\n3.门诊费用清单。" in imported.text
    assert imported.whole


def test_what_a_document_holds_in_text_boxes_is_told(tmp_path: Path) -> None:
    document = docx.Document()
    for line in TEXT.split("\n"):
        document.add_paragraph(line)
    document.paragraphs[-1]._p.append(parse_xml(
        f'<w:r {nsdecls("w")}><w:pict><w:txbxContent><w:p><w:r><w:t>受理</w:t></w:r></w:p>'
        "</w:txbxContent></w:pict></w:r>"))
    document.save(tmp_path / "guide.docx")
    assert "1 个文本框" in import_guide(tmp_path / "guide.docx", REGION).report


BAD_FILES = {
    "missing": (None, "打不开文件"),
    "empty": (b"", "没有可读的文字"),
    "blank": ("　\n \n".encode(), "没有可读的文字"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "不是文本、DOCX 或 PDF"),
    "old word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "另存为 DOCX"),
    "damaged pdf": (b"%PDF-1.7\nnothing of a PDF", "不是可读的 PDF"),
    "damaged docx": (b"PK\x03\x04 nothing of an archive", "不是可读的 DOCX"),
}


@pytest.mark.parametrize(("content", "message"), BAD_FILES.values(), ids=list(BAD_FILES))
def test_a_file_that_cannot_be_read_is_refused_in_so_many_words(
    content: bytes | None, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "指南"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadInput, match=message):
        read_source(path)


def test_an_archive_that_is_no_docx_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "表格.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(BadInput, match="不是可读的 DOCX"):
        read_source(path)
