"""Source files of the generated monorepo: what people write, only with made-up names.

Each text follows from the seed and the file's path alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

#: Components of `@mui/material` that can stand alone.
_COMPONENTS = (
    *("Alert", "AppBar", "Avatar", "AvatarGroup", "Badge", "BottomNavigation", "Box"),
    *("Breadcrumbs", "Button", "ButtonGroup", "Card", "CardActions", "CardContent", "CardHeader"),
    *("Checkbox", "Chip", "CircularProgress", "Container", "Dialog", "Divider", "Drawer", "Fab"),
    *("FormControl", "FormGroup", "FormHelperText", "FormLabel", "Grid", "IconButton", "Input"),
    *("LinearProgress", "Link", "List", "ListItem", "ListItemButton", "ListItemText", "Menu"),
    *("OutlinedInput", "Pagination", "Paper", "Radio", "RadioGroup", "Rating", "Skeleton"),
    *("Slider", "Snackbar", "SpeedDial", "Stack", "Stepper", "Switch", "Table", "Tabs"),
    *("TextField", "Toolbar", "Typography"),
)
_NOUNS = (
    *("account", "balance", "batch", "carrier", "claim", "contract", "customer", "delivery"),
    *("invoice", "item", "journey", "ledger", "margin", "order", "parcel", "quote", "refund"),
    *("route", "shipment", "stock", "supplier", "ticket", "voucher", "warehouse"),
)
_VERBS = ("collect", "compare", "estimate", "filter", "group", "merge", "rank", "split", "weigh")
#: The text in a file that an edit replaces; it ends up in the emitted code.
UNEDITED = "unedited"


def _random(seed: int, path: str) -> Random:
    return Random(f"{seed}/{path}")


def _camel(*words: str) -> str:
    return words[0] + "".join(word.capitalize() for word in words[1:])


def logic(seed: int, path: str, functions: int = 4, *, marked: bool = False) -> str:
    """A module of functions on numbers and records, and an interface.

    :param marked: whether it holds the text that an edit replaces.
    """
    random = _random(seed, path)
    noun = random.choice(_NOUNS)
    kind = noun.capitalize()
    parts = [
        (
            f"export interface {kind} {{\n  id: string;\n"
            "  amount: number;\n  weight: number;\n  tags: string[];\n}\n"
        )
    ]
    for number in range(functions):
        name = f"{_camel(random.choice(_VERBS), noun)}{number}"
        of = random.choice(_NOUNS)
        limit, factor, step = (random.randrange(3, 400) for _ in range(3))
        parts.append(
            f"export function {name}(items: {kind}[], limit = {limit}): number {{\n"
            f"  let total = 0;\n"
            f"  for (const item of items) {{\n"
            f"    const share = (item.amount * {factor} + item.weight) % {step};\n"
            f"    if (share > limit) total += share - limit;\n"
            f'    else if (item.tags.includes("{of}")) total -= share / {factor};\n'
            f"  }}\n"
            f"  return Math.round(total * 100) / 100;\n"
            f"}}\n"
        )
    names = [part.split("(")[0].split()[-1] for part in parts[1:]]
    parts.append(
        f"export function summary(items: {kind}[]): Record<string, number | string> {{\n"
        f"  return {{\n"
        + "".join(f"    {name}: {name}(items),\n" for name in names)
        + (f'    edition: "{UNEDITED}",\n' if marked else "")
        + f'    of: "{path}",\n'
        f"  }};\n}}\n"
    )
    return "\n".join(parts)


def component(
    seed: int,
    path: str,
    name: str,
    *,
    imports: Sequence[str] = (),
    shown: Sequence[str] = (),
    style: str | None = None,
    marked: bool = False,
    components: int = 5,
) -> str:
    """A React component.

    :param imports: further import lines.
    :param shown: expressions that the component renders.
    :param style: the CSS module that it imports.
    :param components: how many components of the library it uses.
    """
    random = _random(seed, path)
    used = random.sample(_COMPONENTS, components)
    lines = [
        'import { useMemo, useState } from "react";',
        *(f'import {each} from "@mui/material/{each}";' for each in used),
        *imports,
        *([f'import * as styles from "./{style}";'] if style else []),
        "",
        f"export interface {name}Props {{\n  title?: string;\n  rows?: number;\n}}",
        "",
        (
            f'export function {name}({{ title = "{random.choice(_NOUNS)}", '
            f"rows = {random.randrange(2, 9)} }}: {name}Props) {{"
        ),
        f"  const [selected, setSelected] = useState({random.randrange(9)});",
        "  const entries = useMemo(",
        (
            "    () => Array.from({ length: rows }, (_, at) => "
            f"at * {random.randrange(2, 50)} + selected),"
        ),
        "    [rows, selected],",
        "  );",
        "  return (",
        f"    <section{' className={styles.frame}' if style else ''}"
        + (f' data-edition="{UNEDITED}">' if marked else ">"),
        "      <h3>{title}</h3>",
        *(f"      <{each} />" for each in used),
        *(f"      <p>{{{expression}}}</p>" for expression in shown),
        "      <ul>",
        "        {entries.map((entry) => (",
        "          <li key={entry} onClick={() => setSelected(entry)}>",
        "            {title}: {entry}",
        "          </li>",
        "        ))}",
        "      </ul>",
        "    </section>",
        "  );",
        "}",
        "",
        f"export default {name};",
        "",
    ]
    return "\n".join(lines)


def stylesheet(seed: int, path: str) -> str:
    """A CSS module with the class `frame`."""
    random = _random(seed, path)
    rules = [
        f".{name} {{\n  padding: {random.randrange(24)}px;\n  margin: {random.randrange(24)}px;\n"
        f"  color: #{random.randrange(16**6):06x};\n  display: flex;\n}}\n"
        for name in ("frame", "frame > h3", "frame ul", "frame li:hover")
    ]
    return "\n".join(rules)
