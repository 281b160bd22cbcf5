"""The report as one HTML page with its plots inside."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from matplotlib import pyplot

from commands.evaluation.measured import IntentScores, Measured, Outcomes

_TEMPLATES = Path(__file__).parent.parent / "templates"
_INK, _WATER, _BRICK, _MIST = "#1d2a30", "#1f4e5f", "#b3452f", "#cfd9db"


def write_report(measured: Measured, path: Path) -> None:
    """Write the report to ``path``."""
    environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True)
    page = environment.get_template("evaluation.html").render(
        measured=measured,
        confusion=_confusion(measured.cross_validated),
        f1=_f1(measured.cross_validated),
        kinds=_kinds(measured.outcomes),
    )
    path.write_text(page, encoding="utf-8")


def _confusion(scores: IntentScores) -> Markup:
    figure, axes = pyplot.subplots(figsize=(9, 8))
    totals = [max(1, sum(row)) for row in scores.matrix]
    shares = [[count / total for count in row] for row, total in zip(scores.matrix, totals, strict=True)]
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(scores.labels)), scores.labels, rotation=90)
    axes.set_yticks(range(len(scores.labels)), scores.labels)
    for y, row in enumerate(scores.matrix):
        for x, count in enumerate(row):
            if count:
                dark = shares[y][x] > 0.5
                axes.text(
                    x, y, str(count), ha="center", va="center", fontsize=7, color="white" if dark else _INK
                )
    axes.set_xlabel("begrepen als")
    axes.set_ylabel("eigenlijk")
    return _image(figure, "Verwarring tussen intents: rijen wat het was, kolommen wat ervan gemaakt werd")


def _f1(scores: IntentScores) -> Markup:
    names = sorted(scores.labels, key=scores.f1.__getitem__)
    figure, axes = pyplot.subplots(figsize=(7, 6))
    axes.barh(names, [scores.f1[name] for name in names], color=_WATER)
    axes.set_xlim(0, 1)
    for place, name in enumerate(names):
        axes.text(
            min(scores.f1[name], 0.93),
            place,
            f" {scores.f1[name]:.2f}",
            va="center",
            fontsize=8,
            color="white" if scores.f1[name] > 0.93 else _INK,
        )
    return _image(figure, "F1 per intent, slechtste onderaan")


def _kinds(outcomes: Outcomes) -> Markup:
    names = sorted(outcomes.kinds, key=outcomes.kinds.__getitem__)
    figure, axes = pyplot.subplots(figsize=(7, 4))
    axes.barh(names, [outcomes.kinds[name] for name in names], color=_MIST, edgecolor=_WATER)
    for place, name in enumerate(names):
        axes.text(
            outcomes.kinds[name], place, f" {outcomes.kinds[name]}", va="center", fontsize=9, color=_INK
        )
    return _image(figure, "Soorten antwoord op de losse berichten")


def _image(figure: pyplot.Figure, title: str) -> Markup:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", bbox_inches="tight", dpi=110)
    pyplot.close(figure)
    data = base64.b64encode(buffer.getvalue()).decode()
    return Markup(
        '<figure><img src="data:image/png;base64,{}" alt="{}"><figcaption>{}</figcaption></figure>'
    ).format(data, title, title)
