"""The Toshima business-support centre and f-biz, where its advisers are trained: manifests and calendars."""
