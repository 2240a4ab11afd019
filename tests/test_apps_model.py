from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from pytest_django.fixtures import Settings

from quotes.apps import model_folder
from quotes.text import tagger


@pytest.fixture
def _chosen() -> Iterator[None]:
    yield
    tagger.use(tagger.SHIPPED)


@pytest.mark.parametrize(
    ("setting", "folder"),
    [
        ("", tagger.SHIPPED),
        ("  ", tagger.SHIPPED),
        ("none", None),
        ("None", None),
        (" NONE\n", None),
        ("/srv/model", Path("/srv/model")),
        ("model", Path("model")),
        ("/srv/none", Path("/srv/none")),
        ("./none", Path("none")),  # a folder that is called so
        pytest.param(
            " /srv/model ",
            Path("/srv/model"),
            marks=pytest.mark.xfail(strict=True, reason="space around a path is kept, though not around “none”"),
        ),
    ],
)
def test_model_folder(setting: str, folder: Path | None) -> None:
    assert model_folder(setting) == folder


@pytest.mark.usefixtures("_chosen")
def test_the_setting_chooses_the_model(settings: Settings, tmp_path: Path) -> None:
    app = apps.get_app_config("quotes")
    settings.HEARSAY_MODEL = "none"
    app.ready()
    assert tagger.tagger() is None
    assert "HEARSAY_MODEL" in tagger.state().problem
    settings.HEARSAY_MODEL = str(tmp_path)
    app.ready()
    assert str(tmp_path) in tagger.state().problem
    settings.HEARSAY_MODEL = ""
    app.ready()
    assert tagger.state().model
    assert tagger.state().problem == ""
