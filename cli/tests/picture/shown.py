"""Shows every picture of a folder in headless Chromium and by rsvg-convert: `shown.py FOLDER`.

Prints what became of them, as JSON: by name the size of both renderings, where the letters of each text are in the
browser, and how much the two differ where they differ most.
"""

import concurrent.futures
import io
import json
import pathlib
import shutil
import subprocess
import sys

from PIL import Image, ImageChops
from playwright.sync_api import sync_playwright

TOOLS = {"chromium": "chromium", "rsvg-convert": "librsvg2-bin", "fc-list": "fontconfig"}
# The first fonts that the style sheet of a picture asks for: the same for both renderings.
FONTS = {
    "Liberation Sans": "fonts-liberation",
    "Liberation Mono": "fonts-liberation",
    "Noto Sans CJK SC": "fonts-noto-cjk",
}
# The edge of the squares of pixels that are compared as one: so small that a line counts, so large that the shapes
# of letters, which no two rasterizers draw the same, do not.
SQUARE = 16

SIZE = """() => {
    const {width, height} = document.documentElement;
    return {width: Math.round(width.baseVal.value), height: Math.round(height.baseVal.value)};
}"""
# Left and right as the text advances, top and bottom as its letters reach.
BOXES = """() => {
    const context = new OffscreenCanvas(1, 1).getContext("2d");
    return Array.from(document.querySelectorAll("text"), text => {
        const {fontWeight, fontSize, fontFamily} = getComputedStyle(text);
        // The browser tells whole pixels: large letters tell more.
        context.font = `${fontWeight} 100px ${fontFamily}`;
        const scale = parseFloat(fontSize) / 100;
        const reach = context.measureText(text.textContent);
        const left = text.getStartPositionOfChar(0).x;
        const baseline = text.y.baseVal[0].value;
        return {
            left,
            right: left + text.getComputedTextLength(),
            top: baseline - scale * reach.actualBoundingBoxAscent,
            bottom: baseline + scale * reach.actualBoundingBoxDescent,
        };
    });
}"""


def require(tools, fonts):
    """Ends the program if something is missing."""
    missing = {package for tool, package in tools.items() if not shutil.which(tool)}
    if not missing:
        found = subprocess.run(["fc-list", ":", "family"], stdout=subprocess.PIPE, check=True, text=True)
        missing = {package for font, package in fonts.items() if font not in found.stdout}
    if missing:
        sys.exit(f"not installed: apt-get install {' '.join(sorted(missing))}")


def converted(path):
    """The picture as rsvg-convert draws it."""
    png = subprocess.run(["rsvg-convert", path], stdout=subprocess.PIPE, check=True).stdout
    return Image.open(io.BytesIO(png))


def difference(one, other):
    """The greatest difference of the greys of two squares, of 255."""
    one, other = (image.convert("L").reduce(SQUARE) for image in (one, other))
    return ImageChops.difference(one, other).getextrema()[1]


def main(folder):
    require(TOOLS, FONTS)
    paths = sorted(pathlib.Path(folder).glob("*.svg"))
    shown = {}
    with concurrent.futures.ThreadPoolExecutor() as pool, sync_playwright() as playwright:
        conversions = [pool.submit(converted, path) for path in paths]
        program = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(color_scheme="light")
        for path, conversion in zip(paths, conversions):
            page.goto(path.resolve().as_uri())
            page.set_viewport_size(page.evaluate(SIZE))
            rendering = Image.open(io.BytesIO(page.screenshot()))
            other = conversion.result()
            shown[path.stem] = {
                "browser": rendering.size,
                "converter": other.size,
                "texts": page.evaluate(BOXES),
                "difference": difference(rendering, other),
            }
        browser.close()
    json.dump(shown, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
