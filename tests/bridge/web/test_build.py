"""When the pages are built, and that a failure leaves what is served as it was."""

import gzip
from pathlib import Path

import pytest

from bridge.web.build import STAMP, build, digest
from bridge.web.node import BuildError

NPM = """\
#!/bin/sh
[ "$1" = ci ] && mkdir -p node_modules && exit 0
grep -q broken src/main.tsx && echo "line 1 is broken" && exit 1
mkdir -p "$5/assets" && cp src/main.tsx "$5/index.html" && cp src/main.tsx "$5/assets/main.js"
"""


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Sources, and a node and npm of our own that only copy."""
    web, programs = tmp_path / "web", tmp_path / "bin"
    (web / "src").mkdir(parents=True)
    programs.mkdir()
    (web / "src" / "main.tsx").write_text("one")
    (web / "package-lock.json").write_text("{}")
    for name, does in (("node", "#!/bin/sh\necho v22.12.0\n"), ("npm", NPM)):
        (programs / name).write_text(does)
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    return web


def built(web: Path) -> list[str]:
    """What a build says."""
    said: list[str] = []
    build(said.append, web, web / "dist")
    return said


def test_pages_are_built_once_and_again_when_a_source_changes(web: Path) -> None:
    assert built(web) == ["Building the pages ...", "Fetching what the pages are built with ..."]
    assert (web / "dist" / "index.html").read_text() == "one"
    assert gzip.decompress((web / "dist" / "assets" / "main.js.gz").read_bytes()) == b"one"
    assert built(web) == []
    (web / "src" / "main.tsx").write_text("two")
    assert built(web) == ["Building the pages ..."]
    assert (web / "dist" / "index.html").read_text() == "two"


def test_packages_are_fetched_again_when_the_lock_file_changes(web: Path) -> None:
    built(web)
    (web / "package-lock.json").write_text('{"newer": 1}')
    assert "Fetching what the pages are built with ..." in built(web)


def test_what_is_served_stays_when_a_build_fails(web: Path) -> None:
    built(web)
    (web / "src" / "main.tsx").write_text("broken")
    with pytest.raises(BuildError, match="line 1 is broken"):
        built(web)
    assert (web / "dist" / "index.html").read_text() == "one"
    assert (web / "dist" / STAMP).exists()


def test_a_source_that_only_moves_counts_as_a_change(web: Path) -> None:
    before = digest([web / "src"])
    (web / "src" / "main.tsx").rename(web / "src" / "other.tsx")
    assert digest([web / "src"]) != before
