from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalm.articles.importing import LARGEST, ArticleImportError, ImportedSection, read_source
from tests.kalm.articles.pieces import PIECES

PLAIN = """Slapen met rusteloze benen

6 september 2024

Wat het is

Rusteloze benen geven ’s avonds een drang om te bewegen.
Dat is vervelend.

Wat je kunt doen?
Er zijn een paar gewoonten:
• vaste bedtijden;
• overdag wandelen.

Bronnen
Een folder van het ziekenhuis.
"""
MARKDOWN = """# Slapen met rusteloze benen

Een korte inleiding.

## Wat het is {#oud-id}

Een **drang** om te [bewegen](https://voorbeeld.nl/bewegen).

### Wat je kunt doen ###

* vaste bedtijden
* overdag _wandelen_
"""
HTML = """<!doctype html>
<html lang="nl"><head><meta charset="utf-8"><title>Slapen met rusteloze benen</title>
<meta property="article:published_time" content="2024-09-06"><script>var geheim = "volgcode";</script>
<style>.geheim { color: red }</style></head>
<body><nav><ul><li><a href="/">Startpagina</a></li><li><a href="/mand">Winkelmand</a></li></ul></nav>
<main><article><h1>Slapen met rusteloze benen</h1>
<h2>Wat het is</h2>
<p>Rusteloze benen geven 's avonds een drang om te bewegen. Die drang wordt minder als je loopt of je benen
strekt. Stilzitten maakt het juist erger, vooral aan het einde van de dag en in de nacht.</p>
<h2>Wat je kunt doen</h2>
<p>Er zijn gewoonten die mensen prettig vinden, zoals vaste bedtijden en overdag wandelen. Schrijf een tijdje
op wanneer je klachten hebt. Neem dat lijstje mee naar je huisarts als je er een afspraak over maakt.</p>
</article></main>
<footer><p>Algemene voorwaarden</p></footer><script>document.write("volgcode")</script></body></html>"""
DUTCH = (
    "Knieën en één café\n\nVermoeidheid\n\n"
    "Coördinatie, ideeën en reünies kosten energie. Financiële zorgen maken het niet beter, zei zij. "
    "De officiële folder noemt ook hygiëne en het naïeve geloof in één middel.\n"
)


