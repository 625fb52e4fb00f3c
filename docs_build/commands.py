"""docs/cli.md: every command with its arguments, options and help, read off click."""

from __future__ import annotations

from collections.abc import Iterator

import click

from chapterwatch.cli import chapterwatch
from docs_build.platforms import table

_INTRO = """\
# Command line

Every step the DAGs take runs from the command line too, on the same archive. This page is written from the commands
themselves (`make docs`); `chapterwatch COMMAND -h` says the same on a terminal.

Exit status: 0 all well (`judge`: nothing found), 1 something was found or is not whole, 2 a mistake to mend, said in
one line. Where things are comes from the environment: [settings](settings.md).
"""


def page() -> str:
    """The whole page."""
    found = list(_commands(chapterwatch, ("chapterwatch",)))
    rows = [[_link(path), command.get_short_help_str(100)] for path, command in found]
    parts = [_INTRO, table(["command", "what it does"], rows)]
    parts += [_chapter(path, command) for path, command in found]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _commands(group: click.Group, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name in sorted(group.commands):
        command = group.commands[name]
        if isinstance(command, click.Group):
            yield from _commands(command, (*path, name))
        else:
            yield (*path, name), command


def _link(path: tuple[str, ...]) -> str:
    return f"[`{' '.join(path[1:])}`](#{'-'.join(path)})"


def _chapter(path: tuple[str, ...], command: click.Command) -> str:
    # Commands remember the names of their help option, and outlive this page.
    root = click.Context(chapterwatch, **chapterwatch.context_settings)
    context = click.Context(command, parent=root, info_name=path[-1])
    usage = " ".join([*path, *command.collect_usage_pieces(context)])
    parts = [f"## {' '.join(path)}", (command.help or "").strip(), f"```text\n{usage}\n```"]
    options = [param for param in command.params if isinstance(param, click.Option)]
    if options:
        parts.append(table(["option", "what it does"], [_option(param, context) for param in options]))
    return "\n\n".join(parts)


def _option(param: click.Option, context: click.Context) -> list[str]:
    names = ", ".join(f"`{name}`" for name in (*param.opts, *param.secondary_opts))
    value = "" if param.is_flag else f" `{param.make_metavar(context)}`"
    said = [param.help or ""]
    if param.required:
        said.append("Required.")
    if param.show_default and param.default is not None:
        said.append(f"Default `{param.default}`.")
    return [names + value, " ".join(one for one in said if one)]
