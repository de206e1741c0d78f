"""Commands about the spreadsheets that officials work in."""

from pathlib import Path

import click

from service_catalog.actions.filling_in import save_template
from service_catalog.domain.causes import cause_of


@click.command()
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("services-template.xlsx"),
    show_default=True,
    help="写入这个新文件 · Write to this new file.",
)
@click.option("--empty", is_flag=True, help="不带示例表 · Leave the sheet with the example out.")
def template(output: Path, empty: bool) -> None:
    """填报模板 · Write the spreadsheet in which officials describe services.

    A file that is there already is left as it is.
    """
    try:
        save_template(output, with_example=not empty)
    except FileExistsError:
        raise click.ClickException(f"{output} 已存在，未改动 · {output} exists already and was left as it is") from None
    except OSError as error:
        cause = cause_of(error)
        raise click.ClickException(f"无法写入 {output}：{cause.zh} · {output} cannot be written: {cause.en}") from None
    click.echo(f"已写入 · written: {output}")
