"""A procedure as a diagram: Mermaid or graphviz text, with the way that one case has taken marked in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from unicodedata import east_asian_width

from toritsugi.definition.model import Event, Procedure

#: An event from at least so many states is drawn from one node that stands for them all.
_MANY = 5
#: Most states that such a node names as left out.
_MOST_LEFT_OUT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The way of one case through its procedure."""

    #: the state it is in now.
    state: str
    #: (state left, event, state reached), as far as they are steps of the procedure.
    steps: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """One arrow: the events that lead from one node to another."""

    source: str
    target: str
    titles: tuple[str, ...]
    #: fired by the engine: a deadline passed, a condition held.
    automatic: bool
    #: the case went this way.
    taken: bool


def way_of(history: Iterable[Mapping[str, object]], state: str) -> Way:
    """The way told by a case's history rows."""
    rows = [(str(row["from"]), str(row["event"]), str(row["to"])) for row in history if row.get("from")]
    return Way(state=state, steps=tuple(row for row in rows if row[0] != row[2]))


def arrows(procedure: Procedure, locale: str, way: Way | None = None) -> list[Arrow]:
    """The arrows between states; events that leave the state as it is are not drawn, those from everywhere are one arrow."""
    titles: dict[tuple[str, str, bool, bool], list[str]] = {}
    taken = {*way.steps} if way is not None else set()
    for event in procedure.events.values():
        for source in _sources(procedure, event, taken):
            if event.target is None or source == event.target:
                continue
            went = (source, event.id, event.target) in taken
            key = (source, event.target, bool(event.triggers) and not event.by, went)
            titles.setdefault(key, []).append(event.title.of(locale))
    return [
        Arrow(source=source, target=target, titles=tuple(named), automatic=automatic, taken=went)
        for (source, target, automatic, went), named in titles.items()
    ]


