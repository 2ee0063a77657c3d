"""One key, from which every other secret follows."""

from pathlib import Path

from config.secrets import master_key


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "master.key"
    first = master_key(file).derive("ari")
    assert master_key(file).derive("ari") == first
    assert file.stat().st_mode & 0o777 == 0o600


def test_each_purpose_and_each_machine_has_secrets_of_its_own(tmp_path: Path) -> None:
    one, other = master_key(tmp_path / "one"), master_key(tmp_path / "other")
    secrets = {key.derive(purpose) for key in (one, other) for purpose in ("ari", "ami", "sip:ana:1", "sip:ana:2")}
    assert len(secrets) == 8


def test_a_secret_can_stand_in_any_file_and_is_long_enough(tmp_path: Path) -> None:
    secret = master_key(tmp_path / "key").derive("ari")
    assert len(secret) == 32
    assert secret.isalnum()
    assert secret.isascii()


def test_the_key_does_not_show_itself(tmp_path: Path) -> None:
    key = master_key(tmp_path / "key")
    assert (tmp_path / "key").read_text() not in repr(key)


def test_digits_for_a_person_are_as_many_as_asked_and_stay(tmp_path: Path) -> None:
    key = master_key(tmp_path / "key")
    pins = {key.derive_digits(f"pin:{number}", 6) for number in range(100)}
    assert all(len(pin) == 6 and pin.isdecimal() for pin in pins)
    assert len(pins) > 90
    assert key.derive_digits("pin:1", 6) in pins
