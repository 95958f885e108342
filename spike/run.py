# Runs the whole spike and prints every result: python spike/run.py [part ...]
import os
import sys
import logging
import tempfile
import time

sys.path.insert(0, os.path.dirname(__file__))
import races  # noqa: E402
import ratios  # noqa: E402
from cluster import Cluster  # noqa: E402

logging.getLogger("psycopg").setLevel(logging.ERROR)
BEGAN = time.perf_counter()


def show(title, result):
    print(f"[{time.perf_counter() - BEGAN:5.0f}s] {title}: {result}", flush=True)


def main():
    parts = set(sys.argv[1:]) or {"races", "hosts", "kills", "ratios", "micro"}
    with Cluster() as cluster, tempfile.TemporaryDirectory() as folder:
        dbs = {"sqlite": races.Database(False, f"{folder}/race.db"), "pg": races.Database(True, cluster.dsn)}
        if "races" in parts:
            for name, db in dbs.items():
                for what, damage in races.planted(db).items():
                    show(f"{name} planted: {what}", damage)
                for mode in ("optimistic", "mixed", "locked"):
                    show(f"{name} reserve/reserve {mode}", races.reserve_against_reserve(db, mode=mode))
                    show(f"{name} revoke/share {mode}", races.revoke_against_share(db, mode=mode, think=0.002))
                    show(f"{name} parent/child {mode}", races.parent_against_child(db, mode=mode))
                show(f"{name} revoke/share WITHOUT read check", races.revoke_against_share(db, mode="optimistic", read_check=False, think=0.002))
                for options in ({"mode": "locked"},) if name == "sqlite" else ({"mode": "mixed", "trips": "cte"},):
                    show(f"{name} reserve/reserve remembered {options}", races.reserve_against_reserve(db, cache=True, **options))
                    show(f"{name} revoke/share remembered {options}", races.revoke_against_share(db, cache=True, think=0.002, **options))
                    show(f"{name} parent/child remembered {options}", races.parent_against_child(db, cache=True, **options))
            show("pg parent/child NAIVE order", races.parent_against_child(dbs["pg"], mode="optimistic", order="naive", trips="each"))
            show("pg parent/child global order, each", races.parent_against_child(dbs["pg"], mode="optimistic", trips="each"))
        if "hosts" in parts:
            for name, db in dbs.items():
                for what, said in races.host_rollback(db, cluster.dsn).items():
                    show(f"{name} host: {what}", said)
        if "kills" in parts:
            for name, db in dbs.items():
                show(f"{name} kill -9", races.kills(db, 40))
        if "ratios" in parts:
            ratios.main(folder, cluster.dsn, show)
        if "micro" in parts:
            ratios.micro(folder, cluster.dsn, show)
    show("done", "")


if __name__ == "__main__":
    main()
