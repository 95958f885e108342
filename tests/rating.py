"""A rating whose company sees nothing of what the bank notes until it agrees, in two versions, and the cap it draws on."""

RATING = """procedure: rating
version: "1"
title: {ja: 評価, en: Rating}
owner: bank
source: made
subject: [company]
parties:
  company: {title: {ja: 企業, en: Company}, contact: {email: mail}}
  bank: {title: {ja: 銀行, en: Bank}, institution: test_bank}
  clerk: {title: {ja: 担当者, en: Clerk}, contact: {fax: desk}}
data:
  company: {type: text, title: {ja: 企業名, en: Company}}
  mail: {type: text, title: {ja: 宛先, en: Mail}}
  add: {type: integer, title: {ja: 加点, en: Add}}
  score: {type: integer, title: {ja: 評点, en: Score}, maximum: 100}
  remark: {type: text, title: {ja: 所見, en: Remark}}
  picked: {type: institution, title: {ja: 指名先, en: Picked}}
  spending: {type: yen, title: {ja: 支出額, en: Spending}}
  desk: {type: text, title: {ja: 担当, en: Desk}}
  counted: {type: date, title: {ja: 起算日, en: Counted from}}
approvals:
  ok: {title: {ja: 承認, en: OK}, by: company, recipient: bank}
links:
  cap: {title: {ja: 枠, en: Cap}, procedure: cap}
ledgers:
  fund: {title: {ja: 資金, en: Fund}, ceiling: "1,000 yen"}
deadlines:
  answer:
    title: {ja: 回答期限, en: Answer}
    within: 3 business days
    calendar: test_bank
    starts: {on: hurry, counted_from: counted}
    met_by: [end]
    responsible: bank
documents:
  sheet: {title: {ja: 書面, en: Sheet}, shows: [company], may_see: [company, bank, clerk], source: made}
disclosure:
  open:
    title: {ja: 公開, en: Open}
    fields: [company, mail, add]
    links: [cap]
    ledgers: [fund]
    documents: [sheet]
    seen_by: [{parties: [company, bank, clerk]}]
  inner:
    title: {ja: 内部, en: Inner}
    fields: [score, remark, spending, picked, desk, counted]
    seen_by: [{parties: [bank]}, {parties: [company], approval: ok}]
start: {by: [company], needs: [company, mail]}
initial: running
states:
  running: {title: {ja: 進行中, en: Running}}
  closed: {title: {ja: 終了, en: Closed}, ends: yes}
events:
  rate: {title: {ja: 評価, en: Rate}, by: bank, from: running, needs: [score], may_give: [remark, spending, picked, counted]}
  bump: {title: {ja: 加点, en: Bump}, by: company, from: running, needs: [add], effects: [{set: {score: score + add}}]}
  probe:
    title: {ja: 試行, en: Probe}
    by: company
    from: running
    needs: [add]
    effects: [{approve: ok}, {set: {score: score + add}}]
  want: {title: {ja: 依頼, en: Want}, by: company, from: running, needs: [remark, add]}
  blocked:
    title: {ja: 停止, en: Blocked}
    by: company
    from: running
    needs: [remark]
    requires: [{rule: "add > 500", else: CEILING_EXCEEDED, message: {ja: 加点不足, en: Add more.}}]
  take: {title: {ja: 取得, en: Take}, by: company, from: running, may_give: [add], effects: [{signal: {link: cap, event: take}}]}
  spend:
    title: {ja: 支出, en: Spend}
    by: company
    from: running
    effects: [{reserve: {ledger: fund, item: company, amount: spending}}]
  pick:
    title: {ja: 指名, en: Pick}
    by: company
    from: running
    effects: [{appoint: {party: clerk, institution: picked}}]
  hurry: {title: {ja: 督促, en: Hurry}, by: company, from: running}
  hand: {title: {ja: 提出, en: Hand in}, by: company, from: running, effects: [{send: {document: sheet, to: clerk, via: fax}}]}
  yes: {title: {ja: 可, en: 'Yes'}, by: company, from: running, effects: [{approve: ok}]}
  no: {title: {ja: 否, en: 'No'}, by: company, from: running, effects: [{revoke: ok}]}
  tell:
    title: {ja: 通知, en: Tell}
    by: bank
    from: running
    effects: [{notify: {to: company, via: email, subject: {ja: 件名, en: Subject}, text: {ja: "{remark}", en: "{remark}"}}}]
  end: {title: {ja: 終了, en: End}, by: bank, from: running, to: closed}
"""

#: what was `remark` is `note` there, and `remark` is an open field.
REUSED = (
    RATING.replace('version: "1"', 'version: "2"')
    .replace("  remark: {type", "  note: {type: text, title: {ja: 所見, en: Note}}\n  remark: {type")
    .replace("[company, mail, add]", "[company, mail, add, remark]")
    .replace("[score, remark, ", "[score, note, ")
    .replace("may_give: [remark, ", "may_give: [note, ")
)
#: what was `remark` is `note` there, and nothing is called `remark`.
RENAMED = RATING.replace('version: "1"', 'version: "2"').replace("remark", "note")
#: nothing is kept from anybody.
OPEN = RATING.replace('version: "1"', 'version: "0"').split("disclosure:")[0] + "start:" + RATING.split("start:")[1]

CAP = """procedure: cap
version: "1"
title: {ja: 枠, en: Cap}
owner: bank
source: made
subject: [company]
parties:
  company: {title: {ja: 企業, en: Company}}
  bank: {title: {ja: 銀行, en: Bank}, institution: test_bank}
data:
  company: {type: text, title: {ja: 企業名, en: Company}}
  add: {type: integer, title: {ja: 内部枠, en: Inner limit}}
disclosure:
  open: {title: {ja: 公開, en: Open}, fields: [company], seen_by: [company, bank]}
  inner: {title: {ja: 内部, en: Inner}, fields: [add], seen_by: [bank]}
start: {by: bank, needs: [company], may_give: [add]}
initial: running
states:
  running: {title: {ja: 進行中, en: Running}}
  closed: {title: {ja: 終了, en: Closed}, ends: yes}
events:
  take:
    title: {ja: 取得, en: Take}
    by: signal
    from: running
    requires: [{rule: "add > 500", else: CEILING_EXCEEDED, message: {ja: 内部枠の不足, en: The inner limit is too low.}}]
  end: {title: {ja: 終了, en: End}, by: bank, from: running, to: closed}
"""
