"""Independent answers that excitable is held against: closed forms, other simulators, published curves."""
