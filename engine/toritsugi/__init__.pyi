"""The face of toritsugi as type checkers see it; the twin of `__init__.py`."""

from toritsugi.core.sitting import Item as Item
from toritsugi.core.values import SYSTEM as SYSTEM
from toritsugi.core.values import Actor as Actor
from toritsugi.core.values import Case as Case
from toritsugi.core.values import Event as Event
from toritsugi.engine import Engine as Engine
from toritsugi.errors import Conflict as Conflict
from toritsugi.errors import DefinitionError as DefinitionError
from toritsugi.errors import KeyReused as KeyReused
from toritsugi.errors import NotPossible as NotPossible
from toritsugi.errors import OutsideError as OutsideError
from toritsugi.errors import RequestError as RequestError
from toritsugi.errors import ToritsugiError as ToritsugiError
from toritsugi.errors import UnknownCase as UnknownCase
from toritsugi.errors import UnknownProcedure as UnknownProcedure

__version__: str
