"""A table over the picture that shows how far one step moves each block of weights."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from engine.inspection.one_step import BlockChange, OneStep
from engine.number_text import in_figures, percent
from gui.theme import Theme
from gui.widgets.weight_names import weight_title

LINE, MARGIN, BAR, LEAST_BAR = 17.0, 12.0, 90.0, 16.0
SMALLEST_MOVE = 1e-7  # steps are small: their size is what this table shows
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
HEADS = ("weights", "size", "gradient", "moves by", "")
SHOWN_ONLY = "A preview: the network itself is not changed."


def rows_of(step: OneStep) -> list[tuple[str, str, str, str, float]]:
    """For each block of weights: name, size, gradient, how far it moves, and that as a share of its size."""
    return [
        (weight_title(c.name), in_figures(c.weights), in_figures(c.gradient, 2), in_figures(c.change, 2), _share(c))
        for c in step.changes
    ]


def _share(change: BlockChange) -> float:
    return change.change / change.weights if change.weights > 0 else 0.0


def _written(share: float) -> str:
    return percent(share, smallest=SMALLEST_MOVE)


def paint_changes(painter: QPainter, view: QSizeF, step: OneStep, theme: Theme, font: QFont) -> None:
    """Draw the table in the middle of a view, with as many blocks as fit, those that move most first."""
    rows = sorted(rows_of(step), key=lambda row: -row[4])
    fits = max(1, int((view.height() - 2 * MARGIN) / LINE) - 2)
    left_out = len(rows) - fits
    if left_out > 0:
        rows = rows[: max(1, fits - 1)]
        left_out = len(step.changes) - len(rows)
    small = QFont(font)
    small.setPixelSize(11)
    metrics = QFontMetricsF(small)
    widths = [max(metrics.horizontalAdvance(text) for text in (HEADS[i], *(str(r[i]) for r in rows))) for i in range(4)]
    share = max((metrics.horizontalAdvance(_written(row[4])) for row in rows), default=0.0)
    beside = sum(widths) + 3 * 16 + 16 + 8 + share + 2 * MARGIN
    bar = max(LEAST_BAR, min(BAR, view.width() - 8 - beside))
    width = beside + bar
    width = max(width, metrics.horizontalAdvance(SHOWN_ONLY) + 2 * MARGIN + 4)
    lines = len(rows) + 2 + (left_out > 0)
    box = QRectF(0, 0, min(width, view.width() - 8), lines * LINE + 2 * MARGIN - 6)
    box.moveCenter(QRectF(0, 0, view.width(), view.height()).center())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.border), 1.0))
    painter.setBrush(QColor(theme.surface))
    painter.drawRoundedRect(box, 8, 8)
    painter.setFont(small)
    largest = max((row[4] for row in rows), default=0.0) or 1.0
    for i, row in enumerate([(*HEADS, 0.0), *rows]):
        y, x = box.top() + MARGIN - 3 + i * LINE, box.left() + MARGIN
        painter.setPen(QColor(theme.text if i else theme.muted))
        for k in range(4):
            painter.drawText(QRectF(x, y, widths[k], LINE), RIGHT if k else LEFT, str(row[k]))
            x += widths[k] + 16
        if not i:
            painter.drawText(QRectF(x, y, bar + 8 + share, LINE), LEFT, "of its size")
            continue
        part = float(row[4])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.series[3]))
        painter.drawRoundedRect(QRectF(x, y + LINE / 2 - 3, max(1.5, bar * part / largest), 6), 2, 2)
        painter.setPen(QColor(theme.secondary))
        painter.drawText(QRectF(x + bar + 8, y, share + 8, LINE), LEFT, _written(part))
    notes = [f"and {left_out} more, which move less"] * (left_out > 0) + [SHOWN_ONLY]
    painter.setPen(QColor(theme.muted))
    for i, note in enumerate(notes, start=len(rows) + 1):
        y = box.top() + MARGIN - 3 + i * LINE
        painter.drawText(QRectF(box.left() + MARGIN, y, box.width() - 2 * MARGIN, LINE), LEFT, note)
