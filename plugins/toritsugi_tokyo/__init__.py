"""Tokyo Metropolitan Government: the bank-linked scheme's manifest, calendar, rules and forms."""