def _sources(procedure: Procedure, event: Event, taken: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """Where an event's arrows begin; a step that was taken is drawn from where it was taken."""
    if event.target is not None and len(event.sources) >= _MANY:
        yield _gathered(event.id)
        yield from (source for source, fired, _ in taken if fired == event.id)
    else:
        yield from event.sources


def _gathered(event: str) -> str:
    return f"{event} from many"


def _gatherings(procedure: Procedure, drawn: Iterable[Arrow], locale: str) -> Iterator[tuple[str, str]]:
    """The nodes that stand for many states: id and title."""
    used = {arrow.source for arrow in drawn}
    for event in procedure.events.values():
        if _gathered(event.id) in used:
            yield _gathered(event.id), _from_many(procedure, event, locale)


def _from_many(procedure: Procedure, event: Event, locale: str) -> str:
    left_out = [
        state.title.of(locale)
        for id_, state in procedure.states.items()
        if not state.terminal and id_ not in event.sources and id_ != event.target
    ]
    if len(left_out) > _MOST_LEFT_OUT:
        return _run(procedure, event, locale)
    if locale == "ja":
        return "終了前のどの状態からも" + (f"（{'、'.join(left_out)}を除く）" if left_out else "")
    return "from any open state" + (f" but {', '.join(left_out)}" if left_out else "")


def _run(procedure: Procedure, event: Event, locale: str) -> str:
    """Many states in words: by the first and the last where none between them is left out."""
    number = len(event.sources)
    opened = [id_ for id_, state in procedure.states.items() if not state.terminal]
    begin = opened.index(event.sources[0])
    if tuple(opened[begin : begin + number]) != tuple(event.sources):
        return f"{number}の状態から" if locale == "ja" else f"from {number} states"
    first, last = (procedure.states[event.sources[at]].title.of(locale) for at in (0, -1))
    if locale == "ja":
        return f"「{first}」から\n「{last}」までの\n{number}の状態から"
    return f'from any of the {number} states\n"{first}"\nto "{last}"'


def mermaid(procedure: Procedure, locale: str, way: Way | None = None) -> str:
    """Mermaid text; node ids are ASCII, titles stand in quotes."""
    drawn = arrows(procedure, locale, way)
    lines = ["flowchart TD", "  start((' '))"]
    for id_, state in procedure.states.items():
        left, right = ("([", "])") if state.terminal else ("[", "]")
        lines.append(f"  {_node(id_)}{left}{_quoted(state.title.of(locale))}{right}")
    for id_, title in _gatherings(procedure, drawn, locale):
        lines.append(f"  {_node(id_)}{{{{{_quoted(title)}}}}}")
    lines.append(f"  start --> {_node(procedure.initial)}")
    for arrow in drawn:
        line = "==>" if arrow.taken else "-.->" if arrow.automatic else "-->"
        label = "<br/>".join(_plain(title) for title in arrow.titles)
        lines.append(f'  {_node(arrow.source)} {line}|"{label}"| {_node(arrow.target)}')
    ends = [_node(id_) for id_, state in procedure.states.items() if state.terminal]
    if ends:
        lines += ["  classDef ends fill:#eeeeee,stroke:#777777", f"  class {','.join(ends)} ends"]
    if way is not None:
        passed = [_node(id_) for id_ in _passed(procedure, way)]
        lines += [
            "  classDef passed stroke:#1a6fb5,stroke-width:2px",
            "  classDef now fill:#ffe08a,stroke:#b36b00,stroke-width:4px",
        ]
        lines += [f"  class {','.join(passed)} passed"] if passed else []
        lines += [f"  class {_node(way.state)} now"] if way.state in procedure.states else []
    return "\n".join(lines) + "\n"


def dot(procedure: Procedure, locale: str, way: Way | None = None) -> str:
    """Graphviz text; node ids are ASCII, titles stand in quotes."""
    drawn = arrows(procedure, locale, way)
    font = 'fontname="Noto Sans CJK JP,Noto Sans JP,BIZ UDPGothic,Yu Gothic,Hiragino Sans,sans-serif"'
    lines = [
        "digraph procedure {",
        f"  graph [rankdir=TB, nodesep=0.45, ranksep=0.55, pad=0.3, label={_heading(procedure, locale, way)}, labelloc=t, {font}];",
        f'  node [shape=box, style="rounded,filled", fillcolor=white, margin="0.2,0.09", fontsize=14, {font}];',
        f'  edge [fontsize=12, color="#555555", fontcolor="#222222", arrowsize=0.8, {font}];',
        '  start [shape=circle, width=0.2, label="", style=filled, fillcolor=black];',
    ]
    passed = _passed(procedure, way) if way is not None else []
    for id_, state in procedure.states.items():
        look = ["peripheries=2"] if state.terminal else []
        if way is not None and id_ == way.state:
            look += ['fillcolor="#ffe08a"', "penwidth=3"]
        elif id_ in passed:
            look += ['color="#1a6fb5"', 'fillcolor="#e6f1fa"', "penwidth=2"]
        elif state.terminal:
            look += ['fillcolor="#eeeeee"']
        title = state.title.of(locale)
        look = [f"label={_string(title)}", f"width={(_points(title, 14) + 28) / 72:.2f}", *look]
        lines.append(f"  {_node(id_)} [{', '.join(look)}];")
    for id_, title in _gatherings(procedure, drawn, locale):
        lines.append(f'  {_node(id_)} [label={_sized(title.split(chr(10)))}, style="rounded,dashed", fontsize=12];')
    lines.append(f"  start -> {_node(procedure.initial)};")
    for arrow in drawn:
        look = [f"label={_sized(arrow.titles)}"]
        look += ["style=dashed"] if arrow.automatic else []
        look += ["penwidth=3", 'color="#1a6fb5"', 'fontcolor="#0d4f86"'] if arrow.taken else []
        lines.append(f"  {_node(arrow.source)} -> {_node(arrow.target)} [{', '.join(look)}];")
    return "\n".join([*lines, "}"]) + "\n"


def _heading(procedure: Procedure, locale: str, way: Way | None) -> str:
    """The title, and under it what the signs mean."""
    if locale == "ja":
        signs = "二重枠：終了　点線：自動で起きる操作"
        signs += "　黄色：現在の状態　青：通ってきた道" if way is not None else ""
    else:
        signs = "double frame: the end; dashed: happens by itself"
        signs += "; yellow: the present state; blue: the way taken" if way is not None else ""
    title = f'<font point-size="18"><b>{_html(procedure.title.of(locale))}</b></font>'
    return f'<{title}<br/><font point-size="6"> </font><br/><font point-size="11">{signs}</font><br/> >'


def _sized(titles: Iterable[str]) -> str:
    """Lines of text with room of their own: a machine without Japanese fonts would measure them too narrow."""
    rows = (
        f'<tr><td width="4"></td><td align="left" width="{_points(title, 12) + 10}" height="16">{_html(title)}</td></tr>'
        for title in titles
    )
    return f'<<table border="0" cellborder="0" cellspacing="0" cellpadding="0">{"".join(rows)}</table>>'


def _points(text: str, size: int) -> int:
    """About how wide a text is, in points."""
    full = sum(east_asian_width(char) in "WFA" for char in text)
    return size * full + round(0.58 * size * (len(text) - full))


def _html(text: str) -> str:
    """A text inside graphviz's HTML-like labels."""
    for sign, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(sign, written)
    return text


def _passed(procedure: Procedure, way: Way) -> list[str]:
    """The states that the case has left behind, in the file's order."""
    seen = {state for source, _, target in way.steps for state in (source, target)} - {way.state}
    return [id_ for id_ in procedure.states if id_ in seen]


def _node(id_: str) -> str:
    """A node's id: ASCII, and no word of the diagram languages (`end` is one)."""
    return "s_" + "".join(
        char if char.isascii() and (char.isalnum() or char == "_") else "_" if char == " " else f"u{ord(char):x}"
        for char in id_
    )


def _plain(text: str) -> str:
    """A text inside Mermaid's quotes."""
    for sign, written in (("#", "#35;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;"), ("\n", " ")):
        text = text.replace(sign, written)
    return text


def _quoted(text: str) -> str:
    return f'"{_plain(text)}"'


def _string(text: str) -> str:
    """A text as graphviz quotes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
