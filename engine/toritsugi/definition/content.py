"""A definition's content apart from its layout: canonical JSON that a case can be pinned to and read back from years later.

Comments, quotes and indentation are gone; every scalar is text. The author's order is kept, because a person sees
fields, options and events in it: moving a line makes another content.
"""

from __future__ import annotations

from toritsugi.definition.nodes import Entries, Items, Node, Text

_Plain = str | list["_Plain"] | dict[str, "_Plain"]


def content_of(node: Node) -> str:
    """The canonical JSON of a definition."""
    import json

    return json.dumps(_plain(node), ensure_ascii=False, separators=(",", ":"))


def hash_of(content: str) -> str:
    """sha256 of the content, hex."""
    import hashlib  # loads a library of its own, which reading and checking have no use for

    return hashlib.sha256(content.encode()).hexdigest()


def node_of(content: str) -> Node:
    """The tree that `content_of` wrote; its nodes have no place.

    Raises:
        ValueError: the text is not such a content.
    """
    import json

    return _node(json.loads(content))


def _plain(node: Node) -> _Plain:
    if isinstance(node, Text):
        return node.text
    if isinstance(node, Items):
        return [_plain(item) for item in node.items]
    return {key: _plain(value) for key, value in node.entries.items()}


def _node(plain: object) -> Node:
    if isinstance(plain, str):
        return Text(plain, offset=None)
    if isinstance(plain, list):
        return Items(tuple(_node(item) for item in plain))
    if isinstance(plain, dict):
        return Entries({str(key): _node(value) for key, value in plain.items()}, {})
    raise ValueError("a definition's content holds texts, lists and mappings only")
