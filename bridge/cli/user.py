"""throughline user: who may sign in."""

import asyncio
import re
import sys
from getpass import getpass
from typing import Annotated, Final

import typer
from sqlalchemy.exc import SQLAlchemyError

from bridge.cli._place import Here, fail, here, told
from bridge.control import NotRunning, ask
from bridge.people import passwords, users
from bridge.people.roles import Role
from bridge.store.engine import away, open_to_read
from config.errors import legible

ANSWER_WITHIN: Final = 20.0
app = typer.Typer(name="user", no_args_is_help=True, add_completion=False, help="Who may sign in, and as what.")

Username = Annotated[str, typer.Argument(help="What she signs in with: small letters, digits, - and _.")]


@app.command()
def add(
    username: Username,
    role: Annotated[Role, typer.Option(help="What she is here for.")] = Role.AGENT,
    title: Annotated[str, typer.Option(help="Her name, as colleagues see it.")] = "",
    agent: Annotated[str, typer.Option(help="The login of the agent that she is; for agents, her username.")] = "",
) -> None:
    """Add a user, or change one. The password comes on standard input, or is asked for at a terminal.

    Example: throughline user add rita --role supervisor --title "Rita Lima" < password.txt
    """
    with told():
        if not re.fullmatch(users.USERNAME, username):
            fail(f"{username!r} is no username. Use small letters, digits, - and _, with a letter first.")
        password = _password(username)
        login = agent or (username if role is Role.AGENT else "")
        values = {"username": username, "role": role.value, "title": title or username, "agent": login}
        _ask(here(), "save_user", password=password, **values)
        print(f"{username} may sign in as {role}.")


@app.command()
def remove(username: Username) -> None:
    """Remove a user, with her sessions and API tokens.

    Example: throughline user remove rita
    """
    with told():
        _ask(here(), "remove_user", username=username)
        print(f"{username} may not sign in any more.")


@app.command("list")
def list_all() -> None:
    """List who may sign in.

    Example: throughline user list
    """
    with told():
        for user in asyncio.run(_all(here())):
            print(f"{user.username:<20} {user.role:<12} {legible(user.title)}")


def _password(username: str) -> str:
    if sys.stdin.isatty():
        password = getpass("Password: ")
        if password != getpass("Again: "):
            fail("The two are not the same.")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if trouble := passwords.trouble(password, username):
        fail(f"The password {trouble}.")
    return password


def _ask(place: Here, command: str, **values: str) -> None:
    """The controller is the one writer of users."""
    try:
        answer = ask(place.instance.control, command, ANSWER_WITHIN, **values)
    except NotRunning:
        fail("Throughline does not run: start it with `throughline run`, and repeat this.")
    except TimeoutError:
        fail(f"The controller has not answered within {ANSWER_WITHIN:g} s. `throughline doctor` tells what hinders it.")
    if answer.error:
        fail(answer.error)


async def _all(place: Here) -> list[users.User]:
    engine = open_to_read(place.settings.database, place.instance.store)
    try:
        async with engine.connect() as connection:
            return await users.all_users(connection)
    except SQLAlchemyError as error:
        fail(away(error))
    finally:
        await engine.dispose()
