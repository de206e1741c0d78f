"""``python -m service_catalog`` is the command ``service-catalog``."""

from service_catalog.cli.program import run

if __name__ == "__main__":
    run()
