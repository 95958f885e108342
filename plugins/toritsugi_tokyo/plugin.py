"""What Tokyo Metropolitan Government brings to the engine: its manifest."""

from __future__ import annotations

from importlib import resources

from toritsugi.hooks import InstitutionManifest, hook, read_manifest

MANIFEST = "manifest.yaml"


@hook
def toritsugi_institutions() -> list[InstitutionManifest]:
    """The institution, as its manifest states it."""
    package = "toritsugi_tokyo"
    return [read_manifest(resources.files(package).joinpath(MANIFEST).read_bytes(), f"{package}/{MANIFEST}")]
