"""A file's text laid out, and the proof that nothing but the layout has changed; without it nothing is handed out."""

from __future__ import annotations

from toritsugi.definition.content import content_of
from toritsugi.definition.finding import Faults, Finding
from toritsugi.definition.nodes import Entries
from toritsugi.definition.yamltext import compose, decoded
from toritsugi_adapters.cli.fmt.formatted import layout
from toritsugi_adapters.cli.fmt.marked import sheet_of

#: Breaks that YAML takes for the end of a line and editors do not.
_ODD_BREAKS = "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"


class NotFormatted(Exception):
    """The text cannot be laid out; `findings` tell why if it is no definition's text at all."""

    def __init__(self, ja: str, en: str, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(en)
        self.ja = ja
        self.en = en
        self.findings = findings


def formatted(raw: bytes) -> bytes:
    """The text laid out; lines end as the first one did, a byte-order mark is left out.

    Raises:
        NotFormatted: the text cannot be read, or the content or a comment would not be the same afterwards.
    """
    text = _read(raw)
    plain = text.replace("\r\n", "\n")
    if any(sign in plain for sign in _ODD_BREAKS):
        raise NotFormatted("改行として扱われる特殊な文字があります。", "it holds a character that breaks lines unseen.")
    sheet = sheet_of(plain)
    new = layout(sheet)
    _prove(plain, new, [one.text for one in sheet.comments])
    if "\r\n" in text.partition("\n")[0] + "\n":
        new = new.replace("\n", "\r\n")
    return new.encode()


def _read(raw: bytes) -> str:
    faults = Faults()
    text = decoded(raw, faults)
    root = compose(text, faults) if text is not None else None
    if text is None or not isinstance(root, Entries) or faults.found:
        raise NotFormatted(
            "YAML として読めません。先に lint で直してください。",
            "it is no YAML of a definition; mend it with lint first.",
            tuple(faults.found),
        )
    return text


def _prove(old: str, new: str, comments: list[str]) -> None:
    """That content and `comments` are the same, and that a second run would change nothing.

    Raises:
        NotFormatted: one of them is not so.
    """
    before, after = compose(old, Faults()), compose(new, Faults())
    if before is None or after is None or content_of(before) != content_of(after):
        raise NotFormatted("内容が変わってしまうため整形できません。", "laid out, it would say something else.")
    sheet = sheet_of(new)
    if comments != [one.text for one in sheet.comments]:
        raise NotFormatted("コメントが失われるため整形できません。", "laid out, it would lose a comment.")
    if layout(sheet) != new:
        raise NotFormatted("整形の結果が定まりません。", "laid out twice, it would look different.")
