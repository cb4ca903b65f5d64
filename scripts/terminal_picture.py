#!/usr/bin/env python3
"""Types the commands of a file in a terminal, and draws what the terminal shows as SVG.

A line of the file that begins with
    $ is typed, and shown with what it prints
    ! is run before, or in between, and not shown
    > is the answer to the question of the command before it
    # is a comment; "# columns: 80" is the width of the terminal
"""

import html
import os
import pty
import re
import select
import struct
import sys
import time
import fcntl
import signal
import subprocess
import termios
import unicodedata

HOME = os.path.join("/home", os.listdir("/home")[0])
VARIABLES = {
    "HOME": HOME,
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "TERM": "xterm-256color",
    "LANG": "C.UTF-8",
}
ROWS = 100
# What a command may take, and how long it is silent when it waits for an answer; in seconds.
LONGEST = 120
SILENCE = 1.5

# 8 colors, then the bright ones, for a dark panel.
COLORS = ["#6e7681", "#ff7b72", "#7ee787", "#e3b341", "#79c0ff", "#d2a8ff", "#76e3ea", "#e6edf3"]
COLORS += ["#8b949e", "#ffa198", "#9be9a8", "#f0c85a", "#a5d6ff", "#e2c5ff", "#b3f0ff", "#ffffff"]
TEXT, PANEL, EDGE, PROMPT = "#e6edf3", "#0d1117", "#30363d", "#7ee787"
CHARACTER, LINE, SIZE, MARGIN = 7.8, 17, 13, 14
# How long each command is typed, and what it prints takes to appear; in seconds.
TYPING, PAUSE = 0.9, 0.8

# Passwords are random, and nobody's: a picture that shows one teaches the wrong thing all the same.
PASSWORD = re.compile(r"(?<![A-Za-z0-9+/=])(?=[A-Za-z0-9]*[0-9])(?=[A-Za-z0-9]*[a-z])(?=[A-Za-z0-9]*[A-Z])[A-Za-z0-9]{32}(?![A-Za-z0-9+/=])")


