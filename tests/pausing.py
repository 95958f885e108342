"""A procedure with deadlines that stop while papers are missing: one in business days, one in days as they come."""

from toritsugi.hooks import ProcedureFile

TEXT = """
procedure: pausing
version: "1"
title: {ja: 請求, en: Claim}
owner: bank
source: made for tests
subject: [company]
parties:
  company: {title: {ja: 企業, en: Company}}
  bank: {title: {ja: 銀行, en: Bank}, institution: test_bank}
data:
  company: {type: text, title: {ja: 企業名, en: Company}}
deadlines:
  answer:
    title: {ja: 回答, en: Answer}
    within: 10 business days
    calendar: test_bank
    starts: {on: claim}
    met_by: [answer]
    cancelled_by: [drop]
    suspended_by: [request_papers, request_more]
    resumed_by: [papers_arrived]
    missed: overdue
    responsible: bank
  decision:
    title: {ja: 決定, en: Decision}
    within: 30 days
    roll: next
    calendar: test_bank
    starts: {on: claim}
    met_by: [answer]
    suspended_by: request_papers
    resumed_by: papers_arrived
start: {by: company, needs: [company]}
initial: open_claim
states:
  open_claim: {title: {ja: 受付, en: Open}}
  done: {title: {ja: 終了, en: Done}, ends: yes}
events:
  claim: {title: {ja: 請求する, en: Claim}, by: company, from: open_claim}
  request_papers: {title: {ja: 書類を求める, en: Request papers}, by: bank, from: open_claim, backdate: yes}
  request_more: {title: {ja: 追加を求める, en: Request more}, by: bank, from: open_claim}
  papers_arrived: {title: {ja: 書類が届く, en: Papers arrived}, by: company, from: open_claim, backdate: yes}
  answer: {title: {ja: 回答する, en: Answer}, by: bank, from: open_claim}
  drop: {title: {ja: 取り下げる, en: Drop}, by: company, from: open_claim}
  overdue: {title: {ja: 回答の遅れ, en: Overdue}, by: engine, on: {deadline: answer}, from: open_claim}
  close: {title: {ja: 終える, en: Close}, by: bank, from: open_claim, to: done}
""".replace("30 days", "30 calendar days")

PAUSING = ProcedureFile(file="pausing.yaml", text=TEXT.encode())
