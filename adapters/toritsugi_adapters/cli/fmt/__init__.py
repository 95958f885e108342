"""`toritsugi fmt`: a procedure's file laid out anew, its content and its comments untouched."""
