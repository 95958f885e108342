"""The extension points: each says what it is for, the shipped plugins live on them alone, and a folder has those it can."""

from importlib.metadata import entry_points
from pathlib import Path

import pytest

from toritsugi.hooks import GROUP, Hooks, folder_plugin

POINTS = sorted(name for name in vars(Hooks) if name.startswith("toritsugi_"))
CATALOGUE = """catalogue: ours
version: "1"
title: {ja: 町の支援策, en: Our support}
kind: measures
source: 広報
institutions: {town: {ja: 町役場, en: Town hall}}
needs: {shop: {title: {ja: 開店, en: Opening a shop}}}
rows: {t1: {title: {ja: 出店補助, en: Shop grant}, institution: town, needs: [shop], window: any_time, source: p.1}}
"""


@pytest.mark.parametrize("point", POINTS)
def test_every_extension_point_says_in_one_sentence_what_it_is_for(point: str) -> None:
    text = vars(Hooks)[point].__doc__
    assert text is not None and text.startswith("Supply ") and text.endswith(".") and "\n" not in text


@pytest.mark.parametrize("point", POINTS)
def test_every_extension_point_is_used_by_what_is_shipped(point: str) -> None:
    assert any(hasattr(entry.load(), point) for entry in entry_points(group=GROUP))


def test_no_shipped_plugin_has_a_hook_that_is_none() -> None:
    for entry in entry_points(group=GROUP):
        own = {name for name in vars(entry.load()) if name.startswith("toritsugi_")}
        assert own <= set(POINTS), entry.name


def test_a_catalogue_in_a_folder_is_no_procedure(tmp_path: Path) -> None:
    (tmp_path / "支援策.yaml").write_text(CATALOGUE, "utf-8")
    plugin = folder_plugin(tmp_path)
    assert plugin.toritsugi_procedures() == [] and plugin.toritsugi_institutions() == []
    (file,) = plugin.toritsugi_catalogues()
    assert (file.file, file.text) == (f"{tmp_path.name}/支援策.yaml", CATALOGUE.encode())
