"""JETRO: the consortium's manifest, calendar, rules and forms."""
