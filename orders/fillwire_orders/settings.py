"""Where the stores are, read from the environment once per process."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

__all__ = ["StoreSettings"]


class StoreSettings(BaseSettings):
    """What every process of the engine must know; the settings of each kind of process extend it.

    `DATABASE_URL` is a PostgreSQL URL, `REDIS_URL` a Redis or Valkey one, `FILLWIRE_QUEUE_KEY` the key that signs
    jobs: at least 16 characters, the same in all processes, and not kept in Redis.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    database_url: SecretStr = Field(validation_alias="DATABASE_URL")
    redis_url: SecretStr = Field(validation_alias="REDIS_URL")
    queue_key: SecretStr = Field(validation_alias="FILLWIRE_QUEUE_KEY", min_length=16)
