"""Settings: the only module that reads the environment (QINGWEN_INDEX=… and so on)."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

from index.build import DEFAULT_INDEX


class Settings(BaseSettings):
    """Every setting with its unit and the reason for its value; plain values travel down from here."""

    model_config = SettingsConfigDict(env_prefix="QINGWEN_", extra="forbid", frozen=True)

    index: Path = DEFAULT_INDEX
    """Folder of the index."""
    embedder: str | None = None
    """Sentence model for questions: a folder or hub id[@revision]; None is the embedded one."""
    retrieve_k: int = 20
    """Passages retrieved for a question; nine answers in ten stand in the first, nearly all in the first five."""
    host: str = "127.0.0.1"
    """Address the page listens on; this machine alone unless told otherwise."""
    port: int = 7860
    """TCP port of the page."""
