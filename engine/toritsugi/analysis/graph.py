"""A procedure as a diagram: Mermaid or graphviz text, with the way that one case has taken marked in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from unicodedata import east_asian_width

from toritsugi.definition.configurations import split, title_of
from toritsugi.definition.model import Procedure
from toritsugi.definition.model_events import Event
from toritsugi.definition.model_states import Composite
from toritsugi.definition.types import Title

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
        gone = _taken(procedure, event, taken)
        for source in _sources(event, gone):
            if event.target is None or source == event.target:
                continue
            key = (source, event.target, bool(event.triggers) and not event.by, source in gone)
            titles.setdefault(key, []).append(event.title.of(locale))
    return [
        Arrow(source=source, target=target, titles=tuple(named), automatic=automatic, taken=went)
        for (source, target, automatic, went), named in titles.items()
    ]


def _written(event: Event) -> tuple[str, ...]:
    """Where an event may be done, as its author named it; an event that was made by hand: by the states themselves."""
    return event.written or event.sources


def _taken(procedure: Procedure, event: Event, taken: Iterable[tuple[str, str, str]]) -> set[str]:
    """The nodes from which a case took an event's arrow: a state, or what the event's author called the place in it."""
    found: set[str] = set()
    for source, fired, target in taken:
        if fired == event.id and event.leads(source) == target:
            state = procedure.states.get(source)
            names = {source, *((state.within, *state.leaves) if state is not None else ())}
            found.update(one for one in _written(event) if names.issuperset(split(one)) or one == source)
            if state is not None and not state.within:
                found.add(source)
    return found


def _sources(event: Event, gone: Iterable[str]) -> Iterator[str]:
    """Where an event's arrows begin; a step that was taken is drawn from where it was taken."""
    if event.target is not None and len(_written(event)) >= _MANY:
        yield _gathered(event.id)
        yield from sorted(gone)
    else:
        yield from _written(event)


def _gathered(event: str) -> str:
    return f"{event} from many"


def _gatherings(procedure: Procedure, drawn: Iterable[Arrow], locale: str) -> Iterator[tuple[str, str]]:
    """The nodes that stand for many states: id and title."""
    used = {arrow.source for arrow in drawn}
    for event in procedure.events.values():
        if _gathered(event.id) in used:
            yield _gathered(event.id), _from_many(procedure, event, locale)
    for one in sorted({*used, *(arrow.target for arrow in drawn)}):
        title = title_of(procedure, one) if len(split(one)) > 1 else None
        if title is not None:  # several parts must stand so at once
            yield one, title.of(locale)


def _from_many(procedure: Procedure, event: Event, locale: str) -> str:
    left_out = [
        title.of(locale)
        for id_, title in _open_nodes(procedure).items()
        if id_ not in _written(event) and id_ != event.target
    ]
    if len(left_out) > _MOST_LEFT_OUT:
        return _run(procedure, event, locale)
    if locale == "ja":
        return "終了前のどの状態からも" + (f"（{'、'.join(left_out)}を除く）" if left_out else "")
    return "from any open state" + (f" but {', '.join(left_out)}" if left_out else "")


def _run(procedure: Procedure, event: Event, locale: str) -> str:
    """Many states in words: by the first and the last where none between them is left out."""
    written = _written(event)
    number = len(written)
    titles = _open_nodes(procedure)
    opened = list(titles)
    begin = opened.index(written[0]) if written[0] in titles else 0
    if tuple(opened[begin : begin + number]) != written:
        return f"{number}の状態から" if locale == "ja" else f"from {number} states"
    first, last = (titles[written[at]].of(locale) for at in (0, -1))
    if locale == "ja":
        return f"「{first}」から\n「{last}」までの\n{number}の状態から"
    return f'from any of the {number} states\n"{first}"\nto "{last}"'


def _open_nodes(procedure: Procedure) -> dict[str, Title]:
    """What is drawn for the states that are not the end: a state with parts is one node."""
    found: dict[str, Title] = {}
    for id_, state in procedure.states.items():
        if state.within:
            found[state.within] = procedure.composites[state.within].title
        elif not state.terminal:
            found[id_] = state.title
    return found


def mermaid(procedure: Procedure, locale: str, way: Way | None = None) -> str:
    """Mermaid text; node ids are ASCII, titles stand in quotes."""
    drawn = arrows(procedure, locale, way)
    lines = ["flowchart TD", "  start((' '))"]
    for id_, state in procedure.states.items():
        left, right = ("([", "])") if state.terminal else ("[", "]")
        if not state.within:
            lines.append(f"  {_node(id_)}{left}{_quoted(state.title.of(locale))}{right}")
    for composite in procedure.composites.values():
        lines += _mermaid_parts(composite, locale)
    for id_, title in _gatherings(procedure, drawn, locale):
        lines.append(f"  {_node(id_)}{{{{{_quoted(title)}}}}}")
    lines.append(f"  start --> {_node(_beginning(procedure))}")
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
        now = _standing(procedure, way.state)
        lines += [f"  class {','.join(_node(id_) for id_ in now)} now"] if now else []
    return "\n".join(lines) + "\n"


