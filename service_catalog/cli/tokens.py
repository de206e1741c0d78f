"""Commands about access tokens: issue, list, revoke."""

import os
import re

import click

from service_catalog.actions.preparing import check_readiness
from service_catalog.actions.signing_in import LONGEST_NAME, issue_token, list_tokens, revoke_token
from service_catalog.app import open_catalogue
from service_catalog.config import read_settings
from service_catalog.domain.access import TOKEN_ROLES, AccessToken, Role
from service_catalog.domain.service import PREFIX_PATTERN

DAYS = 365
LONGEST_LIFE = 3650


def _name(context: click.Context, parameter: click.Parameter, value: str) -> str:
    if not value.strip() or len(value) > LONGEST_NAME or not value.isprintable():
        raise click.BadParameter(f"须有 1 至 {LONGEST_NAME} 个可见字符 · must have 1 to {LONGEST_NAME} characters")
    return value


def _prefix(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch(PREFIX_PATTERN, value, re.ASCII):
        raise click.BadParameter("须为 2、4、6、9 或 12 位数字 · must have 2, 4, 6, 9 or 12 digits")
    return value


@click.group("token")
def token() -> None:
    """访问令牌 · Access tokens."""


@token.command()
@click.option(
    "--role",
    type=click.Choice([role.value for role in TOKEN_ROLES]),
    required=True,
    help="管理员或审计员 · Administrator or auditor.",
)
@click.option("--name", required=True, callback=_name, help="持有人 · Who holds it; shown to signed-in roles only.")
@click.option(
    "--expires",
    "days",
    type=click.IntRange(1, LONGEST_LIFE),
    default=DAYS,
    show_default=True,
    help="有效天数 · Days until it expires.",
)
@click.option("--division", callback=_prefix, help="只能写入这个区划及其下级 · Writes only in this division and below.")
def create(role: str, name: str, days: int, division: str | None) -> None:
    """签发令牌，只显示这一次 · Issue a token; it is shown only now.

    标准输出上只有令牌本身，编号在标准错误上。

    The token stands alone on standard output, its id on standard error.
    """
    catalogue = open_catalogue(read_settings(os.environ))
    check_readiness(catalogue)
    issued, secret = issue_token(catalogue, name, Role(role), days=days, division=division)
    catalogue.database.close()
    click.echo(f"已签发 · issued: {issued.id}, 有效至 · until {issued.expires_at}", err=True)
    click.echo(secret)


@token.command("list")
def show_all() -> None:
    """列出令牌 · List the tokens, with their last use.

    每行依次为：编号、角色、区划、签发、到期、状态、最近使用、持有人。

    A line holds id, role, division, issued, expires, state, last use, name.
    """
    catalogue = open_catalogue(read_settings(os.environ))
    check_readiness(catalogue)
    for one, last_used_at in list_tokens(catalogue):
        state = "吊销 revoked" if one.revoked_at else "有效 valid"
        click.echo("\t".join([*_columns(one), state, last_used_at or "-", one.name]))
    catalogue.database.close()


def _columns(one: AccessToken) -> tuple[str, ...]:
    return one.id, one.role.value, one.division or "-", one.issued_at, one.expires_at


@token.command()
@click.argument("token_id", metavar="ID")
def revoke(token_id: str) -> None:
    """吊销令牌 · Revoke a token.

    立即生效，并记入日志。

    It takes effect at once, and stands in the log.
    """
    catalogue = open_catalogue(read_settings(os.environ))
    check_readiness(catalogue)
    revoked = revoke_token(catalogue, token_id)
    catalogue.database.close()
    click.echo(f"已吊销 · revoked: {revoked.id}, {revoked.revoked_at}")
