/**
 * Whether a value has everything that is expected of it: of an object each member that is named, of a list each place, all else exactly.
 *
 * @returns where it does not, such as `result.pages`, and undefined where it does
 */
export function missing(actual: unknown, expected: unknown, path: string): string | undefined {
  if (Array.isArray(expected)) {
    return Array.isArray(actual) && actual.length === expected.length
      ? first(expected.map((each, index) => missing(actual[index], each, `${path}[${index}]`)))
      : path;
  }
  if (typeof expected === 'object' && expected !== null) {
    return typeof actual === 'object' && actual !== null && !Array.isArray(actual)
      ? first(Object.entries(expected).map(([name, each]) => missing((actual as Record<string, unknown>)[name], each, `${path}.${name}`)))
      : path;
  }
  return Object.is(actual, expected) ? undefined : path;
}

function first(paths: readonly (string | undefined)[]): string | undefined {
  return paths.find((path) => path !== undefined);
}
