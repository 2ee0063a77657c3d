"""What the image and the compose file name is there, and agrees: no engine is needed to see that."""

import os
import re
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from sqlalchemy import text

from bridge.cli import app
from bridge.store.engine import open_store
from config.settings import PREFIX, Settings
from tests.servers.postgresql import PostgreSQL

PROJECT = Path(__file__).parents[2]
DOCKER = PROJECT / "docker"
INSIDE = "/opt/throughline/"
# Read while Asterisk is fetched, before there are settings.
WHILE_BUILDING = {"THROUGHLINE_APT_OPTIONS"}


def instructions() -> list[tuple[str, str]]:
    """Those of the Containerfile, each with its arguments in one line."""
    text = re.sub(r"^#.*\n", "", (DOCKER / "Containerfile").read_text(), flags=re.MULTILINE)
    lines = text.replace("\\\n", " ").splitlines()
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in lines if line.strip())]


def of(name: str) -> list[str]:
    return [arguments for each, arguments in instructions() if each == name]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load(DOCKER / "compose.yaml")
    return loaded


def readable() -> Iterator[tuple[Path, str]]:
    for path in (*DOCKER.iterdir(), PROJECT / ".dockerignore"):
        if path.is_file():
            yield path, path.read_text()


def test_what_is_copied_is_there_and_the_whole_program_is_copied() -> None:
    sources = [source for arguments in of("COPY") for source in arguments.split()[:-1]]
    assert not [source for source in sources if not (PROJECT / source).exists()]
    packages = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]["find"]
    needed = {name.rstrip("*") for name in packages["include"]} | {"pyproject.toml", "constraints.txt", "Makefile"}
    assert needed <= {source.rstrip("/") for source in sources}


def test_what_is_kept_out_of_the_image_is_neither_copied_nor_ours() -> None:
    kept_out = (PROJECT / ".dockerignore").read_text().split()
    assert {".git", "var", ".venv"} <= set(kept_out)


def test_what_is_run_is_there() -> None:
    text = " ".join(arguments for name, arguments in instructions() if name in {"ENTRYPOINT", "HEALTHCHECK", "RUN"})
    files = [*re.findall(rf"{INSIDE}(docker/[\w.]+)", text), *re.findall(r"python (docker/[\w.]+)", text)]
    assert sorted(set(files)) == ["docker/fetch.py", "docker/ready.py", "docker/start.sh"]
    assert all((PROJECT / file).exists() for file in files)
    assert os.access(DOCKER / "start.sh", os.X_OK)
    makefile = (PROJECT / "Makefile").read_text()
    (made,) = re.findall(r"^make (.+?) &&", " ".join(of("RUN")[2].split()))
    for target in made.split():
        assert f"\n{target.replace('.venv', '$(VENV)')}:" in makefile


def test_the_commands_that_start_it_are_commands_with_these_options() -> None:
    lines = (DOCKER / "start.sh").read_text().splitlines()
    commands = [line.split()[1:] for line in map(str.strip, lines) if line.startswith("throughline ")]
    assert [command[0] for command in commands] == ["run", "stop"]
    for name, *rest in commands:
        told = subprocess.run(
            (sys.executable, "-m", "bridge.cli", name, "--help"), capture_output=True, text=True, check=True
        ).stdout
        assert not [option for option in rest if option.startswith("--") and option not in told]
    assert app.info.name == "throughline"


@pytest.mark.parametrize("script", ["start.sh", "secrets.sh"])
def test_scripts_can_be_read_by_a_plain_shell(script: str) -> None:
    subprocess.run(("sh", "-n", DOCKER / script), check=True)


def test_variables_are_those_that_the_settings_know() -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields} | WHILE_BUILDING
    named = {(path.name, name) for path, text in readable() for name in re.findall(rf"\b{PREFIX}[A-Z_]+", text)}
    assert named
    assert not [each for each in named if each[1] not in known]


def test_ports_are_those_of_the_settings() -> None:
    settings = Settings.model_construct()
    sip = settings.sip.port
    sound = f"{settings.rtp.low}-{settings.rtp.high}/udp"
    wanted = {f"{settings.http.port}/tcp", f"{sip}/udp", f"{sip}/tcp", f"{sip + 1}/tcp", sound}
    assert {port for arguments in of("EXPOSE") for port in arguments.split()} == wanted


