"""Where an operator's commands find the engine: what the environment says, else the `fillwire up` that runs here."""

import psycopg
from pydantic import ValidationError

from fillwire_stack.errors import EngineUnknown
from fillwire_stack.postgres import url_of
from fillwire_stack.settings import StackSettings
from fillwire_stack.state import running

__all__ = ["database_url", "has_keys", "pepper"]


def database_url() -> str:
    """The engine's PostgreSQL; raises `EngineUnknown`."""
    settings = _settings()
    if settings.database_url:
        return settings.database_url.get_secret_value()
    port = running(settings.state_directory).get("postgres")
    if not isinstance(port, int):
        message = f"set DATABASE_URL, or start `fillwire up`: it does not run on {settings.state_directory}"
        raise EngineUnknown(message)
    return url_of(settings.state_directory / "postgres", port)


def has_keys(database: str) -> bool:
    """Whether the database has any API key, so that the server asks for one."""
    with psycopg.connect(database.replace("postgresql+psycopg://", "postgresql://", 1)) as connection:
        return connection.execute("SELECT EXISTS (SELECT FROM fillwire.api_keys)").fetchone() == (True,)


def pepper() -> str:
    """What the secrets of API keys are digested with; raises `EngineUnknown` where that is neither told nor kept."""
    settings = _settings()
    if settings.key_pepper:
        return settings.key_pepper.get_secret_value()
    try:
        return settings.key_pepper_file.read_text()
    except OSError:
        message = "set FILLWIRE_KEY_PEPPER to what the servers have, or they would not know the key"
        raise EngineUnknown(message) from None


def _settings() -> StackSettings:
    try:
        return StackSettings()
    except ValidationError as error:
        # Not the error's own text: it shows what was given, and that may be a secret.
        message = "; ".join(f"{problem['loc'][0]}: {problem['msg']}" for problem in error.errors())
        raise EngineUnknown(message) from None
