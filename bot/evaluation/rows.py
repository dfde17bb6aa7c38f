"""Reading labelled questions: one JSON object per line, labels optional."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Optional, Tuple

from pydantic import BaseModel, ValidationError, validator

from bot.errors import BadInput


class Row(BaseModel):
    """A question with its labels; what a file leaves out is None and is not scored.

    ``item`` '' says that there is none (outside); ``region`` '' that no place is named. Further
    keys of a file are ignored.
    """

    id: Any = None
    text: str
    source_type: str = ""
    family: Optional[str] = None
    alt_families: Tuple[str, ...] = ()
    item: Optional[str] = None
    alt_items: Tuple[str, ...] = ()
    facets: Tuple[str, ...] = ()
    scope: Optional[str] = None
    region: Optional[str] = None
    region_role: Optional[str] = None
    region_in_kb: Optional[bool] = None

    @validator("text")
    def _says_something(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("empty")
        return value


def read_rows(file: Path) -> list[Row]:
    """Return the rows of a JSONL file; empty lines are skipped.

    Raises:
        BadInput: the file cannot be read, or a line of it is not a question.
    """
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise BadInput(f"读不了 {file}：{error.strerror}", "file") from None
    except UnicodeDecodeError:
        raise BadInput(f"{file.name} 不是 UTF-8 编码的文本文件", "file") from None
    return [_row(line, f"{file.name} 第 {n} 行") for n, line in enumerate(lines, 1) if line.strip()]


def _row(line: str, place: str) -> Row:
    try:
        return Row.parse_raw(line)
    except ValidationError as error:
        key = str(error.errors()[0]["loc"][0])
        problem = "不是一个 JSON 对象" if key == "__root__" else f"{key} 缺少或格式不对"
        raise BadInput(f"{place}：{problem}", key) from None


__all__ = ["Row", "read_rows"]
