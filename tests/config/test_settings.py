"""The environment: typed, with defaults, and every fault at once by the name of its variable."""

from pathlib import Path

import pytest

from config.settings import PREFIX, HostPort, PortRange, Settings, SettingsError, TlsFiles

VARIABLES = ("HOME", "CENTER", "HTTP", "SIP", "RTP", "TLS", "DATABASE")


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(PREFIX + name, raising=False)


def test_the_defaults() -> None:
    settings = Settings.read()
    assert (settings.home, settings.center, settings.database) == (None, None, None)
    assert settings.tls == "auto"
    assert (str(settings.http), str(settings.sip), str(settings.rtp)) == (
        "127.0.0.1:8080",
        "127.0.0.1:5060",
        "10000-12000",
    )


@pytest.mark.parametrize(
    ("name", "written", "read"),
    [
        ("HOME", "/srv/center", Path("/srv/center")),
        ("HOME", "", None),
        ("CENTER", "mine", Path.cwd() / "mine"),
        ("HTTP", "0.0.0.0:80", HostPort("0.0.0.0", 80)),
        ("HTTP", "[::1]:8080", HostPort("::1", 8080)),
        ("SIP", "pbx.example.org:5061", HostPort("pbx.example.org", 5061)),
        ("RTP", "20000-20019", PortRange(20000, 20019)),
        ("TLS", "off", "off"),
        ("TLS", "auto", "auto"),
        ("TLS", "/c.pem:/k.pem", TlsFiles(Path("/c.pem"), Path("/k.pem"))),
        ("DATABASE", "postgresql+psycopg://u:p@db/x", "postgresql+psycopg://u:p@db/x"),
        ("DATABASE", "sqlite:///x.db", "sqlite:///x.db"),
    ],
)
def test_variables(name: str, written: str, read: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PREFIX + name, written)
    assert getattr(Settings.read(), name.lower()) == read


@pytest.mark.parametrize(
    ("name", "written"),
    [
        *[
            ("HTTP", text)
            for text in ("8080", "127.0.0.1", "127.0.0.1:0", "h:65536", ":80", "a b:80", "::1:80", "[x]:1")
        ],
        *[("RTP", text) for text in ("10000", "10001-12000", "12000-10000", "10000-10018", "65000-70000", "80-900")],
        *[("TLS", text) for text in ("on", "cert.pem", "a:b:c", ":key.pem")],
        ("HOME", "~nobody-of-this-name/x"),
        ("DATABASE", "throughline.db"),
        ("DATABASE", "mysql://host/x"),
    ],
)
def test_bad_values_name_their_variable_and_a_remedy(name: str, written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PREFIX + name, written)
    with pytest.raises(SettingsError) as wrong:
        Settings.read()
    (line,) = str(wrong.value).splitlines()
    assert line.startswith(f"{PREFIX}{name} is ")
    assert "Write " in line


def test_all_bad_values_are_told_and_a_password_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THROUGHLINE_HTTP", "x")
    monkeypatch.setenv("THROUGHLINE_RTP", "x")
    monkeypatch.setenv("THROUGHLINE_DATABASE", "oracle://user:sesame@host")
    with pytest.raises(SettingsError) as wrong:
        Settings.read()
    assert len(str(wrong.value).splitlines()) == 3
    assert "sesame" not in str(wrong.value)


def test_addresses_print_as_they_are_written() -> None:
    assert str(HostPort("::1", 8080)) == "[::1]:8080"


def test_the_center_lies_in_the_home_unless_said_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings.read().center_in(Path("/home")) == Path("/home/center")
    monkeypatch.setenv("THROUGHLINE_CENTER", "/srv/center")
    assert Settings.read().center_in(Path("/home")) == Path("/srv/center")
