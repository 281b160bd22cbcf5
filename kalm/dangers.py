"""What the dangers that were told in one conversation add up to. Works also when the rules cannot be read."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from kalm.reply import Kind
from kalm.safety import DangerSign, danger_rules
from kalm.sentences import sentences

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Dangers:
    """Dangers together; make it with :meth:`of`.

    Attributes:
        names: of signs in ``data/safety/danger.yml``, or a kind for a danger that only the classifier saw.
        signs: those of the rules, the one to speak of first: emergencies before crises, most urgent first.
        has_emergency: one of them, also one without a sign, is an emergency.
        has_crisis: one of them is a crisis.
    """

    names: tuple[str, ...]
    signs: tuple[DangerSign, ...]
    has_emergency: bool
    has_crisis: bool

    @classmethod
    def of(cls, names: Iterable[str]) -> Dangers:
        """The dangers with these names."""
        names = tuple(dict.fromkeys(names))
        try:
            known = danger_rules()
        except Exception as error:  # whoever is in danger must get an answer
            logger.error("the rules for danger failed with %s; general texts are said", type(error).__name__)
            return cls(names, (), names != (Kind.CRISIS.value,), names != (Kind.EMERGENCY.value,))
        told = [sign for sign in known.signs if sign.name in names]
        signs = sorted(told, key=lambda sign: sign.kind == "crisis")
        kinds = {*names, *(sign.kind for sign in signs)}
        has_crisis = Kind.CRISIS.value in kinds
        taken = next((sign for sign in signs if sign.on_purpose), None)
        on_purpose = known.named(taken.on_purpose) if taken is not None and has_crisis else None
        first = () if on_purpose is None else (on_purpose,)
        return cls(names, (*first, *signs), Kind.EMERGENCY.value in kinds, has_crisis)

    @property
    def kind(self) -> Kind:
        """The kind of what is said first."""
        is_crisis = self.taken_on_purpose or (self.has_crisis and not self.has_emergency)
        return Kind.CRISIS if is_crisis else Kind.EMERGENCY

    @property
    def taken_on_purpose(self) -> bool:
        """Whether too much was taken and someone wants to die, in whichever order that was told."""
        return bool(self.signs) and self.signs[0].kind == "crisis" and self.signs[0].needs_help

    @property
    def needs_help(self) -> bool:
        """Whether they are over only when a doctor has looked."""
        return any(sign.needs_help for sign in self.signs)

    @property
    def is_of_another(self) -> bool:
        """Whether it is somebody else who is in a crisis."""
        return any(sign.of_another for sign in self.signs)

    @property
    def is_visitors_crisis(self) -> bool:
        """Whether the visitor is in a crisis and nothing else is the matter: then 113 goes before 112."""
        return self.has_crisis and not (self.has_emergency or self.needs_help or self.is_of_another)

    @property
    def message(self) -> str:
        """What Kalm says: whom to call now, 112 first where there is an emergency."""
        if self.kind is Kind.CRISIS:
            return self.signs[0].message if self.signs else sentences().crisis
        named = (sign.message for sign in self.signs if sign.kind == "emergency")
        emergency = next(named, sentences().emergency)
        return f"{emergency} {sentences().also_crisis}" if self.has_crisis else emergency
