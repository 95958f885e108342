"""What the Tottori management-support centre brings to the engine: its manifest."""

from __future__ import annotations

from toritsugi.hooks import InstitutionManifest, hook, manifest_of


@hook
def toritsugi_institutions() -> list[InstitutionManifest]:
    """The institution, as its manifest states it."""
    return [manifest_of("toritsugi_tottori")]
