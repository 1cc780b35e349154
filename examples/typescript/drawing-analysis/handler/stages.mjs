// @ts-check
/**
 * The work itself, a function a stage. Each takes what the stages before it found and returns what it adds.
 *
 * @typedef {import('./dxf.mjs').Entity} Entity
 * @typedef {import('./geometry.mjs').Bounds} Bounds
 * @typedef {{ entities: number, length: number }} LayerMeasures
 * @typedef {{ layers: Record<string, LayerMeasures>, bounds?: Bounds, length: number }} Measures
 * @typedef {{ holes: { diameter: number, count: number }[], outlines: number, annotations: string[], subject?: string }} Features
 * @typedef {ReturnType<typeof report>} Report
 */
import { parseDxf, UnreadableDrawing } from './dxf.mjs';
import { boundsOf, isClosed, lengthOf, union, value } from './geometry.mjs';

/** Every checkpoint holds the whole drawing, and what is measured and classified beside it. */
const MOST_BYTES = 2 * 1024 ** 2;

/** Entities that are measured between two reports of progress. */
const SLICE = 25;

/** @param {string} dxf */
export function read(dxf) {
  const drawing = parseDxf(dxf);
  const bytes = Buffer.byteLength(JSON.stringify(drawing));
  if (bytes > MOST_BYTES) {
    throw new UnreadableDrawing(`the entities take ${bytes} bytes, and ${MOST_BYTES} can be saved between two stages`);
  }
  return drawing;
}

/**
 * Measures in slices, so that it can tell how far it is and stop when its time is up.
 *
 * @param {Entity[]} entities
 * @param {AbortSignal} signal
 * @param {(share: number) => Promise<void>} progress
 * @returns {Promise<Measures>}
 */
export async function measure(entities, signal, progress) {
  /** @type {Map<string, LayerMeasures>} */
  const layers = new Map();
  /** @type {Bounds | undefined} */
  let bounds;
  for (let start = 0; start < entities.length; start += SLICE) {
    signal.throwIfAborted();
    for (const entity of entities.slice(start, start + SLICE)) {
      const layer = layers.get(entity.layer) ?? { entities: 0, length: 0 };
      layers.set(entity.layer, { entities: layer.entities + 1, length: layer.length + lengthOf(entity) });
      bounds = union(bounds, boundsOf(entity));
    }
    await progress(Math.min(1, (start + SLICE) / entities.length));
  }
  return { layers: Object.fromEntries(layers), bounds, length: [...layers.values()].reduce((sum, { length }) => sum + length, 0) };
}

/**
 * @param {Entity[]} entities
 * @returns {Features}
 */
export function classify(entities) {
  const holes = count(entities.filter(({ type }) => type === 'CIRCLE').map((circle) => rounded(2 * value(circle, 40))));
  return {
    holes: [...holes].map(([diameter, number]) => ({ diameter, count: number })).sort((a, b) => a.diameter - b.diameter),
    outlines: entities.filter((entity) => entity.type === 'LWPOLYLINE' && isClosed(entity)).length,
    annotations: entities.flatMap(({ type, text }) => ((type === 'TEXT' || type === 'MTEXT') && text ? [text] : [])),
  };
}

/**
 * @param {string} name
 * @param {{ drawing: import('./dxf.mjs').Drawing, measures: Measures, features: Features }} found
 */
export function report(name, { drawing, measures, features }) {
  const { bounds } = measures;
  return {
    name,
    units: drawing.units,
    entities: Object.fromEntries(count(drawing.entities.map(({ type }) => type))),
    layers: Object.fromEntries(Object.entries(measures.layers).map(([name, layer]) => [name, { ...layer, length: rounded(layer.length) }])),
    bounds: bounds && { min: bounds.min.map(rounded), max: bounds.max.map(rounded) },
    total_length: rounded(measures.length),
    ...features,
  };
}

/**
 * @template T
 * @param {T[]} items
 * @returns {Map<T, number>}
 */
function count(items) {
  /** @type {Map<T, number>} */
  const counts = new Map();
  for (const item of items) {
    counts.set(item, (counts.get(item) ?? 0) + 1);
  }
  return counts;
}

/** @param {number} number */
function rounded(number) {
  return Math.round(number * 1000) / 1000;
}
