"""States and events of the procedures of Tokyo, typed from the tables of the specification (parts E to K)."""

from shipped import words

#: part of the specification -> states, final states, events (its list of procedures, 0.1).
COUNTS = {
    "tokyo_jetro_support": (22, 7, 33),
    "tokyo_shinkin_support": (22, 7, 33),
    "tokyo_kosha_support": (16, 6, 15),
    "tokyo_smrj_support": (9, 3, 13),
    "support_cost_frame": (5, 2, 10),
    "overseas_expansion_loan": (9, 4, 8),
    "unclear_issue_consultation": (10, 3, 10),
    "fukushima_escalation": (8, 3, 10),
    "tottori_team_support": (7, 3, 10),
    "hyogo_growth_discovery": (8, 3, 8),
    "toshima_one_stop_desk": (6, 2, 7),
    "toshima_adviser_onboarding": (5, 2, 4),
}

BANK, COMPANY, JETRO, NAVIGATOR = ("financial_institution", "client_company", "jetro_tokyo", "navigator")

JETRO_STATES = words("""
bank_assessment programme_explained form1_with_bank form1_bank_completed form1_sent form1_returned accepted
bank_coordinated company_contacted meeting_scheduled consultation support_planned in_support paused_at_ceiling reporting
closed rejected_ineligible rejected_by_institution closed_declined_by_company closed_duplicate closed_unreachable
closed_withdrawn
""")

JETRO_FINAL = JETRO_STATES[-7:]

#: event | fired by | from | to, as in part E.
JETRO_EVENTS = """
explain_programme | financial_institution | bank_assessment | programme_explained
introduce_scheme_loan | financial_institution | bank_assessment programme_explained form1_with_bank | =
decline_programme | client_company | bank_assessment programme_explained | closed_declined_by_company
submit_form1 | client_company | programme_explained | form1_with_bank
complete_bank_section | financial_institution | form1_with_bank | form1_bank_completed
reject_ineligible | financial_institution | form1_with_bank | rejected_ineligible
send_form1 | financial_institution | form1_bank_completed form1_returned | form1_sent
accept_form1 | jetro_tokyo | form1_sent | accepted
return_form1 | jetro_tokyo | form1_sent accepted | form1_returned
close_duplicate | jetro_tokyo | form1_sent accepted | closed_duplicate
coordinate_with_bank | navigator | accepted | bank_coordinated
contact_company | navigator | bank_coordinated | company_contacted
contact_company_override | navigator | accepted | company_contacted
log_failed_contact | navigator | accepted bank_coordinated | =
contact_deadline_passed | engine | accepted bank_coordinated | =
close_unreachable | jetro_tokyo | bank_coordinated company_contacted | closed_unreachable
schedule_meeting | navigator | company_contacted | meeting_scheduled
reschedule_meeting | navigator client_company | meeting_scheduled | company_contacted
hold_consultation | navigator | meeting_scheduled | consultation
agree_plan | navigator | consultation | support_planned
start_support | navigator | support_planned | in_support
reject_application | jetro_tokyo | accepted bank_coordinated company_contacted meeting_scheduled consultation support_planned | rejected_by_institution
post_cost | jetro_tokyo | in_support | =
pause_at_ceiling | engine | in_support | paused_at_ceiling
resume_support | navigator | paused_at_ceiling | in_support
end_support | navigator | support_planned in_support paused_at_ceiling | reporting
issue_form2 | jetro_tokyo | reporting | =
send_form3 | jetro_tokyo | reporting | =
return_form3 | financial_institution | reporting | =
form3_due_passed | engine | reporting | =
write_off_form3 | jetro_tokyo | reporting | =
close_case | jetro_tokyo | reporting | closed
withdraw | client_company | programme_explained form1_with_bank form1_bank_completed form1_sent form1_returned accepted bank_coordinated company_contacted meeting_scheduled consultation support_planned | closed_withdrawn
"""  # noqa: E501  # a row of the specification is a line here

FRAME_STATES = ["open", "exhausted", "regrant_requested", "superseded", "closed"]

#: as in part J; `signal` where part 1.7 lets another procedure fire it.
FRAME_EVENTS = """
reserve | jetro_tokyo scb signal | open exhausted regrant_requested | =
consume | jetro_tokyo scb signal | open exhausted regrant_requested | =
release | jetro_tokyo scb signal | open exhausted regrant_requested | =
reopen | engine | exhausted | open
become_exhausted | engine | open | exhausted
record_disbursement | financial_institution signal | open exhausted regrant_requested | =
request_regrant | client_company financial_institution | open exhausted | regrant_requested
approve_regrant | programme_owner | regrant_requested | superseded
refuse_regrant | programme_owner | regrant_requested | open
close_frame | programme_owner | open exhausted regrant_requested | closed
"""

#: as in part F.
SHINKIN_STATES = words("""
bank_assessment programme_explained form1_with_bank form1_bank_completed form1_sent form1_returned accepted
bank_coordinated company_contacted meeting_scheduled consultation support_planned in_support paused_at_ceiling reporting
closed rejected_ineligible rejected_by_institution closed_declined_by_company closed_duplicate closed_unreachable
closed_withdrawn
""")

