"""Every setting, by environment `BANGFU_*` or a TOML file `bangfu.toml` in the data directory. The only reader of the environment."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

LEDGER_KEY = "ledger.key"


class Settings(BaseSettings):
    """Where one ledger is. A data directory holds everything of an embedded ledger."""

    model_config = SettingsConfigDict(env_prefix="BANGFU_", frozen=True, extra="forbid")

    data: Path = Field(description="The data directory.")
    database_url: str = Field(
        "",
        description="A SQLAlchemy URL instead of the embedded SQLite. Whoever can write there can destroy, not forge.",
    )
    projections_url: str = Field(
        "", description="Where the read tables are; they are no authority and can be rebuilt."
    )
    ledger_key: Path | None = Field(
        None,
        description="The ledger's private key. Whoever has it can seal a second set of books; witnesses and trust files stop them.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        given = getattr(init_settings, "init_kwargs", {}).get("data")
        toml = Path(given) / "bangfu.toml" if given else None
        sources = [init_settings, env_settings]
        if toml is not None and toml.exists():
            sources.append(TomlConfigSettingsSource(settings_cls, toml_file=toml))
        return tuple(sources)

    @property
    def log_url(self) -> str:
        return self.database_url or f"sqlite:///{self.data / 'ledger.db'}"

    @property
    def read_url(self) -> str:
        return self.projections_url or self.database_url or f"sqlite:///{self.data / 'projections.db'}"

    @property
    def key_path(self) -> Path:
        return self.ledger_key or self.data / LEDGER_KEY
