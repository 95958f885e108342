"""The demonstration as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from toritsugi.core.moments import iso_moment
from toritsugi.store.audit import Report
from toritsugi_adapters.cli import wording
from toritsugi_adapters.cli.commands.audit import report_shape
from toritsugi_adapters.cli.demo.play import Scene, Stage
from toritsugi_adapters.cli.shapes import case_shape, deadline_shape, message_shape, title_shape


def scene_shape(scene: Scene) -> dict[str, Any]:
    """One entry of the timeline."""
    return {
        "at": iso_moment(scene.at),
        "case": scene.case.id,
        "procedure": scene.procedure.id,
        "event": scene.event,
        "title": title_shape(wording.event_title(scene.procedure, scene.event)),
        "by": scene.role,
        "state": scene.state,
        "refused": _refusal_shape(scene),
        "deadlines": [deadline_shape(one, scene.procedure) for one in scene.armed],
        "marks": dict(scene.ended),
        "messages": [message_shape(one) for one in scene.messages],
        "postings": [
            {
                "act": one.posting.act,
                "item": one.posting.item,
                "amount": one.posting.amount_yen,
                "reserved": one.posting.reserved_yen,
                "consumed": one.posting.consumed_yen,
                "company_pays": one.posting.company_pays_yen,
            }
            for one in scene.postings
        ],
    }


def _refusal_shape(scene: Scene) -> dict[str, Any] | None:
    if scene.refusal is None:
        return None
    return {"code": scene.refusal.code, "reasons": [dict(one) for one in scene.refusal.reasons]}


def demo_shape(stage: Stage, scenes: Iterable[Scene], report: Report, *, kept: bool) -> dict[str, Any]:
    """The whole demonstration; `kept`: store and spool are still there afterwards."""
    case = stage.engine.case(stage.case_id)
    linked = stage.engine.views.linked(case.id)
    deadlines = stage.engine.views.deadlines(case.id)
    return {
        "store": stage.store if kept else None,
        "spool": str(stage.spool) if kept else None,
        "case": case_shape(case, stage.procedure, deadlines, linked),
        "timeline": [scene_shape(scene) for scene in scenes],
        "audit": report_shape(report),
    }
