"""What `up` is told by its environment, read once."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from fillwire_stack.state import default_directory

__all__ = ["StackSettings"]


class StackSettings(BaseSettings):
    """Where the stack listens, where it keeps its state, and how much of it runs."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    state_directory: Path = Field(default_factory=default_directory, validation_alias="FILLWIRE_STATE_DIR")
    """Data, secrets, ports and logs; by default `.state` here, for root somewhere that its stores can reach."""

    grpc_port: int = Field(default=50051, ge=1, le=65535, validation_alias="FILLWIRE_GRPC_PORT")
    """The server's, on 127.0.0.1."""

    http_port: int = Field(default=8080, ge=1, le=65535, validation_alias="FILLWIRE_HTTP_PORT")
    """The browser bridge's, on 127.0.0.1."""

    database_url: SecretStr | None = Field(default=None, validation_alias="DATABASE_URL")
    """A PostgreSQL of yours; by default one is started."""

    redis_url: SecretStr | None = Field(default=None, validation_alias="REDIS_URL")
    """A Redis or Valkey of yours; by default one is started."""

    queue_key: SecretStr | None = Field(default=None, min_length=16, validation_alias="FILLWIRE_QUEUE_KEY")
    """Signs jobs; by default made once and kept in the state directory."""

    key_pepper: SecretStr | None = Field(default=None, min_length=16, validation_alias="FILLWIRE_KEY_PEPPER")
    """What the secrets of API keys are digested with; by default made once and kept in the state directory."""

    workers: int | None = Field(default=None, ge=0, le=64, validation_alias="FILLWIRE_WORKERS")
    """Worker processes; by default one for each core, at most two. 0: somebody else runs them."""

    worker_concurrency: int = Field(default=10, ge=1, le=100, validation_alias="FILLWIRE_WORKER_CONCURRENCY")
    """Orders that one worker executes at a time."""

    latency_profile: Literal["default", "seeds", "zero"] = Field(
        default="default", validation_alias="FILLWIRE_LATENCY_PROFILE"
    )
    """How slow the simulated venues are."""

    market_motion: Literal["moving", "still"] = Field(default="moving", validation_alias="FILLWIRE_MARKET_MOTION")
    """Whether prices on the simulated market move by themselves."""

    @property
    def target(self) -> str:
        """Where clients find the server, as HOST:PORT."""
        return f"127.0.0.1:{self.grpc_port}"

    @property
    def page(self) -> str:
        """Where browsers find the dashboard."""
        return f"http://127.0.0.1:{self.http_port}"

    @property
    def key_pepper_file(self) -> Path:
        """Where the pepper is kept that was not given."""
        return self.state_directory / "key.pepper"

    def log(self, name: str) -> Path:
        """The log of the process `name`."""
        return self.state_directory / "log" / f"{name}.log"
