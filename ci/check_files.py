"""Checks of single files: TOML and YAML can be read, links between documents lead somewhere, texts of the
interface exist in English, and the compose file says what the README promises of it."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import yaml

problems = []


def tracked(*patterns):
    listed = subprocess.run(["git", "ls-files", "-z", *patterns], check=True, capture_output=True)
    return [Path(name) for name in listed.stdout.decode().split("\0") if name]


def check_syntax():
    for file in tracked("*.toml", "*.json", "*.yml", "*.yaml"):
        text = file.read_text(encoding="utf-8")
        try:
            if file.suffix == ".toml":
                tomllib.loads(text)
            elif file.suffix == ".json":
                json.loads(text)
            else:
                yaml.safe_load(text)
        except (ValueError, yaml.YAMLError) as error:
            problems.append(f"{file}: {error}")


def anchor(heading):
    """The fragment under which a heading is found, as forges make it."""
    kept = re.sub(r"[^\w\- ]", "", re.sub(r"[`*_]{1,2}(\S.*?)[`*_]{1,2}", r"\1", heading).strip().lower())
    return kept.replace(" ", "-")


def anchors(file):
    text = re.sub(r"^```.*?^```", "", file.read_text(encoding="utf-8"), flags=re.M | re.S)
    return {anchor(heading) for heading in re.findall(r"^#+ (.+)$", text, flags=re.M)}


def check_links():
    for file in tracked("*.md"):
        text = re.sub(r"^```.*?^```", "", file.read_text(encoding="utf-8"), flags=re.M | re.S)
        for link in re.findall(r"\]\(([^)\s]+)\)", text):
            if re.match(r"[a-z]+:", link):
                continue
            path, _, fragment = link.partition("#")
            target = (file.parent / path) if path else file
            if not target.exists():
                problems.append(f"{file}: {link} leads nowhere")
            elif fragment and target.suffix == ".md" and fragment not in anchors(target):
                problems.append(f"{file}: {link} names no heading")


def messages(file):
    found = re.findall(r"^(-?[a-zA-Z][\w-]*) *=", file.read_text(encoding="utf-8"), flags=re.M)
    for name in sorted({name for name in found if found.count(name) > 1}):
        problems.append(f"{file}: {name} stands there twice")
    return set(found)


def check_locales():
    """English is complete by definition; no other language may know a text that English has lost."""
    by_language = {}
    for file in tracked("locales/**/*.ftl", "locales/*/*.ftl"):
        by_language.setdefault(file.parts[1], set()).update(messages(file))
    for language, known in by_language.items():
        for name in sorted(known - by_language.get("en", set())):
            problems.append(f"locales/{language}: {name} does not exist in English")


def check_compose():
    compose = yaml.safe_load(Path("docker-compose.yml").read_text(encoding="utf-8"))
    services, volumes = compose["services"], compose.get("volumes", {})
    for name, service in services.items():
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            if not source.startswith((".", "/")) and source not in volumes:
                problems.append(f"docker-compose.yml: {name} uses the volume {source}, which is not declared")
        for port in service.get("ports", []):
            if not port.startswith("127.0.0.1:"):
                problems.append(f"docker-compose.yml: {name} opens {port} to the network; a proxy should")
        for other in service.get("depends_on", {}):
            if other not in services:
                problems.append(f"docker-compose.yml: {name} waits for {other}, which does not exist")
    if "profiles" not in services.get("postgres", {}):
        problems.append("docker-compose.yml: PostgreSQL is not optional")
    source = Path("src/config/key.rs").read_text(encoding="utf-8")
    keys = re.findall(r'"((?:server|instance|database|data|federation|limits|log)\.\w+)"', source)
    known = {"POLYLOGUE__" + key.upper().replace(".", "__") for key in keys}
    given = set(services["polylogue"].get("environment", {}))
    given |= set(re.findall(r"\b(POLYLOGUE__[A-Z_]+)=", Path("Dockerfile").read_text(encoding="utf-8")))
    for name in sorted(given - known):
        problems.append(f"docker-compose.yml or Dockerfile: {name} is no setting")


check_syntax()
check_links()
check_locales()
if not problems:
    check_compose()
for problem in problems:
    print(problem, file=sys.stderr)
sys.exit(1 if problems else 0)
