"""The page of truth as text: sentences with places for numbers, and every number from the published results."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence

from growth import KINDS, LINEAR_FROM, SLOPE_WANTED, SLOPE_WITHIN, growth_rows, near_powers
from precision import curves_of, limit_rows, ratio, reached, setting
from problems import BY_ENGINE, PEAK_WANTED, PROBLEMS, TIME_WANTED
from report import NAMES, Line, number, summarise
from results import Published
from start import BASELINE, start_rows
from truth_promises import Promise, losses, promises
from workloads import TITLES

Results = Mapping[str, Published | None]
SPEED = tuple(TITLES)
RUNS = ("precision", "speed", "threads", "start", "growth")
CLOCKS = {"cpu": "processor time", "wall": "time on the wall"}


def page(results: Results) -> str:
    """The whole page."""
    sections = (promised, worse, precision, speed, growth, honesty, references, library)
    method = METHOD.format(plans=", ".join(f"`{plan}`" for plan in RUNS))
    parts = [INTRODUCTION, *(part for each in sections for part in each(results)), method]
    return "\n\n".join(part.strip() for part in parts if part) + "\n"


INTRODUCTION = """
# The page of truth

Made by `make truth` from the results in `benchmarks/results`; no number on it is typed by hand. What is promised
stands beside what was measured, also where it is not kept and where another simulator is better.
"""

PRECISION = """
What it takes to have every spike of a run within {time:g} µs and every peak within {peak:g} mV of the converged
solution. The setting that does it is read between two measured ones. The last column is the error of who sets nothing
(or, where a step must be set, sets 0.025 ms).
"""

SPEED_WORDS = """
ns per compartment and step of 0.025 ms, one core, float64; in brackets, how many times longer than excitable. Peers run
their default, first-order schemes; excitable its second-order one.
"""

STAR = """A star: the number of spikes is more than 1 % from the median of all engines. First-order schemes at this
step are late, and lose some of the last ones."""

GROWTH = """
The slope is that of log time on log size from {first} compartments on: {slope:g} is linear, and {within:g} to either
side is promised. Near a power of two, the largest cost over the smallest among sizes that differ by little.
"""

HONESTY = """
{cases} random cells, stimuli, steps and tolerances (seed {seed}); the true error is the difference from a converged
run. {refused} were refused.
"""

METHOD = """
## How it was measured

Each simulator lives in an environment of its own, made by `python benchmarks/peers.py install` from pinned
requirements. Each measurement is a process pinned to the least busy core; processes run in random order, several
rounds. A ratio is the median of the ratios within each round, and the smallest and the largest stand beside it: they
are the noise. Only the time of the solver counts; building and compiling are reported apart.
[benchmarks/README.md](../benchmarks/README.md) tells the rest.

