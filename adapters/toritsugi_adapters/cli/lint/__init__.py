"""`toritsugi lint`: which files are looked at, what others may be read for it, how findings are shown."""
