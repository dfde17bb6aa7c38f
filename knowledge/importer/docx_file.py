"""Reading DOCX: paragraphs with their automatic numbers, tables with their merged cells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowledge.errors import BadInput
from knowledge.importer.docx_numbers import Numbers
from knowledge.importer.source import Cell, Raw, Source, source

_NO_WORDS = ("}del", "}pPr", "}rPr", "}drawing", "}pict", "}object", "}AlternateContent")
"""Elements of a paragraph without words of its own: properties, deleted text, shapes."""
_TEXT_BOXES = "文档里有 {} 个文本框（多半是流程图），其中的文字没有读入，请对照原件"
_NOTES = "文档里有脚注或尾注，没有读入，请对照原件"


def read_docx(path: Path) -> Source:
    """Return the text of a DOCX file; raise :class:`BadInput` where it is none."""
    import docx

    try:
        document = docx.Document(str(path))
    except Exception:  # the library raises whatever a damaged archive makes it stumble over
        raise BadInput(f"{path.name} 不是可读的 DOCX 文件：可能已损坏、加密，"
                       "或是其他格式改了扩展名", "file") from None
    reader = _Reader(document)
    return source(reader.rows(document.element.body), True, reader.remarks(document.element.body))


class _Reader:
    """Walks a document's body in the order of print."""

    def __init__(self, document: Any) -> None:
        from docx.oxml.ns import qn

        self.name = qn
        self.numbers = Numbers(document)
        self.tables = 0

    def rows(self, parent: Any) -> Iterator[Raw]:
        for element in parent.iterchildren():
            if element.tag == self.name("w:p"):
                yield from (Raw(line) for line in self.paragraph(element).split("\n"))
            elif element.tag == self.name("w:tbl"):
                self.tables += 1
                yield from self.table(element, self.tables)
            elif element.tag in (self.name("w:sdt"), self.name("w:sdtContent")):
                yield from self.rows(element)

    def paragraph(self, element: Any) -> str:
        """Return a paragraph's text with its automatic number; line breaks as ``\\n``."""
        words = "".join(self._words(element))
        return self.numbers.label(element) + words if words.strip() else words

    def _words(self, element: Any) -> Iterator[str]:
        qn = self.name
        breaks = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n",
                  qn("w:noBreakHyphen"): "-"}
        for child in element.iterchildren():
            if child.tag == qn("w:t"):
                yield child.text or ""
            elif child.tag in breaks:
                yield breaks[child.tag]
            elif isinstance(child.tag, str) and not child.tag.endswith(_NO_WORDS):
                yield from self._words(child)

    def table(self, element: Any, number: int) -> Iterator[Raw]:
        """Yield the rows of a table; nested tables follow the row they stand in."""
        qn = self.name
        for row in element.iter(qn("w:tr")):
            if row.getparent().tag == qn("w:tbl") and row.getparent() is not element:
                continue
            cells = tuple(self._cells(row))
            alone = len(element.findall(qn("w:tblGrid") + "/" + qn("w:gridCol"))) < 2
            if alone and len(cells) < 2:
                yield from (Raw(line) for cell in cells for line in cell.text.split("\n"))
            else:
                yield Raw(cells=cells, table=number)

    def _cells(self, row: Any) -> Iterator[Cell]:
        qn = self.name
        before = row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}")
        yield from [Cell("")] * (int(before.get(qn("w:val"))) if before is not None else 0)
        for cell in row.iter(qn("w:tc")):
            if self._row_of(cell) is not row:
                continue
            span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
            merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
            above = merge is not None and merge.get(qn("w:val")) != "restart"
            paragraphs = [self.paragraph(p) for p in cell.iter(qn("w:p"))]
            yield Cell("\n".join(paragraphs).strip("\n"), above,
                       int(span.get(qn("w:val"))) if span is not None else 1)

    def _row_of(self, cell: Any) -> Any:
        parent = cell.getparent()
        while parent is not None and parent.tag != self.name("w:tr"):
            parent = parent.getparent()
        return parent

    def remarks(self, body: Any) -> list[str]:
        """Return sentences on what a document holds that is not read."""
        qn = self.name
        boxes = sum(1 for _ in body.iter(qn("w:txbxContent")))
        notes = any(True for tag in ("w:footnoteReference", "w:endnoteReference")
                    for _ in body.iter(qn(tag)))
        return [*([_TEXT_BOXES.format(boxes)] if boxes else []), *([_NOTES] if notes else [])]


__all__ = ["read_docx"]
