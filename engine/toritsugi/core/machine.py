"""The state table of a procedure, carried out by `transitions`; the only file that knows that library.

Theory of operation
-------------------
A procedure is a flat state machine. Its table has one row per (event, source state): the target, or nothing if the
state stays. A case is never handed to the library: its state is put into a throw-away token, the token is moved, and
the token's new state is read off. So the machine keeps no state of its own, needs no lock, and may be asked by many
threads at once; and what it answers is a pure function of (event, state), so that each answer is remembered.

Three things the library could do are not used. Conditions and callbacks: whether an event may happen depends on who
asks, on data, approvals and linked cases, and every failing reason has to be told, so guards are checked before
(`refusal.py`) and effects are computed after (`effects.py`). Auto transitions (`to_<state>`): a state is reached by a
row of the manual or not at all. Models: the library would decorate our values with methods.

Rule 1: everything that decides from which state an event may be fired, and which state it leads to, lives here.

States with parts come here written out, one flat state for each way their parts can stand together
(`definition/configurations.py`), so the library's hierarchical machines, which keep their scope on themselves, are not needed.
"""

from __future__ import annotations

from transitions import Machine, MachineError
from transitions import State as MachineState

from toritsugi.definition.model import Procedure


class _QuietState(MachineState):
    """A state without callbacks, which therefore neither calls nor logs them (the library logs each at INFO)."""

    def enter(self, event_data: object) -> None:
        """Nothing happens."""

    def exit(self, event_data: object) -> None:
        """Nothing happens."""


class _Token:
    """What the library moves in place of a case."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


class StateTable:
    """Which event leads from which state to which; built once per procedure version."""

    __slots__ = ("_machine", "_moved", "_offered")

    def __init__(self, procedure: Procedure) -> None:
        self._machine = Machine(
            model=None,
            states=[_QuietState(state) for state in procedure.states],
            initial=None,
            auto_transitions=False,
            send_event=True,
        )
        offered: dict[str, list[str]] = {state: [] for state in procedure.states}
        for event in procedure.events.values():
            for source in event.sources:
                # a target of None is the library's internal transition: no exit, no entry, the state stays
                self._machine.add_transition(event.id, source, event.leads(source))
                offered[source].append(event.id)
        self._offered = {state: tuple(events) for state, events in offered.items()}
        #: what the machine answered: the same question has the same answer, and a procedure has few of them.
        self._moved: dict[tuple[str, str], str | None] = {}

    def target(self, event: str, state: str) -> str | None:
        """The state that `event` leads to from `state`; None if it is not offered there."""
        try:
            return self._moved[event, state]
        except KeyError:
            return self._moved.setdefault((event, state), self._move(event, state))

    def _move(self, event: str, state: str) -> str | None:
        token = _Token(state)
        try:
            self._machine.events[event].trigger(token)
        except (MachineError, KeyError):
            return None
        return token.state

    def offered(self, state: str) -> tuple[str, ...]:
        """Ids of the events that `state` offers, in the order of the procedure's file."""
        return self._offered.get(state, ())
