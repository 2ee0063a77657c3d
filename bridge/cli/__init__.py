"""The command `throughline`: one file a command, each loaded only when it is asked for.

A command's module has a function of the module's name, whose docstring is its help, or an `app` with subcommands.
"""

import importlib
import pkgutil
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command


class _Commands(TyperGroup):
    """Finds commands by the names of this package's modules."""

    def list_commands(self, ctx: Any) -> list[str]:
        return sorted(each.name for each in pkgutil.iter_modules(__path__) if not each.name.startswith("_"))

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"{__name__}.{cmd_name}")
        if isinstance(group := getattr(module, "app", None), typer.Typer):
            return get_command(group)
        single = typer.Typer(add_completion=False)
        single.command(name=cmd_name)(getattr(module, cmd_name))
        return get_command(single)


app = typer.Typer(
    cls=_Commands,
    name="throughline",
    help="Throughline: a contact center that starts from voice. Begin with `throughline run`.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def _root() -> None:
    pass


def main() -> None:
    """The entry point of the command line."""
    app()
