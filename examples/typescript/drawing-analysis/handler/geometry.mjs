// @ts-check
/**
 * Lengths, bounds and shapes of entities. The numbers in brackets are DXF group codes.
 *
 * @typedef {import('./dxf.mjs').Entity} Entity
 * @typedef {[x: number, y: number]} Point
 * @typedef {{ min: Point, max: Point }} Bounds
 */

/**
 * How long a pen would travel to draw the entity.
 *
 * @param {Entity} entity
 */
export function lengthOf(entity) {
  const radius = value(entity, 40);
  switch (entity.type) {
    case 'LINE': return distance(pointsOf(entity)[0], pointsOf(entity)[1]);
    case 'CIRCLE': return 2 * Math.PI * radius;
    case 'ARC': return radius * sweep(entity) * Math.PI / 180;
    case 'LWPOLYLINE': return lengthOfPath(isClosed(entity) ? [...pointsOf(entity), pointsOf(entity)[0]] : pointsOf(entity));
    default: return 0;
  }
}

/**
 * The smallest upright box around the entity; none for what has no extent of its own.
 *
 * @param {Entity} entity
 * @returns {Bounds | undefined}
 */
export function boundsOf(entity) {
  const points = entity.type === 'CIRCLE' ? around(centre(entity), value(entity, 40))
    : entity.type === 'ARC' ? extremesOfArc(entity)
      : pointsOf(entity);
  return points.length === 0 ? undefined : {
    min: [Math.min(...points.map(([x]) => x)), Math.min(...points.map(([, y]) => y))],
    max: [Math.max(...points.map(([x]) => x)), Math.max(...points.map(([, y]) => y))],
  };
}

/**
 * @param {Bounds | undefined} one
 * @param {Bounds | undefined} other
 * @returns {Bounds | undefined}
 */
export function union(one, other) {
  if (!one || !other) {
    return one ?? other;
  }
  return {
    min: [Math.min(one.min[0], other.min[0]), Math.min(one.min[1], other.min[1])],
    max: [Math.max(one.max[0], other.max[0]), Math.max(one.max[1], other.max[1])],
  };
}

/** @param {Entity} entity */
export function isClosed(entity) {
  return entity.type === 'CIRCLE' || (entity.type === 'LWPOLYLINE' && (value(entity, 70) & 1) === 1);
}

/**
 * The first number of a group; 0, as DXF has it, where there is none.
 *
 * @param {Entity} entity
 * @param {number} code
 */
export function value(entity, code) {
  return entity.values[code]?.[0] ?? 0;
}

/**
 * Corners of a line or polyline, or where a text or block stands.
 *
 * @param {Entity} entity
 * @returns {Point[]}
 */
function pointsOf(entity) {
  const points = zip(entity.values[10], entity.values[20]);
  return entity.type === 'LINE' ? [...points, ...zip(entity.values[11], entity.values[21])] : points;
}

/**
 * @param {number[]} xs
 * @param {number[]} ys
 * @returns {Point[]}
 */
function zip(xs = [], ys = []) {
  return xs.map((x, i) => [x, ys[i] ?? 0]);
}

/**
 * @param {Entity} entity
 * @returns {Point}
 */
function centre(entity) {
  return [value(entity, 10), value(entity, 20)];
}

/**
 * Arcs run counter-clockwise from group 50 to group 51, in degrees.
 *
 * @param {Entity} entity
 */
function sweep(entity) {
  const angle = (value(entity, 51) - value(entity, 50)) % 360;
  return angle > 0 ? angle : angle + 360;
}

/**
 * Both ends of the arc, and every quarter point between them.
 *
 * @param {Entity} entity
 * @returns {Point[]}
 */
function extremesOfArc(entity) {
  const start = value(entity, 50);
  const angles = [start, start + sweep(entity)];
  for (let quarter = Math.ceil(start / 90) * 90; quarter < angles[1]; quarter += 90) {
    angles.push(quarter);
  }
  const [x, y] = centre(entity);
  const radius = value(entity, 40);
  return angles.map((angle) => [x + radius * Math.cos(angle * Math.PI / 180), y + radius * Math.sin(angle * Math.PI / 180)]);
}

/**
 * @param {Point} point
 * @param {number} radius
 * @returns {Point[]}
 */
function around([x, y], radius) {
  return [[x - radius, y - radius], [x + radius, y + radius]];
}

/** @param {Point[]} path */
function lengthOfPath(path) {
  return path.slice(1).reduce((sum, point, i) => sum + distance(path[i], point), 0);
}

/**
 * @param {Point} [from]
 * @param {Point} [to]
 */
function distance(from = [0, 0], to = from) {
  return Math.hypot(to[0] - from[0], to[1] - from[1]);
}