class _Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/lus":
            self.send_response(302)
            self.send_header("Location", "/lus")
            self.end_headers()
            return
        pages: dict[str, tuple[int, bytes]] = {
            "/artikel": (200, HTML.encode()),
            "/tekst": (200, PLAIN.encode()),
            "/groot": (200, b"<p>" + b"woord " * 1_700_000),
            "/leeg": (200, b""),
            "/menu": (200, b"<html><body><nav><a href='/'>Start</a></nav></body></html>"),
            "/stuk": (500, b"<p>au</p>"),
        }
        status, content = pages.get(self.path, (404, b"<p>weg</p>"))
        self.send_response(status)
        self.end_headers()
        with suppress(BrokenPipeError, ConnectionResetError):  # the reader stops at its limit
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def website() -> Iterator[str]:
    """A website on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def saved(path: Path, content: str | bytes) -> str:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def test_plain_text_has_short_lines_without_full_stop_as_headings(tmp_path: Path) -> None:
    imported = read_source(saved(tmp_path / "slapen.txt", PLAIN))

    assert imported.title == "Slapen met rusteloze benen"
    assert imported.url == ""
    assert imported.published == date(2024, 9, 6)
    assert [section.heading for section in imported.sections] == ["Wat het is", "Wat je kunt doen?"]
    assert imported.sections[0].text == (
        "Rusteloze benen geven ’s avonds een drang om te bewegen.\n\nDat is vervelend."
    )
    assert imported.sections[1].text.endswith("- vaste bedtijden\n- overdag wandelen")


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("1 maart 2024", date(2024, 3, 1)),
        ("– 31 mrt. 2023", date(2023, 3, 31)),
        ("31 februari 2024", None),
        ("6 september", None),
    ],
)
def test_a_dutch_date_under_the_title_is_the_date_of_appearance(
    tmp_path: Path, line: str, day: date | None
) -> None:
    source = saved(tmp_path / "a.txt", f"Titel\n{line}\nKop\nEen zin met een punt.\n")

    assert read_source(source).published == day


def test_markdown_without_head_takes_title_and_headings_and_drops_markup(tmp_path: Path) -> None:
    imported = read_source(saved(tmp_path / "a.md", MARKDOWN))

    assert imported.title == "Slapen met rusteloze benen"
    assert imported.sections == (
        ImportedSection("Inleiding", "Een korte inleiding."),
        ImportedSection("Wat het is", "Een drang om te bewegen."),
        ImportedSection("Wat je kunt doen", "- vaste bedtijden\n- overdag wandelen"),
    )


def test_markdown_is_known_by_its_headings_in_a_text_file(tmp_path: Path) -> None:
    assert read_source(saved(tmp_path / "a.txt", MARKDOWN)) == read_source(saved(tmp_path / "a.md", MARKDOWN))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_markdown_with_head_takes_its_title(tmp_path: Path, end: str) -> None:
    text = "---\ntitle: 'IJzer: wat en hoe'\nlayout: post\n---\n\n## Wat het is\n\nEen mineraal.\n"

    imported = read_source(saved(tmp_path / "a.md", text.replace("\n", end)))

    assert imported.title == "IJzer: wat en hoe"
    assert imported.sections == (ImportedSection("Wat het is", "Een mineraal."),)


@pytest.mark.parametrize("head", ["layout: post", "title:", "title: ''", "- lijst"])
def test_markdown_without_a_title_anywhere_is_named_after_its_file(tmp_path: Path, head: str) -> None:
    source = saved(tmp_path / "ijzer.md", f"---\n{head}\n---\n## Wat het is\n\nEen mineraal.\n")

    assert read_source(source).title == "ijzer"


def test_a_web_page_loses_menus_scripts_and_footer(website: str) -> None:
    imported = read_source(f"{website}/artikel")

    assert imported.title == "Slapen met rusteloze benen"
    assert imported.url == f"{website}/artikel"
    assert imported.published == date(2024, 9, 6)
    assert [section.heading for section in imported.sections] == ["Wat het is", "Wat je kunt doen"]
    assert "drang om te bewegen" in imported.sections[0].text
    assert "overdag wandelen" in imported.sections[1].text
    everything = repr(imported)
    for waste in ("Winkelmand", "Startpagina", "volgcode", "geheim", "Algemene voorwaarden"):
        assert waste not in everything


def test_a_saved_web_page_is_read_like_the_page_itself(website: str, tmp_path: Path) -> None:
    here = read_source(saved(tmp_path / "pagina.html", HTML))

    assert here.sections == read_source(f"{website}/artikel").sections
    assert here.url == ""


SHORT = """<!doctype html><html><head><title>Koude voeten</title></head><body>
<nav><h2>Menu</h2><ul><li>Startpagina</li></ul></nav>
<h1>Koude voeten</h1>
<h2>Waardoor koude voeten komen</h2>
<p>De bloedvaten in je <b>voeten</b>, en in je handen,<br>worden nauwer bij kou.</p>
<h2>Wat je kunt doen</h2>
<p>Beweeg je voeten.</p><ul><li>Draag warme sokken.</li><li><p>Drink iets warms.</p></li></ul>
<div><script>var geheim = "volgcode";</script></div><footer><p>Algemene voorwaarden</p></footer>
</body></html>"""


def test_a_short_page_keeps_its_headings(tmp_path: Path) -> None:
    imported = read_source(saved(tmp_path / "kort.html", SHORT))

    assert imported.title == "Koude voeten"
    assert imported.sections == (
        ImportedSection(
            "Waardoor koude voeten komen",
            "De bloedvaten in je voeten, en in je handen, worden nauwer bij kou.",
        ),
        ImportedSection(
            "Wat je kunt doen", "Beweeg je voeten.\n\n- Draag warme sokken.\n- Drink iets warms."
        ),
    )


def test_a_short_page_is_read_from_its_main_part_alone(tmp_path: Path) -> None:
    article = "<main><h1>Benen</h1><h2>Wat</h2><p>Een zin.</p></main>"
    page = f"<body><h2>Aanbieding</h2><p>Koop nu.</p>{article}</body>"

    assert read_source(saved(tmp_path / "a.html", page)).sections == (ImportedSection("Wat", "Een zin."),)


def test_plain_text_on_a_website_is_read_as_text(website: str, tmp_path: Path) -> None:
    assert read_source(f"{website}/tekst").sections == read_source(saved(tmp_path / "a.txt", PLAIN)).sections


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_dutch_letters_survive_every_usual_encoding(tmp_path: Path, encoding: str, name: str) -> None:
    text = DUTCH if name == "a.txt" else DUTCH.replace("Knie", "# Knie").replace("Vermoei", "## Vermoei")

    imported = read_source(saved(tmp_path / name, text.encode(encoding)))

    assert imported.title == "Knieën en één café"
    assert imported.sections[0].text.startswith("Coördinatie, ideeën en reünies")


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        pytest.param("a.txt", b"woord " * 1_700_000, "te groot .*hoogstens 2 MB", id="10-MB"),
        pytest.param("a.txt", b"", "geen tekst", id="empty"),
        pytest.param("a.md", b"", "geen tekst", id="empty-markdown"),
        pytest.param("a.txt", b" \n\t \r\n ", "geen tekst", id="only-spaces"),
        pytest.param("a.md", b"# Titel\n\n## Kop\n", "geen tekst", id="headings-only"),
        pytest.param(
            "a.txt", b"Een zin met een punt.\nNog een zin.", "geen koppen.*zet boven elk stuk", id="bare"
        ),
        pytest.param("a.md", b"# Titel\n\nEen zin.", "geen koppen.*zet boven elk stuk", id="no-sections"),
        pytest.param("a.txt", bytes(range(256)) * 20, "binair bestand; sla het op", id="binary"),
        pytest.param(
            "a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1", "binair bestand; sla het op", id="png"
        ),
        pytest.param(
            "a.txt", b"\1\2\3\4\5\6\7 woord" * 9, "geen leesbare tekst; sla het op", id="control-codes"
        ),
        pytest.param(
            "a.txt", DUTCH.encode("utf-16-le"), "binair bestand; sla het op", id="utf-16-without-mark"
        ),
        pytest.param(
            "a.md", b"---\ntitle: 'open\n---\n## Kop\nZin.", "kop tussen de streepjes", id="bad-head"
        ),
        pytest.param(
            "a.md", b"---\nday: 2024-13-45\n---\n## Kop\nZin.", "kop tussen de streepjes", id="bad-date"
        ),
        pytest.param(
            "a.html", b"<html><body><nav>Start</nav></body></html>", "geen (artikel|koppen)", id="menu-only"
        ),
        pytest.param("a.html", b"<!doctype html>", "geen artikel", id="empty-page"),
    ],
)
def test_hostile_files_are_refused_with_the_reason(
    tmp_path: Path, name: str, content: bytes, why: str
) -> None:
    with pytest.raises(ArticleImportError, match=why):
        read_source(saved(tmp_path / name, content))


@pytest.mark.parametrize(
    "name",
    [
        "bestaat-niet.txt",
        "",
        pytest.param(".", id="directory"),
        "nul\0teken",
        pytest.param("a" * 300, id="too-long-a-name"),
        "www.voorbeeld.nl",
        "ftp://voorbeeld.nl",
    ],
)
def test_what_is_no_file_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(ArticleImportError, match="geen bestand; controleer het pad"):
        read_source(name)


def test_a_file_of_the_largest_size_is_read(tmp_path: Path) -> None:
    text = b"Titel\nKop\n"
    source = saved(tmp_path / "a.txt", text + b"x" * (LARGEST - len(text) - 1) + b".")

    assert read_source(source).title == "Titel"


@pytest.mark.parametrize(
    ("page", "why"),
    [
        ("weg", "antwoord 404; controleer het adres"),
        ("stuk", "antwoord 500; controleer het adres"),
        ("groot", "te groot .*hoogstens 2 MB"),
        ("leeg", "geen tekst"),
        ("menu", "geen (artikel|koppen)"),
        ("lus", "niet te bereiken .*controleer het adres"),
    ],
)
def test_hostile_pages_are_refused_with_address_or_reason(website: str, page: str, why: str) -> None:
    with pytest.raises(ArticleImportError, match=why):
        read_source(f"{website}/{page}")


def test_a_closed_port_is_refused_with_the_address() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/artikel"

        with pytest.raises(ArticleImportError, match=f"{re.escape(url)} is niet te bereiken"):
            read_source(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://",
        "https:///pad",
        "http://[1",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:poort/",
        "http://a..b/",
        pytest.param(f"http://{'a' * 70}.nl/", id="too-long-a-label"),
        "http://127.0.0.1:1/\0",
    ],
)
def test_an_impossible_address_is_refused(url: str) -> None:
    with pytest.raises(ArticleImportError, match="niet te bereiken"):
        read_source(url)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(pieces=st.lists(PIECES, max_size=12), name=st.sampled_from(["any.txt", "any.md"]))
def test_any_text_is_imported_or_refused(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[str], name: str
) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_text("\n".join(pieces), encoding="utf-8", errors="replace")
    try:
        imported = read_source(str(path))
    except ArticleImportError:
        pass
    else:
        assert imported.title
        assert imported.sections
        assert all(section.heading and section.text for section in imported.sections)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    content=st.binary(max_size=300),
    start=st.sampled_from([b"", b"<html><p>", b"<h1>a</h1><h2>b</h2>", b"---\n", b"\xff\xfe", b"# a\n"]),
)
def test_any_bytes_are_imported_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, start: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.bin"
    path.write_bytes(start + content)
    try:
        imported = read_source(str(path))
    except ArticleImportError:
        pass
    else:
        path.with_suffix(".out").write_text(f"{imported.title}{imported.sections}", encoding="utf-8")
