"""Settings: the only module that reads the environment (QINGWEN_INDEX=… and so on)."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from index.build import DEFAULT_INDEX
from qa.errors import SettingsError


class Settings(BaseSettings):
    """Every setting with its unit and the reason for its value; plain values travel down from here."""

    model_config = SettingsConfigDict(env_prefix="QINGWEN_", extra="forbid", frozen=True)

    index: Path = DEFAULT_INDEX
    """Folder of the index."""
    embedder: str | None = None
    """Sentence model for questions: a folder or hub id[@revision]; None is the embedded one."""
    retrieve_k: int = 20
    """Passages retrieved for a question; nine answers in ten stand in the first, nearly all in the first five."""
    reranker: str | None = None
    """Cross-encoder that puts the retrieved passages into order: a folder or hub id[@revision]; None is none."""
    answerer: str | None = None
    """None or "extractive": the report's own sentences. Else a language model that writes from them: a folder, a hub
    id[@revision], or openai:URL#model."""
    api_key: SecretStr | None = None
    """Key for that server; from the environment or nowhere, so that it stands in no command line and no log."""
    fallback: Literal["extractive"] | None = None
    """What answers when the language model fails or writes nothing that may be shown; None says so instead."""
    keep_k: int = Field(default=8, ge=1)
    """Passages given to a language model at most; nearly all answers stand in the first five, and more take time."""
    max_tokens: int = Field(default=384, ge=16)
    """Tokens of a language model's reply at most; three sentences with their marks take some 200."""
    audit: Path | None = None
    """Folder of the audit records; None keeps none."""
    audit_text: bool = False
    """Whether audit records hold what was typed, personal numbers masked; otherwise a keyed digest alone."""
    audit_days: int | None = Field(default=None, ge=1)
    """Days that audit records are kept; None keeps them for good. Where logs have a legal term, that is the least."""
    feedback: Path | None = None
    """SQLite file for the votes on answers; None asks for none."""
    contact: str | None = Field(default=None, min_length=1, max_length=200)
    """Who helps where the reports do not, as citizens read it: "12345 政务服务便民热线"; None names nobody."""
    staff: Path = DEFAULT_INDEX.parent / "staff"
    """Folder of the staff's desk: who may in, and what was uploaded and not published yet."""
    staff_origin: str | None = Field(default=None, pattern=r"^https?://[^/]+$")
    """What browsers call the desk where a proxy stands before it: "https://desk.example.cn"; None: as they ask."""
    host: str = "127.0.0.1"
    """Address the page listens on; this machine alone unless told otherwise."""
    port: int = 7860
    """TCP port of the page."""
    origin: str | None = Field(default=None, pattern=r"^https?://[^/]+$")
    """What the page is called where a proxy stands before it: "https://ask.example.cn"; None: by its address alone."""
    mcp: bool = False
    """Whether the reports are offered at /mcp too, as tools of the Model Context Protocol."""
    pace: str = Field(default="120/minute", pattern=r"^[1-9]\d*/(second|minute|hour|day)$")
    """Requests that make work, per client address; whole offices share one, and nobody reads two answers a second."""
    most: int = Field(default=64, ge=1)
    """Requests that make work, of all clients, under way at once; the last of them waits some seconds."""


def load_settings(**given: Path | str | int | bool | None) -> Settings:
    """Take what was given, the environment for what is None, and the defaults for the rest.

    Raises:
        SettingsError: one of them does not fit.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # pyright: ignore
    except ValidationError as error:
        wrong = "; ".join(f"QINGWEN_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
        raise SettingsError(f"settings that do not fit: {wrong}") from None
