from __future__ import annotations

import pytest

from kalm.safety.comfort import comfort_for, comfort_rules


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("mijn man is overleden", "verlies"),
        ("mijn vrouw is vorige week gestorven, ik slaap slecht", "verlies"),
        ("we hebben ons kindje verloren", "verlies"),
        ("ik heb een miskraam gehad", "verlies"),
        ("ik voel me zo alleen vannacht", "eenzaam"),
        ("ik ben verdrietig", "verdrietig"),
        ("hoi ik ben zo verdrietig", "verdrietig"),
        ("het wordt me te veel", "verdrietig"),
        ("ik word er depressief van", "verdrietig"),
        ("ik voel me zo somber", "verdrietig"),
        ("ik voel me depressief", "verdrietig"),
        ("toen ik twintig was ben ik depressief geweest", None),
        ("kun je depressief worden van rls", None),
        ("wordt dat niet te veel magnesium", None),
        ("ik ben niet verdrietig", None),
        ("is 400 mg me te veel", None),
        ("ik ben bang", "bang"),
        ("ik word gek van mijn benen", "uitgeput"),
        ("ik doe geen oog dicht", "uitgeput"),
        ("opa overleed aan een hartaanval, is rls erfelijk?", None),
        ("mijn vader is 30 jaar geleden overleden, hij had ook rls", None),
        ("ik heb alleen last van mijn linkerbeen", None),
        ("ik ben bang dat magnesium slecht is", None),
        ("ik ben bang dat het parkinson is", "bang"),
        ("ik mis mijn vrouw zo", "verlies"),
        ("ik ben op", "uitgeput"),
        ("ik weet het niet meer", "uitgeput"),
        ("ik heb er genoeg van", "uitgeput"),
        ("ik ben op vakantie", None),
        ("ik ben niet bang", None),
        ("ik voel me alleen 's avonds onrustig", None),
        ("zit hier alleen magnesium in", None),
        ("mijn potje is kapot aangekomen, kan ik een nieuw krijgen", None),
        ("is eenzaamheid een oorzaak van rls", None),
        ("ik voel me niet alleen", None),
        ("kan magnesium een miskraam geven? ik heb rls", None),
        ("is mijn telefoon kapot", None),
        ("hoe neem ik contact met jullie op", None),
        ("", None),
    ],
)
def test_what_is_heavy_is_told_from_what_only_sounds_so(text: str, name: str | None) -> None:
    comfort = comfort_for(text)
    assert (comfort.name if comfort else None) == name


def test_every_comfort_names_someone_to_turn_to_and_nothing_to_buy() -> None:
    for comfort in comfort_rules().comforts:
        assert "088 0767 000" in comfort.support
        assert "106" in comfort.support
        assert "113" in comfort.support
        assert "magnesium" not in comfort.word + comfort.support
