"""The ways out: e-mail, fax, post, web forms, telephone, webhooks; one Channel each."""
