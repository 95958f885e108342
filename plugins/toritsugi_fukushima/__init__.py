"""The two committees of the Fukushima council: manifests and calendars."""
