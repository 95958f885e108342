# E, J and D reduced to about five events each, as plain tables, plus the pure decide over a family. Spike: deleted afterwards.
from dataclasses import dataclass, field, replace

CEILING = 1_000_000
DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Case:
    id: str
    procedure: str
    state: str
    revision: int
    data: dict
    links: dict
    head: bytes


@dataclass(frozen=True, slots=True)
class Ledger:
    id: str
    reserved: int
    consumed: int
    revision: int


@dataclass(frozen=True, slots=True)
class Situation:
    now: int
    cases: dict
    ledgers: dict


@dataclass(frozen=True, slots=True)
class Refusal:
    code: str


@dataclass(slots=True)
class Decision:
    cases: dict = field(default_factory=dict)     # id -> Case as it shall be
    ledgers: dict = field(default_factory=dict)
    history: list = field(default_factory=list)   # (case id, seq, event, state, actor, now, cause, detail)
    postings: list = field(default_factory=list)  # (ledger id, seq, kind, amount, case id, case seq)
    outbox: list = field(default_factory=list)    # (case id, seq, n, to, body)
    timers: list = field(default_factory=list)    # (case id, name, due or None)
    reads: dict = field(default_factory=dict)     # only read: case id -> revision


class Refused(Exception):
    pass


# --- what events do: each returns a list of effects, may raise Refused ---------------------------------------------
def reserve(case, payload, see):
    ledger = see.ledger(case.links["ledger"])
    free = CEILING - ledger.reserved - ledger.consumed
    if payload["amount"] > free:
        raise Refused("FRAME_EXHAUSTED" if free == 0 else "CEILING_EXCEEDED")
    return [("post", ledger.id, "reserve", payload["amount"])]


def consume(case, payload, see):
    ledger = see.ledger(case.links["ledger"])
    if payload["amount"] > ledger.reserved:
        raise Refused("INVALID_TRANSITION")
    return [("post", ledger.id, "consume", payload["amount"])]


def release(case, payload, see):
    ledger = see.ledger(case.links["ledger"])
    if payload["amount"] > ledger.reserved:
        raise Refused("INVALID_TRANSITION")
    return [("post", ledger.id, "release", payload["amount"]), ("signal", payload["case"], "cost_released", {})]


def post_cost(case, payload, see):
    return [("set", "cost", case.data.get("cost", 0) + payload["amount"]),
            ("signal", case.links["frame"], "reserve", {"amount": payload["amount"]})]


def settle(case, payload, see):  # the big one: E, J, two or three D, one ledger
    shares = [("signal", d, "share", {}) for d in payload["share_in"]]
    return [("signal", case.links["frame"], "reserve", {"amount": payload["amount"]}), *shares]


def share_sheet(case, payload, see):  # D is only READ here: the revocable approval
    if see.case(case.links["disclosure"]).state != "approved":
        raise Refused("DISCLOSURE_NOT_APPROVED")
    return [("send", "provider", "entry sheet")]


def nothing(case, payload, see):
    return []


def sends(to):
    return lambda case, payload, see: [("send", to, "form1")]


BOTH = ("financial_institution", "jetro_tokyo", "navigator", "signal")
IN_E = ("accepted", "company_contacted")
FRAME = ("open", "exhausted")
# event: (who, from, to or None, act, links it needs loaded)
PROCEDURES = {
    "tokyo_jetro_support": ("form1_bank_completed", {
        "send_form1": (("financial_institution",), ("form1_bank_completed",), "form1_sent", sends("jetro_tokyo"), ()),
        "accept_form1": (("jetro_tokyo",), ("form1_sent",), "accepted",
                         lambda c, p, s: [("arm", "contact_company", s.now + 7 * DAY)], ()),
        "log_failed_contact": (("navigator",), IN_E, None,
                               lambda c, p, s: [("set", "attempts", c.data.get("attempts", 0) + 1)], ()),
        "contact_company": (("navigator",), ("accepted",), "company_contacted",
                            lambda c, p, s: [("stop", "contact_company"), ("send", "bank", "contacted")], ()),
        "post_cost": (("jetro_tokyo",), IN_E, None, post_cost, ("frame",)),
        "settle": (("jetro_tokyo",), IN_E, None, settle, ("frame", "share_in")),
        "share_sheet": (("navigator",), IN_E, None, share_sheet, ("disclosure",)),
        "cost_released": (("signal",), IN_E, None, nothing, ()),
    }),
    "support_cost_frame": ("open", {
        "reserve": (BOTH, FRAME, None, reserve, ()),
        "consume": (BOTH, FRAME, None, consume, ()),
        "release": (BOTH, FRAME, None, release, ("case",)),
        "become_exhausted": (("engine",), ("open",), "exhausted", nothing, ()),
        "reopen": (("engine",), ("exhausted",), "open", nothing, ()),
    }),
    "entry_sheet_disclosure": ("pending_both", {
        "referrer_approves": (("referring_institution",), ("pending_both",), "pending_company", nothing, ()),
        "company_approves_last": (("client_company",), ("pending_company",), "approved", nothing, ()),
        "revoke": (("referring_institution", "client_company"), ("approved",), "pending_both", nothing, ()),
        "share": (("concierge", "signal"), ("approved",), None, sends("provider"), ()),
        "cancel": (("secretariat",), ("pending_both", "pending_company", "approved"), "cancelled", nothing, ()),
    }),
}