| to make anew | command |
|---|---|
| this page, the reference suite, the library | `make truth` |
| the error statements | `python benchmarks/truth.py --honesty` |
| everything else | `python benchmarks/run.py PLAN --clock cpu --publish`, PLAN being {plans} |
"""


# ---------------------------------------------------------------- pieces
def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown; all columns but the first are numbers and stand to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in lines)


def measured_on(results: Published, lines: Sequence[Line]) -> str:
    """When, where, with which versions, and how busy the machine was."""
    machine = results.head["machine"]
    versions = {NAMES.get(name := line["engine"].partition(":")[0], name): line["version"]
                for line in lines if "version" in line and "engine" in line}  # fmt: skip
    loads = [line["load"] for line in lines if "load" in line]
    busy = f", load {min(loads):.1f} to {max(loads):.1f} of it" if loads else ""
    what = f" With {', '.join(f'{name} {version}' for name, version in sorted(versions.items()))}." if versions else ""
    clock = f" Clock: {CLOCKS[results.head['clock']]}." if "clock" in results.head else ""
    moments = sorted({line["at"] for line in lines if "at" in line}) or [results.head["time"]]
    when = moments[0] if moments[0] == moments[-1] else f"{moments[0]} to {moments[-1]}"
    return (f"Measured {when} on {machine['processor']}, {machine['cores']} cores{busy}, Python "
            f"{machine['python']}.{what}{clock}")  # fmt: skip


def section(title: str, results: Published | None, body: Callable[[Published], list[str]]) -> list[str]:
    """A section, or the word that there is nothing yet."""
    return [f"## {title}", *(body(results) if results else ["Not measured yet."])]


def times(values: tuple[float, float, float]) -> str:
    """A ratio with the smallest and largest of the rounds."""
    middle, low, high = values
    return f"{significant(middle)} × ({significant(low)} to {significant(high)})"


def significant(value: float, digits: int = 2) -> str:
    """Rounded to so many figures, and not fewer than stand before the point."""
    if not math.isfinite(value) or value == 0.0:
        return f"{value:g}"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    return f"{value:.{places}f}" if places < 7 else f"{value:.{digits - 1}e}"


def within(value: float, tolerance: float) -> str:
    """A value with as many places as its tolerance makes sense of."""
    if not math.isfinite(value) or tolerance <= 0.0:
        return f"{value:.6g}"
    places = max(0, 1 - math.floor(math.log10(tolerance)))
    return f"{value:.{places}f}" if places < 9 else f"{value:.6g}"


# ---------------------------------------------------------------- promises and losses
def promised(results: Results) -> list[str]:
    def row(each: Promise) -> tuple[str, ...]:
        return each.words, each.wanted, each.measured, {True: "yes", False: "**no**", None: "not measured"}[each.holds]

    return ["## What is promised", table(("promise", "wanted", "measured", "kept"), map(row, promises(results)))]


def worse(results: Results) -> list[str]:
    found = losses(results)
    listed = "\n".join(f"- {loss}" for loss in found) if found else "Nothing was found."
    return ["## Where excitable is not the best, or differs", listed]


# ---------------------------------------------------------------- work and precision
def precision(results: Results) -> list[str]:
    def body(found: Published) -> list[str]:
        words = PRECISION.format(time=TIME_WANTED, peak=PEAK_WANTED).strip()
        parts = [words, "![Error against time](images/truth-precision.png)"]
        for problem in PROBLEMS.values():
            rows = precision_rows(found, problem.name)
            if not rows:
                continue
            head = ("method", "setting that suffices", "s", "longer than the default", "error at its default setting")
            parts += [f"### {problem.words[0].upper()}{problem.words[1:]}", table(head, rows)]
            away = limit_rows(found.lines, problem.name)
            if away:
                parts += ["So far from excitable's converged solution lie the others, each by its own convergence:",
                          table(("", "spike times, µs", "peaks, mV"), away)]  # fmt: skip
        return [*parts, measured_on(found, found.lines)]

    return section("Work and precision", results.get("precision"), body)


def precision_rows(found: Published, problem: str) -> list[tuple[str, ...]]:
    """Every way, the fastest first; those that never get there last."""
    curves = curves_of(found.lines, problem, found.clock)
    at = {engine: reached(points) for engine, points in curves.items()}
    ours = at.get("excitable")
    rows: list[tuple[str, ...]] = []
    for engine, spot in sorted(at.items(), key=lambda item: item[1].seconds if item[1] else math.inf):
        way = BY_ENGINE[engine]
        usual = next((point for point in curves[engine] if math.isclose(point.value, way.usual)), None)
        default = "-" if usual is None else f"{significant(usual.errors.late)} µs, {significant(usual.errors.high)} mV"
        if usual is not None and not math.isfinite(usual.errors.late):
            default = "another number of spikes"
        if spot is None:
            rows.append((way.words, "not within reach", "-", "-", default))
            continue
        longer = times(ratio(spot, ours)) if ours and engine != "excitable" else "-"
        rows.append((way.words, setting(way, spot.value), significant(spot.seconds), longer, default))
    return rows


# ---------------------------------------------------------------- speed
def speed(results: Results) -> list[str]:
    parts = ["## Speed", SPEED_WORDS]
    found = results.get("speed")
    if found is None:
        parts.append("Not measured yet.")
    else:
        parts += ["![Cost of a step in each engine](images/truth-speed.png)", *speed_tables(found)]
    for title, plan, body in (("Threads", "threads", thread_part), ("Start", "start", start_part)):
        given = results.get(plan)
        parts += [f"### {title}", *(body(given) if given else ["Not measured yet."])]
    return parts


def speed_tables(found: Published) -> list[str]:
    summaries = summarise(found.lines, found.clock)
    cost = {(line["engine"], line["workload"]): line for line in summaries}
    engines = sorted({line["engine"] for line in summaries}, key=engine_order)
    rows = [(label(engine), *(speed_cell(cost, engine, workload) for workload in SPEED)) for engine in engines]
    reasons: dict[tuple[str, str], set[str]] = {}
    for line in found.lines:
        if "wall" not in line and engine_order(line["engine"])[0] < 2:
            reason = (label(line["engine"]), str(line.get("unsupported", line.get("failed"))))
            reasons.setdefault(reason, set()).add(line["workload"])
    listed = [f"- {', '.join(sorted(where))}, {who}: {why}." for (who, why), where in sorted(reasons.items())]
    titles = "; ".join(f"{name}: {words}" for name, words in TITLES.items())
    return [table(("", *SPEED), rows), f"{titles}. {STAR}", "\n".join(listed), measured_on(found, found.lines)]


def speed_cell(cost: Mapping[tuple[str, str], Line], engine: str, workload: str) -> str:
    line = cost.get((engine, workload))
    if line is None:
        return "not reached" if engine == "excitable" else "-"
    star = "" if line.get("agrees", True) else "\\*"
    against = line["faster_than"].get("excitable")
    longer = f" ({significant(1.0 / against[0])} ×)" if against and engine != "excitable" else ""
    return f"{significant(line['ns'], 3)}{star}{longer}"


def engine_order(engine: str) -> tuple[int, str, int, str]:
    """Ours, the peers, then the kernels that only bound what is possible."""
    name, _, variant = engine.partition(":")
    rank = 0 if name == "excitable" else 2 if name in ("ceiling", "proof") else 1
    return rank, name, int(variant) if variant.isdigit() else 0, variant


def label(engine: str) -> str:
    name, _, variant = engine.partition(":")
    words = {"euler": "backward Euler", "exact": "no table", "cython": "Cython"}
    lanes = f"{variant} lanes" if variant.isdigit() else words.get(variant, variant)
    return NAMES.get(name, name) + (f", {lanes}" if variant else "")


def thread_part(found: Published) -> list[str]:
    summaries = summarise(found.lines, found.clock)
    alone = {(line["workload"], line["engine"]): line["ns"] for line in summaries if line["threads"] == 1}
    rows = []
    for line in summaries:
        name, engine = line["workload"], line["engine"]
        if line["threads"] > 1 and (name, engine) in alone:
            faster = f"{alone[name, engine] / line['ns']:.2f} ×"
            rows.append((str(TITLES.get(name, name)), label(engine), str(line["threads"]), number(line["ns"]), faster))
    return [table(("cells", "engine", "threads", "ns", "faster than one"), rows), measured_on(found, found.lines)]


def start_part(found: Published) -> list[str]:
    rows = [(name_start(row["start"]), *(significant(row[key]) for key in ("s", "min", "max")))
            for row in start_rows(found.lines, found.clock)]  # fmt: skip
    words = "From a fresh process to the first second of voltage of one squid compartment, in seconds."
    return [words, table(("", "median", "smallest", "largest"), rows), measured_on(found, found.lines)]


def name_start(start: str) -> str:
    engine, _, cache = start.partition(" ")
    words = {"cold": "empty cache", "warm": "warm cache"}.get(cache, "")
    name = "NumPy and llvmlite alone" if engine == BASELINE else label(engine)
    return f"{name}, {words}" if words else name


# ---------------------------------------------------------------- growth
def growth(results: Results) -> list[str]:
    def body(found: Published) -> list[str]:
        rows = growth_rows(found.lines, found.clock)
        parts = [GROWTH.format(first=LINEAR_FROM, slope=SLOPE_WANTED, within=SLOPE_WITHIN).strip()]
        parts.append("![Cost against size](images/truth-growth.png)")
        for kind, words in KINDS.items():
            members = [row for row in rows if row["kind"] == kind]
            if not members:
                continue
            sizes = sorted({size for row in members for size in row["ns"]})
            cells = [(f"{size}", *(number(row["ns"].get(size)) for row in members)) for size in sizes]
            cells.append(("slope", *("-" if row["slope"] is None else f"{row['slope']:.3f}" for row in members)))
            cells.append(("near a power of two", *(near_powers(row) for row in members)))
            head = (f"{words}, ns", *(label(row["engine"]) for row in members))
            parts.append(table(head, cells))
        return [*parts, measured_on(found, found.lines)]

    return section("Growth", results.get("growth"), body)


# ---------------------------------------------------------------- honesty, references, library
def honesty(results: Results) -> list[str]:
    def body(found: Published) -> list[str]:
        said = found.lines[-1]
        rows = []
        for name, part in (("all", said), ("voltages", said["mV"]), ("spike times", said["us"])):
            low, middle, high = part["stated over true"]
            rows.append((name, str(part["numbers"]), f"{part['honest']:.1%}", f"{part['within']:.1%}",
                         f"{significant(middle)} ({significant(low)} to {significant(high)})"))  # fmt: skip
        head = ("stated errors of", "numbers", "not below the true error", "within the factor",
                "stated over true, median (5 % to 95 %)")  # fmt: skip
        words = HONESTY.format(**said).strip()
        return [words, table(head, rows), measured_on(found, found.lines)]

    return section("Stated errors", results.get("honesty"), body)


def references(results: Results) -> list[str]:
    def body(found: Published) -> list[str]:
        parts = []
        head = ("quantity", "measured", "reference", "tolerance", "agrees", "source")
        for suite in dict.fromkeys(str(line["suite"]) for line in found.lines):
            rows = [reference_row(line) for line in found.lines if line["suite"] == suite]
            parts += [f"### {suite}", table(head, rows)]
        return [*parts, measured_on(found, found.lines)]

    return section("References", results.get("references"), body)


def reference_row(line: Line) -> tuple[str, ...]:
    """Every agreement or difference that a test has found."""
    tolerance = line["tolerance"] if isinstance(line["tolerance"], int | float) else 0.0
    shown = [within(line[key], tolerance) if isinstance(line[key], int | float) else str(line[key])
             for key in ("value", "reference")]  # fmt: skip
    unit = f" {line['unit']}" if line["unit"] else ""
    bound = f"{tolerance:.3g}{unit}" if tolerance else str(line["tolerance"])
    agrees = "yes" if line["agrees"] else "**no**"
    return line["quantity"], f"{shown[0]}{unit}", shown[1], bound, agrees, str(line["source"])


def library_row(each: Line) -> tuple[str, ...]:
    """One measured number beside the published one, or alone where the paper has none."""
    value = each["value"]
    if each["published"] is None:
        shown = "not measured" if value is None else f"{value:.4g} {each['unit']}"
        return each["quantity"], shown, "-", "-", "-", each["source"]
    return (each["quantity"], f"{within(value, each['tolerance'])} {each['unit']}",
            within(each["published"], each["tolerance"]), f"{each['tolerance']:g}",
            "yes" if each["holds"] else "**no**", each["source"])  # fmt: skip


def library(results: Results) -> list[str]:
    def body(found: Published) -> list[str]:
        parts = ["Each preparation as `excitable run` carries it out, beside what its paper says."]
        for preparation in found.lines:
            rows = [library_row(each) for each in preparation["measured"]]
            parts.append(f"### {preparation['name']}\n\n{preparation['summary']} {preparation['source']}.")
            parts.append(table(("quantity", "measured", "published", "tolerance", "holds", "source"), rows))
        return [*parts, measured_on(found, [])]

    return section("The library beside the papers", results.get("library"), body)
