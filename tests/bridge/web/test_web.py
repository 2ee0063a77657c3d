"""The sources of the pages: six languages that say the same, types that fit the API, one version of Mantine."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

WEB = Path(__file__).parents[3] / "bridge" / "web"
LANGUAGES = WEB / "src" / "languages"
# The plural forms that each language counts with (Unicode CLDR).
PLURALS = {"en": {"one", "other"}, "sv": {"one", "other"}} | {
    language: {"one", "many", "other"} for language in ("fr", "pt", "ca", "es")
}
_FORM = re.compile(r"_(one|many|other)$")
_PLACE = re.compile(r"{{(\w+)}}")


def texts(language: str) -> dict[str, str]:
    """All texts of a language by their keys."""
    return dict(_flat(json.loads((LANGUAGES / f"{language}.json").read_text()), ""))


def _flat(tree: dict[str, Any], above: str) -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield above + key, value


def plain(keys: set[str]) -> set[str]:
    """Keys without their plural forms."""
    return {_FORM.sub("", key) for key in keys}


def test_there_are_six_languages() -> None:
    assert {path.stem for path in LANGUAGES.glob("*.json")} == set(PLURALS)


@pytest.mark.parametrize("language", sorted(PLURALS))
def test_a_language_says_everything_with_all_its_plural_forms(language: str) -> None:
    keys = set(texts(language))
    counted = {_FORM.sub("", key) for key in keys if _FORM.search(key)}
    assert plain(keys) == plain(set(texts("en")))
    assert {f"{key}_{form}" for key in counted for form in PLURALS[language]} == {k for k in keys if _FORM.search(k)}


@pytest.mark.parametrize("language", sorted(PLURALS))
def test_a_text_has_the_same_places_to_fill_in_every_language(language: str) -> None:
    english = {_FORM.sub("", key): set(_PLACE.findall(text)) for key, text in texts("en").items()}
    wrong = [key for key, text in texts(language).items() if set(_PLACE.findall(text)) != english[_FORM.sub("", key)]]
    assert not wrong
    assert not [key for key, text in texts(language).items() if not text.strip() or text != text.strip()]


@pytest.mark.parametrize("language", sorted(set(PLURALS) - {"en"}))
def test_a_language_is_translated(language: str) -> None:
    english = texts("en")
    same = [key for key, text in texts(language).items() if text == english.get(key) and len(text.split()) > 2]
    assert not same


def test_every_text_is_used_and_every_text_used_is_there() -> None:
    sources = "\n".join(path.read_text() for path in (WEB / "src").rglob("*.ts*") if ".d." not in path.name)
    named = set(re.findall(r'"([a-z_]+\.[a-z_]+)"', sources))
    beginnings = set(re.findall(r"`([a-z_]+\.)\$\{", sources))
    keys = plain(set(texts("en")))
    assert not {key for key in keys - named if not key.startswith(tuple(beginnings))}
    groups = {key.split(".")[0] for key in keys}
    assert not {name for name in named - keys if name.split(".")[0] in groups}


def test_all_of_mantine_has_one_exact_version() -> None:
    package = json.loads((WEB / "package.json").read_text())
    dependencies = package["dependencies"] | package["devDependencies"]
    assert len({version for name, version in dependencies.items() if name.startswith("@mantine/")}) == 1
    assert not [name for name, version in dependencies.items() if not version[0].isdigit() and name != "typescript"]
