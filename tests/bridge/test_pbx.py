"""From center and settings to what Asterisk needs: accounts, a certificate, and addresses that still count."""

import os
from pathlib import Path

import pytest

from bridge.pbx import accounts, certificate, outdated, sip_addresses
from config.certificates import authority
from config.instance import Instance
from config.loader import load
from config.reach import Reach
from config.secrets import master_key
from config.settings import HostPort, Settings, SettingsError, TlsFiles

SHIPPED = Path(__file__).parents[2] / "config" / "center"
LOOPBACK = Reach("loopback", HostPort("127.0.0.1", 5060), "127.0.0.1", secure=False, nat=None)
OPEN = Reach("open", HostPort("0.0.0.0", 5060), "192.0.2.10", secure=True, nat=None)


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    return Instance(tmp_path)


@pytest.mark.parametrize(
    ("where", "media_host", "encrypted"), [(LOOPBACK, "127.0.0.1", False), (OPEN, None, True), (None, None, False)]
)
def test_each_agent_has_an_account_that_fits_the_network(
    where: Reach | None, media_host: str | None, encrypted: bool, tmp_path: Path
) -> None:
    made = accounts(load(SHIPPED), master_key(tmp_path / "key"), where)
    assert [account.username for account in made] == ["ana", "bruno", "carla", "david"]
    assert len({account.password for account in made}) == 4
    assert {(account.media_host, account.encrypted) for account in made} == {(media_host, encrypted)}


def test_without_tls_no_certificate_is_made(instance: Instance) -> None:
    assert certificate(Settings(), instance, LOOPBACK) is None
    assert not instance.tls.exists()


def test_our_own_certificate_is_made_at_first_need(instance: Instance) -> None:
    made = certificate(Settings(), instance, OPEN)
    assert made is not None
    assert "PRIVATE KEY" in made
    assert authority(instance.tls).exists()


def test_a_given_certificate_is_taken_or_told_to_be_useless(instance: Instance, tmp_path: Path) -> None:
    settings = Settings(tls=TlsFiles(tmp_path / "cert.pem", tmp_path / "key.pem"))
    with pytest.raises(SettingsError, match=r"THROUGHLINE_TLS names .*cert\.pem"):
        certificate(settings, instance, OPEN)
    assert not instance.tls.exists()


def test_sip_is_taken_by_udp_tcp_and_tls() -> None:
    assert [(name, protocol, str(at)) for name, protocol, at in sip_addresses(OPEN)] == [
        ("SIP", "udp", "0.0.0.0:5060"),
        ("SIP", "tcp", "0.0.0.0:5060"),
        ("SIP over TLS", "tcp", "0.0.0.0:5061"),
    ]
    assert len(list(sip_addresses(LOOPBACK))) == 2


def test_an_asterisk_that_started_before_its_addresses_changed_is_outdated(instance: Instance) -> None:
    assert not outdated(instance)
    for file, time in (("etc/pjsip_transports.conf", 1000), ("run/asterisk.pid", 2000)):
        path = instance.asterisk / file
        path.parent.mkdir(parents=True)
        path.touch()
        os.utime(path, (time, time))
    assert not outdated(instance)
    os.utime(instance.asterisk / "etc/pjsip_transports.conf", (3000, 3000))
    assert outdated(instance)