SHINKIN_EVENTS = """
explain_programme | shinkin_bank | bank_assessment | programme_explained
introduce_scheme_loan | shinkin_bank | bank_assessment programme_explained form1_with_bank | =
decline_programme | client_company | bank_assessment programme_explained | closed_declined_by_company
submit_form1 | client_company | programme_explained | form1_with_bank
complete_bank_section | shinkin_bank | form1_with_bank | form1_bank_completed
reject_ineligible | shinkin_bank | form1_with_bank | rejected_ineligible
send_form1 | shinkin_bank | form1_bank_completed form1_returned | form1_sent
accept_form1 | scb | form1_sent | accepted
return_form1 | scb | form1_sent accepted | form1_returned
close_duplicate | scb | form1_sent accepted | closed_duplicate
coordinate_with_bank | scb | accepted | bank_coordinated
contact_company | scb | bank_coordinated | company_contacted
contact_company_override | scb | accepted | company_contacted
log_failed_contact | scb | accepted bank_coordinated | =
contact_deadline_passed | engine | accepted bank_coordinated | =
close_unreachable | scb | bank_coordinated company_contacted | closed_unreachable
schedule_meeting | scb | company_contacted | meeting_scheduled
reschedule_meeting | scb client_company | meeting_scheduled | company_contacted
hold_consultation | scb | meeting_scheduled | consultation
agree_plan | scb | consultation | support_planned
start_support | scb | support_planned | in_support
reject_application | scb | accepted bank_coordinated company_contacted meeting_scheduled consultation support_planned | rejected_by_institution
post_cost | scb | in_support | =
pause_at_ceiling | engine | in_support | paused_at_ceiling
resume_support | scb | paused_at_ceiling | in_support
end_support | scb | support_planned in_support paused_at_ceiling | reporting
issue_form2 | scb | reporting | =
send_form3 | scb | reporting | =
return_form3 | shinkin_bank | reporting | =
form3_due_passed | engine | reporting | =
write_off_form3 | scb | reporting | =
close_case | scb | reporting | closed
withdraw | client_company | programme_explained form1_with_bank form1_bank_completed form1_sent form1_returned accepted bank_coordinated company_contacted meeting_scheduled consultation support_planned | closed_withdrawn
"""  # noqa: E501  # a row of the specification is a line here

#: as in part G.
KOSHA_STATES = words("""
bank_assessment programme_explained form1_with_bank form1_bank_completed form1_sent form1_returned introduced_to_kosha
procedure_guided programme_applied in_support
completed rejected_requirements closed_declined_by_company closed_not_applied closed_duplicate closed_withdrawn
""")

#: `*` in the specification is every state that does not end the case.
KOSHA_EVENTS = """
explain_programme | financial_institution | bank_assessment | programme_explained
decline_programme | client_company | bank_assessment programme_explained | closed_declined_by_company
submit_form1 | client_company | programme_explained | form1_with_bank
complete_bank_section | financial_institution | form1_with_bank | form1_bank_completed
send_form1 | financial_institution | form1_bank_completed form1_returned | form1_sent
return_form1 | kosha | form1_sent introduced_to_kosha | form1_returned
check_form1 | kosha | form1_sent | introduced_to_kosha
close_duplicate | kosha | form1_sent introduced_to_kosha | closed_duplicate
guide_procedure | kosha | introduced_to_kosha | procedure_guided
file_programme_application | client_company | procedure_guided | programme_applied
approve_and_start | kosha | programme_applied | in_support
reject_requirements | kosha | introduced_to_kosha programme_applied | rejected_requirements
close_not_applied | kosha | procedure_guided | closed_not_applied
end_support | kosha | in_support | completed
withdraw | client_company | * | closed_withdrawn
"""

#: as in part H.
SMRJ_STATES = words("""
not_applied applied date_coordination expert_selected meeting_scheduled in_support
completed rejected closed_withdrawn
""")

SMRJ_EVENTS = """
inform_company | financial_institution | not_applied | =
submit_web_form | client_company | not_applied | applied
refuse_proxy_application | engine | not_applied | =
confirm_and_contact | smrj | applied | date_coordination
select_expert | smrj | date_coordination | expert_selected
fix_meeting | smrj_expert | expert_selected | meeting_scheduled
reschedule_meeting | client_company smrj_expert | meeting_scheduled | expert_selected
change_expert | smrj | expert_selected meeting_scheduled in_support | expert_selected
hold_meeting | smrj_expert | meeting_scheduled | in_support
hold_further_meeting | smrj_expert | in_support | =
end_support | smrj | in_support | completed
reject | smrj | applied date_coordination | rejected
withdraw | client_company | applied date_coordination expert_selected meeting_scheduled in_support | closed_withdrawn
"""

#: as in part K; `client_company via financial_institution` is either of them.
LOAN_STATES = words("""
loan_considered business_plan_prepared guarantee_applied guarantee_approved disbursed
repaid guarantee_declined fell_through replaced_by_proper_loan
""")

LOAN_EVENTS = """
prepare_plan | client_company | loan_considered | business_plan_prepared
apply_guarantee | client_company financial_institution | business_plan_prepared | guarantee_applied
approve_guarantee | guarantee_association | guarantee_applied | guarantee_approved
decline_guarantee | guarantee_association | guarantee_applied | guarantee_declined
disburse | financial_institution | guarantee_approved | disbursed
fall_through | client_company financial_institution | loan_considered business_plan_prepared guarantee_applied guarantee_approved | fell_through
switch_to_proper_loan | client_company financial_institution | loan_considered business_plan_prepared guarantee_applied guarantee_approved | replaced_by_proper_loan
repay | client_company | disbursed | repaid
"""  # noqa: E501  # a row of the specification is a line here

#: events whose rows say only "implied" or "policy" in the source column.
IMPLIED_IN_E = words("""
decline_programme reject_ineligible return_form1 close_duplicate contact_company_override log_failed_contact
close_unreachable reschedule_meeting reject_application pause_at_ceiling resume_support form3_due_passed write_off_form3
close_case withdraw
""")
