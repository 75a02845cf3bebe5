"""What is promised in numbers and whether it is kept; and where another simulator is better. From the results alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from growth import KINDS, LINEAR_FROM, SLOPE_WANTED, SLOPE_WITHIN, growth_rows
from precision import claims
from problems import PEAK_WANTED, TIME_WANTED
from report import NAMES, summarise
from results import Published
from start import BASELINE, start_rows
from workloads import TITLES

Results = Mapping[str, Published | None]
# The shares of stated errors that are promised, and how much dearer a power of two may be than its neighbours.
HONEST, WITHIN_FACTOR, FACTOR = 0.95, 0.90, 20
CLIFF_ALLOWED = 1.25
# Below this a ratio is a tie: the spread of one binary on a shared machine.
TIE = 1.05
PEERS = ("neuron", "coreneuron", "arbor", "jaxley", "brian2", "myokit")


@dataclass(frozen=True)
class Promise:
    """`holds` is None where nothing was measured."""

    words: str
    wanted: str
    measured: str
    holds: bool | None


def promises(results: Results) -> list[Promise]:
    return [*precise(results), *honest(results), *linear(results), *agreeing(results)]


def precise(results: Results) -> list[Promise]:
    found = results.get("precision")
    made = []
    for each in claims(found.lines, found.clock) if found else []:
        words = f"{each.words}, for {TIME_WANTED:g} µs and {PEAK_WANTED:g} mV ({each.problem})"
        if each.measured is None:
            made.append(Promise(words, f"{each.wanted:g} ×", "-", None))
            continue
        middle, low, high = each.measured
        measured = f"{middle:.1f} × ({low:.1f} to {high:.1f}), against {each.against}"
        made.append(Promise(words, f"{each.wanted:g} ×", measured, each.holds))
    return made


def honest(results: Results) -> list[Promise]:
    found = results.get("honesty")
    asked = (("honest", HONEST, "a true error is not above the stated one"),
             ("within", WITHIN_FACTOR, f"a stated error is at most {FACTOR} times the true one"))  # fmt: skip
    made = []
    for key, wanted, words in asked:
        share = found.lines[-1][key] if found else None
        measured = "-" if share is None else f"{share:.1%}"
        made.append(Promise(words, f"{wanted:.0%}", measured, None if share is None else share >= wanted))
    return made


def linear(results: Results) -> list[Promise]:
    found = results.get("growth")
    made = []
    for row in growth_rows(found.lines, found.clock) if found else []:
        if row["engine"] != "excitable":
            continue
        kind = KINDS[row["kind"]]
        if row["slope"] is not None:
            holds = abs(row["slope"] - SLOPE_WANTED) <= SLOPE_WITHIN
            words = f"cost grows linearly from {LINEAR_FROM} compartments on ({kind})"
            made.append(Promise(words, f"slope {SLOPE_WANTED:g} ± {SLOPE_WITHIN:g}", f"{row['slope']:.3f}", holds))
        if row["cliff"] is not None:
            words, wanted = f"no cliff at powers of two ({kind})", f"at most {CLIFF_ALLOWED:g} ×"
            measured = f"{row['cliff']:.2f} × at {row['at']}"
            made.append(Promise(words, wanted, measured, row["cliff"] <= CLIFF_ALLOWED))
    return made


def agreeing(results: Results) -> list[Promise]:
    made = []
    suite, models = results.get("references"), results.get("library")
    checked = [("the reference suite agrees", [line["agrees"] for line in suite.lines] if suite else [])]
    rows = [each["holds"] for line in models.lines for each in line["measured"]] if models else []
    published = [holds for holds in rows if holds is not None]
    for words, flags in [*checked, ("the library gives the published numbers", published)]:
        made.append(
            Promise(words, "all", f"{sum(flags)} of {len(flags)}" if flags else "-", all(flags) if flags else None)
        )
    return made


def losses(results: Results) -> list[str]:
    """One sentence for everything in which another is better, or a number is not what it should be."""
    broken = [f"Not kept: {each.words}; wanted {each.wanted}, measured {each.measured}."
              for each in promises(results) if each.holds is False]  # fmt: skip
    return [*broken, *slower(results), *unreached(results), *later(results), *differing(results)]


def slower(results: Results) -> list[str]:
    found, made = results.get("speed"), []
    for line in summarise(found.lines, found.clock) if found else []:
        name = line["engine"].partition(":")[0]
        against = line["faster_than"].get("excitable")
        if name in PEERS and against and against[0] > TIE:
            title = TITLES.get(line["workload"], line["workload"])
            made.append(f"{NAMES[name]} is {against[0]:.2f} × as fast as excitable: {title}.")
    return made


def unreached(results: Results) -> list[str]:
    found = results.get("speed")
    return sorted({f"{line['workload']} ({TITLES[line['workload']]}) is not reached: {line['unsupported']}."
                   for line in (found.lines if found else ())
                   if line["engine"] == "excitable" and "unsupported" in line})  # fmt: skip


def later(results: Results) -> list[str]:
    """Who shows a first trace sooner."""
    found = results.get("start")
    rows = {row["start"]: row["s"] for row in start_rows(found.lines, found.clock)} if found else {}
    ours = [seconds for start, seconds in rows.items() if start.startswith("excitable")]
    return [f"{NAMES.get(start, start)} shows a first trace in {seconds:.2f} s, excitable in {min(ours):.2f} s."
            for start, seconds in rows.items() if ours and start != BASELINE and seconds < min(ours) / TIE]  # fmt: skip


def differing(results: Results) -> list[str]:
    suite, models = results.get("references"), results.get("library")
    made = [f"{line['suite']}, {line['quantity']}: {line['value']:.6g} {line['unit']} beside {line['reference']}."
            for line in (suite.lines if suite else ()) if not line["agrees"]]  # fmt: skip
    for line in models.lines if models else ():
        wrong = (each for each in line["measured"] if each["holds"] is False)
        made += [f"{line['name']}, {each['quantity']}: {each['value']:.6g} {each['unit']}, published "
                 f"{each['published']:.6g}." for each in wrong]  # fmt: skip
    return made
