"""Forms as workbooks and PDFs, read into a case and written out of one."""
