"""Commands about the catalogue itself: tables, seed, check, contract."""

import os
import sys
from pathlib import Path

import click
import yaml

from service_catalog.actions.auditing import check_catalogue
from service_catalog.actions.indexing import mend_index
from service_catalog.actions.preparing import Prepared, check_readiness, prepare_database
from service_catalog.actions.seeding import seed_catalogue
from service_catalog.api.contract import current_contract
from service_catalog.app import create_app, key_source, open_catalogue
from service_catalog.config import make_data_dir, packaged_folder, read_settings
from service_catalog.domain.causes import cause_of


def prepared_catalogue() -> Prepared:
    """Bring the database to this release and say where a key was made."""
    settings = read_settings(os.environ)
    make_data_dir(settings)
    prepared = prepare_database(open_catalogue(settings), key_source(settings))
    if prepared.new_key_file is not None:
        click.echo(
            f"已生成日志签名密钥，请备份 · made the log's signing key; keep a copy: {prepared.new_key_file}", err=True
        )
    return prepared


@click.group("db")
def database() -> None:
    """数据库 · The database."""


@database.command()
def upgrade() -> None:
    """建表或升级到本版本 · Create the tables, or bring them to this release.

    空数据库同时建立日志；没有签名密钥时自动生成。

    An empty database also gets its log; the signing key is made where none is configured.
    """
    prepared_catalogue().catalogue.database.close()
    click.echo("数据库已是本版本 · the database is at this release")


@database.command()
def reindex() -> None:
    """修复检索表和计数表 · Mend the tables for searching and counting.

    check 说检索词或所记的数目与文档不符时用。两者由文档重新算出，不产生修订；其间写入须等候，读取照常。

    For when check says that what a service is found by, or a number that is kept, is not of the documents. Both are
    computed from them; this is no revision. Writes wait meanwhile, readers do not.
    """
    catalogue = open_catalogue(read_settings(os.environ))
    mended = mend_index(catalogue)
    catalogue.database.close()
    click.echo(
        f"检索表、计数表与文档一致，修复 {mended} 项"
        f" · the tables for searching and counting agree with the documents: {mended} mended"
    )


@click.command()
def seed() -> None:
    """载入种子数据 · Fill a catalogue that never had a service from the seed.

    已有事项的目录不改动。

    A catalogue that already has services is left as it is.
    """
    catalogue = open_catalogue(read_settings(os.environ))
    check_readiness(catalogue)
    revision = seed_catalogue(catalogue, packaged_folder("seed"))
    catalogue.database.close()
    if revision is None:
        click.echo("目录已有事项，未改动 · the catalogue already has services; nothing was changed")
    else:
        click.echo(f"已载入，修订 {revision.number} · seeded as revision {revision.number}")


@click.command()
@click.option(
    "--totals", is_flag=True, help="公布总数不再成立也算失败 · Also fail where a declared total no longer holds."
)
def check(totals: bool) -> None:
    """核对目录与日志 · Hold the tables against the log and every rule.

    有误时退出码为 1，并指出第一处不符。公布总数不再成立只作提示，加 --totals 则算失败。

    Exits 1 where something is broken, naming the first thing that differs. A declared total that no longer holds
    is a note, and with --totals a failure.
    """
    catalogue = open_catalogue(read_settings(os.environ))
    report = check_catalogue(catalogue)
    catalogue.database.close()
    for total in report.differing_totals:
        click.echo(f"公布总数不再成立 · a declared total no longer holds: {total.zh} · {total.en}")
    if report.broken is not None:
        click.echo(f"有误 · broken: {report.broken.zh} · {report.broken.en}", err=True)
        sys.exit(1)
    click.echo(
        f"无误 · sound: 修订 revision {report.revision}, "
        f"{report.services} 项 services, {report.entries} 条日志 log entries"
    )
    if totals and report.differing_totals:
        sys.exit(1)


@click.command()
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="写入这个文件 · Write to this file.")
def openapi(output: Path | None) -> None:
    """接口文件 · Print the contract as OpenAPI 3.1 in YAML."""
    text = contract_yaml(current_contract(create_app(open_catalogue(read_settings(os.environ)))))
    if output is None:
        click.echo(text, nl=False)
    else:
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            cause = cause_of(error)
            raise click.ClickException(
                f"无法写入 {output}：{cause.zh} · {output} cannot be written: {cause.en}"
            ) from None


def contract_yaml(document: dict[str, object]) -> str:
    """Return the contract in the form in which it is committed."""
    return yaml.dump(document, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=110)


class _Plain(yaml.SafeDumper):
    """YAML as people write OpenAPI: no anchors, long texts as blocks, codes as the strings they are."""

    def ignore_aliases(self, data: object) -> bool:
        """Write everything out."""
        return True


def _text(dumper: yaml.SafeDumper, data: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(data), style="|" if "\n" in data else None)


_Plain.add_multi_representer(str, _text)
_Plain.add_representer(str, _text)
