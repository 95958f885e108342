"""What somebody asks to be begun: its names, checked before anything is written."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass

from toritsugi_adapters.cli.account import Failure

#: an id, and not so long that another word cannot be joined to it.
_ID = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_LONGEST = 40
#: what a title may not hold, because it stands unquoted in YAML, TOML and specs.
_NOT_IN_TITLES = re.compile(r"[\x00-\x1f\x7f,:{}\[\]#&*!|<>'\"%@`\\?「」=]")
_LONGEST_TITLE = 100
#: the word that is joined to an institution's name for its first procedure.
FIRST = "request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An institution or a procedure to begin."""

    #: institution | procedure.
    kind: str
    name: str
    #: what people call it.
    title: str
    #: the institution that carries the procedure, and what people call that.
    institution: str
    institution_title: str
    #: the institution is one that is known already, and says in English what it is called.
    institution_title_en: str

    @property
    def procedure(self) -> str:
        """The id of the procedure that is begun; an institution begins with one."""
        return self.name if self.kind == "procedure" else f"{self.name}_{FIRST}"

    @property
    def package(self) -> str:
        """The Python package that carries it."""
        return f"toritsugi_{self.name}"

    def blanks(self) -> dict[str, str]:
        """What is filled into the texts."""
        new = self.kind == "institution"
        return {
            "INSTITUTION": self.institution,
            "INSTITUTION_JA": self.institution_title,
            "INSTITUTION_EN": self.institution_title_en,
            "PROCEDURE": self.procedure,
            "TITLE_JA": f"{self.title}への申込み" if new else self.title,
            "TITLE_EN": f"Request to {in_english(self.name)}" if new else in_english(self.name),
            "PACKAGE": self.package,
            "PACKAGE_TITLE": self.title,
            "SHORT": self.name,
            "DISTRIBUTION": self.package.replace("_", "-"),
        }


def in_english(name: str) -> str:
    """An id as English reads it, until somebody writes a better title."""
    return name.replace("_", " ").capitalize()


def checked_name(name: str, taken: Container[str]) -> str:
    """The name, if it can be an id and nothing is called so yet.

    Raises:
        Failure: it cannot, or something is.
    """
    if not _ID.fullmatch(name) or len(name) > _LONGEST:
        raise Failure(
            f"「{name[:60]}」は識別名にできません。半角の英小文字で始め、英小文字・数字・下線（_）だけで{_LONGEST}文字までに"
            "してください。例 midori_zaidan（日本語の名称は --title で付けます）",
            f'"{name[:60]}" cannot be an id: lower-case letters, digits and single _ between them, a letter first, '
            f"up to {_LONGEST} characters, such as midori_zaidan (--title takes the name in Japanese).",
        )
    if name in taken or f"{name}_{FIRST}" in taken:
        raise Failure(f"「{name}」という名前はもう使われています。", f'The name "{name}" is taken.')
    return name


def checked_title(title: str) -> str:
    """The title, if it can stand in every file without quotes.

    Raises:
        Failure: it cannot.
    """
    plain = title.strip()
    found = _NOT_IN_TITLES.search(plain)
    if not plain or found or plain[0] in "-~" or len(plain) > _LONGEST_TITLE:
        what = f"「{found[0]}」は" if found and found[0].isprintable() else "この文は"
        raise Failure(
            f"--title に{what}使えません。記号のない{_LONGEST_TITLE}文字までの名称にしてください。（）と・は使えます。",
            f"--title is a plain name of up to {_LONGEST_TITLE} characters, without "
            + (f"{found[0]!r}." if found else "signs in front."),
        )
    return plain
