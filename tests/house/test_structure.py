"""How the source is laid out: a test for every file and a file for every test, small files, small functions, one place
for tasks and one for time."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import chain
from pathlib import Path
from statistics import median, quantiles

PROJECT = Path(__file__).parents[2]
PACKAGES = ("config", "telephony", "ivr", "bridge")

# Files found through a registry, which one harness tests by their case files.
REGISTRIES = {
    "bridge/store/migrations/versions": "tests/bridge/store/test_schema.py",
    "ivr/nodes": "tests/ivr/test_nodes.py",
    "telephony/acd/strategies": "tests/telephony/acd/test_strategies.py",
}
# Files in which there is nothing to test by itself, and why.
NOTHING_TO_TEST = {
    "bridge/api/services.py": "holds what the routes work with",
    "bridge/api/shapes.py": "declares what is sent and taken; the routes' tests do both",
    "bridge/people/facts.py": "holds data; the register publishes it",
    "bridge/lifecycle.py": "two words that processes say to each other",
    "ivr/flow.py": "holds data; the loader makes it and the runner walks it",
    "ivr/ports.py": "only a protocol",
    "ivr/surface.py": "only a protocol",
    "telephony/ports.py": "only protocols",
    "telephony/acd/candidate.py": "holds data; the router's tests make it",
    "telephony/acd/places.py": "holds data; the dispatcher fills it",
    "telephony/asterisk/errors.py": "names errors; the socket's tests raise them",
}
# Files that only do their work together, and the test that lets them.
TESTED_TOGETHER = {
    "tests/acceptance/test_http.py": {"bridge/api/door.py"},
    "tests/bridge/api/routes/test_session.py": {"bridge/api/asking.py", "bridge/people/sessions.py"},
    "tests/bridge/api/routes/test_people.py": {
        "bridge/people/register.py",
        "bridge/people/users.py",
        "bridge/store/people.py",
    },
    "tests/telephony/phone/test_phone.py": {
        f"telephony/phone/{name}.py"
        for name in ("audio", "call", "endpoint", "library", "link", "remote", "typed", "words")
    },
    "tests/acceptance/test_asterisk_process.py": {"telephony/asterisk/process.py"},
    "tests/acceptance/test_draining.py": {"bridge/cli/stop.py", "telephony/asterisk/draining.py"},
    "tests/acceptance/test_lifecycle.py": {
        "bridge/cli/apply.py",
        "bridge/controller.py",
        "bridge/standby.py",
        "bridge/supervisor.py",
        "telephony/asterisk/strangers.py",
    },
    "tests/bridge/store/test_projection.py": {"bridge/store/tables.py"},
    "tests/bridge/store/test_schema.py": {"bridge/store/migrations/env.py"},
    "tests/telephony/acd/test_dispatcher.py": {"telephony/acd/staff.py"},
    "tests/telephony/test_scenarios.py": {
        "bridge/app.py",
        "bridge/walks.py",
        *(f"telephony/{name}.py" for name in ("call", "delivery", "lines", "service_codes", "stasis")),
        *(
            f"telephony/asterisk/{name}.py"
            for name in ("ari", "ari_events", "ari_socket", "heartbeat", "holding", "switchboard")
        ),
    },
}
EXCUSED = {*NOTHING_TO_TEST, *chain.from_iterable(TESTED_TOGETHER.values())}
# Test files that belong to no single file or package, and why.
TESTS_OF_MORE = {
    "tests/bridge/api/test_schema.py": "sends anything to every route",
    "tests/bridge/store/test_outages.py": "kills and hinders a database server while facts come",
    "tests/telephony/acd/test_dispatcher_machine.py": "plays the dispatcher with everything that may happen to it",
    "tests/telephony/test_crashes.py": "plays whole calls in which the controller dies",
    "tests/telephony/test_histories.py": "plays random histories with all that may befall a center",
    "tests/telephony/test_incidents.py": "plays whole calls in which something goes wrong",
    "tests/telephony/test_scenarios.py": "plays whole calls through all of telephony",
}
# Processes beside the controller, which have no event loop or no clock handed in.
OWN_TIME = {
    "telephony/clock.py": "the clock",
    "telephony/phone/": "a phone is a process of its own and lives by the sound card's time",
    "bridge/supervisor.py": "the parent of the controller sleeps between its children",
}
OWN_TASKS = {
    "telephony/tasks.py": "the one place",
    "telephony/phone/terminal.py": "a task group ends what it starts",
}
VAGUE = {"utils", "util", "helpers", "helper", "manager", "service", "misc", "common"}


def sources() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (PROJECT / package).rglob("*.py"))


def named(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def mirror(source: Path) -> Path:
    """Where the test of a file or of a package lies: that of `_place.py` is test_place.py."""
    place = PROJECT / "tests" / source.relative_to(PROJECT)
    return place.with_name(f"test_{source.stem.strip('_')}.py")


def untested() -> set[str]:
    """The files without a test file, but for what only opens a package or is found through a registry."""
    opens = ("__init__.py", "__main__.py")
    own = [path for path in sources() if path.name not in opens and named(path.parent) not in REGISTRIES]
    return {named(path) for path in own if not mirror(path).exists()}


def told(offenders: Iterable[str]) -> str:
    return "\n".join(["", *sorted(offenders)])


def test_every_source_file_has_its_test_file() -> None:
    missing = untested() - EXCUSED
    assert not missing, told(missing)


def test_whoever_is_excused_is_there_and_has_indeed_no_test_file() -> None:
    stale = EXCUSED - untested()
    assert not stale, told(stale)


def test_every_test_file_tests_a_source_file_or_a_package() -> None:
    packages = [path.parent for path in sources() if path.name == "__init__.py"]
    inside = {mirror(package).parent / package.name / mirror(package).name for package in packages}
    known = {mirror(path) for path in (*sources(), *packages)} | inside
    tests = [path for package in PACKAGES for path in (PROJECT / "tests" / package).rglob("test_*.py")]
    stray = {named(path) for path in tests if path not in known} - set(TESTS_OF_MORE)
    assert not stray, told(stray)


def test_what_stands_in_for_a_test_file_is_there() -> None:
    named_here = (*REGISTRIES, *REGISTRIES.values(), *TESTED_TOGETHER, *TESTS_OF_MORE)
    gone = [each for each in named_here if not (PROJECT / each).exists()]
    assert not gone, told(gone)


def test_every_file_says_in_its_first_line_what_it_is() -> None:
    files = [*sources(), *(PROJECT / "tests").rglob("*.py")]
    silent = [named(path) for path in files if path.stat().st_size and not ast.get_docstring(tree(path))]
    assert not silent, told(silent)


def test_files_are_named_by_what_they_are() -> None:
    vague = [named(path) for path in sources() if path.stem.strip("_") in VAGUE]
    assert not vague, told(vague)


def test_imports_are_the_same_for_the_program_and_for_the_type_checker() -> None:
    torn = [named(path) for path in sources() if "TYPE_CHECKING" in path.read_text()]
    assert not torn, told(torn)


def words(path: Path) -> Iterator[str]:
    """All that a file calls or imports, as it is written: `asyncio.sleep`, `time.monotonic`."""
    for node in ast.walk(tree(path)):
        match node:
            case ast.Call():
                yield ast.unparse(node.func)
            case ast.Import():
                yield from (each.name for each in node.names)
            case ast.ImportFrom():
                yield from (f"{node.module}.{each.name}" for each in node.names)


def starts_a_task(word: str) -> bool:
    return word.endswith(("create_task", "ensure_future", "run_coroutine_threadsafe"))


def tells_time(word: str) -> bool:
    clocks = ("asyncio.sleep", "datetime.now", "datetime.utcnow", "date.today", "loop.time", "loop().time")
    return word == "time" or word.startswith("time.") or word.endswith(clocks)


def elsewhere(does: Callable[[str], bool], places: Mapping[str, str]) -> list[str]:
    """The files that do it and are none of the places."""
    files = (path for path in sources() if not named(path).startswith(tuple(places)))
    return [named(path) for path in files if any(map(does, words(path)))]


def test_tasks_are_started_in_one_place() -> None:
    assert not (offenders := elsewhere(starts_a_task, OWN_TASKS)), told(offenders)


def test_time_comes_from_one_clock() -> None:
    assert not (offenders := elsewhere(tells_time, OWN_TIME)), told(offenders)


def test_files_are_short() -> None:
    lines = {named(path): len(path.read_text().splitlines()) for path in sources() if path.stat().st_size}
    long = [f"{path}: {count} lines" for path, count in lines.items() if count > 400]
    assert not long, told(long)
    assert median(lines.values()) <= 110


def test_functions_are_short() -> None:
    nodes = (node for path in sources() for node in ast.walk(tree(path)))
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    lengths = [1 + (node.end_lineno or node.lineno) - node.lineno for node in functions]
    assert median(lengths) <= 8
    assert quantiles(lengths, n=10)[-1] <= 30


def test_documents_and_what_ships_name_no_place_of_one_machine() -> None:
    documents = [*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md"), *(PROJECT / "config").rglob("*")]
    readable = [path for path in documents if path.suffix in {".md", ".yaml", ".j2", ".py"}]
    here = re.compile(rf"(?<![\w.]){re.escape(str(PROJECT))}(?=[/\s]|$)|\.\./shared")
    found = [f"{named(path)}: {hit[0]}" for path in readable for hit in here.finditer(path.read_text())]
    assert not found, told(found)
