"""A decision as statements: the rows of every case it touches, in the one global order."""

import os
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from toritsugi.core.canonical import canonical_json
from toritsugi.core.history import (
    SALT_BYTES,
    answer_to,
    claim_digest,
    commitment,
    field_salt,
    genesis,
    link,
    own_json,
    record_of,
)
from toritsugi.core.plainjson import members
from toritsugi.core.values import Answer, Case, CaseChange, Decision, Message, Step
from toritsugi.ports import Idempotency
from toritsugi.store import convert
from toritsugi.store.counting import Counting
from toritsugi.store.dialect import ANY, HIT, ROW, Statement
from toritsugi.store.sealing import Keyring, seal
from toritsugi.store.statements import Rendering

Json = Any
#: the wrapped data key of a case that was loaded.
KeyOf = Callable[[str], bytes | None]


class Writing:
    """Turns one decision into statements.

    Cases come first, in ascending id, those that were only read among them: whoever writes the same cases waits or
    fails there, before anything else is written. Rows that only this decision can write follow.
    """

    __slots__ = (
        "_absent",
        "_cases",
        "_counting",
        "_idempotency",
        "_key_of",
        "_keyring",
        "_locks",
        "_new_keys",
        "_rows",
        "_sql",
    )

    def __init__(
        self,
        sql: Rendering,
        keyring: Keyring,
        key_of: KeyOf,
        idempotency: Idempotency | None,
        counting: Counting,
    ) -> None:
        self._sql = sql
        self._counting = counting
        self._keyring = keyring
        self._key_of = key_of
        self._idempotency = idempotency
        self._new_keys: dict[str, bytes] = {}
        #: before the cases, where units run side by side: others who look for what this decision looked for wait.
        self._locks: list[Statement] = []
        self._cases: list[Statement] = []
        #: after the cases, because it counts those that are opened and ended here.
        self._absent: list[Statement] = []
        self._rows: list[Statement] = []

    def take(self, decision: Decision) -> Answer:
        """Take everything that makes the decision true; what the sender is told."""
        answer: Answer | None = None
        unread = list(reversed(decision.read))
        for change in decision.changes:
            case_id = change.after.id
            while unread and unread[-1][0] < case_id:
                self._cases.append((self._sql.unchanged, unread.pop(), ROW))
            if case_id == decision.case_id:
                answer = answer_to(change.steps, change.after.state)
                self._change(change, answer)
            else:
                self._change(change, None)
        while unread:
            self._cases.append((self._sql.unchanged, unread.pop(), ROW))
        if (decision.absent or decision.counted) and self._sql.lock_absence:
            self._no_row_says(decision)
        if answer is None:
            raise ValueError("a decision changes the case it was sent to")
        return answer

    def _no_row_says(self, decision: Decision) -> None:
        """That what was not there is not there at the commit either, and what was counted comes to the same number.

        Whoever looked in vain waits here for whoever else did, in what both looked for and in what either opens, and then
        looks again; so does whoever counted, in the procedures of what it counted and of what it changes. Whoever only
        opens or changes a case waits for nobody: it is as if it came after (decisions 0003 and 0004).
        """
        keys = {(one.procedure, one.subject) for one in decision.absent}
        for change in decision.changes:
            after = change.after
            if after.subject is not None and (change.before is None or change.before.subject != after.subject):
                keys.add((after.procedure, after.subject))
        counted = {one.tally.procedure for one in decision.counted}
        if counted:
            counted.update([change.after.procedure for change in decision.changes])
        for key in sorted(keys):
            self._locks.append((self._sql.lock_absence, (absence_lock(*key),), ANY))
        for procedure in sorted(counted):
            self._locks.append((self._sql.lock_counted, (procedure,), ANY))
        for found in decision.counted:
            self._absent.append((*self._counting.still(found), ROW))
        for one in decision.absent:
            self._absent.append((self._sql.still_absent, (one.procedure, one.subject, one.open_then), ROW))

    def stands_alone(self, decision: Decision) -> bool:
        """Whether its statements touch one case and no row twice, so that their order among each other is free."""
        if len(decision.changes) != 1 or decision.read or decision.absent or decision.counted:
            return False
        change = decision.changes[0]
        known = 0 if change.before is None else change.before.revision
        ended = {(one.name, one.seq) for one in change.ended if one.seq <= known}
        recalls = 1 if change.recall_all else len(change.recall_approvals)
        return len(ended) == len(change.ended) and recalls <= 1

    def statements(self) -> list[Statement]:
        """What was taken, in the order of execution."""
        return self._locks + self._cases + self._absent + self._rows

    def key_of(self, case_id: str) -> bytes | None:
        """The wrapped data key of a case that was taken; None: destroyed."""
        return self._new_keys.get(case_id) or self._key_of(case_id)

    def _change(self, change: CaseChange, answer: Answer | None) -> None:
        before, after = change.before, change.after
        wrapped: bytes | None = None
        if before is None:
            self._new_keys[after.id] = wrapped = self._keyring.vault.new_data_key()[1]
        recalls_from = len(self._rows)
        head = self._history(change, answer, wrapped)
        object.__setattr__(after, "head", head)  # the one thing that a decision leaves open
        if before is None:
            self._cases.append((self._sql.insert_case, self._new_row(after, head, wrapped, change), ANY))
        else:
            self._cases.append(self._next_row(before, after, head, change))
        self._deadlines(change)
        if change.recall_all or change.recall_approvals:
            # before the messages of this same decision, which are not meant
            self._rows[recalls_from:recalls_from] = self._recalls(change)
        if after.ledgers:
            self._ledgers(before, after)

    def _new_row(self, case: Case, head: bytes, wrapped: bytes | None, change: CaseChange) -> Sequence[Any]:
        return (
            case.id,
            case.procedure,
            case.version,
            case.content_hash,
            case.state,
            case.ended,
            case.revision,
            head,
            case.opened_at,
            case.recorded_at,
            case.occurred_at,
            case.subject,
            case.one_per_subject,
            _withdrawn_by(change),
            convert.body_of(case),
            wrapped,
            None,
            case.parent,
            case.opened_by_link,
        )

    def _next_row(self, before: Case, after: Case, head: bytes, change: CaseChange) -> Statement:
        where = (after.id, before.revision)
        moved = (after.state, after.revision, head, after.recorded_at, after.occurred_at)
        if (
            before.ended is after.ended
            and before.withdrawn is after.withdrawn
            and before.content_hash == after.content_hash
            and before.subject == after.subject
        ):
            if convert.same_body(before, after):
                return self._sql.advance, moved + where, HIT
            return self._sql.advance_body, (*moved, convert.body_of(after), *where), HIT
        row = (
            after.procedure,
            after.version,
            after.content_hash,
            after.state,
            after.ended,
            after.revision,
            head,
            after.recorded_at,
            after.occurred_at,
            after.subject,
            _withdrawn_by(change),
            convert.body_of(after),
        )
        return self._sql.rewrite, row + where, HIT

    def _history(self, change: CaseChange, answer: Answer | None, wrapped: bytes | None) -> bytes:
        before, after = change.before, change.after
        head = genesis(after.id) if before is None else before.head
        frame = after if before is None or _stands_elsewhere(before, after) else None
        claim = self._idempotency if answer is not None else None
        for step in change.steps:
            sent = [one for one in change.messages if one.seq == step.seq] if change.messages else ()
            promised, messages = self._sealed(step, sent, wrapped) if step.personal or sent else ({}, ())
            digest = claim_digest(claim.claim) if claim else None
            record = record_of(
                step,
                promised,
                frame=frame,
                messages=messages,
                answer=answer,
                claim=digest,
                request=claim.request if claim else None,
            )
            head = link(head, record)
            row = (after.id, step.seq, step.event, step.recorded_at, record, head, digest)
            self._rows.append((self._sql.insert_history, row, ANY))
            for number, posting in enumerate(step.postings, 1):
                booked = (
                    after.id,
                    step.seq,
                    number,
                    posting.ledger,
                    posting.act,
                    posting.item,
                    posting.amount_yen,
                    posting.reserved_yen,
                    posting.consumed_yen,
                    posting.company_pays_yen,
                )
                self._rows.append((self._sql.insert_posting, booked, ANY))
            frame = answer = claim = None
        return head

    def _sealed(
        self, step: Step, sent: Sequence[Message], wrapped: bytes | None
    ) -> tuple[Mapping[str, str], Sequence[tuple[Message, str]]]:
        """Write what is sealed; the commitments that stand for it in the record."""
        case_id = step.case_id
        cipher = self._keyring.cipher(wrapped or self._key_of(case_id), case_id)
        salt = os.urandom(SALT_BYTES)
        promised: dict[str, str] = {}
        if step.personal:
            texts = {name: canonical_json(value) for name, value in step.personal.items()}
            sealed = seal(
                cipher, f"{case_id}/{step.seq}", f'{{"salt":"{salt.hex()}","values":{members(texts.items())}}}'
            )
            self._rows.append((self._sql.insert_personal, (case_id, step.seq, sealed), ANY))
            promised = {
                name: commitment(field_salt(salt, name), text)
                for name, text in texts.items()
                if step.personal[name] is not None
            }
        return promised, [(message, self._message(step, message, cipher, salt)) for message in sent]

    def _message(self, step: Step, message: Message, cipher: AESGCM, salt: bytes) -> str:
        # the name of a field has no slash, so this salt is no field's
        own_salt = field_salt(salt, f"message/{message.number}")
        text = own_json(dict(message.content))
        content_hash = commitment(own_salt, text)
        sealed = seal(cipher, message.key, f'{{"content":{text},"salt":"{own_salt.hex()}"}}')
        row = (
            message.case_id,
            message.seq,
            message.number,
            message.party,
            message.institution,
            message.channel,
            message.document,
            message.approval,
            content_hash,
            sealed,
            "waiting",
            0,
            step.recorded_at,
            None,
            None,
            None,
            step.recorded_at,
            None,
        )
        self._rows.append((self._sql.insert_message, row, ANY))
        return content_hash

    def _recalls(self, change: CaseChange) -> list[Statement]:
        after = change.after
        if change.recall_all:
            return [(self._sql.recall_all, (after.recorded_at, after.id), ANY)]
        return [
            (self._sql.recall_approval, (after.recorded_at, after.id, approval), ANY)
            for approval in change.recall_approvals
        ]

    def _deadlines(self, change: CaseChange) -> None:
        for armed in change.armed:
            self._rows.append((self._sql.insert_deadline, convert.deadline_row(change.after.id, armed), ANY))
        for ended in change.ended:
            row = (ended.status, ended.ended_seq, change.after.id, ended.name, ended.seq)
            self._rows.append((self._sql.end_deadline, row, ANY))

    def _ledgers(self, before: Case | None, after: Case) -> None:
        known = before.ledgers if before is not None else {}
        for name in sorted(after.ledgers):
            ledger = after.ledgers[name]
            if ledger == known.get(name):
                continue
            figures = (ledger.ceiling_yen, ledger.consumed_yen, ledger.reserved_yen, convert.items_of(ledger))
            if name in known:
                self._rows.append((self._sql.update_ledger, (*figures, after.id, name), HIT))
            else:
                self._rows.append((self._sql.insert_ledger, (after.id, name, *figures), ANY))


def absence_lock(procedure: str, subject: str) -> int:
    """The number of PostgreSQL's advisory lock for cases of a procedure about a subject."""
    digest = sha256(f"toritsugi absence\0{procedure}\0{subject}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _stands_elsewhere(before: Case, after: Case) -> bool:
    """Whether a row has to say anew what the case stands on; who is appointed to a part, the row of the act says itself."""
    return before.content_hash != after.content_hash or before.subject != after.subject


def _withdrawn_by(change: CaseChange) -> int | None:
    """The row that withdrew the case: what was decided before it may not leave, the notice of it may."""
    if not change.after.withdrawn:
        return None
    return next(step.seq for step in change.steps if step.to_state == change.after.state)
