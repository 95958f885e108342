"""The embedded driver in real time: the one place where a real clock runs, with events instead of sleeps."""

import threading

from toritsugi_adapters.drivers.embedded import EmbeddedDriver
from toritsugi_adapters.plugin import toritsugi_driver

#: Far longer than any test: a pass that comes did not come from the floor.
NEVER_S = 3600.0
PATIENCE_S = 20.0


class PassiveEngine:
    """Counts passes; the first tick waits until it is let go."""

    def __init__(self, *, hold_first: bool = False, fail: bool = False) -> None:
        self.ticks = 0
        self.delivered = 0
        self.in_tick = threading.Event()
        self.let_go = threading.Event()
        self.fail = fail
        self.changed = threading.Condition()
        if not hold_first:
            self.let_go.set()

    def tick(self) -> int:
        self.in_tick.set()
        assert self.let_go.wait(PATIENCE_S)
        with self.changed:
            self.ticks += 1
            self.changed.notify_all()
        if self.fail:
            raise RuntimeError("the store is away")
        return 0

    def deliver(self) -> int:
        with self.changed:
            self.delivered += 1
            self.changed.notify_all()
        return 0

    def delivered_at_least(self, count: int) -> bool:
        with self.changed:
            return self.changed.wait_for(lambda: self.delivered >= count, PATIENCE_S)


def test_a_started_driver_looks_at_once() -> None:
    engine = PassiveEngine()
    driver = EmbeddedDriver(engine, floor_s=NEVER_S)
    driver.start()
    assert engine.delivered_at_least(1)
    driver.stop()
    assert (engine.ticks, engine.delivered) == (1, 1)


def test_a_wake_in_mid_tick_is_not_lost() -> None:
    engine = PassiveEngine(hold_first=True)
    driver = EmbeddedDriver(engine, floor_s=NEVER_S)
    driver.start()
    assert engine.in_tick.wait(PATIENCE_S)
    driver.wake()
    engine.let_go.set()
    assert engine.delivered_at_least(2)
    driver.stop()


def test_an_idle_driver_wakes_at_once() -> None:
    engine = PassiveEngine()
    driver = EmbeddedDriver(engine, floor_s=NEVER_S)
    driver.start()
    assert engine.delivered_at_least(1)
    for count in (2, 3):
        driver.wake()
        assert engine.delivered_at_least(count)
    driver.stop()


def test_nobody_has_to_wake_it() -> None:
    engine = PassiveEngine()
    driver = EmbeddedDriver(engine, floor_s=0.05)
    driver.start()
    assert engine.delivered_at_least(3)
    driver.stop()


def test_a_pass_that_fails_stops_neither_the_delivery_nor_time() -> None:
    engine = PassiveEngine(fail=True)
    driver = EmbeddedDriver(engine, floor_s=0.05)
    driver.start()
    assert engine.delivered_at_least(2)
    driver.stop()


def test_stopping_waits_for_the_running_pass_though_it_wakes_the_driver() -> None:
    engine = PassiveEngine(hold_first=True)
    driver = EmbeddedDriver(engine, floor_s=NEVER_S)
    driver.start()
    assert engine.in_tick.wait(PATIENCE_S)
    stopper = threading.Thread(target=driver.stop)
    stopper.start()
    driver.wake()
    engine.let_go.set()
    stopper.join(PATIENCE_S)
    assert not stopper.is_alive()
    assert engine.delivered >= 1


def test_start_and_stop_may_be_said_twice_and_again() -> None:
    engine = PassiveEngine()
    driver = EmbeddedDriver(engine, floor_s=NEVER_S)
    driver.stop()
    for count in (1, 2):
        driver.start()
        driver.start()
        assert engine.delivered_at_least(count)
        driver.stop()
        driver.stop()
        driver.wake()


def test_the_plugin_supplies_the_embedded_driver_and_no_other() -> None:
    engine = PassiveEngine()
    assert isinstance(toritsugi_driver("embedded", engine), EmbeddedDriver)
    assert toritsugi_driver("cluster", engine) is None
