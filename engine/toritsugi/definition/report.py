"""What the static checks write their findings to: one procedure, its places in the text, and what its words may name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from toritsugi.definition.faults import near
from toritsugi.definition.finding import Finding, Severity
from toritsugi.definition.model import Procedure
from toritsugi.definition.nodes import Node, found, places, spot
from toritsugi.definition.origin import Position

#: What a reference may name: (code, Japanese noun).
KINDS = {
    "state": "状態",
    "event": "手続（events）",
    "party": "当事者（parties）",
    "field": "項目（data）",
    "document": "書類（documents）",
    "approval": "同意（approvals）",
    "link": "関連手続（links）",
    "ledger": "枠（ledgers）",
    "deadline": "期限（deadlines）",
    "calendar": "暦（機関）",
    "channel": "連絡手段",
    "code": "拒否コード",
    "name": "名前",
    "institution": "機関",
    "procedure": "手続の定義",
}


class Report:
    """Collects the findings on one procedure."""

    def __init__(self, procedure: Procedure, root: Node | None = None) -> None:
        """`root` is the tree that the procedure was read from: with it, places are exact to the word."""
        self.procedure = procedure
        self.findings: list[Finding] = []
        self._root = root
        self._places: Mapping[str, Position] | None = None

    @property
    def places(self) -> Mapping[str, Position]:
        """Path -> its place in the text."""
        if self._places is None:
            self._places = self.procedure.positions or dict(places(self._root) if self._root is not None else ())
        return self._places

    def add(
        self,
        code: str,
        path: str,
        ja: str,
        en: str,
        suggestions: Iterable[str] = (),
        severity: Severity = Severity.ERROR,
        allowed: Iterable[str] = (),
        word: str = "",
    ) -> None:
        """Note one finding at a path of the definition, under `word` if it stands there."""
        place = spot(found(self._root, path), word) if word else None
        self.findings.append(
            Finding(
                code=code,
                severity=severity,
                message_ja=ja,
                message_en=en,
                position=place or self._position(path),
                path=path,
                suggestions=tuple(suggestions),
                allowed=tuple(allowed),
                word=word,
                length=len(word) if place else max(1, len(path.rpartition(".")[2])),
            )
        )

    def warn(self, code: str, path: str, ja: str, en: str, word: str = "") -> None:
        """Note something worth a look."""
        self.add(code, path, ja, en, severity=Severity.WARNING, word=word)

    def move(self, first: int, path: str) -> None:
        """Give the findings from number `first` on a more exact path: exact places cost time that only faults are worth."""
        from dataclasses import replace

        here, position = found(self._root, path), self._position(path)
        self.findings[first:] = [
            replace(one, path=path, position=(spot(here, one.word) if one.word else None) or position)
            for one in self.findings[first:]
        ]

    def known(self, kind: str, words: Iterable[str | None], allowed: Collection[str], path: str) -> bool:
        """Whether all `words` are among `allowed`; notes each that is not. None and empty words say nothing."""
        unknown = [word for word in words if word and word not in allowed]
        for word in unknown:
            ja = f"「{word[:60]}」という{KINDS[kind]}はありません。"
            en = f"there is no {kind} '{word[:60]}'."
            self.add(f"UNKNOWN_{kind.upper()}", path, ja, en, near(word, allowed), allowed=allowed, word=word)
        return not unknown

    def _position(self, path: str) -> Position | None:
        """The place of a path, or of the nearest thing around it."""
        while path and path not in self.places:
            path = path.rpartition(".")[0]
        return self.places.get(path)
