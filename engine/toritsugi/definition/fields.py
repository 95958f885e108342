"""The data part of a definition: what a case may hold, from the YAML's types to typed fields."""

from __future__ import annotations

from collections.abc import Mapping

from toritsugi.definition import literals
from toritsugi.definition.block import Block
from toritsugi.definition.faults import near
from toritsugi.definition.model import DataField
from toritsugi.definition.nodes import Text
from toritsugi.definition.row_field import ROW_KEYS, read_row_field
from toritsugi.definition.types import TEXT, FieldOfRecord, Kind, Title, Type

#: The channels of procedures.md 1.4.
CHANNELS: Mapping[str, Title] = {
    "email": Title(ja="電子メール", en="E-mail"),
    "fax": Title(ja="FAX", en="Fax"),
    "post": Title(ja="郵送", en="Post"),
    "phone": Title(ja="電話", en="Telephone"),
    "in_person": Title(ja="持参・対面", en="In person"),
    "web_form": Title(ja="ウェブフォーム", en="Web form"),
    "online_meeting": Title(ja="オンライン面談", en="Online meeting"),
    "password_excel": Title(ja="パスワード付きExcel", en="Excel file with a password"),
}

#: The type of the engine's own name `channel`; in a definition: `type: channel`.
CHANNEL = Type(kind=Kind.CHOICE, options=CHANNELS)

TYPE_KEYS = ("type", "options", "of", "fields", "max_length", "minimum", "maximum")
FIELD_KEYS = (*TYPE_KEYS, "title", "personal", "menus", *ROW_KEYS, "source", "basis")
_KINDS = (*(str(kind) for kind in Kind), "channel")

Choices = Mapping[str, Mapping[str, Title]]


def read_choices(top: Block) -> Choices:
    """The named sets of options that several fields share."""
    return {id_: _titles(block) for id_, block in top.named("choices", None)}


def read_data(top: Block, choices: Choices) -> dict[str, DataField]:
    """The fields of a case, in the author's order."""
    return {id_: _field(id_, block, choices) for id_, block in top.named("data", FIELD_KEYS)}


def _field(id_: str, block: Block, choices: Choices) -> DataField:
    type_, personal = read_type(block, choices), block.yes("personal")
    return DataField(
        id=id_,
        title=block.title() or Title(ja=id_, en=id_),
        type=type_,
        personal=personal,
        menus=_menus(block, type_),
        row=read_row_field(block, type_, personal=personal),
        origin=block.origin(),
    )


def _menus(block: Block, type_: Type) -> bool:
    found = block.yes("menus")
    if found and type_.kind is not Kind.TEXT:
        ja, en = "「menus」は文字の項目（type: text）にだけ書けます。", "only a text (`type: text`) can be `menus`."
        block.fault("MENUS_NOT_TEXT", ja, en, "menus")
    return found


def read_type(block: Block, choices: Choices) -> Type:
    """The type a block describes; text, with a fault noted, if it describes none."""
    word = block.required("type")
    if word == "channel":
        return CHANNEL
    if word not in _KINDS:
        if word:
            ja, en = f"「{word[:60]}」という型はありません。", f"there is no type '{word[:60]}'."
            block.fault_in("UNKNOWN_TYPE", ja, en, "type", near(word, _KINDS), allowed=_KINDS)
        return TEXT
    kind = Kind(word)
    try:
        return Type(
            kind=kind,
            options=_options(block, choices) if "options" in block else {},
            item=_item(block, choices) if "of" in block else None,
            fields=_record(block, choices) if "fields" in block else {},
            max_length=block.integer("max_length"),
            minimum=_amount(block, "minimum", kind),
            maximum=_amount(block, "maximum", kind),
        )
    except ValueError as error:
        ja, en = f"型の書き方が誤っています（{error}）。", f"the type does not fit together ({error})."
        block.fault("BAD_TYPE", ja, en, "type")
        return TEXT


def _options(block: Block, choices: Choices) -> Mapping[str, Title]:
    node = block.get("options")
    if isinstance(node, Text):
        if node.text not in choices:
            ja, en = (
                f"「{node.text[:60]}」という選択肢の組はありません。",
                f"there is no set of choices '{node.text[:60]}'.",
            )
            block.fault_in("UNKNOWN_CHOICES", ja, en, "options", near(node.text, choices), allowed=tuple(choices))
        return choices.get(node.text, {"unknown": Title(ja="-", en="-")})
    group = Block(node, block.at("options"), block.faults, None)
    return _titles(group) or {"unknown": Title(ja="-", en="-")}


def _titles(group: Block) -> dict[str, Title]:
    found = {id_: group.title(id_) for id_ in group.entries.entries}
    return {id_: title for id_, title in found.items() if title is not None}


def _item(block: Block, choices: Choices) -> Type:
    return read_type(Block(block.get("of"), block.at("of"), block.faults, TYPE_KEYS), choices)


def _record(block: Block, choices: Choices) -> dict[str, FieldOfRecord]:
    keys = (*TYPE_KEYS, "title", "required")
    return {
        id_: FieldOfRecord(
            type=read_type(part, choices),
            title=part.title() or Title(ja=id_, en=id_),
            required=part.yes("required"),
        )
        for id_, part in block.named("fields", keys)
    }


def _amount(block: Block, key: str, kind: Kind) -> int | None:
    if kind is Kind.YEN and block.text(key) is not None:
        return read_yen(block, key)
    return block.integer(key)


def read_yen(block: Block, key: str) -> int:
    """An amount at a key: 1,000,000 yen, 100万円, 1000000."""
    try:
        return literals.read_yen(literals.fold(block.required(key)))
    except ValueError:
        ja, en = (
            f"「{key}」は「100万円」「1,000,000 yen」のように書いてください。",
            f"'{key}' takes an amount like 1,000,000 yen.",
        )
        block.fault_in("NOT_YEN", ja, en, key)
        return 0
