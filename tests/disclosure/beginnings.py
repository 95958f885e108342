"""How a story of the consortium comes to where the interesting part begins: act by act, as tables."""
# ruff: noqa: E501  # a table, one line an act

REFERRAL, SERVICE, FEEDBACK, DISCLOSURE = (
    "consortium_referral",
    "consortium_service",
    "consortium_feedback",
    "entry_sheet_disclosure",
)
#: case, event, party, fields to give.
Scripted = tuple[str, str, str, str]

#: the way to where a provider is looked for.
PRELUDE: tuple[Scripted, ...] = (  # one line an act
    (REFERRAL, "introduce_consortium", "referring_institution", "size_class overseas_plan target_plan target_wish target_antisocial worry services_wished industry"),
    (REFERRAL, "explain_terms", "referring_institution", "terms_notes terms_disclaimers terms_confidentiality guide_material_used"),
    (REFERRAL, "give_consent", "client_company", "consent_means consent_form_on_file"),
    (REFERRAL, "start_entry_sheet", "referring_institution", "company_address company_phone company_email contact_name"),
    (REFERRAL, "submit_entry_sheet", "referring_institution", "referring_person referring_phone referring_email jetro_office corporate_number jetro_office_email"),
    (REFERRAL, "receive_entry_sheet", "secretariat", ""),
    (REFERRAL, "register_company", "secretariat", "concierge_name concierge_email entry_registration_number concierge_phone"),
    (REFERRAL, "issue_card", "secretariat", ""),
    (REFERRAL, "contact_referrer", "concierge", "es_checked first_contact_method"),
    (REFERRAL, "propose_menu", "concierge", "proposed_menus"),
)  # fmt: skip

#: somebody is asked, at every address there is, so that it shows where one of them goes.
_ASK = (
    REFERRAL,
    "choose_other_institution",
    "concierge",
    "candidate candidate_name candidate_email candidate_phone candidate_fax candidate_address anonymous_outline referrer_view company_view",
)
#: ... and the next one by mail alone, so that it shows whether an older address is left.
_ASK_NEXT = (
    REFERRAL,
    "choose_other_institution",
    "concierge",
    "candidate candidate_name candidate_email anonymous_outline referrer_view company_view",
)
#: ... or gets the entry sheet.
_SHARE: tuple[Scripted, ...] = (
    _ASK,
    (SERVICE, "reply_acceptable", "providing_contact", ""),
    (REFERRAL, "approve_disclosure_referrer", "referring_institution", "named_recipient"),
    (REFERRAL, "approve_disclosure_company", "client_company", "named_recipient"),
    (REFERRAL, "share_entry_sheet", "concierge", "named_recipient sent_form password_channel"),
)

#: the way on from there into a service: feedback lies far down the road.
FURTHER: tuple[Scripted, ...] = (
    *_SHARE,
    (SERVICE, "assign_intake", "providing_contact", "intake_department intake_person"),
    (SERVICE, "report_intake", "providing_contact", "first_contact_method"),
    (SERVICE, "notify_company", "concierge", ""),
    (SERVICE, "fix_meeting", "concierge", "meeting_at"),
    (SERVICE, "verify_number", "providing_institution", "number_on_card"),
)

#: where a story begins -> how it came there.
BEGINNINGS: dict[str, tuple[Scripted, ...]] = {
    "the search for a provider": PRELUDE,
    "a service": (*PRELUDE, *FURTHER),
    "the search after a refusal": (*PRELUDE, _ASK, (SERVICE, "reply_decline", "providing_contact", ""), _ASK_NEXT),
    "a second provider": (*PRELUDE, *_SHARE, (SERVICE, "decline_after_review", "providing_contact", ""), *_SHARE),
    "support": (*PRELUDE, *FURTHER, (SERVICE, "start_service", "providing_institution", "service_content")),
}
#: the channel by which an act goes.
WAYS = {"submit_entry_sheet": "email", "share_entry_sheet": "password_excel", "report_intake": "email"}
