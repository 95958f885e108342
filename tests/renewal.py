"""A procedure for what the tests' loan request has no use for: acts that start their own deadline anew, and computed values."""

from toritsugi.hooks import ProcedureFile

TEXT = """
procedure: renewal
version: "1"
title: {ja: 更新, en: Renewal}
owner: bank
source: made for tests
subject: [company]
one_per_subject: yes
parties:
  company: {title: {ja: 企業, en: Company}}
  bank: {title: {ja: 銀行, en: Bank}, institution: test_bank}
  adviser: {title: {ja: 相談員, en: Adviser}}
data:
  company: {type: text, title: {ja: 企業名, en: Company}}
  count: {type: integer, title: {ja: 回数, en: Count}, maximum: 3}
  step: {type: integer, title: {ja: 増分, en: Step}}
  long: {type: text, title: {ja: 長文, en: Long text}}
  short: {type: text, title: {ja: 短文, en: Short text}, max_length: 5}
  secret: {type: text, title: {ja: 連絡先, en: Contact}, personal: yes, max_length: 5}
  dates: {type: list, of: {type: date}, max_length: 2, title: {ja: 日付, en: Dates}}
deadlines:
  report:
    title: {ja: 報告期限, en: Report}
    within: 3 business days
    calendar: test_bank
    starts: {on: [begin, report]}
    met_by: [report]
    nature: principle
    responsible: company
start: {by: [company, bank], may_give: [company]}
initial: running
states:
  running: {title: {ja: 進行中, en: Running}}
  closed: {title: {ja: 終了, en: Closed}, ends: yes}
events:
  begin: {title: {ja: 始める, en: Begin}, by: company, from: running, may_give: [company]}
  report: {title: {ja: 報告する, en: Report}, by: company, from: running, backdate: yes}
  count_up:
    title: {ja: 数える, en: Count up}
    by: company
    from: running
    needs: [step]
    effects: [{set: {count: step + 1}}]
  shorten: {title: {ja: 短くする, en: Shorten}, by: company, from: running, needs: [long], effects: [{set: {short: long}}]}
  confide: {title: {ja: 知らせる, en: Confide}, by: company, from: running, needs: [long], effects: [{set: {secret: long}}]}
  date: {title: {ja: 日を記す, en: Date}, by: company, from: running, effects: [{add: {to: dates, entry: occurred_on}}]}
  close: {title: {ja: 閉じる, en: Close}, by: [company, bank], from: running, to: closed}
"""

RENEWAL = ProcedureFile(file="renewal.yaml", text=TEXT.encode())
