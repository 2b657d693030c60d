#!/usr/bin/env python3
"""Makes the pictures of the README from the real program: the demo in a terminal of 120x40, its screens as SVG.

    cargo build --release && python3 docs/pictures/make.py

Needs tmux and Python, nothing else.
"""
import html
import re
import subprocess
import time
import unicodedata
from pathlib import Path

HERE = Path(__file__).parent
PROGRAM = HERE.parent.parent / "target/release/paydesk"
SESSION = "paydesk-pictures"
COLUMNS, ROWS, CELL_W, CELL_H = 120, 40, 8, 17
FOREGROUND, BACKGROUND = "#d9dfe5", "#0f1419"
PALETTE = ["#3b4252", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#d8dee9"]
BRIGHT = ["#7a8394", "#ff7b86", "#b1e08f", "#ffd68a", "#7cc4ff", "#dd8df5", "#6fd3df", "#ffffff"]


def tmux(*words):
    return subprocess.run(["tmux", *words], check=True, capture_output=True, text=True).stdout


def wait_for(text, seconds=20):
    for _ in range(seconds * 20):
        if text in tmux("capture-pane", "-p", "-t", SESSION):
            return
        time.sleep(0.05)
    raise SystemExit(f"waited in vain for {text!r}")


def runs(line):
    """(column, width, text, style) of a captured line."""
    style, column = {}, 0
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        if part.startswith("\x1b["):
            style = restyled(style, [int(code or 0) for code in part[2:-1].split(";")])
        elif part:
            width = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in part)
            yield column, width, part, style
            column += width


def restyled(style, codes):
    """The style after one sequence; colours come as 30-37, 90-97, 38;5;N or 38;2;R;G;B."""
    style = dict(style)
    while codes:
        code = codes.pop(0)
        if code == 0:
            style = {}
        elif code in (1, 2, 4, 7):
            style[code] = True
        elif code in (38, 48):
            if codes.pop(0) == 2:
                colour = "#{:02x}{:02x}{:02x}".format(*(codes.pop(0) for _ in range(3)))
            else:
                colour = (PALETTE + BRIGHT)[codes.pop(0) % 16]
            style["fg" if code == 38 else "bg"] = colour
        elif code in (39, 49):
            style.pop("fg" if code == 39 else "bg", None)
        else:
            for base, name, palette in ((30, "fg", PALETTE), (40, "bg", PALETTE), (90, "fg", BRIGHT), (100, "bg", BRIGHT)):
                if base <= code < base + 8:
                    style[name] = palette[code - base]
    return style


def svg(capture):
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{COLUMNS * CELL_W + 16}" height="{ROWS * CELL_H + 16}" '
        'font-family="ui-monospace, Menlo, Consolas, monospace" font-size="13.3">',
        f'<rect width="100%" height="100%" rx="6" fill="{BACKGROUND}"/>',
    ]
    for row, line in enumerate(capture.split("\n")[:ROWS]):
        for column, width, text, style in runs(line):
            fg, bg = style.get("fg", FOREGROUND), style.get("bg")
            if style.get(7):
                fg, bg = bg or BACKGROUND, fg
            x, y = 8 + column * CELL_W, 8 + row * CELL_H
            if bg and bg != BACKGROUND:
                out.append(f'<rect x="{x}" y="{y}" width="{width * CELL_W}" height="{CELL_H}" fill="{bg}"/>')
            if text.strip():
                look = ' font-weight="bold"' if style.get(1) else ""
                look += ' text-decoration="underline"' if style.get(4) else ""
                out.append(
                    f'<text x="{x}" y="{y + 13}" fill="{fg}" textLength="{width * CELL_W}" xml:space="preserve"{look}>'
                    f"{html.escape(text)}</text>"
                )
    return "\n".join([*out, "</svg>\n"])


def take(name):
    time.sleep(0.3)
    capture = tmux("capture-pane", "-p", "-e", "-t", SESSION)
    (HERE / f"{name}.svg").write_text(svg(capture))
    print(HERE / f"{name}.svg")


def keys(*names):
    for name in names:
        tmux("send-keys", "-t", SESSION, name)
        time.sleep(0.15)


def text(words):
    """All at once, as a paste: what follows too soon would be taken for its tail."""
    tmux("send-keys", "-t", SESSION, "-l", words)
    time.sleep(0.5)


def find(label):
    """Goes down until the selected order may be paid by the method that `label` names."""
    for _ in range(40):
        time.sleep(0.5)
        if re.search(re.escape(label) + r"\s+✓", tmux("capture-pane", "-p", "-t", SESSION)):
            return
        keys("j")
    raise SystemExit(f"no order offers {label}")


def start(arguments):
    command = f"TZ=Asia/Singapore LANG=en_GB.UTF-8 COLORTERM=truecolor COLORFGBG='15;0' {PROGRAM} demo --seed 7 {arguments}"
    tmux("new-session", "-d", "-s", SESSION, "-x", str(COLUMNS), "-y", str(ROWS), command)
    wait_for("data live")


start("")
try:
    time.sleep(3)
    keys("g")
    take("table")
    keys("Enter")
    take("detail")
    # The longest time left first: nothing is urgent while a card is typed.
    keys("Escape", "2", "S", "d", "S", "d", "g")
    find("3 VCC")
    keys("$")
    wait_for("Checked")
    keys("3")
    text("4532015112830366")
    for words in ("08", "29", "123", "AKIRA", "MORI"):
        keys("Tab")
        text(words)
    take("form")
    keys("Escape")
    time.sleep(0.5)
    keys("Escape")
    find("1 Deposit")
    keys("$")
    wait_for("Nothing is in the way")
    keys("1", "Enter")
    wait_for("nothing typed yet")
    take("confirm")
    keys("Escape")
    time.sleep(0.5)
    keys("Escape", "Escape", "L", "7", "g")
    take("table-zh")
finally:
    tmux("kill-session", "-t", SESSION)

start("--scenario vcc-decline --speed 10")
try:
    wait_for("failed 604")
    keys("i", "4", "t")
    wait_for("WAITS FOR YOU")
    keys("Enter", "y")
    wait_for("DEARER")
    take("recover")
finally:
    tmux("kill-session", "-t", SESSION)
