"""Specs: bare `.feature` files in Japanese or English, carried out by the engine; `pytest -p toritsugi.testing.specs`."""

#: what pytest loads when this package is named with `-p`; nothing of pytest is imported before that.
pytest_plugins = ("toritsugi.testing.specs.plugin",)
