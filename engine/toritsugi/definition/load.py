"""YAML text to a `Procedure`, or all the reasons why not.

Pure: opens no file. What a linked procedure looks like comes from `interfaces`, made with `load_interface`, so that two
procedures may refer to each other. The same procedure is read again, years later, from its stored `content` alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import cache

from toritsugi.definition import check
from toritsugi.definition.block import Block
from toritsugi.definition.content import content_of, hash_of, node_of
from toritsugi.definition.finding import Faults, errors_among
from toritsugi.definition.interface import Interface, Interfaces, interface_of
from toritsugi.definition.like import Texts, no_texts
from toritsugi.definition.model import Procedure
from toritsugi.definition.nodes import Node, places
from toritsugi.definition.reading import NEWEST_FORMAT, read, root_of
from toritsugi.errors import DefinitionError

__all__ = ["NEWEST_FORMAT", "kept_interface", "kept_interfaces", "load", "load_content", "load_interface", "load_tree"]


def load(
    text: str | bytes,
    *,
    file: str,
    interfaces: Interfaces,
    texts: Texts = no_texts,
    codes: Collection[str] = check.REFUSAL_CODES,
) -> Procedure:
    """The procedure that a YAML text describes.

    Args:
        text: the file's content; bytes must be UTF-8, a byte-order mark is tolerated.
        file: what the author calls the file; used in messages only.
        interfaces: id of a linked procedure -> its interface (None: there is none). Not asked for the procedure itself.
        texts: id of a procedure that this one is `like` -> the text that describes it (None: there is none).
        codes: the refusal codes that `else:` may name.
    Raises:
        DefinitionError: with every fault that was found, in the order of the text.
    """
    faults = Faults()
    root = _root(text, faults, file, texts)
    return _procedure(root, faults, file, interfaces, codes)


def load_tree(
    root: Node, *, file: str, interfaces: Interfaces, codes: Collection[str] = check.REFUSAL_CODES
) -> Procedure:
    """The procedure of a tree as `reading.root_of` gives it, or as somebody has changed it since; checked as `load` does.

    Raises:
        DefinitionError: with every fault that was found.
    """
    return _procedure(root, Faults(), file, interfaces, codes)


def load_content(content: str, interfaces: Interfaces, codes: Collection[str] = check.REFUSAL_CODES) -> Procedure:
    """The procedure whose `content` was stored; equal to the one it was stored from, but without places in a text.

    Raises:
        DefinitionError: the content is not one, or this code finds fault with it.
        ValueError: the text is no JSON of a definition.
    """
    return _procedure(node_of(content), Faults(), "content", interfaces, codes, stored=True)


def load_interface(text: str | bytes, *, file: str, texts: Texts = no_texts) -> Interface:
    """The outside of the procedure that a YAML text describes, for those that link to it.

    Raises:
        DefinitionError: the text or its data part cannot be read.
    """
    faults = Faults()
    found = interface_of(Block(_root(text, faults, file, texts), "", faults, None))
    _refuse_if_wrong(faults, file)
    return found


def kept_interfaces(procedure: Procedure, interfaces: Interfaces) -> dict[str, str]:
    """What `procedure` was read to know of those it links to, by id, as text to be kept beside its content."""
    # a link to the procedure itself is answered from its own text
    others = {link.procedure for link in procedure.links.values()} - {procedure.id}
    others |= {count.procedure for count in procedure.counts.values()} - {procedure.id}
    found = {id_: interfaces(id_) for id_ in others}
    known = {id_: one.outside for id_, one in found.items() if one is not None and one.outside is not None}
    return {id_: content_of(outside) for id_, outside in sorted(known.items())}


def kept_interface(text: str) -> Interface:
    """The outside of a procedure as it was kept.

    Raises:
        ValueError: the text is none that `kept_interfaces` wrote.
    """
    return interface_of(Block(node_of(text), "", Faults(), None))


def _root(text: str | bytes, faults: Faults, file: str, texts: Texts) -> Node:
    root = root_of(text, faults, texts)
    if root is None:
        raise DefinitionError(errors_among(faults.found), file)
    return root


def _refuse_if_wrong(faults: Faults, file: str) -> None:
    if errors := errors_among(faults.found):
        raise DefinitionError(errors, file)


def _procedure(
    root: Node, faults: Faults, file: str, interfaces: Interfaces, codes: Collection[str], *, stored: bool = False
) -> Procedure:
    interfaces = cache(interfaces)
    found = read(root, faults, interfaces)
    faults.found.extend(check.check(found, interfaces=interfaces, codes=codes, root=root, stored=stored))
    _refuse_if_wrong(faults, file)
    content = content_of(root)
    return replace(found, content=content, content_hash=hash_of(content), positions=dict(places(root)))
