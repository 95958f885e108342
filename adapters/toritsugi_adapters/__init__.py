"""Everything that touches the outside, itself a plugin: channels, documents, drivers, the command line."""
