"""What is in the images, read from the file that makes them."""

from __future__ import annotations

import re
from importlib.metadata import distributions
from typing import Any

import yaml
from packaging.requirements import Requirement

from kalm.settings import ROOT
from tests.deploy.conftest import DEPLOY

DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_packages_that_are_left_out_are_those_of_development_and_nobody_else_needs_them() -> None:
    found = re.search(r"pip uninstall --quiet --yes \\\n(.*)\n", DOCKERFILE)
    assert found is not None
    left_out = {plain(name) for name in found[1].split()}
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    dev = project.partition("dev = [")[2].partition("\n]")[0]
    assert left_out <= {plain(re.split(r"[=<>]", name)[0]) for name in re.findall(r'"([^"]+)"', dev)}
    needed = {
        plain(requirement.name)
        for distribution in distributions()
        if plain(distribution.metadata["Name"]) not in left_out
        for requirement in map(Requirement, distribution.requires or ())
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""})
    }
    assert left_out & needed == set()


def test_every_room_of_the_product_is_in_it_and_nothing_of_this_machine() -> None:
    copied = set(re.findall(r"^COPY (?!--from)([^\n]+) \./", DOCKERFILE, re.MULTILINE))
    files = {name for line in copied for name in line.split()}
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"benchmarks", "tests"}
    assert rooms <= files
    allowed = {
        line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines() if line[:1] == "!"
    }
    sources = {name for name in files if not name.startswith("widget/")} | {"widget", "deploy/Caddyfile"}
    assert sources == allowed
    assert all((ROOT / name).exists() for name in allowed)


def test_the_user_of_the_image_is_the_one_of_the_services(compose: dict[str, Any]) -> None:
    assert "--uid 10001" in DOCKERFILE
    assert DOCKERFILE.count("\nUSER 10001:10001") == 2
    for name, service in compose["services"].items():
        if name != "database":
            assert service["user"] == "10001:10001"


def test_each_target_is_made(compose: dict[str, Any]) -> None:
    made = set(re.findall(r"^FROM \S+ AS (\w+)$", DOCKERFILE, re.MULTILINE))
    targets = {service["build"]["target"] for service in compose["services"].values() if "build" in service}
    assert targets == {"kalm", "proxy"}
    assert targets <= made


def test_no_registry_is_named() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert bases
    assert all("/" not in base for base in bases)


def test_it_is_the_python_of_the_project() -> None:
    version = (ROOT / ".python-version").read_text().strip()
    assert set(re.findall(r"^FROM python:(\d+\.\d+)-slim", DOCKERFILE, re.MULTILINE)) == {version[:4]}


def test_the_file_of_compose_is_yaml_without_a_name_twice() -> None:
    class Strict(yaml.SafeLoader):
        pass

    def mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[Any, Any]:
        names = [loader.construct_object(key) for key, _ in node.value if key.value != "<<"]  # type: ignore[no-untyped-call]
        assert len(names) == len(set(names)), f"{node.start_mark}: a name stands there twice"
        loader.flatten_mapping(node)
        return dict(yaml.SafeLoader.construct_mapping(loader, node, deep=True))

    Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
    yaml.load((DEPLOY / "compose.yml").read_text(encoding="utf-8"), Strict)
