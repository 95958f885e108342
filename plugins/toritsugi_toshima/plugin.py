"""What the Toshima centre brings to the engine: itself, f-biz and Sugamo Shinkin Bank, each with a manifest."""

from __future__ import annotations

from importlib import resources

from toritsugi.hooks import InstitutionManifest, hook, manifest_of, read_manifest

_PACKAGE = "toritsugi_toshima"
_BESIDE = ("fbiz.yaml", "sugamo_shinkin.yaml")


@hook
def toritsugi_institutions() -> list[InstitutionManifest]:
    """Every institution of this plugin, as its manifest states it."""
    return [manifest_of(_PACKAGE), *map(_beside, _BESIDE)]


def _beside(file: str) -> InstitutionManifest:
    return read_manifest(resources.files(_PACKAGE).joinpath(file).read_bytes(), f"{_PACKAGE}/{file}")
