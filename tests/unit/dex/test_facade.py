"""The package costs little to import, and says all it offers in one place."""

import json
import subprocess
import sys

import fillwire_dex


def test_importing_the_package_loads_no_database_driver() -> None:
    code = "import json, sys, fillwire_dex; print(json.dumps(sorted(sys.modules)))"
    loaded = json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
    assert not {"sqlalchemy", "alembic", "psycopg", "numpy", "fillwire_dex.simulated"} & set(loaded)


def test_using_the_simulated_market_loads_no_migrations() -> None:
    code = "import json, sys, fillwire_dex.simulated; print(json.dumps(sorted(sys.modules)))"
    loaded = json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
    assert not {"sqlalchemy", "alembic"} & set(loaded)


def test_everything_that_is_offered_is_there() -> None:
    assert [name for name in fillwire_dex.__all__ if not hasattr(fillwire_dex, name)] == []
