"""Drawn pictures of one or two coloured shapes, and captions that say what they show."""

from __future__ import annotations

from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

COUNT, HELD_OUT = 4_000, 400  # pictures to learn from, and pictures of combinations that are held out
SIDE: Final = 16  # pixels
COLOURS: Final = {"red": (0.85, 0.15, 0.1), "green": (0.1, 0.65, 0.2), "blue": (0.15, 0.25, 0.85),
                  "yellow": (0.95, 0.85, 0.1)}  # fmt: skip
FORMS: Final = ("circle", "square", "triangle")
RELATIONS: Final = ("left of", "above")
_APART: Final = 4  # distance in pixels of either shape from the middle, if there are two
_FINE: Final = 3  # sample points per pixel in each direction
Thing = tuple[str, str]  # colour, form
Scene = tuple[Thing, str, Thing] | tuple[Thing]
ShapeRow = tuple[NDArray[np.float32], str]


def shapes(seed: int = 0) -> list[ShapeRow]:
    """((16, 16, 3) from 0 to 1, "a red circle left of a blue square"), …"""
    return _rows(_split(seed)[0], COUNT, np.random.default_rng(seed))


def unseen_shapes(seed: int = 0) -> list[ShapeRow]:
    """Rows like those of `shapes`, with combinations that it does not have."""
    return _rows(_split(seed)[1], HELD_OUT, np.random.default_rng(seed + 1))


def _split(seed: int) -> tuple[list[Scene], list[Scene]]:
    """Scenes to learn from, and scenes to test on: a seventh of those with two things."""
    things = list(product(COLOURS, FORMS))
    pairs: list[Scene] = [(a, relation, b) for a, relation, b in product(things, RELATIONS, things) if a != b]
    order = np.random.default_rng(seed).permutation(len(pairs))
    held = {int(i) for i in order[: len(pairs) // 7]}
    training = [scene for i, scene in enumerate(pairs) if i not in held]
    return [*training, *((thing,) for thing in things)], [pairs[i] for i in sorted(held)]


def _rows(scenes: list[Scene], count: int, generator: np.random.Generator) -> list[ShapeRow]:
    return [(_drawn(scene, generator), caption(scene)) for scene in (scenes[i % len(scenes)] for i in range(count))]


def caption(scene: Scene) -> str:
    """The caption of a scene, such as "a red circle left of a blue square"."""
    first = " ".join(("a", *scene[0]))
    return first if len(scene) == 1 else f"{first} {scene[1]} {' '.join(('a', *scene[2]))}"


def _drawn(scene: Scene, generator: np.random.Generator) -> NDArray[np.float32]:
    """(SIDE, SIDE, 3): the scene with smooth edges on nearly white paper."""
    picture = np.full((SIDE, SIDE, 3), generator.uniform(0.88, 1.0))
    middle = (SIDE - 1) / 2
    places = [(0, 0)]
    if len(scene) == 3:
        places = [(-_APART, 0), (_APART, 0)] if scene[1] == RELATIONS[0] else [(0, -_APART), (0, _APART)]
    for (colour, form), (x, y) in zip(scene[::2], places, strict=True):
        jitter = generator.uniform(-0.8, 0.8, 2)
        covered = _covered(form, middle + x + jitter[0], middle + y + jitter[1], generator.uniform(2.8, 3.4))
        ink = np.clip(np.array(COLOURS[colour]) + generator.uniform(-0.08, 0.08, 3), 0, 1)
        picture += covered[..., None] * (ink - picture)
    return np.clip(picture + generator.normal(0, 0.02, picture.shape), 0, 1).astype(np.float32).round(3)


def _covered(form: str, x: float, y: float, radius: float) -> NDArray[np.float64]:
    """(SIDE, SIDE): the share of each pixel that a shape covers."""
    fine = (np.arange(SIDE * _FINE) + 0.5) / _FINE - 0.5
    across, down = fine[None, :] - x, fine[:, None] - y
    if form == "circle":
        inside = across**2 + down**2 <= radius**2
    elif form == "square":
        inside = np.maximum(np.abs(across), np.abs(down)) <= 0.88 * radius
    else:
        inside = (np.abs(down) <= radius) & (np.abs(across) <= (down + radius) / 2)
    return np.asarray(inside.reshape(SIDE, _FINE, SIDE, _FINE).mean(axis=(1, 3)))
