from pathlib import Path

import pytest

from index.build import BUNDLED_REPORT, build
from index.embedding import load_embedder


@pytest.fixture(scope="session")
def bundled_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the bundled report, made with the embedded model. Read it, do not change it."""
    folder = tmp_path_factory.mktemp("bundled") / "index"
    build([BUNDLED_REPORT], folder, load_embedder(None))
    return folder
