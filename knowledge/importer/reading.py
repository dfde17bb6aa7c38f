"""Reading the file of a guide, whatever its format."""

from __future__ import annotations

from pathlib import Path

from knowledge.errors import BadInput
from knowledge.importer.source import Source, of_text
from knowledge.text import squeeze

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_LEAST = 20
"""Characters below which a file is taken to hold no text (a scan, an empty page)."""


def read_source(path: Path) -> Source:
    """Return the text of a guide from a text (UTF-8, GB18030, UTF-16), DOCX or PDF file.

    Raises:
        BadInput: no such file, another format, encrypted, damaged, or without text (Chinese).
    """
    try:
        content = path.read_bytes()
    except OSError:
        raise BadInput(f"打不开文件：{path.name}", "file") from None
    read = _read(path, content)
    if len(squeeze(read.text)) < _LEAST:
        raise BadInput(f"{path.name} 里没有可读的文字：如果是扫描件或图片，"
                       "请先做文字识别（OCR），或换一份文字版", "file")
    return read


def _read(path: Path, content: bytes) -> Source:
    if content.startswith(b"%PDF"):
        from knowledge.importer.pdf_file import read_pdf

        return read_pdf(path)
    if content.startswith(b"PK\x03\x04"):
        from knowledge.importer.docx_file import read_docx

        return read_docx(path)
    if content.startswith(_OLD_OFFICE):
        raise BadInput(f"{path.name} 是旧版或加密的 Office 文件：请用 Word 或 WPS 去掉密码，"
                       "另存为 DOCX 再导入", "file")
    return of_text(decoded(content, path.name))


def decoded(content: bytes, name: str = "文件") -> str:
    """Return the text of a file; raise :class:`BadInput` where it is none."""
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _strictly(content, encoding, name)
    if b"\x00" in content:
        little = content[1::2].count(0) >= content[::2].count(0)
        return _strictly(content, "utf-16-le" if little else "utf-16-be", name)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _strictly(content, "gb18030", name)


def _strictly(content: bytes, encoding: str, name: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = "\x00"
    if "\x00" in text or sum(c < " " and not c.isspace() for c in text) > 0.02 * len(text):
        raise BadInput(f"{name} 不是文本、DOCX 或 PDF 文件，或者已经损坏", "file")
    return text


__all__ = ["decoded", "read_source"]
