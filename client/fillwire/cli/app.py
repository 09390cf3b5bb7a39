"""The program: the options all commands share, where commands are found, and what becomes of their errors."""

from collections.abc import Callable
from importlib import metadata
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from fillwire.cli import commands, engine, exits
from fillwire.cli.arguments import span
from fillwire.cli.placement import MissingValue, hoist
from fillwire.cli.session import Output, Session
from fillwire.errors import FillwireError
from fillwire.settings import DEFAULT_TARGET, plain, settings

__all__ = ["app"]


class _Program(TyperGroup):
    """Lets shared options stand anywhere, and turns what a command gives or raises into an exit code."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, hoist(args))
        except MissingValue as error:
            raise typer.BadParameter(str(error)) from None

    def invoke(self, ctx: Any) -> None:
        try:
            code = super().invoke(ctx)
        except FillwireError as error:
            typer.echo(exits.explain(error, ctx.obj.settings.target), err=True)
            code = exits.exit_code(error)
        except KeyboardInterrupt:
            code = exits.INTERRUPTED
        if code:
            raise typer.Exit(code)


app: Final = typer.Typer(
    cls=_Program,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="The options above may stand before or after the command.",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"fillwire {metadata.version('fillwire')}")
        raise typer.Exit


@app.callback()
def program(
    context: typer.Context,
    *,
    target: Annotated[
        str | None, typer.Option(help=f"The engine, HOST:PORT. [default: FILLWIRE_TARGET or {DEFAULT_TARGET}]")
    ] = None,
    token: Annotated[str | None, typer.Option(help="Bearer token. [default: FILLWIRE_TOKEN]")] = None,
    tls: Annotated[bool, typer.Option("--tls", help="Encrypt the connection. [default: FILLWIRE_TLS]")] = False,
    output: Annotated[Output, typer.Option("--output", "-o", help="How results are printed.")] = Output.TABLE,
    timeout: Annotated[
        float | None,
        typer.Option(parser=span, metavar="SPAN", help="How long a call or a watch may take: 10, 10s, 500ms, 2m."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print results only, nothing beside them.")] = False,
    no_color: Annotated[bool, typer.Option("--no-color", help="No colours; so does NO_COLOR.")] = False,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Submit token-swap orders and watch them; run the engine that executes them."""
    context.obj = Session(
        settings=settings(target, token, tls=tls or None),
        output=output,
        timeout=timeout,
        quiet=quiet,
        color=not (no_color or plain()),
    )


def _of_engine(name: str) -> Callable[[typer.Context], int]:
    def command(context: typer.Context) -> int:
        return engine.run(name, context.args)

    return command


for _name, _command in commands.ALL:
    app.command(_name)(_command)

for _name, _group in commands.GROUPS:
    app.add_typer(_group, name=_name)

for _name, (_entry, _help) in engine.COMMANDS.items():
    # Its arguments, --help among them, are its own.
    app.command(
        _name,
        help=_help,
        add_help_option=False,
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    )(_of_engine(_name))
