"""The contract as it is published, and requests checked with its very schemas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft4Validator, RefResolver, ValidationError
from jsonschema.validators import extend

from bot.errors import BadInput
from bot.wording import say, wording

_FILE = Path(__file__).parent / "openapi.yml"
_SCHEMAS = "#/components/schemas/"
_HARMLESS = re.compile(r"[A-Za-z_]{1,40}")
"""Names of a request that are named back to its sender."""


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """Return the OpenAPI document."""
    return dict(yaml.safe_load(_FILE.read_text(encoding="utf-8")))


def checked(schema: str, value: Any, field: str = "") -> Any:
    """Return a value from outside that keeps to one of the contract's schemas.

    Args:
        schema: its name under ``components/schemas``. Where it has a discriminator, the value is
            checked with the schema that the discriminator names.
        value: decoded JSON.
        field: what the value is called; '' for a whole body.

    Raises:
        BadInput: 422; names the field and says in Chinese what is allowed.
    """
    rule = document()["components"]["schemas"][schema]
    if "discriminator" in rule and isinstance(value, dict):
        schema = _named(rule["discriminator"], value)
    error = next(_validator(schema).iter_errors(value), None)
    if error is not None:
        raise _refusal(error, field)
    return value


def _named(discriminator: Mapping[str, Any], value: Mapping[str, Any]) -> str:
    """Return the schema that a value's discriminator names."""
    field, mapping = discriminator["propertyName"], discriminator["mapping"]
    name = value.get(field)
    if not isinstance(name, str) or name not in mapping:
        raise BadInput(_told("enum", field, "、".join(mapping)), field, 422)
    return str(mapping[name]).removeprefix(_SCHEMAS)


@lru_cache(maxsize=32)
def _validator(schema: str) -> Any:
    """Return the validator of a schema; ``pattern`` takes the whole text, its last line end too."""
    kind = extend(Draft4Validator, {"pattern": _whole_pattern})
    return kind({"$ref": _SCHEMAS + schema}, resolver=RefResolver.from_schema(document()))


def _whole_pattern(
    validator: Any, pattern: str, value: Any, schema: Any
) -> Iterator[ValidationError]:
    if isinstance(value, str) and not re.fullmatch(pattern, value):
        yield ValidationError("pattern")


def _refusal(error: ValidationError, field: str) -> BadInput:
    path = [str(step) for step in error.absolute_path if isinstance(step, str)]
    name = _offending(error) or ".".join(path) or field
    return BadInput(_told(error.validator, name, error.validator_value), name, 422)


def _offending(error: ValidationError) -> str:
    """Return the property that is missing or unknown; '' where the value itself is wrong."""
    if error.validator == "required":
        return next(name for name in error.validator_value if name not in error.instance)
    if error.validator == "additionalProperties":
        extra = next(name for name in error.instance if name not in error.schema["properties"])
        return extra if _HARMLESS.fullmatch(extra) else ""
    return ""


def _told(rule: str, field: str, allowed: Any) -> str:
    """Return what is wrong with a field, in Chinese."""
    sentences = wording()["hotline_schema"]
    if isinstance(allowed, list):
        allowed = "、".join(map(str, allowed))
    sentence = sentences.get(rule, sentences["other"])
    return str(sentence).format(field=field or say("hotline_body"), allowed=allowed)


__all__ = ["checked", "document"]
