from __future__ import annotations

import pytest

from kalm.safety import says_help_has_been, says_it_is_back, says_it_is_settled, says_it_was_misread


@pytest.mark.parametrize(
    "text",
    [
        *("het is opgelost", "Het gaat weer.", "ja hoor het gaat weer goed", "vals alarm", "het is voorbij"),
        *("de dokter is geweest en het was niks", "het was een grapje", "ik bedoelde het niet zo"),
        *("het is over nu", "ze is weer bij", "het is goed gekomen"),
        *("ja, een arts heeft gekeken", "ik heb geen pijn meer, de dokter is geweest"),
        *("ben bij de huisarts geweest", "'t gaat al beter", "alles is weer ok", "de pijn is weg"),
    ],
)
def test_over_is_over(text: str) -> None:
    assert says_it_is_settled(text)


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("het gaat weer", True),
        ("ik ben veilig", True),
        ("ik bedoel gewoon moe", True),
        ("het is voorbij", False),
        ("vals alarm", False),
        ("ik ben gewoon moe van het leven", False),
        ("ik voel me al veel beter nu ik besloten heb", False),
        ("het gaat nu beter, straks is alles stil", False),
        ("de dokter heeft gekeken", True),
    ],
)
def test_after_a_crisis_only_a_few_plain_sentences_count(text: str, over: bool) -> None:
    assert says_it_is_settled(text, after_crisis=True) is over


@pytest.mark.parametrize(
    "text",
    [
        *("het is niet over", "het gaat niet goed", "het is nog niet opgelost", "het wordt erger"),
        *("nee", "ja", "", "gaat het vanzelf over?", "is het niet ernstig?", "wanneer is het over"),
        *("kan dat weer goed komen", "wat is rls", "waar gaat het over", "niks helpt"),
        *("112 is gebeld en ik heb nog pijn op de borst", "het is weer goed maar ik wil dood"),
        *("heb de huisarts gebeld, ze nemen niet op", "de huisarts gebeld maar die is dicht"),
        *("dokter zegt rust houden maar het wordt erger", "het gaat weer slechter", "alles is over"),
        *("hij is weer weg gevallen", "ik ben ok maar mijn man niet"),
        *(
            "de dokter is geweest en ik heb nog steeds pijn",
            "is de dokter al geweest",
            "ik heb 112 gesproken",
        ),
        *("huisarts gesproken, ik moet meteen naar het ziekenhuis", "de dokter zegt dat het goed fout zit"),
        *("ik heb het verkeerd ingeschat", "de dokter had het verkeerd ingeschat, ik lig aan een infuus"),
        *("de pijn is nu weg maar mijn arm is slap", "het is nu helemaal over met mij"),
    ],
)
@pytest.mark.parametrize("after_crisis", [False, True])
def test_anything_else_is_not_over(text: str, after_crisis: bool) -> None:
    assert not says_it_is_settled(text, after_crisis)


@pytest.mark.parametrize(
    ("text", "has_been"),
    [
        ("de dokter is geweest, het gaat weer goed", True),
        ("ik heb met 113 gesproken", False),
        ("is de dokter al geweest", False),
        ("de ambulance is geweest", True),
        ("het gaat weer goed, de dokter heeft nog niet gekeken", False),
        ("we zijn niet bij de dokter geweest", False),
        ("gaat weer beter, de huisarts heeft het niet gezien", False),
        ("ik heb de dokter gehad, hij zei dat het niks was", True),
        ("ik ben vorig jaar in het ziekenhuis geweest, het gaat weer goed", False),
    ],
)
def test_help_has_been_only_when_it_was_there_now(text: str, has_been: bool) -> None:
    assert says_help_has_been(text) is has_been


@pytest.mark.parametrize(
    ("text", "is_back"),
    [
        *((text, True) for text in ("het is weer terug", "toch niet over", "het is niet over")),
        *(
            (text, True)
            for text in ("de pijn komt terug", "het wordt erger", "het begint opnieuw", "het is er weer.")
        ),
        *((text, False) for text in ("mijn kriebels zijn weer terug", "hoe vaak komt rls terug", "dank je")),
        *(
            (text, True)
            for text in ("het doet weer pijn", "heb weer last van mijn borst", "de druk is terug")
        ),
        *((text, False) for text in ("het is niet teruggekomen", "wat is rls", "", "kan ik het toch niet")),
        *(
            (text, False)
            for text in ("is magnesium niet goed voor de nieren", "wanneer is de gel weer terug")
        ),
        ("is het niet beter om dat savonds te nemen", False),
    ],
)
def test_back_is_told_from_legs_that_come_and_go(text: str, is_back: bool) -> None:
    assert says_it_is_back(text) is is_back


def test_misread_is_told_from_over() -> None:
    assert says_it_was_misread("je hebt me verkeerd begrepen")
    assert says_it_is_settled("je hebt me verkeerd begrepen")
    assert not says_it_was_misread("het was een vergissing")
