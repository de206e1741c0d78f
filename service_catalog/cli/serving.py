"""The command that serves: prepare the database, then granian, whose workers take turns."""

import os
import socket
import sys

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from service_catalog.actions.export_folder import READY
from service_catalog.actions.seeding import seed_catalogue
from service_catalog.app import EXPORTS, export_folder
from service_catalog.cli.catalogue import prepared_catalogue
from service_catalog.cli.workers import heed_sigterm_from_the_fork, limit_stopping
from service_catalog.config import Settings, packaged_folder, read_settings
from service_catalog.domain.causes import cause_of
from service_catalog.logs import log_configuration
from service_catalog.turns import THREADS

_A_YEAR = 365 * 24 * 3600
"""Seconds; the name of an export's file stands for its bytes, which never change."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址 · Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="监听端口 · Port to listen on."
)
@click.option(
    "--workers", type=click.IntRange(1, 256), help="进程数，默认每核一个 · Processes; by default one for each core."
)
def serve(host: str, port: int, workers: int | None) -> None:
    """启动服务 · Serve the catalogue.

    先把数据库升级到本版本，空目录载入种子数据；可同时启动多个。收到 SIGTERM 后处理完手上的请求再停止。

    Brings the database to this release first, and fills an empty one from the seed; several may start at once.
    SIGTERM stops it after the requests in flight.
    """
    settings = read_settings(os.environ)
    _check_free(host, port)
    prepared = prepared_catalogue()
    seed_catalogue(prepared.catalogue, packaged_folder("seed"))
    prepared.catalogue.database.close()
    _prepare_exports(settings)
    click.echo(f"服务地址 · serving at http://{f'[{host}]' if ':' in host else host}:{port}")
    sys.stdout.flush()
    server = Granian(
        "service_catalog.app:served_application",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers or os.cpu_count() or 1,
        blocking_threads=THREADS,
        websockets=False,
        respawn_failed_workers=True,
        static_path_route=[EXPORTS],
        static_path_mount=[settings.exports_dir / READY],
        static_path_expires=_A_YEAR,
        log_level=LogLevels(settings.log_level),
        log_dictconfig=log_configuration(settings.log_level),
    )
    heed_sigterm_from_the_fork()
    server.on_startup(limit_stopping)
    server.serve()


def _prepare_exports(settings: Settings) -> None:
    """Make the folder of large exports; where that cannot be done, say so and serve everything else."""
    try:
        export_folder(settings).prepare()
    except OSError as error:
        place, cause = settings.exports_dir, cause_of(error)
        click.echo(
            f"不能写入导出目录 {place}：{cause.zh}；大的导出将被拒绝"
            f" · cannot write in the folder of exports {place}: {cause.en}; large exports will be refused",
            err=True,
        )


def _check_free(host: str, port: int) -> None:
    """Stop with one line where the address cannot be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            place, cause = f"{host}:{port}", cause_of(error)
            raise click.ClickException(f"无法监听 {place}：{cause.zh} · cannot listen on {place}: {cause.en}") from None
