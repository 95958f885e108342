"""The Toshima business-support centre, f-biz and Sugamo Shinkin Bank: manifests and calendars."""
