"""Findings as a person reads them, and as JSON and SARIF for programs that read along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from toritsugi_adapters.cli.language import words
from toritsugi_adapters.cli.layout import paragraph
from toritsugi_adapters.cli.lint.excerpt import excerpt

if TYPE_CHECKING:
    from toritsugi.definition.finding import Finding
    from toritsugi_adapters.cli.lint.looked import Looked

#: Most words listed as allowed; more than this nobody reads.
_MOST_ALLOWED = 12
#: Most further places of one fault that are listed.
_MOST_PLACES = 6
_SARIF = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def as_text(looked: Iterable[Looked]) -> Iterator[str]:
    """Each finding with its place, excerpt, cause and what would be right; a count at the end."""
    files = list(looked)
    for one in files:
        for finding in one.findings:
            yield from _one(one, finding)
            yield ""
    yield _count(files)


def _one(looked: Looked, finding: Finding) -> Iterator[str]:
    severity = words("誤り", "error") if finding.severity == "error" else words("注意", "warning")
    place = f":{finding.position.line}:{finding.position.column}" if finding.position else ""
    yield f"{looked.file}{place}: {severity} {finding.code}"
    yield from excerpt(looked.lines, finding)
    yield from paragraph(words(finding.message_ja, finding.message_en), indent=2)
    if finding.suggestions:
        yield from paragraph(
            words("もしかして：", "did you mean: ") + _listed(finding.suggestions), indent=4, first="  "
        )
    rest = [word for word in finding.allowed if word not in finding.suggestions]
    if rest and len(finding.suggestions) < 2:
        yield from paragraph(words("書けるもの：", "possible here: ") + _listed(rest), indent=4, first="  ")
    if finding.also:
        lines = dict.fromkeys(str(place.line) for place in finding.also)
        yield from paragraph(
            words(f"関係する行：{_listed(lines, _MOST_PLACES)}", f"see also line {_listed(lines, _MOST_PLACES)}"),
            indent=2,
        )


def _listed(parts: Iterable[str], most: int = _MOST_ALLOWED) -> str:
    listed = list(parts)
    left = len(listed) - most
    more = words(f"（ほか{left}）", f" (and {left} more)") if left > 0 else ""
    return words("、", ", ").join(listed[:most]) + more


def _count(files: list[Looked]) -> str:
    errors = sum(one.errors for one in files)
    warnings = sum(len(one.findings) for one in files) - errors
    if not errors and not warnings:
        return words(
            f"問題はありません（{len(files)}ファイル）。", f"No faults ({len(files)} file{'s' * (len(files) != 1)})."
        )
    ja = f"誤り {errors}件、注意 {warnings}件（{len(files)}ファイル）"
    en = f"{errors} error{'s' * (errors != 1)}, {warnings} warning{'s' * (warnings != 1)}"
    return words(ja, f"{en} in {len(files)} file{'s' * (len(files) != 1)}")


def as_shape(looked: Iterable[Looked]) -> dict[str, Any]:
    """The findings of every file, for `--format json`."""
    files = list(looked)
    return {
        "errors": sum(one.errors for one in files),
        "warnings": sum(len(one.findings) - one.errors for one in files),
        "files": [{"file": one.file, "findings": [_shape(finding) for finding in one.findings]} for one in files],
    }


def _shape(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "line": finding.position.line if finding.position else None,
        "column": finding.position.column if finding.position else None,
        "length": finding.length,
        "path": finding.path,
        "message": {"ja": finding.message_ja, "en": finding.message_en},
        "suggestions": list(finding.suggestions),
        "allowed": list(finding.allowed),
        "also": [{"line": place.line, "column": place.column} for place in finding.also],
    }


def as_sarif(looked: Iterable[Looked]) -> dict[str, Any]:
    """The findings as a SARIF 2.1.0 log, in this run's language."""
    from toritsugi_adapters.cli.main import version

    results = [_result(one, finding) for one in looked for finding in one.findings]
    rules = sorted({result["ruleId"] for result in results})
    driver = {"name": "toritsugi", "version": version(), "rules": [{"id": code} for code in rules]}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": _SARIF, "version": "2.1.0", "runs": [run]}


def _result(looked: Looked, finding: Finding) -> dict[str, Any]:
    message = words(finding.message_ja, finding.message_en)
    if finding.suggestions:
        message += words("もしかして：", " Did you mean: ") + _listed(finding.suggestions)
    found = {
        "ruleId": finding.code,
        "level": str(finding.severity),
        "message": {"text": message},
        "locations": [{"physicalLocation": _region(looked, finding)}],
    }
    if finding.also:
        found["relatedLocations"] = [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": looked.uri},
                    "region": {"startLine": place.line, "startColumn": place.column},
                }
            }
            for place in finding.also
        ]
    return found


def _region(looked: Looked, finding: Finding) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": looked.uri}}
    if finding.position is not None:
        line, column = finding.position
        place["region"] = {"startLine": line, "startColumn": column, "endColumn": column + finding.length}
    return place
