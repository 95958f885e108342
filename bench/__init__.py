"""Measures the engine beside programs written by hand that commit the same rows; `python -m bench`."""
