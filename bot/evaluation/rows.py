"""Reading labelled questions: one JSON object per line, labels optional."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError, root_validator, validator

from bot.errors import BadInput


class Row(BaseModel):
    """A question with its labels; what a file leaves out is None and is not scored.

    ``item`` '' says that there is none (outside); ``region`` '' that no place is named. Further
    keys of a file are ignored.
    """

    id: Any = None
    text: str
    source_type: str = ""
    family: str | None = None
    alt_families: tuple[str, ...] = ()
    item: str | None = None
    alt_items: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()
    scope: str | None = None
    region: str | None = None
    region_role: str | None = None
    region_in_kb: bool | None = None

    @root_validator(pre=True)
    def _null_is_no_label(cls, values: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in values.items() if value is not None}

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
    except OSError:
        raise BadInput(f"读不了 {file}：没有这个文件，或者没有权限", "file") from None
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
