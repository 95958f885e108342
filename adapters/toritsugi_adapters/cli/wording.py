"""What people call the parts of a case: states, events, parties, statuses, days, in this run's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from toritsugi.core.moments import Locale, format_date, format_moment, jst_date
from toritsugi.definition.types import Title
from toritsugi_adapters.cli.language import chosen, words

if TYPE_CHECKING:
    from toritsugi.core.values import Case
    from toritsugi.definition.model import Procedure
    from toritsugi.definition.types import Type
    from toritsugi.ports import MessageRecord, Proof

#: rows of a history that are no events of a procedure.
_ROWS = {
    "open": Title(ja="案件を開く", en="Open the case"),
    "deadline_passed": Title(ja="期限の超過", en="A deadline has passed"),
    "overdue_cleared": Title(
        ja="期限超過の取消し（期限内の記録が後から届いた）", en="Overdue mark cleared: done in time, recorded late"
    ),
    "erase": Title(ja="個人情報を消去", en="Personal data erased"),
    "rebase": Title(ja="手続の別の版に移した", en="Moved to another version of the procedure"),
    "calendar_applied": Title(ja="変わった暦で期限を数え直した", en="Deadlines counted anew by a changed calendar"),
    "message_handed_over": Title(ja="送付物の到達を確認", en="Message found to have arrived"),
    "message_set_aside": Title(ja="送付物を保留", en="Message set aside"),
    "message_waiting": Title(ja="送付物を再送", en="Message to be sent again"),
}
_DEADLINES = {
    "armed": Title(ja="進行中", en="running"),
    "missed": Title(ja="超過", en="missed"),
    "met": Title(ja="期限内", en="met"),
    "late": Title(ja="期限後", en="late"),
    "cancelled": Title(ja="取消し", en="cancelled"),
    "cleared": Title(ja="超過取消し", en="cleared"),
    "suspended": Title(ja="停止中", en="suspended"),
    "resumed": Title(ja="停止後に再開", en="resumed after a suspension"),
}
_MESSAGES = {
    "waiting": Title(ja="送付待ち", en="waiting"),
    "handed_over": Title(ja="送付済み", en="handed over"),
    "failed": Title(ja="再試行待ち", en="to be retried"),
    "unknown": Title(ja="要確認（結果不明）", en="outcome unknown"),
    "set_aside": Title(ja="保留（宛先・経路を確認）", en="set aside"),
    "recalled": Title(ja="取りやめ", en="recalled"),
}
_CHANNELS = {
    "email": Title(ja="電子メール", en="e-mail"),
    "fax": Title(ja="FAX", en="fax"),
    "post": Title(ja="郵送", en="post"),
    "phone": Title(ja="電話", en="telephone"),
    "web_form": Title(ja="ウェブ", en="web form"),
}
_AUTHORITIES = {
    "engine": Title(ja="（自動）", en="(automatic)"),
    "signal": Title(ja="（関連案件）", en="(linked case)"),
    "operator": Title(ja="（端末の操作者）", en="(local operator)"),
}


def locale() -> Locale:
    """This run's language, as the engine's own texts name it."""
    return "ja" if chosen() == "ja" else "en"


def of(title: Title) -> str:
    """A title in this run's language."""
    return title.of(chosen())


def joined(parts: Iterable[str]) -> str:
    """A list as a sentence has it."""
    return words("、", ", ").join(parts)


def event_title(procedure: Procedure, event: str) -> Title:
    """What an event, or a row that is none, is called."""
    found = procedure.events.get(event)
    return found.title if found is not None else _ROWS.get(event, Title(ja=event, en=event))


def state_title(procedure: Procedure, state: str) -> str:
    """What a state, or a state of a part, is called."""
    from toritsugi.definition.configurations import title_of

    title = title_of(procedure, state)
    return state if title is None else of(title)


def party_title(procedure: Procedure, role: str) -> str:
    """What a party is called; the engine and linked cases act by themselves."""
    if role in procedure.parties:
        return of(procedure.parties[role].title)
    return of(_AUTHORITIES.get(role, _AUTHORITIES["engine"]))


def short_party(procedure: Procedure, role: str) -> str:
    """A party's title without what stands in brackets behind it."""
    return party_title(procedure, role).split("（")[0].split(" (")[0] or party_title(procedure, role)


def field_title(procedure: Procedure, name: str) -> str:
    """What a field is called."""
    return of(procedure.data[name].title) if name in procedure.data else name


def case_name(case: Case, procedure: Procedure) -> str:
    """What a case is about: its company by name where that is no personal data, else its subject."""
    for party in procedure.parties.values():
        if party.called is not None and case.data.get(party.called):
            return str(case.data[party.called])
    return case.subject or "-"


