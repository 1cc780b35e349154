// @ts-check
/**
 * Reads the entities of an ASCII DXF drawing: pairs of lines, a group code and its value. Only what this analysis measures is kept.
 *
 * @typedef {{ type: string, layer: string, values: Record<number, number[]>, text?: string }} Entity
 * @typedef {{ units: string, entities: Entity[] }} Drawing
 */

/** A drawing that cannot be read: trying again would not help. */
export class UnreadableDrawing extends Error {
  name = 'UnreadableDrawing';
}

const UNITS = ['unitless', 'in', 'ft', 'mi', 'mm', 'cm', 'm', 'km'];

/**
 * @param {string} text
 * @returns {Drawing}
 */
export function parseDxf(text) {
  const pairs = [...groups(text)];
  if (!pairs.some(([code, value]) => code === 0 && value === 'EOF')) {
    throw new UnreadableDrawing('the drawing has no EOF: it was cut off, or is no ASCII DXF');
  }
  return { units: units(pairs), entities: entities(pairs) };
}

/**
 * @param {string} text
 * @returns {Generator<[code: number, value: string]>}
 */
function* groups(text) {
  const lines = text.split(/\r\n|\n/);
  for (let i = 0; i + 1 < lines.length; i += 2) {
    const code = Number(lines[i]);
    if (lines[i].trim() === '' || !Number.isInteger(code)) {
      throw new UnreadableDrawing(`line ${i + 1} should be a group code and is ${JSON.stringify(lines[i].slice(0, 20))}`);
    }
    yield [code, lines[i + 1].trim()];
  }
}

/** @param {[number, string][]} pairs */
function units(pairs) {
  const header = pairs.findIndex(([code, value]) => code === 9 && value === '$INSUNITS');
  return UNITS[header < 0 ? 0 : Number(pairs[header + 1]?.[1])] ?? 'unitless';
}

/**
 * @param {[number, string][]} pairs
 * @returns {Entity[]}
 */
function entities(pairs) {
  const start = pairs.findIndex(([code, value]) => code === 2 && value === 'ENTITIES') + 1;
  if (start === 0) {
    throw new UnreadableDrawing('the drawing has no ENTITIES section');
  }
  /** @type {Entity[]} */
  const found = [];
  for (const [code, value] of pairs.slice(start)) {
    if (code === 0 && value === 'ENDSEC') {
      break;
    }
    const entity = found.at(-1);
    if (code === 0) {
      found.push({ type: value, layer: '0', values: {} });
    } else if (entity && code === 8) {
      entity.layer = value;
    } else if (entity && code === 1) {
      entity.text = value;
    } else if (entity && ((code >= 10 && code < 60) || code === 70)) {
      (entity.values[code] ??= []).push(number(value, code));
    }
  }
  return found;
}

/**
 * @param {string} value
 * @param {number} code
 */
function number(value, code) {
  if (value === '' || !Number.isFinite(Number(value))) {
    throw new UnreadableDrawing(`group ${code} should be a number and is ${JSON.stringify(value.slice(0, 20))}`);
  }
  return Number(value);
}
