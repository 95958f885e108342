"""A procedure with a state that has two parts, for tests: two departments that look at one request side by side."""

TEXT = """
procedure: permit
version: "1"
title: {ja: 許可, en: Permit}
owner: office
source: made for tests
subject: [name]
parties:
  applicant: {title: {ja: 申請者, en: Applicant}}
  office: {title: {ja: 役所, en: Office}, institution: test_bank}
data:
  name: {type: text, title: {ja: 氏名, en: Name}}
start: {by: applicant, needs: [name]}
initial: filed
states:
  filed: {title: {ja: 申請済み, en: Filed}}
  review:
    title: {ja: 審査中, en: Under review}
    parts:
      fire:
        title: {ja: 消防, en: Fire}
        initial: fire_open
        states:
          fire_open: {title: {ja: 審査中, en: Open}}
          fire_agreed: {title: {ja: 同意, en: Agreed}}
      town:
        title: {ja: 都市計画, en: Town planning}
        initial: town_open
        states:
          town_open: {title: {ja: 審査中, en: Open}}
          town_agreed: {title: {ja: 同意, en: Agreed}}
  mending: {title: {ja: 補正中, en: Mending}}
  granted: {title: {ja: 許可, en: Granted}, ends: yes}
events:
  accept: {title: {ja: 受け付ける, en: Accept}, by: office, from: filed, to: review}
  fire_agree: {title: {ja: 消防が同意, en: Fire agrees}, by: office, from: fire_open, to: fire_agreed}
  town_agree: {title: {ja: 都市計画が同意, en: Town agrees}, by: office, from: town_open, to: town_agreed}
  send_back: {title: {ja: 差し戻す, en: Send back}, by: office, from: review, to: mending, reason: required}
  mend: {title: {ja: 補正する, en: Mend}, by: applicant, from: mending, to: town_agreed}
  note: {title: {ja: 記録する, en: Note}, by: office, from: fire_agreed}
  grant: {title: {ja: 許可する, en: Grant}, by: office, from: fire_agreed + town_agreed, to: granted}
"""