def deadline_title(procedure: Procedure, name: str) -> str:
    """What a deadline is called."""
    return of(procedure.deadlines[name].title) if name in procedure.deadlines else name


def deadline_status(status: str) -> str:
    """How a deadline stands."""
    return of(_DEADLINES.get(status, Title(ja=status, en=status)))


def message_status(status: str) -> str:
    """How far a message has come."""
    return of(_MESSAGES.get(status, Title(ja=status, en=status)))


def message_progress(message: MessageRecord) -> str:
    """How far a message has come; a file in the spool has not been sent by anybody yet."""
    if message.status == "handed_over" and message.proof is not None and in_spool(message.proof):
        return words("書き出し済み（spool、未発送）", "written to the spool, not sent yet")
    return message_status(message.status)


def in_spool(proof: Proof) -> bool:
    """Whether what was handed over is a file that somebody has to send."""
    return "tray" in proof.details or "file" in proof.details


def channel_title(channel: str) -> str:
    """What a channel is called."""
    return of(_CHANNELS.get(channel, Title(ja=channel, en=channel)))


def document_title(procedure: Procedure, document: str | None) -> str:
    """What a document is called; None: a notice."""
    if document is None:
        return words("お知らせ", "notice")
    return of(procedure.documents[document].title) if document in procedure.documents else document


def day(iso: str, *, year: bool = True) -> str:
    """An ISO date as people write it."""
    return format_date(date.fromisoformat(iso), locale(), year=year)


def moment(moment_us: int) -> str:
    """A moment as people write it."""
    return format_moment(moment_us, locale())


def whereabouts(proof: Proof) -> str:
    """Where a message is now: its file under the spool folder, or the far side's own reference."""
    tray, file = proof.details.get("tray"), proof.details.get("file")
    if tray is not None:
        return f"{tray}/{proof.reference}"
    return f"{proof.channel}/{file}" if file is not None else proof.reference


def due_words(iso: str) -> str:
    """Until when."""
    return words(f"{day(iso)}まで", f"due {day(iso)}")


def left(due_on: str, now: int) -> str:
    """How many days are left, or how long ago it was."""
    days = (date.fromisoformat(due_on) - jst_date(now)).days
    if days == 0:
        return words("今日", "today")
    if days > 0:
        return words(f"あと{days}日", f"in {days} day{'s' * (days > 1)}")
    return words(f"{-days}日経過", f"{-days} day{'s' * (days < -1)} ago")


def sent(procedure: Procedure, document: str | None, party: str, how: str) -> str:
    """A message in one line: what, to whom, and how or how far."""
    what, to = document_title(procedure, document), short_party(procedure, party)
    return words(f"{what} → {to}（{how}）", f"{what} → {to} ({how})")


def yen(amount: int) -> str:
    """An amount as people write it."""
    return words(f"{amount:,}円", f"{amount:,} yen")


def shown(value: Any, type_: Type) -> str:
    """A value as people write it: moments in Japan's time, one line for each entry of a list."""
    from toritsugi.core.shown import show_value
    from toritsugi.definition.types import Kind

    if type_.kind is Kind.MOMENT:
        return moment(value)
    if isinstance(value, list) and type_.item is not None:
        return "\n".join(shown(entry, type_.item) for entry in value)
    if isinstance(value, dict):
        parts = ((part, value[name]) for name, part in type_.fields.items() if value.get(name) is not None)
        return joined(
            words(f"{of(part.title)}：", f"{of(part.title)}: ") + shown(one, part.type) for part, one in parts
        )
    if type_.kind is Kind.INSTITUTION:
        from toritsugi_adapters.cli.installed import installed

        return installed().title(str(value), locale())
    return show_value(type_, value, chosen())


def posting_words(act: str, item: str, reserved_yen: int, consumed_yen: int, company_pays_yen: int) -> str:
    """A booking in words: what was done, for what, how much without tax."""
    acts = {
        "reserve": words("仮押さえ", "reserved"),
        "consume": words("実績計上", "consumed"),
        "release": words("仮押さえの取消し", "released"),
    }
    told = acts.get(act, act)
    amount = yen(abs(consumed_yen or reserved_yen))
    excess = yen(company_pays_yen)
    ja = f"{told} {amount}（税抜）{item}" + (f"、企業負担 {excess}" if company_pays_yen else "")
    en = f"{told} {amount} without tax, {item}" + (f"; paid by the company: {excess}" if company_pays_yen else "")
    return words(ja, en)
