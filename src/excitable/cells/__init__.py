"""Which mechanisms sit where? A cell is a shape on which mechanisms are painted."""

from .cell import Cell, Material, Painting, material, paint

__all__ = ["Cell", "Material", "Painting", "material", "paint"]
