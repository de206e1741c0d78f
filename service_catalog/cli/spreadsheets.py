"""Commands about the spreadsheets that officials work in."""

from pathlib import Path

import click

from service_catalog.actions.filling_in import save_template


@click.command()
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("services-template.xlsx"),
    show_default=True,
    help="Write to this new file.",
)
@click.option("--empty", is_flag=True, help="Leave the sheet with the example out.")
def template(output: Path, empty: bool) -> None:
    """填报模板 · Write the spreadsheet in which officials describe services.

    A file that is there already is left as it is.
    """
    try:
        save_template(output, with_example=not empty)
    except FileExistsError:
        raise click.FileError(str(output), "文件已存在，未改动 · it exists already and was left as it is") from None
    except OSError as error:
        raise click.FileError(str(output), error.strerror or "") from None
    click.echo(f"已写入 · written: {output}")