def test_the_database_is_where_throughline_looks_for_it_and_only_for_this_machine(compose: dict[str, Any]) -> None:
    url = compose["services"]["throughline"]["environment"]["THROUGHLINE_DATABASE"]
    assert Settings(database=url).database == url
    (published,) = compose["services"]["postgres"]["ports"]
    host, port, _ = published.split(":")
    environment = compose["services"]["postgres"]["environment"]
    assert url.startswith(f"postgresql://{environment['POSTGRES_USER']}@{host}:{port}/{environment['POSTGRES_DB']}?")
    assert host == "127.0.0.1"


def test_nothing_secret_is_written_down(compose: dict[str, Any]) -> None:
    for path, content in readable():
        assert not re.search(r"(PASSWORD|SECRET|TOKEN)=\S", content), path
    assert "POSTGRES_PASSWORD" not in compose["services"]["postgres"]["environment"]


def test_volumes_and_services_that_are_named_are_declared(compose: dict[str, Any]) -> None:
    services = compose["services"]
    mounts = [mount.split(":")[0] for service in services.values() for mount in service["volumes"]]
    assert {mount for mount in mounts if not mount.startswith(".")} == set(compose["volumes"])
    assert all((DOCKER / mount).exists() for mount in mounts if mount.startswith("."))
    assert {name for service in services.values() for name in service.get("depends_on", {})} <= set(services)
    build = services["throughline"]["build"]
    assert (DOCKER / build["context"]).resolve() == PROJECT
    assert (PROJECT / build["dockerfile"]).exists()


def test_it_runs_as_a_user_without_rights_whose_state_is_a_volume(compose: dict[str, Any]) -> None:
    order = [name for name, _ in instructions()]
    assert of("USER") == ["throughline"]
    assert order.index("USER") > max(number for number, name in enumerate(order) if name in {"RUN", "COPY"})
    (state,) = of("VOLUME")
    assert f"THROUGHLINE_HOME={state}" in of("ENV")[0]
    assert f"state:{state}" in compose["services"]["throughline"]["volumes"]
    (user,) = re.findall(r"--uid (\d+)", " ".join(of("RUN")))
    assert f"chown {user} pgpass" in (DOCKER / "secrets.sh").read_text()


def test_the_folder_does_not_hide_the_package_of_its_name() -> None:
    assert not (DOCKER / "__init__.py").exists()


def test_a_password_is_made_once_and_only_for_those_who_need_it(tmp_path: Path) -> None:
    def make() -> tuple[str, str]:
        subprocess.run(("sh", DOCKER / "secrets.sh", tmp_path), check=True)
        return (tmp_path / "postgres").read_text(), (tmp_path / "pgpass").read_text()

    password, pgpass = make()
    assert len(password.strip()) == 32
    assert pgpass == f"*:*:*:throughline:{password.strip()}\n"
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("postgres", "pgpass")] == [0o600, 0o600]
    assert make() == (password, pgpass)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """The secrets' volume, as its user finds it."""
    subprocess.run(("sh", DOCKER / "secrets.sh", tmp_path), check=True)
    os.chown(tmp_path / "pgpass", os.geteuid(), os.getegid())
    return tmp_path


async def test_throughline_gets_into_the_database_by_the_password_that_was_made(
    compose: dict[str, Any], postgresql_programs: Path, server_path: Path, made: Path
) -> None:
    """With the URL of the compose file, but for the place of the volume and the port."""
    server = PostgreSQL(postgresql_programs, server_path, password=(made / "postgres").read_text().strip())
    url = compose["services"]["throughline"]["environment"]["THROUGHLINE_DATABASE"]
    url = url.replace("/secrets/", f"{made}/").replace(":5433/throughline", f":{server.port}/postgres")
    server.make()
    server.start()
    engine = open_store(url, made / "none")
    try:
        async with engine.connect() as connection:
            assert (await connection.execute(text("SELECT current_user"))).scalar_one() == "throughline"
    finally:
        await engine.dispose()
        server.end()


@pytest.mark.parametrize(("status", "ends_with"), [(200, 0), (503, 1)])
def test_the_health_check_tells_whether_it_is_ready(status: int, ends_with: int) -> None:
    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/readyz" else 404)
            self.end_headers()

        def log_message(self, format: str, *arguments: Any) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        assert health(server.server_port) == ends_with
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert health(server.server_port) == 1


def health(port: int) -> int:
    environment = os.environ | {"THROUGHLINE_HTTP": f"127.0.0.1:{port}", "PYTHONPATH": str(PROJECT)}
    return subprocess.run((sys.executable, DOCKER / "ready.py"), env=environment, check=False).returncode
