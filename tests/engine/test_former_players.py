"""A part that passed from one institution to another: whoever plays it now is not told who played it before."""

from collections.abc import Iterator

import pytest

from crash.office import open_office
from toritsugi.core.values import SYSTEM, Actor
from toritsugi.engine import Engine
from toritsugi.hooks import ProcedureFile
from toritsugi.testing.clock import FakeClock
from world import laid_open

COMPANY = Actor(id="c1", institution="acme", role="company")
SECRETARIAT = Actor(id="s1", institution="test_bank", role="secretariat")
FIRST, SECOND = "first-institution", "second-institution"

RELAY = """
procedure: relay
version: "1"
title: {ja: 引継ぎ, en: Relay}
owner: secretariat
source: made for tests
subject: [company_name]
parties:
  company: {title: {ja: 企業, en: Company}}
  secretariat: {title: {ja: 事務局, en: Secretariat}, institution: test_bank}
  provider: {title: {ja: 支援機関, en: Provider}, contact: {email: provider_email}}
data:
  company_name: {type: text, title: {ja: 企業名, en: Company name}}
  provider_email: {type: text, title: {ja: 支援機関のメール, en: Provider's e-mail}}
  next_provider: {type: institution, title: {ja: 次の支援機関, en: Next provider}}
documents:
  outline: {title: {ja: 概要, en: Outline}, shows: [company_name], may_see: [company, secretariat, provider]}
disclosure:
  open:
    title: {ja: 共通, en: Open}
    fields: [company_name]
    parties: [company]
    documents: [outline]
    seen_by: [company, secretariat, provider]
  choice:
    title: {ja: 支援機関の検討, en: Choice of the provider}
    fields: [provider_email, next_provider]
    parties: [provider]
    seen_by: [company, secretariat]
  notes:
    title: {ja: 記録, en: Notes}
    reasons: yes
    seen_by: [secretariat]
start: {by: company, needs: [company_name]}
initial: waiting
states:
  waiting: {title: {ja: 受付済み, en: Waiting}}
  done: {title: {ja: 終了, en: Done}, ends: yes}
events:
  appoint:
    title: {ja: 支援機関を決める, en: Appoint}
    by: secretariat
    from: waiting
    needs: [next_provider, provider_email]
    effects:
      - appoint: {party: provider, institution: next_provider}
      - send: {document: outline, to: provider, via: email}
  answer: {title: {ja: 返答する, en: Answer}, by: provider, from: waiting}
  end: {title: {ja: 終える, en: End}, by: secretariat, from: waiting, to: done}
"""


@pytest.fixture
def engine(store_url: str, clock: FakeClock) -> Iterator[Engine]:
    with open_office(store_url, clock, procedures=[ProcedureFile(file="relay.yaml", text=RELAY.encode())]) as opened:
        yield opened


def _provider(institution: str) -> Actor:
    return Actor(id="p1", institution=institution, role="provider")


@pytest.fixture
def case_id(engine: Engine) -> str:
    """A case in which the first provider answered and the second took over."""
    opened = engine.start("relay", COMPANY, {"company_name": "ACME-NAME"}).case_id
    for institution in (FIRST, SECOND):
        values = {"next_provider": institution, "provider_email": f"desk@{institution}.example.jp"}
        engine.send(opened, "appoint", SECRETARIAT, values)
        engine.send(opened, "answer", _provider(institution))
    return opened


def _told(engine: Engine, case_id: str, viewer: Actor) -> str:
    """All that a viewer can ask about the case, as one text."""
    views = engine.views
    asked = laid_open(
        [
            engine.case(case_id, viewer),
            views.history(case_id, viewer),
            views.messages(case_id, viewer),
            views.family(case_id, viewer),
            views.cases(viewer),
        ]
    )
    return str(asked)


def test_who_plays_a_part_now_is_not_told_who_played_it_before(engine: Engine, case_id: str) -> None:
    told = _told(engine, case_id, _provider(SECOND))
    assert SECOND in told
    assert FIRST not in told


def test_who_no_longer_plays_the_part_sees_nothing_of_the_case(engine: Engine, case_id: str) -> None:
    assert case_id not in [one.id for one in engine.views.cases(_provider(FIRST))]


@pytest.mark.parametrize("viewer", [COMPANY, SECRETARIAT])
def test_who_may_know_the_part_is_told_of_everybody_who_played_it(engine: Engine, case_id: str, viewer: Actor) -> None:
    sent = [one.institution for one in engine.views.messages(case_id, viewer)]
    rows = engine.views.history(case_id, viewer)
    assert sent == [FIRST, SECOND]
    assert [row["parties"] for row in rows if "parties" in row] == [{"provider": FIRST}, {"provider": SECOND}]
    assert [one["institution"] for row in rows for one in row.get("messages", ())] == [FIRST, SECOND]
    assert [row["institution"] for row in rows if row["event"] == "answer"] == [FIRST, SECOND]


def test_the_operator_sees_it_all(engine: Engine, case_id: str) -> None:
    told = _told(engine, case_id, SYSTEM)
    assert FIRST in told
    assert SECOND in told
