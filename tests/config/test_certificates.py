"""Certificates: our own authority's work as a TLS client sees it, and given files that fit or are refused."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.x509.verification import PolicyBuilder, Store

from config.certificates import LASTS, RENEWED_BEFORE, Authority, authority, given, name_in
from config.settings import SettingsError, TlsFiles

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NAMES = ("203.0.113.7", "pbx.example.org", "127.0.0.1")


OTHER = ec.generate_private_key(ec.SECP256R1())


def pem_of(key: CertificateIssuerPrivateKeyTypes, encryption: serialization.KeySerializationEncryption) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)


def issued(folder: Path, now: datetime = NOW, names: tuple[str, ...] = NAMES) -> str:
    return Authority(folder, now).certificate(names)


def files(folder: Path) -> TlsFiles:
    """The certificate and the key as two files."""
    pem = issued(folder / "own")
    begin = pem.index("-----BEGIN CERTIFICATE")
    (folder / "cert.pem").write_text(pem[begin:])
    (folder / "key.pem").write_text(pem[:begin])
    return TlsFiles(folder / "cert.pem", folder / "key.pem")


def test_a_client_that_trusts_our_authority_accepts_every_name(tmp_path: Path) -> None:
    served = x509.load_pem_x509_certificate(issued(tmp_path).encode())
    trusted = Store([x509.load_pem_x509_certificate(authority(tmp_path).read_bytes())])
    for name in (x509.IPAddress(ip_address("203.0.113.7")), x509.DNSName("pbx.example.org")):
        PolicyBuilder().store(trusted).time(NOW).build_server_verifier(name).verify(served, [])


def test_a_server_can_use_it(tmp_path: Path) -> None:
    file = tmp_path / "server"
    file.write_text(issued(tmp_path))
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(file)


def test_keys_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    issued(tmp_path)
    modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    assert modes == {"ca.key": 0o600, "ca.pem": 0o644, "server.pem": 0o600}
    assert "PRIVATE" not in authority(tmp_path).read_text()


def test_the_same_is_kept_as_long_as_it_is_good(tmp_path: Path) -> None:
    first, root = issued(tmp_path), authority(tmp_path).read_text()
    assert issued(tmp_path, NOW + LASTS - RENEWED_BEFORE - timedelta(days=1)) == first
    assert issued(tmp_path, NOW + LASTS - RENEWED_BEFORE) != first
    assert issued(tmp_path, names=("203.0.113.8",)) != first
    assert authority(tmp_path).read_text() == root


def test_a_lost_authority_is_made_anew(tmp_path: Path) -> None:
    first = issued(tmp_path)
    authority(tmp_path).unlink()
    assert issued(tmp_path) != first


def test_an_authority_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    issued(tmp_path)
    (tmp_path / "server.pem").unlink()
    (tmp_path / "ca.key").write_bytes(pem_of(Ed25519PrivateKey.generate(), serialization.NoEncryption()))
    with pytest.raises(SettingsError, match="an authority that we did not make"):
        issued(tmp_path)


def test_given_files_become_one(tmp_path: Path) -> None:
    named = files(tmp_path)
    pem = given(named, NOW)
    assert named.certificate.read_text() in pem
    assert named.key.read_text() in pem
    assert name_in(named.certificate) == "pbx.example.org"


def test_a_certificate_without_a_name_or_that_is_not_there_tells_none(tmp_path: Path) -> None:
    issued(tmp_path, names=("203.0.113.7",))
    assert name_in(tmp_path / "server.pem") is None
    assert name_in(authority(tmp_path)) is None
    assert name_in(tmp_path / "nowhere.pem") is None


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (pem_of(OTHER, serialization.NoEncryption()), "does not belong to"),
        (pem_of(OTHER, serialization.BestAvailableEncryption(b"secret")), "its key without a passphrase"),
        (b"nothing", "both PEM"),
    ],
)
def test_a_key_that_cannot_be_used_is_told(tmp_path: Path, key: bytes, words: str) -> None:
    named = files(tmp_path)
    named.key.write_bytes(key)
    with pytest.raises(SettingsError, match=words):
        given(named, NOW)


def test_a_certificate_that_ended_or_is_gone_is_told(tmp_path: Path) -> None:
    named = files(tmp_path)
    with pytest.raises(SettingsError, match="ended on 2027-04-02"):
        given(named, NOW + LASTS + timedelta(days=1))
    named.certificate.unlink()
    with pytest.raises(SettingsError, match=r"cert\.pem: No such file"):
        given(named, NOW)
