/**
 * Has each test of a file start with these variables, as a function starts with those that its construct gives it.
 * @returns what loads an entry anew: it reads its environment once
 */
export function entriesUnder<Handler>(environment: Readonly<Record<string, string>>): (name: string) => Handler {
  const saved = { ...process.env };
  beforeEach(() => {
    jest.resetModules();
    Object.assign(process.env, environment);
  });
  afterEach(() => {
    process.env = { ...saved };
  });
  return (name) => jest.requireActual<{ handler: Handler }>(`../../../src/runtime/handlers/${name}.lambda`).handler;
}
