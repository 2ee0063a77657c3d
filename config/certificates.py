"""Certificates for TLS: given ones, or our own, from an authority that is made at first need and stays here."""

import os
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from config.settings import SettingsError, TlsFiles

AUTHORITY_LASTS = timedelta(days=3650)
LASTS = timedelta(days=397)
RENEWED_BEFORE = timedelta(days=60)
CLOCKS_DIFFER = timedelta(days=1)


def given(files: TlsFiles, now: datetime) -> str:
    """An administrator's key and certificate with its chain, as one PEM. Raises SettingsError."""
    try:
        chain, key = files.certificate.read_bytes(), files.key.read_bytes()
        certificate = x509.load_pem_x509_certificates(chain)[0]
        private = serialization.load_pem_private_key(key, None)
    except OSError as error:
        raise SettingsError(f"THROUGHLINE_TLS names {error.filename}: {error.strerror}.") from error
    except (ValueError, TypeError) as error:
        raise _unusable("needs a certificate and its key without a passphrase, both PEM") from error
    if certificate.public_key() != private.public_key():
        raise _unusable(f"names a key that does not belong to {files.certificate}")
    if certificate.not_valid_after_utc < now:
        raise _unusable(f"names {files.certificate}, which ended on {certificate.not_valid_after_utc:%Y-%m-%d}")
    return f"{key.decode()}\n{chain.decode()}"


def name_in(file: Path) -> str | None:
    """The first name that a certificate is for, which phones must call it by; None when it tells none to us."""
    try:
        certificate = x509.load_pem_x509_certificate(file.read_bytes())
        alternative = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound):
        return None
    return next(iter(alternative.get_values_for_type(x509.DNSName)), None)


def _unusable(problem: str) -> SettingsError:
    return SettingsError(f"THROUGHLINE_TLS {problem}. Set it to certificate.pem:key.pem, or to auto.")


def authority(folder: Path) -> Path:
    """Our authority's certificate, to be installed where this center is to be trusted."""
    return folder / "ca.pem"


class Authority:
    """Our own, in `folder`, where keys are readable by their owner only.

    An elliptic curve, P-256: known to every phone of these years, and made in a moment."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self._folder, self._now = folder, now
        self._file = authority(folder)

    def certificate(self, names: Sequence[str], purpose: str = "server") -> str:
        """The center's key and certificate, as one PEM: those kept, or new ones when they end or the names differ."""
        file = self.file(purpose)
        if not (self._file.exists() and file.exists() and self._still_good(file, names)):
            self._issue(file, names)
        return file.read_text()

    def file(self, purpose: str = "server") -> Path:
        """Where they are kept."""
        return self._folder / f"{purpose}.pem"

    def _still_good(self, file: Path, names: Sequence[str]) -> bool:
        certificate = x509.load_pem_x509_certificate(file.read_bytes())
        alternative = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        lasts = certificate.not_valid_after_utc - self._now > RENEWED_BEFORE
        return lasts and set(alternative) == set(_alternatives(names))

    def _issue(self, file: Path, names: Sequence[str]) -> None:
        issuer, signer = self._authority()
        key = ec.generate_private_key(ec.SECP256R1())
        signed = (
            self._begun("Throughline", issuer.subject, key, LASTS)
            .add_extension(x509.SubjectAlternativeName(_alternatives(names)), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
            .sign(signer, hashes.SHA256())
        )
        _keep(file, _pem(key) + _text(signed), 0o600)

    def _authority(self) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
        if not self._file.exists():
            self._make()
        key = serialization.load_pem_private_key((self._folder / "ca.key").read_bytes(), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise SettingsError(f"{self._folder} holds an authority that we did not make. Remove that folder.")
        return x509.load_pem_x509_certificate(self._file.read_bytes()), key

    def _make(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        key = ec.generate_private_key(ec.SECP256R1())
        name = f"Throughline authority of {self._now:%Y-%m-%d %H:%M}"
        signed = (
            self._begun(name, _name(name), key, AUTHORITY_LASTS)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_signs_certificates(), critical=True)
            .sign(key, hashes.SHA256())
        )
        _keep(self._folder / "ca.key", _pem(key), 0o600)
        _keep(self._file, _text(signed), 0o644)

    def _begun(
        self, subject: str, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, lasts: timedelta
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(_name(subject))
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._now - CLOCKS_DIFFER)
            .not_valid_after(self._now + lasts)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )


def _signs_certificates() -> x509.KeyUsage:
    wanted = {"key_cert_sign", "crl_sign"}
    uses = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    others = ("encipher_only", "decipher_only")
    return x509.KeyUsage(**{use: use in wanted for use in (*uses, *wanted, *others)})


def _alternatives(names: Iterable[str]) -> list[x509.GeneralName]:
    return [_alternative(name) for name in dict.fromkeys(names)]


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def _text(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _keep(file: Path, pem: bytes, mode: int) -> None:
    """Whole, or not there; a key is not readable by others even for a moment."""
    fresh = file.with_name(f"{file.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
        out.write(pem)
    fresh.replace(file)
