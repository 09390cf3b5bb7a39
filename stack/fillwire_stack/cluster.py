"""The data directory of a PostgreSQL server: made once, whole or not at all, and never opened by the wrong version."""

import os
import shutil
from pathlib import Path
from typing import Final

from fillwire_stack.binaries import major_version
from fillwire_stack.children import Child
from fillwire_stack.errors import DataIncompatible, NotStarted
from fillwire_stack.users import User

__all__ = ["ENVIRONMENT", "NAME", "check_version", "initialise"]

NAME: Final = "fillwire"
"""Of the superuser and of the one database."""

ENVIRONMENT: Final = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
"""All that PostgreSQL's programs get to see of ours."""

# The builtin locale sorts alike on every machine and in every release of its C library.
_INITDB: Final = (
    f"--username={NAME}",
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)
_SECONDS: Final = 60.0


def initialise(data: Path, *, programs: Path, password: str, log: Path, user: User | None) -> None:
    """Makes the cluster `data` with its one database, owned by `user`, by default us.

    It has another name until it is whole, so a crash leaves nothing that looks like a cluster.
    Raises NotStarted.
    """
    draft, pwfile = data.with_name("data.draft"), data.with_name("initdb.password")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    pwfile.unlink(missing_ok=True)
    pwfile.touch(mode=0o600)
    pwfile.write_text(password)
    if user:
        user.own(draft)
        user.own(pwfile)
    create_database = f"CREATE DATABASE {NAME};\n"
    _run([programs / "initdb", "-D", draft, f"--pwfile={pwfile}", *_INITDB], log=log, user=user)
    _run([programs / "postgres", "--single", "-D", draft, "postgres"], log=log, user=user, stdin=create_database)
    pwfile.unlink()
    draft.rename(data)


def check_version(data: Path, *, programs: Path) -> None:
    """Raises DataIncompatible where `programs` are of another major version than the one that wrote `data`."""
    written, here = int((data / "PG_VERSION").read_text()), major_version(programs)
    if written != here:
        message = (
            f"{data} was written by PostgreSQL {written}, and this is {here}: set PG_BIN to the programs of version "
            f"{written}, save the data with pg_dumpall, move the directory away, start again and load it"
        )
        raise DataIncompatible(message)


def _run(command: list[str | Path], *, log: Path, user: User | None, stdin: str = "") -> None:
    child = Child(command, environment=ENVIRONMENT, log=log, user=user, stdin=stdin)
    if not child.wait(_SECONDS):
        child.kill()
    if child.exit_code != 0:
        message = f"{Path(command[0]).name} failed: see {log}"
        raise NotStarted(message)
