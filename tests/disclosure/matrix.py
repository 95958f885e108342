"""Who may see what, typed in a second time from the visibility matrix of the consortium manual (000, section 4).

Nothing here is read from the procedures or from the code that decides on disclosure: the generator compares the two.
A row is what a value is about; a standing is where an institution stands towards it when somebody looks.
"""

COMPANY, REFERRER, JETRO, PROVIDER, SOUNDED, AUTHOR = "company", "referrer", "jetro", "provider", "sounded", "author"

#: row -> standings that may see it; "other institutions" are nowhere, so that they see nothing.
MATRIX: dict[str, frozenset[str]] = {
    # -- the six rows of the matrix --
    "entry_sheet": frozenset({COMPANY, REFERRER, JETRO, PROVIDER}),
    "outline": frozenset({COMPANY, REFERRER, JETRO, PROVIDER, SOUNDED}),
    "registration": frozenset({COMPANY, REFERRER, JETRO, PROVIDER}),
    "consent_form": frozenset({COMPANY, REFERRER}),
    "supplementary": frozenset({COMPANY, REFERRER, JETRO, PROVIDER}),
    "feedback": frozenset({REFERRER, JETRO, PROVIDER, AUTHOR}),
    "feedback_asked": frozenset({COMPANY, REFERRER, JETRO, PROVIDER, AUTHOR}),
    # -- what follows from them --
    # whoever gave feedback on a company keeps its own record of whom it was about
    "whom_feedback_is_about": frozenset({COMPANY, REFERRER, JETRO, PROVIDER, AUTHOR}),
    # the search for a provider names other institutions that were asked before
    "search": frozenset({COMPANY, REFERRER, JETRO}),
    # a provider's own part: its contacts, its department, its meeting
    "own_part": frozenset({COMPANY, REFERRER, JETRO, PROVIDER, SOUNDED, AUTHOR}),
    "meeting": frozenset({COMPANY, REFERRER, JETRO, PROVIDER}),
    "following": frozenset({REFERRER, JETRO, PROVIDER, AUTHOR}),
    # wishes on further support are addressed to the concierge
    "opinion": frozenset({REFERRER, JETRO}),
    "office": frozenset({REFERRER, JETRO}),
    "concierge_only": frozenset({JETRO}),
    # a value that was refused was never said to anybody
    "never": frozenset(),
}

#: reasons written in a case of this procedure -> their row.
REASONS = {
    "consortium_referral": "office",
    "consortium_service": "concierge_only",
    "consortium_feedback": "opinion",
    "entry_sheet_disclosure": "office",
}

_ENTRY_SHEET = (
    "company_name corporate_number company_reference company_address company_phone company_email contact_name "
    "size_class industry overseas_plan worry services_wished referring_name referring_person referring_phone "
    "referring_email es_version"
)

#: procedure -> row -> its fields.
FIELDS: dict[str, dict[str, str]] = {
    "consortium_referral": {
        "entry_sheet": _ENTRY_SHEET + " referring_fax referring_address",
        "outline": "anonymous_outline",
        "registration": "entry_registration_number existing_number registered_on card_issued_on card_delivered_on"
        " number_on_card",
        "consent_form": "consent_form_on_file",
        "meeting": "branch first_meeting_at concierge_attended support_started_on support_ended_on concierge_email"
        " concierge_phone",
        "search": "target_plan target_wish target_antisocial ineligible_reason introduced_on guide_material_used"
        " terms_notes terms_disclaimers terms_confidentiality terms_explained_on consent_means consented_on"
        " jetro_office jetro_office_email jetro_office_fax jetro_office_address es_channel es_sent_at es_received_at"
        " es_defects concierge_name es_checked first_contact_method referrer_attended first_contacted_on"
        " proposed_menus referrer_view company_view decisions engagement additional_info_addressee"
        " additional_info_request additional_info jetro_menu menu_conditions feedback_route candidate candidate_name"
        " candidate_email candidate_phone candidate_fax candidate_address sounded_on candidates"
        " referring_institution_id named_recipient disclosure_recipient approval_means sent_form"
        " own_format_deposited_on password_channel es_shared_at es_shared_via further_wish",
    },
    "consortium_service": {
        "outline": "anonymous_outline concierge_email concierge_phone sounded_on",
        "own_part": "candidate candidate_name candidate_email candidate_phone candidate_fax candidate_address"
        " answered_on es_closed_on intake_department intake_person first_contact_method intake_reported_on"
        " company_notified_on meeting_at service_content service_started_on service_ended_on",
        "entry_sheet": _ENTRY_SHEET + " es_form es_via es_sent_at named_recipient",
        "registration": "entry_registration_number number_on_card number_verified_on card_confirmed_on",
        "supplementary": "supplementary_decided_by supplementary_recipient supplementary_via supplementary_gist"
        " supplementary_information",
        "following": "support_date support_content progress feedback_means served_concierge served_referrer"
        " feedback_route",
        "concierge_only": "engagement",
    },
    "consortium_feedback": {
        "whom_feedback_is_about": "client_name corporate_number company_reference referring_name concierge_email"
        " concierge_phone route",
        "own_part": "provider provider_name",
        "following": "referring_email referring_phone provider_email provider_phone provider_fax concierge_told"
        " referrer_told missing_recipients all_told outstanding_since interval_from company_asked inquiry_to inquiry inquired_on",
        "feedback": "support_date company_name support_content progress means served_concierge served_referrer notes"
        " last_feedback_on progress_note",
        "opinion": "opinion opinions",
    },
    "entry_sheet_disclosure": {
        "search": "company_name corporate_number company_reference recipient recipient_name other_purpose es_version"
        " concierge_email named_recipient referrer_means referrer_approved_at company_means company_approved_at"
        " disclosed_at disclosed_version disclosed_via",
    },
}

#: values of the entry sheet that the record of a feedback names as well.
ALSO_NAMED_IN_FEEDBACK = frozenset(
    {"company_name", "corporate_number", "company_reference", "referring_name", "referring_email", "referring_phone"}
)
#: values that are told to whoever is sounded out, though another case keeps them with something else.
TOLD_WHEN_SOUNDED = frozenset({"concierge_email", "concierge_phone"})
#: values of the referral that are about one candidate alone.
OF_ONE_CANDIDATE = frozenset(
    {
        *("candidate_name", "candidate_email", "candidate_phone", "candidate_fax", "candidate_address"),
        "first_meeting_at",
    }
)

#: states of a service in which its provider has been given the entry sheet and keeps it.
ENTRY_SHEET_OPEN = frozenset(
    {
        *("entry_sheet_received", "intake_assigned", "meeting_scheduling", "meeting_scheduled", "number_check_hold"),
        *("service_planning", "in_service", "service_completed"),
    }
)


def row_of(procedure: str, name: str) -> str:
    """The row that a field belongs to."""
    return next(row for row, names in FIELDS[procedure].items() if name in names.split())
