"""`throughline phone`: a softphone without a sound card, for people in a terminal and for programs."""

import asyncio
from typing import Annotated

import typer
from msgspec import ValidationError, convert

from bridge.cli._place import here, told
from bridge.cli.sip import account_of
from config.reach import on_this_machine
from config.settings import HostPort
from telephony.phone.protocol import Account

Agent = Annotated[str | None, typer.Option(metavar="NAME", help="Be the phone of this agent of the center.")]
Username = Annotated[str, typer.Option(help="Who the phone is; for an outside caller, the number shown.")]
Password = Annotated[
    str, typer.Option(envvar="THROUGHLINE_PHONE_PASSWORD", help="The SIP password; better given in the environment.")
]
Server = Annotated[str | None, typer.Option(help="The SIP server, host:port; by default this center.")]
Name = Annotated[str, typer.Option(help="The name shown to those who are called.")]
Transport = Annotated[str, typer.Option(help="udp, tcp or tls.")]
Authority = Annotated[
    str, typer.Option(metavar="FILE", help="Trust a TLS server that this PEM file vouches for, and no other.")
]
Srtp = Annotated[str, typer.Option(help="Encrypt sound: off, offered or required.")]
Address = Annotated[str, typer.Option(help="The own address to send from.")]
Call = Annotated[str | None, typer.Option(metavar="NUMBER", help="Call this number at once.")]
Play = Annotated[str | None, typer.Option(metavar="FILE", help="A WAV file to send in every call, from its answer on.")]
Loop = Annotated[bool, typer.Option("--loop", help="Send the file again and again.")]
Record = Annotated[
    str | None, typer.Option(metavar="FILE", help="Record what is heard; {call} becomes the number of the call.")
]
AutoAnswer = Annotated[bool, typer.Option("--auto-answer", help="Answer incoming calls.")]
After = Annotated[float, typer.Option(metavar="SECONDS", help="Let them ring so long before.")]
Json = Annotated[bool, typer.Option("--json", help="Read commands and write events as JSON, one a line.")]
Trace = Annotated[str | None, typer.Option(metavar="FILE", help="Write all SIP messages to this file.")]


def phone(
    agent: Agent = None,
    username: Username = "caller",
    password: Password = "",
    server: Server = None,
    name: Name = "",
    transport: Transport = "udp",
    authority: Authority = "",
    srtp: Srtp = "off",
    address: Address = "127.0.0.1",
    call: Call = None,
    play: Play = None,
    loop: Loop = False,
    record: Record = None,
    auto_answer: AutoAnswer = False,
    after: After = 0.0,
    json: Json = False,
    trace: Trace = None,
) -> None:
    """A phone whose microphone and loudspeaker are files. Type help inside it; Ctrl-C ends it well.

    With an agent's name or a password it registers; else it is an outside caller.

    Example: throughline phone --agent ana --auto-answer --play greeting.wav

    Example: throughline phone --username +4930123456 --call 1000 --record heard.wav
    """
    with told():
        if agent:
            username, password = _login(agent)
        server = server or _this_center(transport)
    settings = {
        "username": username,
        "password": password,
        "server": server,
        "register": bool(password),
        "display_name": name,
        "transport": transport,
        "authority": authority,
        "srtp": srtp,
        "address": address,
        "play": play,
        "loop": loop,
        "record": record,
        "auto_answer": after if auto_answer else None,
        "log": trace,
    }
    try:
        account = convert(settings, Account)
    except ValidationError as error:
        raise typer.BadParameter(str(error)) from error
    raise typer.Exit(run(account, call, json))


def _this_center(transport: str) -> str:
    at = on_this_machine(here().settings.sip)
    return str(HostPort(at.host, at.port + 1) if transport == "tls" else at)


def _login(agent: str) -> tuple[str, str]:
    account = account_of(agent)
    return account["username"], account["password"]


def run(account: Account, call: str | None = None, machine: bool = False) -> int:
    """Is the phone until it is told to end, for a person or for a program; returns the exit code."""
    if not machine:
        return _for_a_person(account, call)
    if call:
        raise typer.BadParameter('with --json a call is placed by a line: {"type": "dial", "target": "1000"}')
    from telephony.phone.process import main

    main(account)


def _for_a_person(account: Account, call: str | None) -> int:
    from telephony.phone.terminal import run_terminal

    try:
        return asyncio.run(run_terminal(account, call))
    except KeyboardInterrupt:
        return 130
