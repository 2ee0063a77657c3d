"""An Asterisk that we did not start is named by two URLs; whatever is wrong with them, no password is shown."""

import pytest
from pydantic import BaseModel, ValidationError

from config.foreign import Door, Foreign, ForeignAsterisk


class Somewhere(BaseModel):
    asterisk: Foreign = None


def read(written: object) -> ForeignAsterisk | None:
    return Somewhere.model_validate({"asterisk": written}).asterisk


def test_none_is_named() -> None:
    assert Somewhere().asterisk is None
    assert read(None) is None


def test_two_doors_with_their_logins() -> None:
    found = read("http://ann:one@10.0.0.1:8089,ami://bob:two@pbx.example.org:5039")
    assert found == ForeignAsterisk(Door("10.0.0.1", 8089, "ann", "one"), Door("pbx.example.org", 5039, "bob", "two"))
    assert read(found) is found


def test_the_usual_ports_and_an_address_of_version_6() -> None:
    found = read(" http://a:b@[::1]/ari , ami://a:b@[::1] ")
    assert found == ForeignAsterisk(Door("::1", 8088, "a", "b"), Door("::1", 5038, "a", "b"))


def test_a_password_may_hold_anything_that_can_be_shown() -> None:
    found = read("http://a:p%40s%2Cs%25@h,ami://a:%C3%BC@h")
    assert found
    assert (found.ari.password, found.ami.password) == ("p@s,s%", "ü")


@pytest.mark.parametrize(
    "written",
    [
        "",
        "http://a:sesame@h",
        "http://a:sesame@h,ami://a:sesame@h,ami://a:sesame@h",
        "ami://a:sesame@h,http://a:sesame@h",
        "https://a:sesame@h,ami://a:sesame@h",
        "http://a:sesame@h:99999,ami://a:sesame@h",
        "http://a:sesame@h:port,ami://a:sesame@h",
        "http://a:sesame@[h,ami://a:sesame@h",
        "http://sesame@h,ami://a:sesame@h",
        "http://a:sesame@,ami://a:sesame@h",
        "http://a:sesame@h/elsewhere,ami://a:sesame@h",
        "http://a:sesame@h?app=x,ami://a:sesame@h",
        "http://a:sesame@h,ami://a:sesame%0d%0aAction:%20Originate@h",
    ],
)
def test_what_is_no_pair_of_doors_is_refused_without_its_password(written: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        read(written)
    (detail,) = wrong.value.errors()
    assert "sesame" not in detail["ctx"]["problem"] + detail["ctx"]["remedy"]
    assert detail["ctx"]["remedy"].startswith("Write it like http://")


def test_a_door_prints_without_its_password() -> None:
    assert "sesame" not in repr(Door("h", 1, "a", "sesame"))
