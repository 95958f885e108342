"""What JETRO brings to the engine: the manifests of its Tokyo office and of its headquarters."""

from __future__ import annotations

from importlib import resources

from toritsugi.hooks import InstitutionManifest, hook, manifest_of, read_manifest

_PACKAGE = "toritsugi_jetro"
_HEADQUARTERS = "headquarters.yaml"


@hook
def toritsugi_institutions() -> list[InstitutionManifest]:
    """Both institutions, as their manifests state them."""
    text = resources.files(_PACKAGE).joinpath(_HEADQUARTERS).read_bytes()
    return [manifest_of(_PACKAGE), read_manifest(text, f"{_PACKAGE}/{_HEADQUARTERS}")]
