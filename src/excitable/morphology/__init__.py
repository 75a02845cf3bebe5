"""What shape is it? Points, trees of branches, regions, locations, and their cutting into compartments."""

import importlib
from typing import TYPE_CHECKING, Any

from .build import balanced_tree, ball_and_stick, cable, from_points, from_table, frustum, single_compartment
from .discretise import Discretisation, Rule, discretise
from .distances import distance_between, distance_greater_than, distance_less_than, path_distance
from .labels import label
from .metrics import sholl, summary
from .places import Location, as_location, at, centre, distal, each, proximal, root, terminals
from .regions import (
    Region,
    apical,
    as_region,
    axon,
    basal,
    branch,
    dendrite,
    everywhere,
    order_at_least,
    radius_greater_than,
    radius_less_than,
    region,
    select,
    soma,
    subtree,
    tag,
)
from .rules import by_branch, d_lambda, max_length, per_branch
from .tree import Branch, Morphology

if TYPE_CHECKING:
    from .files import read, read_swc

__all__ = [
    "Branch",
    "Discretisation",
    "Location",
    "Morphology",
    "Region",
    "Rule",
    "apical",
    "as_location",
    "as_region",
    "at",
    "axon",
    "balanced_tree",
    "ball_and_stick",
    "basal",
    "branch",
    "by_branch",
    "cable",
    "centre",
    "d_lambda",
    "dendrite",
    "discretise",
    "distal",
    "distance_between",
    "distance_greater_than",
    "distance_less_than",
    "each",
    "everywhere",
    "from_points",
    "from_table",
    "frustum",
    "label",
    "max_length",
    "order_at_least",
    "path_distance",
    "per_branch",
    "proximal",
    "radius_greater_than",
    "radius_less_than",
    "read",
    "read_swc",
    "region",
    "root",
    "select",
    "sholl",
    "single_compartment",
    "soma",
    "subtree",
    "summary",
    "tag",
    "terminals",
]


def __getattr__(name: str) -> Any:
    # The reader of files loads when it is named.
    if name in ("read", "read_swc"):
        return getattr(importlib.import_module(f"{__name__}.files"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
