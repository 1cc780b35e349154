import { DEFAULT_SIZE, GRID_COLUMNS, type Widget } from '../body/body';

/** A place on the picture, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  readonly boxes: readonly { readonly widget: Widget; readonly box: Box }[];
  readonly height: number;
}

const UNIT = 50;
const GAP = 8;

/** Below this a window has no room for widgets side by side: they stand in one column, in the order in which one reads. */
export const NARROW = 768;

/** Where each widget stands in a window of some width. */
export function layout(widgets: readonly Widget[], width: number): Layout {
  const placed = inReadingOrder(placedOf(widgets));
  const boxes = width < NARROW ? stacked(placed, width) : onGrid(placed, width);
  return { boxes, height: Math.max(0, ...boxes.map(({ box }) => box.y + box.height)) };
}

type Placed = { readonly widget: Widget; readonly x: number; readonly y: number; readonly w: number; readonly h: number };

/** Widgets that say no place come after those before them: beside, if there is room, otherwise below. */
function placedOf(widgets: readonly Widget[]): Placed[] {
  let [nextX, rowY, bottom] = [0, 0, 0];
  return widgets.map((widget) => {
    const { width: w = DEFAULT_SIZE, height: h = DEFAULT_SIZE } = widget;
    if (widget.x === undefined && nextX + w > GRID_COLUMNS) [nextX, rowY] = [0, bottom];
    const { x = nextX, y = rowY } = widget;
    [nextX, rowY, bottom] = [x + w, y, Math.max(bottom, y + h)];
    return { widget, x, y, w, h };
  });
}

function inReadingOrder(placed: readonly Placed[]): Placed[] {
  return [...placed].sort((a, b) => a.y - b.y || a.x - b.x);
}

function onGrid(placed: readonly Placed[], width: number): Layout['boxes'] {
  const column = (width + GAP) / GRID_COLUMNS;
  return placed.map(({ widget, x, y, w, h }) => ({ widget, box: { x: x * column, y: y * UNIT, width: w * column - GAP, height: h * UNIT - GAP } }));
}

function stacked(placed: readonly Placed[], width: number): Layout['boxes'] {
  let y = 0;
  return placed.map(({ widget, h }) => {
    const box = { x: 0, y, width, height: h * UNIT - GAP };
    y += h * UNIT;
    return { widget, box };
  });
}
