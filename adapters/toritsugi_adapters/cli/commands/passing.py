"""`tick`, `deliver` and `run`: what has to happen because time passes."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

from toritsugi_adapters.cli.desk import Desk
from toritsugi_adapters.cli.language import words
from toritsugi_adapters.cli.options import command

if TYPE_CHECKING:
    from toritsugi.definition.model import Procedure
    from toritsugi.ports import Channel


@command("tick")
def tick(desk: Desk) -> None:
    with desk.engine(writing=True) as engine:
        fired = engine.tick()
        done = words(f"到来した期限 {fired} 件を処理しました。", f"{fired} deadline{'s' * (fired != 1)} fired.")
        desk.show({"fired": fired}, [done])


@command("deliver")
def deliver(desk: Desk) -> None:
    with desk.engine(writing=True, channels=desk.channels()) as engine:
        done = engine.deliver()
        shape = {
            "handed_over": done.handed_over,
            "failed": done.failed,
            "set_aside": done.set_aside,
            "unknown": done.unknown,
        }
        desk.show(shape, [_delivered(shape, desk)])


def _delivered(counts: dict[str, int], desk: Desk) -> str:
    written = words("書き出し（spool、未発送）", "written to the spool (not sent yet)")
    served = words(
        "送付（電子メール以外は spool に書き出し、未発送）", "handed over (all but e-mail to the spool, not sent yet)"
    )
    names = {
        "handed_over": written if desk.smtp is None else served,
        "failed": words("再試行待ち", "to be retried"),
        "set_aside": words("保留", "set aside"),
        "unknown": words("結果不明", "outcome unknown"),
    }
    told = [
        words(f"{names[name]} {count}件", f"{names[name]} {count}")
        for name, count in counts.items()
        if count or name == "handed_over"
    ]
    return words("、", ", ").join(told)


@command(
    "run",
    ja="期限の到来と送付を一件ずつ一行で表示します。何台で動かしても、同じものが二度処理されることはありません。",
    en="Prints one line for each thing that happens. Several may run beside each other: nothing is done twice.",
)
def run(desk: Desk) -> int:
    from toritsugi_adapters.cli.watching import ToldChannel, ToldEngine, stamped, stamped_json
    from toritsugi_adapters.drivers.embedded import EmbeddedDriver

    tell = stamped_json if desk.as_json else stamped
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())

    def procedure_of(case_id: str) -> Procedure:
        return engine.procedure_of(engine.case(case_id))

    channels: list[Channel] = [ToldChannel(channel, tell, procedure_of) for channel in desk.channels()]
    with desk.engine(writing=True, channels=channels) as engine:
        driver = EmbeddedDriver(ToldEngine(engine, desk.present, tell))
        driver.start()
        tell(words("見張りを始めました。Ctrl-C で終了します。", "watching; Ctrl-C to end."))
        try:
            stopped.wait()
        finally:
            driver.stop()
    return 0
