"""A folder of YAML files as a plugin: each file is what its text describes."""

from pathlib import Path

from toritsugi.hooks import folder_plugin

CATALOGUE = """catalogue: ours
version: "1"
title: {ja: 町の支援策, en: Our support}
kind: measures
source: 広報
institutions: {town: {ja: 町役場, en: Town hall}}
needs: {shop: {title: {ja: 開店, en: Opening a shop}}}
rows: {t1: {title: {ja: 出店補助, en: Shop grant}, institution: town, needs: [shop], window: any_time, source: p.1}}
"""


def test_a_catalogue_in_a_folder_is_no_procedure(tmp_path: Path) -> None:
    (tmp_path / "支援策.yaml").write_text(CATALOGUE, "utf-8")
    plugin = folder_plugin(tmp_path)
    assert plugin.toritsugi_procedures() == [] and plugin.toritsugi_institutions() == []
    (file,) = plugin.toritsugi_catalogues()
    assert (file.file, file.text) == (f"{tmp_path.name}/支援策.yaml", CATALOGUE.encode())
