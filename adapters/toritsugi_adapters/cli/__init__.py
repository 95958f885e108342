"""The command line, `toritsugi`."""