class Screen:
    """The part of a terminal that pgrole uses."""

    def __init__(self, columns):
        self.columns = columns
        self.lines = [[]]
        self.row = self.column = 0
        self.style = (None, False, False)

    def feed(self, text):
        at = 0
        while at < len(text):
            escape = re.compile(r"\x1b\[([?0-9;]*)([A-Za-z])|\x1b[()][A-Z0-9]|\x1b[=>78]").match(text, at)
            if escape:
                if escape.group(2):
                    self.control(escape.group(1), escape.group(2))
                at = escape.end()
                continue
            self.put(text[at])
            at += 1

    def put(self, letter):
        if letter == "\n":
            self.move(self.row + 1, self.column)
        elif letter == "\r":
            self.column = 0
        elif letter == "\b":
            self.column = max(0, self.column - 1)
        elif letter == "\t":
            self.column = (self.column // 8 + 1) * 8
        elif letter >= " " and not unicodedata.combining(letter):
            if self.column >= self.columns:
                self.move(self.row + 1, 0)
            line = self.lines[self.row]
            line.extend([(" ", (None, False, False))] * (self.column + 1 - len(line)))
            line[self.column] = (letter, self.style)
            self.column += 1

    def move(self, row, column):
        self.row, self.column = max(0, row), max(0, column)
        while len(self.lines) <= self.row:
            self.lines.append([])

    def control(self, parameters, letter):
        if parameters.startswith("?"):
            return
        numbers = [int(number or 0) for number in parameters.split(";")]
        first = numbers[0]
        if letter == "m":
            self.paint(numbers)
        elif letter == "K":
            line = self.lines[self.row]
            if first == 0:
                del line[self.column :]
            elif first == 2:
                line.clear()
        elif letter == "J":
            if first == 0:
                del self.lines[self.row][self.column :]
                del self.lines[self.row + 1 :]
        elif letter in "ABCD":
            by = first or 1
            rows, columns = {"A": (-by, 0), "B": (by, 0), "C": (0, by), "D": (0, -by)}[letter]
            self.move(self.row + rows, self.column + columns)
        elif letter == "G":
            self.column = max(0, first - 1)

    def paint(self, numbers):
        color, bold, dim = self.style
        numbers = list(numbers)
        while numbers:
            number = numbers.pop(0)
            if number == 0:
                color, bold, dim = None, False, False
            elif number == 1:
                bold = True
            elif number == 2:
                dim = True
            elif number == 22:
                bold = dim = False
            elif 30 <= number <= 37:
                color = number - 30
            elif 90 <= number <= 97:
                color = number - 90 + 8
            elif number == 39:
                color = None
            elif number == 38 and numbers and numbers.pop(0) == 5 and numbers:
                color = numbers.pop(0) % 16
        self.style = (color, bold, dim)

    def shown(self):
        lines = list(self.lines)
        while lines and not any(letter != " " for letter, _ in lines[-1]):
            lines.pop()
        return lines


def run(command, columns, answers):
    """Runs a command of a shell in a terminal; what it printed."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(HOME)
        os.execve("/bin/sh", ["sh", "-c", command], VARIABLES)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, columns, 0, 0))
    os.kill(pid, signal.SIGWINCH)
    printed, answers, end = b"", list(answers), time.monotonic() + LONGEST
    quiet_since = time.monotonic()
    while time.monotonic() < end:
        ready, _, _ = select.select([terminal], [], [], 0.1)
        if ready:
            try:
                portion = os.read(terminal, 65536)
            except OSError:
                break
            if not portion:
                break
            printed += portion
            quiet_since = time.monotonic()
        elif answers and printed and time.monotonic() - quiet_since > SILENCE:
            os.write(terminal, answers.pop(0).encode() + b"\r")
            quiet_since = time.monotonic()
    else:
        sys.exit(f"it takes too long: {command}")
    os.waitpid(pid, 0)
    return printed.decode("utf-8")


def masked(line):
    text = "".join(letter for letter, _ in line)
    for found in PASSWORD.finditer(text):
        for at in range(found.start(), found.end()):
            line[at] = ("•", line[at][1])
    return line


def line_of(text, style=(None, False, False)):
    return [(letter, style) for letter in text]


def record(path):
    """The lines of the picture, each with the number of its step and how it appears."""
    columns, steps, hidden = 96, [], []
    lines = open(path, encoding="utf-8").read().splitlines()
    for line in lines:
        kind, text = line[:1], line[2:]
        if line.startswith("# columns:"):
            columns = int(line.split(":")[1])
        elif kind == "$":
            steps.append((hidden, text, []))
            hidden = []
        elif kind == "!":
            hidden.append(text)
        elif kind == ">":
            steps[-1][2].append(text)
    shown, start = [], 0.3
    for before, command, answers in steps:
        for text in before:
            subprocess.run(["sh", "-ec", text], env=VARIABLES, cwd=HOME, check=True, stdout=subprocess.PIPE)
        # At a terminal a command is typed over several lines where it is long.
        typed = [part for part in command.split(" \\ ")]
        for number, part in enumerate(typed):
            is_last = number + 1 == len(typed)
            prompt = line_of("$ " if number == 0 else "    ", (2, True, False))
            text = line_of(part if is_last else part + " \\", (15, True, False))
            shown.append((prompt + text, start + TYPING * number / len(typed)))
        screen = Screen(columns)
        screen.feed(run(" ".join(typed), columns, answers))
        start += TYPING
        output = screen.shown()
        for number, line in enumerate(output):
            shown.append((masked(line), start + min(0.06 * number, 1.2)))
        start += min(0.06 * len(output), 1.2) + PAUSE
        shown.append(([], start))
    return columns, shown[:-1]


def runs_of(line):
    """Parts of one style, each with where it begins; spaces between words of one style stay inside."""
    at = 0
    while at < len(line):
        style, begin = line[at][1], at
        while at < len(line) and (line[at][1] == style or line[at][0] == " "):
            at += 1
        text = "".join(letter for letter, _ in line[begin:at])
        stripped = text.lstrip()
        if stripped.strip():
            yield begin + len(text) - len(stripped), stripped.rstrip(), style


def draw(columns, shown, title):
    width = round(2 * MARGIN + columns * CHARACTER)
    top = 36
    height = round(top + len(shown) * LINE + MARGIN)
    classes = {}
    body = []
    for number, (line, start) in enumerate(shown):
        spans = []
        # Tables keep their columns whatever the font: each word group has its place.
        for begin, text, style in runs_of(line):
            for part in re.finditer(r"\S+(?: \S+)*", text):
                name = classes.setdefault(style, f"s{len(classes)}") if style != (None, False, False) else ""
                place = MARGIN + (begin + part.start()) * CHARACTER
                length = len(part.group()) * CHARACTER
                attribute = f' class="{name}"' if name else ""
                spans.append(
                    f'<tspan x="{place:.1f}" textLength="{length:.1f}"{attribute}>{html.escape(part.group(), quote=False)}</tspan>'
                )
        if spans:
            y = top + (number + 1) * LINE - 4
            body.append(f'<text y="{y}" style="animation-delay:{start:.2f}s">{"".join(spans)}</text>')
    styles = []
    for (color, bold, dim), name in classes.items():
        rules = [f"fill:{COLORS[color]}"] if color is not None else []
        rules += ["font-weight:bold"] if bold else []
        rules += ["opacity:.7"] if dim else []
        styles.append(f".{name}{{{';'.join(rules)}}}")
    dots = "".join(f'<circle cx="{20 + 18 * at}" cy="18" r="5.5" fill="{EDGE}"/>' for at in range(3))
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">
<title>{html.escape(title)}</title>
<style>
text{{font:{SIZE}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:{TEXT};white-space:pre}}
@media(prefers-reduced-motion:no-preference){{text{{animation:show .15s backwards}}}}
@keyframes show{{from{{opacity:0}}}}
{"".join(styles)}
</style>
<rect x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="8" fill="{PANEL}" stroke="{EDGE}"/>
{dots}
{chr(10).join(body)}
</svg>
"""


def main():
    source, target = sys.argv[1:]
    columns, shown = record(source)
    name = os.path.splitext(os.path.basename(source))[0]
    picture = draw(columns, shown, f"pgrole in a terminal: {name.replace('-', ' ')}")
    with open(target, "w", encoding="utf-8") as file:
        file.write(picture)
    print(f"{target}: {len(picture.encode())} bytes, {len(shown)} lines")


main()
