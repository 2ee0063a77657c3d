"""A finding says which area it is of, and whether it must be mended."""

from bridge.doctor.finding import Area, Finding, Verdict


def test_an_area_makes_its_findings() -> None:
    area = Area("machine")
    assert area.ok("clock", "right") == Finding("machine", "clock", Verdict.OK, "right")
    assert area.warning("clock", "odd", "Look.") == Finding("machine", "clock", Verdict.WARNING, "odd", "Look.")
    assert area.wrong("clock", "wrong", "Set it.") == Finding("machine", "clock", Verdict.WRONG, "wrong", "Set it.")