def _mermaid_parts(composite: Composite, locale: str) -> Iterator[str]:
    """A state with parts: a frame, a frame for each part in it, and the states of the part in that."""
    yield f"  subgraph {_node(composite.id)}[{_quoted(composite.title.of(locale))}]"
    for part in composite.parts.values():
        yield f"    subgraph {_node(f'{composite.id} {part.id}')}[{_quoted(part.title.of(locale))}]"
        for leaf in part.leaves.values():
            left, right = ("(", ")") if leaf.id == part.initial else ("[", "]")
            yield f"      {_node(leaf.id)}{left}{_quoted(leaf.title.of(locale))}{right}"
        yield "    end"
    yield "  end"


def _beginning(procedure: Procedure) -> str:
    """The node in which a case begins."""
    state = procedure.states.get(procedure.initial)
    return state.within if state is not None and state.within else procedure.initial


def _standing(procedure: Procedure, state: str) -> tuple[str, ...]:
    """The nodes that a state is drawn as: itself, or the state of each part."""
    known = procedure.states.get(state)
    return () if known is None else known.leaves or (state,)


def dot(procedure: Procedure, locale: str, way: Way | None = None) -> str:
    """Graphviz text; node ids are ASCII, titles stand in quotes."""
    drawn = arrows(procedure, locale, way)
    font = 'fontname="Noto Sans CJK JP,Noto Sans JP,BIZ UDPGothic,Yu Gothic,Hiragino Sans,sans-serif"'
    sizes = "nodesep=0.45, ranksep=0.55, pad=0.3"
    lines = [
        "digraph procedure {",
        f"  graph [rankdir=TB, {_compound(procedure)}{sizes}, label={_heading(procedure, locale, way)}, labelloc=t, {font}];",
        f'  node [shape=box, style="rounded,filled", fillcolor=white, margin="0.2,0.09", fontsize=14, {font}];',
        f'  edge [fontsize=12, color="#555555", fontcolor="#222222", arrowsize=0.8, {font}];',
        '  start [shape=circle, width=0.2, label="", style=filled, fillcolor=black];',
    ]
    passed = _passed(procedure, way) if way is not None else []
    now = _standing(procedure, way.state) if way is not None else ()

    def box(id_: str, title: str, terminal: bool = False) -> str:
        look = ["peripheries=2"] if terminal else []
        if id_ in now:
            look += ['fillcolor="#ffe08a"', "penwidth=3"]
        elif id_ in passed:
            look += ['color="#1a6fb5"', 'fillcolor="#e6f1fa"', "penwidth=2"]
        elif terminal:
            look += ['fillcolor="#eeeeee"']
        look = [f"label={_string(title)}", f"width={(_points(title, 14) + 28) / 72:.2f}", *look]
        return f"  {_node(id_)} [{', '.join(look)}];"

    lines += [
        box(id_, state.title.of(locale), state.terminal) for id_, state in procedure.states.items() if not state.within
    ]
    for composite in procedure.composites.values():
        lines += _dot_parts(composite, locale, box)
    for id_, title in _gatherings(procedure, drawn, locale):
        lines.append(f'  {_node(id_)} [label={_sized(title.split(chr(10)))}, style="rounded,dashed", fontsize=12];')
    lines.append(f"  start -> {_anchored(procedure, _beginning(procedure), 'lhead')};")
    for arrow in drawn:
        look = [f"label={_sized(arrow.titles)}"]
        look += ["style=dashed"] if arrow.automatic else []
        look += ["penwidth=3", 'color="#1a6fb5"', 'fontcolor="#0d4f86"'] if arrow.taken else []
        source, tail = _anchor(procedure, arrow.source)
        target, head = _anchor(procedure, arrow.target)
        look += ([f"ltail={tail}"] if tail else []) + ([f"lhead={head}"] if head else [])
        lines.append(f"  {_node(source)} -> {_node(target)} [{', '.join(look)}];")
    return "\n".join([*lines, "}"]) + "\n"


def _dot_parts(composite: Composite, locale: str, box: Callable[[str, str], str]) -> Iterator[str]:
    """A state with parts: a frame, a frame for each part in it, and the states of the part in that."""
    yield f"  subgraph {_cluster(composite.id)} {{ label={_string(composite.title.of(locale))}; style=rounded;"
    for part in composite.parts.values():
        name = _cluster(f"{composite.id} {part.id}")
        yield f'  subgraph {name} {{ label={_string(part.title.of(locale))}; style="rounded,dashed";'
        yield from (box(leaf.id, leaf.title.of(locale)) for leaf in part.leaves.values())
        yield "  }"
    yield "  }"


def _compound(procedure: Procedure) -> str:
    """Whether arrows may stop at a frame; said only where there is one."""
    return "compound=true, " if procedure.composites else ""


def _cluster(id_: str) -> str:
    return f"cluster_{_node(id_)}"


def _anchor(procedure: Procedure, id_: str) -> tuple[str, str]:
    """The node that an arrow is tied to, and the frame at which it is to stop; graphviz ties no arrow to a frame."""
    composite = procedure.composites.get(id_)
    if composite is None:
        return id_, ""
    return next(iter(composite.parts.values())).initial, _cluster(id_)


def _anchored(procedure: Procedure, id_: str, end: str) -> str:
    node, frame = _anchor(procedure, id_)
    return f"{_node(node)} [{end}={frame}]" if frame else _node(node)


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
    ends = {state for source, _, target in way.steps for state in (source, target)}
    seen = {node for state in ends for node in _standing(procedure, state)} - {*_standing(procedure, way.state)}
    drawn = dict.fromkeys(node for state in procedure.states for node in _standing(procedure, state))
    return [id_ for id_ in drawn if id_ in seen]


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
