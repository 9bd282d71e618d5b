"""Every setting, by environment `BANGFU_*` or a TOML file `bangfu.toml` in the data directory. The only reader of the environment.

A relative path is taken from the data directory, wherever it is written and from wherever the program is started.
"""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from sqlalchemy.engine import URL, make_url

LEDGER_KEY = "ledger.key"
VAULT_KEY = "vault.key"
TOML = "bangfu.toml"
# A file of SQLite by its URL, whose path is relative without a third slash more.
_SQLITE = re.compile(r"sqlite(?:\+\w+)?:///(?!/|file:|:memory:).+")


class BadSettings(Exception):
    """A setting that cannot be used; the message names the file, or the variable, and the key."""


def _there(data: Path, path: str | Path) -> Path:
    """Absolute, so that settings handed to another process mean the same there."""
    return (data / path).absolute()


def sqlite_url(path: Path) -> str:
    """The URL of a file, whatever stands in its path: a ? or % would else be read as part of the URL."""
    return URL.create("sqlite", database=str(path)).render_as_string()


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

    hosts: str = Field(
        "",
        description="Names under which `serve` is reached besides its own address, separated by commas. "
        "A session is given only to a signature that names one: a wrong name here lets its owner pass challenges on.",
    )
    trust: Path | None = Field(
        None,
        description="A trust file for the server's own verification. It convinces the server only: others keep theirs elsewhere.",
    )
    vault_url: str = Field(
        "",
        description="Where the names behind commitments are kept, encrypted. Losing it loses names and no proof.",
    )
    vault_key: Path | None = Field(
        None,
        description="The key of the vault. Keep it outside the database and its backups: whoever has both reads names.",
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
        toml = Path(given) / TOML if given else None
        sources = [init_settings, env_settings]
        if toml is not None and toml.exists():
            sources.append(TomlConfigSettingsSource(settings_cls, toml_file=toml))
        return tuple(sources)

    @field_validator("database_url", "projections_url", "vault_url")
    @classmethod
    def _url_from_the_data_directory(cls, url: str, info: ValidationInfo) -> str:
        if "data" not in info.data or not _SQLITE.fullmatch(url):
            return url
        found = make_url(url)
        place = found.set(database=str(_there(info.data["data"], found.database or "")))
        return place.render_as_string(hide_password=False)

    @field_validator("ledger_key", "trust", "vault_key")
    @classmethod
    def _path_from_the_data_directory(cls, path: Path | None, info: ValidationInfo) -> Path | None:
        return path if path is None or "data" not in info.data else _there(info.data["data"], path)

    @property
    def log_url(self) -> str:
        return self.database_url or sqlite_url(self.data / "ledger.db")

    @property
    def _server_url(self) -> str:
        """A database with room for all; a file holds the log alone, or it would not verify (FORMAT 15, step 50)."""
        return "" if self.database_url.startswith("sqlite") else self.database_url

    @property
    def read_url(self) -> str:
        return self.projections_url or self._server_url or sqlite_url(self.data / "projections.db")

    @property
    def host_names(self) -> tuple[str, ...]:
        return tuple(name.strip() for name in self.hosts.split(",") if name.strip())

    @property
    def key_path(self) -> Path:
        return self.ledger_key or self.data / LEDGER_KEY

    @property
    def vault_place(self) -> str:
        return self.vault_url or self._server_url or sqlite_url(self.data / "vault.db")

    @property
    def vault_key_path(self) -> Path:
        return self.vault_key or self.data / VAULT_KEY


def plain_environment() -> dict[str, str]:
    """The environment of a process that is to go by its data directory alone: without our variables."""
    return {name: value for name, value in os.environ.items() if not name.startswith("BANGFU_")}


def settings_of(data: Path) -> Settings:
    """The settings of a data directory. Raises BadSettings."""
    file = data / TOML
    try:
        return Settings(data=data)
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(f"{file} 不是 TOML：{error}") from None
    except UnicodeDecodeError:
        raise BadSettings(f"{file} 不是 UTF-8 文本") from None
    except ValidationError as error:
        known = "、".join(name for name in Settings.model_fields if name != "data")
        keys = "、".join(".".join(map(str, fault["loc"])) for fault in error.errors())
        raise BadSettings(
            f"{file} 或环境变量 BANGFU_* 中的 {keys} 不能用；可用的设置是 {known}，都是文字"
        ) from None