class See:
    """What guards may look at; notes what was looked at."""

    def __init__(self, situation, decision):
        self.now, self.situation, self.decision = situation.now, situation, decision

    def case(self, id):
        found = self.decision.cases.get(id)
        if found is None:
            found = self.situation.cases[id]
            self.decision.reads[id] = found.revision
        return found

    def ledger(self, id):  # in these procedures a ledger looked at is always written
        return self.decision.ledgers.get(id) or self.situation.ledgers[id]


def members(case, event, payload):
    """Ids of the linked cases this event may look at or signal: derived from the declaration, so a plain event loads one row."""
    row = PROCEDURES[case.procedure][1].get(event)
    ids = []
    for name in row[4] if row else ():
        value = payload.get(name) or case.links.get(name)
        ids += value if isinstance(value, list) else [value]
    return ids


def decide(procedures, case_id, event, actor, payload, situation):
    """Pure: the whole family in one decision, until no signal and no engine event is left."""
    d = Decision()
    see = See(situation, d)
    queue = [(case_id, event, actor, payload, None, 0)]
    try:
        while queue:
            id, name, who, given, cause, depth = queue.pop(0)
            if depth > 16:
                return Refusal("CascadeTooLong")
            case = d.cases.get(id) or situation.cases[id]
            rule = procedures[case.procedure][1].get(name)
            if rule is None or case.state not in rule[1]:
                return Refusal("INVALID_TRANSITION")
            if who not in rule[0]:
                return Refusal("ACTOR_NOT_ALLOWED")
            seq = case.revision + 1
            data, n = case.data, 0
            for effect in rule[3](case, given, see):
                kind = effect[0]
                if kind == "set":
                    data = {**data, effect[1]: effect[2]}
                elif kind == "send":
                    d.outbox.append((id, seq, n, effect[1], effect[2]))
                    n += 1
                elif kind == "arm":
                    d.timers.append((id, effect[1], effect[2]))
                elif kind == "stop":
                    d.timers.append((id, effect[1], None))
                elif kind == "post":
                    _post(d, situation, effect, id, seq)
                else:
                    queue.append((effect[1], effect[2], "signal", effect[3], f"{id}/{seq}", depth + 1))
            state = rule[2] or case.state
            d.cases[id] = replace(case, state=state, revision=seq, data=data)
            d.history.append((id, seq, name, state, who, situation.now, cause, given.get("amount")))
            if case.procedure == "support_cost_frame":  # a condition over data, evaluated after each step
                ledger = see.ledger(case.links["ledger"])
                full = ledger.reserved + ledger.consumed == CEILING
                if full != (state == "exhausted"):
                    queue.append((id, "become_exhausted" if full else "reopen", "engine", {}, f"{id}/{seq}", depth + 1))
    except Refused as no:
        return Refusal(str(no))
    for id in d.cases:
        d.reads.pop(id, None)
    return d


def _post(d, situation, effect, id, seq):
    _, ledger_id, kind, amount = effect
    old = d.ledgers.get(ledger_id) or situation.ledgers[ledger_id]
    r, c = {"reserve": (amount, 0), "consume": (-amount, amount), "release": (-amount, 0)}[kind]
    d.ledgers[ledger_id] = replace(old, reserved=old.reserved + r, consumed=old.consumed + c, revision=old.revision + 1)
    d.postings.append((ledger_id, old.revision + 1, kind, amount, id, seq))
