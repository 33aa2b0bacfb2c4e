"""Random YAML files as people and programs might write them: every style, comments everywhere."""

from dataclasses import dataclass, field

from hypothesis import strategies as st

KEYS = (
    "schema",
    "name",
    "operational",
    "channels",
    "data_centers",
    "dc1",
    "dc2",
    "clusters",
    "nodes",
    "address",
    "x",
    "y",
)
PLAIN = (
    "a",
    "dc1",
    "10.0.0.1",
    "3.5",
    "true",
    "True",
    "~",
    "null",
    "yes",
    "0x1F",
    ".inf",
    "a b",
    "a:b",
    "-x",
    "?q",
    "a#b",
)
QUOTED = (
    "",
    "a",
    "3.5",
    "it's",
    'say "x"',
    "back\\slash",
    "a: b",
    "# no comment",
    "é 日本",
    "tab\there",
    " lead",
    "trail ",
)
BLOCKS = ("text", "text\n", "a\nb\n", "a\n\nb\n\n\n", "  deep\nless\n", "a\n  b\nc", "# no comment\n", "\n\nlate\n")
WORDS = ("# c", "#", "#: x", "# a - b", "# é", "#no space", "# key: value", "# 'q")


@dataclass
class Text:
    """A file being written: what was drawn decides every space and every comment."""

    draw: st.DrawFn
    out: list[str] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)
    comments: bool = True

    def pick(self, *options: str) -> str:
        return self.draw(st.sampled_from(options))

    def chance(self, one_in: int) -> bool:
        return self.draw(st.integers(1, one_in)) == one_in

    def comment(self) -> str:
        return self.pick(*WORDS)

    def behind(self) -> str:
        """What may follow at the end of a line."""
        return self.pick(" ", "  ", "        ") + self.comment() if self.chance(4) else self.pick("", "", "  ")

    def between(self, indent: int) -> None:
        """Lines that may stand between two others."""
        while self.chance(4):
            if self.chance(2):
                self.out.append(self.pick("", "  "))
            else:
                self.out.append(
                    " " * max(0, indent + self.draw(st.sampled_from((0, 0, 0, 1, 2, -1, -2, 7)))) + self.comment()
                )


def scalar(text: Text, indent: int, *, flow: bool) -> str:
    """A scalar; with a line end in it, it goes on deeper than `indent`."""
    kind = text.draw(st.integers(0, 9))
    deeper = "\n" + " " * (indent + 1)
    if kind <= 3:
        return text.pick(*PLAIN)
    if kind == 4:
        return '"' + text.pick(*QUOTED).replace("\\", "\\\\").replace('"', '\\"') + '"'
    if kind == 5:
        return "'" + text.pick(*QUOTED).replace("'", "''") + "'"
    if kind == 6:
        return text.pick(f"one{deeper}two", f"one{deeper}{deeper}two")
    if kind == 7:
        return text.pick(
            f'"one{deeper}two"', f'"one\\{deeper}two\\ {deeper}"', f"'one  {deeper}{deeper} it''s'", f'"{deeper}x"'
        )
    if kind == 8 and not flow:
        return block(text, indent)
    return "" if not flow else "w" * text.draw(st.integers(1, 70))


def block(text: Text, indent: int) -> str:
    body = text.pick(*BLOCKS)
    width = text.draw(st.integers(1, 4))
    first = next(line for line in body.split("\n") if line)
    explicit = str(width) if first.startswith(" ") or text.chance(4) else ""
    header = text.pick("|", ">") + text.pick("", "-", "+") + explicit
    if text.chance(4):
        header += " " + text.comment()
    pad = " " * (max(indent, 0) + width)
    return header + "\n" + "\n".join(pad + line if line else "" for line in body.rstrip("\n").split("\n"))


def props(text: Text) -> str:
    if not text.chance(8):
        return ""
    name = text.pick("a1", "b-2", "c")
    text.anchors.append(name)
    return f"&{name} "


def flow(text: Text, indent: int, depth: int) -> str:
    """A collection in brackets, perhaps over several lines."""

    def gap() -> str:
        if not text.chance(4):
            return text.pick("", " ")
        end = text.behind() if text.comments else ""
        return f" {end.strip()}\n" + " " * (indent + 1) if end.strip() else "\n" + " " * (indent + 1)

    mapping = text.chance(2)
    parts = []
    for key in text.draw(st.lists(st.sampled_from(KEYS), max_size=4, unique=True)):
        value = text.pick("node", "scalar", "scalar", "scalar")
        inner = flow(text, indent, depth + 1) if value == "node" and depth < 2 else scalar(text, indent, flow=True)
        parts.append(f"{gap()}{f'{key}: ' if mapping else ''}{inner}{gap()}")
    comma = "," if parts and text.chance(4) else ""
    inside = ",".join(parts) + comma + (gap() if parts else "")
    return f"{{{inside}}}" if mapping else f"[{inside}]"


def inline(text: Text, indent: int) -> str:
    """A value that begins on its key's line."""
    if text.anchors and text.chance(6):
        return f"*{text.pick(*text.anchors)}"
    if text.chance(4):
        return flow(text, indent, 0)
    return scalar(text, indent, flow=False)


def entries(text: Text, indent: int, depth: int, start: str, *, mapping: bool) -> None:
    """A block collection; `start` is what stands before its first entry on the same line."""
    for number, key in enumerate(text.draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=4, unique=True))):
        if number:
            text.between(indent)
        head = start if number == 0 else " " * indent
        mark = text.pick(f"{key}:", f"{key} :", f'"{key}":', f"? {key}\n{' ' * indent}:") if mapping else "-"
        if depth < 3 and text.chance(3):
            _nested(text, indent, depth, head + mark, mapping=mapping)
            continue
        put_value(text, f"{head}{mark} {props(text)}{inline(text, indent)}")


def put_value(text: Text, line: str) -> None:
    last = line.rpartition("\n")[2]
    in_block = any(part in line for part in ("|", ">")) and "\n" in line
    text.out.append(line if in_block or (last.startswith(" ") and not last.strip()) else line + text.behind())


def _nested(text: Text, indent: int, depth: int, head: str, *, mapping: bool) -> None:
    inner_mapping = text.chance(2)
    if not mapping and text.chance(2):
        entries(text, indent + 2, depth + 1, f"{head} ", mapping=inner_mapping)
        return
    text.out.append(f"{head} {props(text)}".rstrip() + text.behind())
    text.between(indent + 2)
    step = text.draw(st.sampled_from((2, 2, 1, 4) if inner_mapping or not mapping else (0, 2, 4)))
    entries(text, indent + step, depth + 1, " " * (indent + step), mapping=inner_mapping)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A file, most often one that parses."""
    text = Text(draw)
    if text.chance(6):
        text.out.append("%YAML 1.2\n---" + text.behind())
    text.between(0)
    if text.chance(10):
        text.comments = True
        text.out.append(flow(text, 0, 0) + text.behind())
    else:
        entries(text, 0, 0, "", mapping=True)
    text.between(0)
    if text.chance(10):
        text.out.append("...")
    end = text.pick("\n", "\n", "\r\n", "\r")
    return "\n".join(text.out).replace("\n", end) + text.pick(end, end, "")
