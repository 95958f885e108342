"""What the static checks write their findings to: one procedure, its places in the text, and what its words may name."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from toritsugi.definition.faults import near
from toritsugi.definition.finding import Finding, Severity
from toritsugi.definition.model import Position, Procedure

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

    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure
        self.findings: list[Finding] = []

    def add(
        self,
        code: str,
        path: str,
        ja: str,
        en: str,
        suggestions: Iterable[str] = (),
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Note one finding at a path of the definition."""
        self.findings.append(
            Finding(
                code=code,
                severity=severity,
                message_ja=ja,
                message_en=en,
                position=self._position(path),
                path=path,
                suggestions=tuple(suggestions),
            )
        )

    def warn(self, code: str, path: str, ja: str, en: str) -> None:
        """Note something worth a look."""
        self.add(code, path, ja, en, severity=Severity.WARNING)

    def move(self, first: int, path: str) -> None:
        """Give the findings from number `first` on a more exact path: exact places cost time that only faults are worth."""
        position = self._position(path)
        self.findings[first:] = [replace(found, path=path, position=position) for found in self.findings[first:]]

    def known(self, kind: str, words: Iterable[str | None], allowed: Collection[str], path: str) -> bool:
        """Whether all `words` are among `allowed`; notes each that is not. None and empty words say nothing."""
        unknown = [word for word in words if word and word not in allowed]
        for word in unknown:
            ja = f"「{word[:60]}」という{KINDS[kind]}はありません。"
            en = f"there is no {kind} '{word[:60]}'."
            self.add(f"UNKNOWN_{kind.upper()}", path, ja, en, near(word, allowed))
        return not unknown

    def _position(self, path: str) -> Position | None:
        """The place of a path, or of the nearest thing around it."""
        positions = self.procedure.positions
        while path and path not in positions:
            path = path.rpartition(".")[0]
        return positions.get(path)
