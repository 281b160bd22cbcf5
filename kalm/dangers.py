"""What the dangers that were told in one conversation add up to. Works also when the rules cannot be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kalm.reply import Kind
from kalm.safety import DangerSign, danger_rules
from kalm.safety.fallback import unless_it_fails
from kalm.sentences import sentences

_EMERGENCY, _CRISIS = Kind.EMERGENCY.value, Kind.CRISIS.value


@dataclass(frozen=True)
class Dangers:
    """Dangers together; make it with :meth:`of`.

    Attributes:
        names: of signs in ``data/safety/danger.yml``, or a kind for a danger that only the classifier saw.
        emergencies: signs of the rules, most urgent first.
        crises: the same of the other kind.
        on_purpose: the sign of too much that was taken by someone who wants to die, or None.
        has_emergency: one of them, also one without a sign, is an emergency.
        has_crisis: one of them is a crisis.
    """

    names: tuple[str, ...]
    emergencies: tuple[DangerSign, ...]
    crises: tuple[DangerSign, ...]
    on_purpose: DangerSign | None
    has_emergency: bool
    has_crisis: bool

    @classmethod
    def of(cls, names: Iterable[str]) -> Dangers:
        """The dangers with these names, each once."""
        names = tuple(dict.fromkeys(names))
        rules = unless_it_fails(danger_rules)
        if rules is None:  # then 112 and 113 are both said, unless it is known that one is not meant
            return cls(names, (), (), None, names not in ((), (_CRISIS,)), names not in ((), (_EMERGENCY,)))
        signs = [sign for sign in rules.signs if sign.name in names]
        emergencies = tuple(sign for sign in signs if sign.kind == _EMERGENCY)
        crises = tuple(sign for sign in signs if sign.kind == _CRISIS)
        has_crisis = bool(crises) or _CRISIS in names
        is_unknown = bool(names) and not signs and not has_crisis  # a sign that the rules no longer have
        return cls(
            names,
            emergencies,
            crises,
            rules.on_purpose(signs, has_crisis),
            bool(emergencies) or _EMERGENCY in names or is_unknown,
            has_crisis,
        )

    def joined(self, told: Dangers) -> Dangers:
        """These with those that are told now; a bare kind adds nothing where one of that kind is known."""
        known = {_EMERGENCY: self.has_emergency, _CRISIS: self.has_crisis}
        return Dangers.of((*self.names, *(name for name in told.names if not known.get(name))))

    @property
    def kind(self) -> Kind:
        """The kind of what is said first."""
        return Kind.EMERGENCY if self.has_emergency and self.on_purpose is None else Kind.CRISIS

    @property
    def needs_help(self) -> bool:
        """Whether they are over only when a doctor has looked."""
        return any(sign.needs_help for sign in (*self.emergencies, *self.crises))

    @property
    def is_of_another(self) -> bool:
        """Whether it is somebody else, and not the visitor, who is in a crisis."""
        return bool(self.crises) and all(sign.of_another for sign in self.crises)

    @property
    def is_visitors_crisis(self) -> bool:
        """Whether the visitor is in a crisis and nothing else is the matter: then 113 goes before 112."""
        return self.has_crisis and not (self.has_emergency or self.needs_help or self.is_of_another)

    @property
    def message(self) -> str:
        """What Kalm says: whom to call now, 112 first where there is an emergency."""
        if self.on_purpose is not None:
            return self.on_purpose.message
        if not self.has_emergency:
            return self.crises[0].message if self.crises else sentences().crisis
        emergency = self.emergencies[0].message if self.emergencies else sentences().emergency
        return f"{emergency} {sentences().also_crisis}" if self.has_crisis else emergency
