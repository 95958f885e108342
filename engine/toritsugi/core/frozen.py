"""Frozen dataclasses that are made in half the time; for the dozen values that every event needs anew.

Theory of operation
-------------------
A frozen dataclass assigns each field by a call of `object.__setattr__`, which is nine tenths of what it costs to make
one. `@frozen` makes an ordinary dataclass instead, whose instances turn into a frozen subclass of it as the last thing
that happens to them. Nobody can see the difference: `isinstance`, `==`, `hash`, `repr`, `replace`, copying and matching do what they do
for `@dataclass(frozen=True, slots=True, kw_only=True)`, and assigning raises `FrozenInstanceError`.
"""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass, field, fields
from typing import Any, NoReturn, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """Like `@dataclass(frozen=True, slots=True, kw_only=True)`; not for classes with subclasses or `__post_init__`."""

    def turn(self: object) -> None:
        self.__class__ = final

    with_hook: Any = cls  # no class declares the hook, which the dataclass's own __init__ calls
    with_hook.__post_init__ = turn
    made = dataclass(slots=True, kw_only=True, unsafe_hash=True)(cls)

    def again(_: object, **values: Any) -> T:
        return made(**values)

    def parts(self: Any) -> tuple[Any, ...]:
        return _put_together, (made, {one.name: getattr(self, one.name) for one in fields(self)})

    final = type(
        made.__name__,
        (made,),
        {
            "__slots__": (),
            "__module__": made.__module__,
            "__qualname__": made.__qualname__,
            "__doc__": made.__doc__,
            "__new__": again,
            "__init__": _is_made,
            "__reduce__": parts,
            "__setattr__": _refuse,
            "__delattr__": _refuse,
        },
    )
    return made


def _put_together(made: type[T], values: dict[str, Any]) -> T:
    return made(**values)


def _is_made(self: object, **_: Any) -> None:
    """`__new__` did it."""


def _refuse(self: object, name: str, _: object = None) -> NoReturn:
    raise FrozenInstanceError(f"cannot change field {name!r}")
