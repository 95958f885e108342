"""What the reference of the language promises: its tables and the JSON Schema are those of the code, its examples are right."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from scripts import language
from scripts.language_keys import ACCEPTED, KEYS
from scripts.language_schema import schema
from toritsugi.definition.block import Block
from toritsugi.definition.content import content_of
from toritsugi.definition.expression import parse
from toritsugi.definition.fields import read_choices, read_data
from toritsugi.definition.finding import Faults
from toritsugi.definition.lint import id_written, lint
from toritsugi.definition.reading import root_of
from toritsugi.definition.scope import names_of
from toritsugi.definition.yamltext import compose

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "workflows" / "toritsugi_workflows").rglob("*.yaml"))
SHIPPED = [file for file in FILES if file.parent.name != "catalogues"]
SCHEMA: dict[str, Any] = json.loads((ROOT / "docs" / "procedure.schema.json").read_text("utf-8"))


def test_the_tables_name_exactly_the_keys_that_the_loader_accepts() -> None:
    for block, keys in ACCEPTED.items():
        assert set(KEYS[block]) == set(keys), block


def test_the_reference_and_the_schema_are_current() -> None:
    assert language.LANGUAGE.read_text("utf-8") == language.language()
    assert language.SCHEMA.read_text("utf-8") == schema()


def test_the_whole_procedures_of_the_reference_have_no_findings() -> None:
    found = re.findall(r"```yaml\n(procedure:.*?)```", language.LANGUAGE.read_text("utf-8"), re.DOTALL)
    texts = {id_written(text.encode()): text for text in found}
    assert len(texts) == 2
    for text in found:
        assert [one.text("en", "language.md") for one in lint(text, interfaces={}.get, texts=texts.get)] == []


def test_the_two_rules_of_the_reference_say_the_same() -> None:

    faults = Faults()
    shipped = next(file for file in SHIPPED if file.name == "tokyo_jetro_support.yaml")
    top = Block(root_of(shipped.read_bytes(), faults), "", faults, None)
    names = names_of(read_data(top, read_choices(top)), {}, {}, {})
    english, japanese = re.findall(r"```rule\n(.*?)\n```", language.LANGUAGE.read_text("utf-8"), re.DOTALL)
    assert parse(english, names) == parse(japanese, names)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_the_shipped_procedures_fit_the_published_schema(file: Path) -> None:
    assert _unfit(_as_editors_read(file), SCHEMA, "") == []


def test_a_slip_does_not_fit_the_published_schema() -> None:
    whole = _as_editors_read(SHIPPED[0])
    for change in ({"ownr": "x"}, {"one_per_subject": "perhaps"}, {"states": {"Open": {"title": "x"}}}, {"events": []}):
        assert _unfit({**whole, **change}, SCHEMA, "")
    assert _unfit({key: value for key, value in whole.items() if key != "owner"}, SCHEMA, "")


def _as_editors_read(file: Path) -> Any:
    """By YAML 1.2, where `on` is a word; PyYAML's own loader would read it as true."""
    root = compose(file.read_text("utf-8"), Faults())
    assert root is not None
    return json.loads(content_of(root))


def _unfit(value: Any, shape: dict[str, Any], path: str) -> list[str]:
    """What of `value` does not fit a schema, by hand: the dozen words of JSON Schema that the file uses."""
    if reference := shape.get("$ref"):
        return _unfit(value, SCHEMA["$defs"][reference.rpartition("/")[2]], path)
    if options := shape.get("anyOf"):
        tried = [_unfit(value, option, path) for option in options]
        if all(tried):
            return min(tried, key=len)
    if "enum" in shape and value not in shape["enum"]:
        return [f"{path}: {value!r} is none of {shape['enum']}"]
    if "type" in shape and not _is(value, shape["type"]):
        return [f"{path}: {value!r} is no {shape['type']}"]
    found = []
    if "pattern" in shape and not re.search(shape["pattern"], str(value)):
        found.append(f"{path}: {value!r} does not match")
    if isinstance(value, dict):
        found += [f"{path}: {key} is missing" for key in shape.get("required", ()) if key not in value]
        for key, part in value.items():
            rest = shape.get("additionalProperties", {})
            known = shape.get("properties", {}).get(key, rest)
            found += [f"{path}: no {key}"] if known is False else _unfit(part, known, f"{path}.{key}")
            found += _unfit(key, shape.get("propertyNames", {}), f"{path}.{key}")
    for number, part in enumerate(value if isinstance(value, list) else ()):
        found += _unfit(part, shape.get("items", {}), f"{path}.{number}")
    return found


def _is(value: Any, types: str | list[str]) -> bool:
    kinds: dict[str, type | tuple[type, ...]] = {
        "string": str,
        "number": (int, float),
        "integer": int,
        "boolean": bool,
        "object": dict,
        "array": list,
    }
    return any(isinstance(value, kinds[one]) for one in ([types] if isinstance(types, str) else types))
