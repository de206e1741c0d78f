"""The words of the command line that click and Flask have in English alone, said in Chinese as well."""

import click

HELP = "显示本说明 · Show this message and exit."


def explain_in_both_languages(command: click.Command) -> None:
    """Give the option --help of a command, and of every command below it, its words in both languages."""
    option = command.get_help_option(click.Context(command))
    if option is not None:
        option.help = HELP
    if isinstance(command, click.Group):
        for below in command.commands.values():
            explain_in_both_languages(below)


def mistake_in_chinese(error: click.UsageError) -> str:
    """Say what is wrong with a mistyped command in one Chinese line; click's own words follow it."""
    match error:
        case click.NoSuchCommand():
            return f"命令有误：没有 {error.command_name} 这个命令"
        case click.NoSuchOption():
            return f"命令有误：没有 {error.option_name} 这个选项"
        case click.MissingParameter():
            return f"命令有误：缺少 {_parameter(error)}"
        case click.BadParameter():
            return f"命令有误：{_parameter(error)} 的值不能使用"
        case click.BadOptionUsage():
            return f"命令有误：选项 {error.option_name} 的写法不对，缺少或多了一个值"
        case _:
            return "命令有误：缺少命令，或多了参数"


def _parameter(error: click.BadParameter) -> str:
    return "参数" if error.param is None else error.param.get_error_hint(error.ctx).replace("'", "")
