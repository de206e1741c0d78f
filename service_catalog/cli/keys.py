"""Commands about the key that signs the log."""

import os

import click

from service_catalog.actions.preparing import make_key, read_verifier_key
from service_catalog.app import key_source, open_catalogue
from service_catalog.config import make_data_dir, read_settings


@click.group()
def keys() -> None:
    """日志的签名密钥 · The key that signs the log."""


@keys.command()
def init() -> None:
    """生成签名密钥 · Make the signing key.

    已有密钥时拒绝。serve 和 db upgrade 在空目录上会自动生成，一般不需要本命令。

    Refused where there is one already. On an empty catalogue serve and db upgrade make one themselves.
    """
    settings = read_settings(os.environ)
    make_data_dir(settings)
    signer = make_key(key_source(settings))
    click.echo(f"已生成，请备份 · made; keep a copy: {settings.signing_key_file}", err=True)
    click.echo(signer.verifier_key)


@keys.command()
def show() -> None:
    """显示验证密钥 · Show the verifier key alone.

    把它交给审计员；签名密钥从不显示。

    Hand it to auditors; the signing key is never shown.
    """
    catalogue = open_catalogue(read_settings(os.environ))
    click.echo(read_verifier_key(catalogue))
    catalogue.database.close()
