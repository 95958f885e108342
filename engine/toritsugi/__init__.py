"""The face of toritsugi for those who embed it: the names below, each fetched from its own module when first asked for.

Nothing is imported here, so `import toritsugi.core.decide` loads the core and not the database. Inside the
repository import from the defining module; `__init__.pyi` tells type checkers the same names.
"""

from importlib import import_module

#: Where each name of the face is defined.
_HOME = {
    "Engine": "toritsugi.engine",
    "Actor": "toritsugi.core.values",
    "Case": "toritsugi.core.values",
    "Event": "toritsugi.core.values",
    "Item": "toritsugi.core.sitting",
    "SYSTEM": "toritsugi.core.values",
    "Conflict": "toritsugi.errors",
    "DefinitionError": "toritsugi.errors",
    "KeyReused": "toritsugi.errors",
    "NotPossible": "toritsugi.errors",
    "OutsideError": "toritsugi.errors",
    "RequestError": "toritsugi.errors",
    "ToritsugiError": "toritsugi.errors",
    "UnknownCase": "toritsugi.errors",
    "UnknownProcedure": "toritsugi.errors",
}

__all__ = [
    "SYSTEM",
    "Actor",
    "Case",
    "Conflict",
    "DefinitionError",
    "Engine",
    "Event",
    "Item",
    "KeyReused",
    "NotPossible",
    "OutsideError",
    "RequestError",
    "ToritsugiError",
    "UnknownCase",
    "UnknownProcedure",
    "__version__",
]


def __getattr__(name: str) -> object:
    """A name of the face, fetched once and kept (PEP 562)."""
    if name == "__version__":
        from importlib.metadata import version  # dear, and hardly ever asked for

        value: object = version("toritsugi")
    elif name in _HOME:
        value = getattr(import_module(_HOME[name]), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
