"""How far a name goes, by how sure it is that one follows."""

from __future__ import annotations

import pytest

from kalm.privacy.names import Trust, ends_name, name_at


def read(text: str, trust: Trust = Trust.SURE) -> str | None:
    name = name_at(text, 0, trust)
    return None if name is None else text[slice(*name)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Jan", "Jan"),
        ("Jan van der Berg.", "Jan van der Berg"),
        ("Griet Van den Bossche en ik", "Griet Van den Bossche"),
        ("Hanneke v.d. Meer", "Hanneke v.d. Meer"),
        ("Saskia van 't Hof", "Saskia van 't Hof"),
        ("Jeroen D'hondt, bestelling", "Jeroen D'hondt"),
        ("Maria Jansen-de Wit", "Maria Jansen-de Wit"),
        ("Froukje de Haan van de yogaschool", "Froukje de Haan"),
        ("K. Dijkstra", "K. Dijkstra"),
        ("j.p. van den heuvel", "j.p. van den heuvel"),
        ("Emre Yıldız uit Almere", "Emre Yıldız"),
        ("O\u0308znur", "O\u0308znur"),
        ("van Leeuwen", "van Leeuwen"),
        ("mevrouw Scholten", "Scholten"),
        ("de heer en mevrouw de Groot", "de Groot"),
        ("Jan jansen", "Jan jansen"),
        ("piet de jong en ik", "piet de jong"),
        ("bram en ik", "bram"),
        ("xandra kuyper", "xandra kuyper"),
        ("JAN DE WIT EN IK WACHT AL LANG", "JAN DE WIT"),
        ("Ben.", "Ben"),
    ],
)
def test_a_name_is_read_to_its_end(text: str, name: str) -> None:
    assert read(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "niet belangrijk",
        "Geheim",
        "vekeerd gespeld",
        "iedereen welkom",
        "Jan welkom",
        "Zechsal",
        "1234",
        "a" * 50,
    ],
)
def test_no_name(text: str) -> None:
    assert read(text) is None


def test_the_less_sure_the_more_a_name_must_look_like_one() -> None:
    assert read("Quirinda", Trust.SURE) == read("Quirinda", Trust.LIKELY) == "Quirinda"
    assert read("Quirinda", Trust.DOUBT) is None
    assert read("Tevreden", Trust.SURE) == "Tevreden"
    assert read("Tevreden", Trust.LIKELY) is None
    assert read("Sanne", Trust.DOUBT) == "Sanne"
    assert read("sanne en", Trust.DOUBT) == "sanne"
    assert read("sanne wakker", Trust.DOUBT) is None
    assert read("Agnita Wyszynska", Trust.DOUBT) == "Agnita Wyszynska"
    assert read("Slecht Geholpen", Trust.DOUBT) is None


def test_what_ends_a_name() -> None:
    assert ends_name("jan, ja", 3)
    assert ends_name("jan\nja", 3)
    assert ends_name("jan en ik", 3)
    assert ends_name("jan", 3)
    assert not ends_name("jan slaapkop", 3)
