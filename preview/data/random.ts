/* eslint-disable no-bitwise -- hashes are made of bits */

/** Numbers that look random and are the same at every run: each is made of a text and a number alone, never of what was drawn before. */

const LARGEST = 2 ** 32;

/** A number from 0 to below 1. */
export function uniform(seed: string, index = 0): number {
  let hash = 0x811c9dc5 ^ Math.imul(index + 1, 0x9e3779b1);
  for (let i = 0; i < seed.length; i++) hash = Math.imul(hash ^ seed.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return ((hash ^ (hash >>> 16)) >>> 0) / LARGEST;
}

/** A number of the normal distribution, with mean 0 and deviation 1. */
export function normal(seed: string, index = 0): number {
  const [a, b] = [uniform(`${seed} a`, index), uniform(`${seed} b`, index)];
  return Math.sqrt(-2 * Math.log(1 - a)) * Math.cos(2 * Math.PI * b);
}

/** A curve through random points, a step apart, that wanders between about -1 and 1. */
export function wandering(seed: string, time: number, step: number): number {
  const place = Math.floor(time / step);
  const along = time / step - place;
  const eased = along * along * (3 - 2 * along);
  const at = (index: number) => 2 * uniform(seed, index) - 1;
  return at(place) * (1 - eased) + at(place + 1) * eased;
}

/** Callers are no dice: much of what comes, comes evenly. */
const EVENNESS = 0.6;

/** How often something happened that happens so often in the mean. */
export function happened(expected: number, seed: string, index: number): number {
  if (expected <= 0) return 0;
  if (expected > 20) return Math.max(0, Math.round(expected + EVENNESS * Math.sqrt(expected) * normal(seed, index)));
  let [product, times] = [uniform(seed, index), 0];
  for (const limit = Math.exp(-expected); product > limit; times++) product *= uniform(`${seed} ${times}`, index);
  return times;
}

/** One of several. */
export function oneOf<Item>(items: readonly Item[], seed: string, index = 0): Item {
  return items[Math.floor(uniform(seed, index) * items.length)];
}
