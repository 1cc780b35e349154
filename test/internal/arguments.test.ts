import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as library from '../../src';

const SOURCE = join(__dirname, '../../src');

/** Every factory that takes nothing, found where it is written: `[class, factory]`. */
function factoriesWithoutArguments(): Array<[string, string]> {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && !file.startsWith('runtime'));
  return files.flatMap((file) => {
    const source = readFileSync(join(SOURCE, file), 'utf8');
    return [...source.matchAll(/public static ([a-z]\w*)\(\): (\w+) \{/g)].map<[string, string]>(([, factory, made]) => [made, factory]);
  });
}

const factories = factoriesWithoutArguments();

test('there are such factories, and all are public', () => {
  expect(factories.length).toBeGreaterThanOrEqual(13);
  expect(factories.filter(([made]) => !(made in library))).toEqual([]);
});

describe.each(factories)('%s.%s()', (made, factory) => {
  const type = (library as unknown as Record<string, Record<string, (...given: unknown[]) => unknown>>)[made];
  const call = (...given: unknown[]) => type[factory](...given);

  test('takes nothing', () => {
    expect(call()).toBeDefined();
    expect(call(undefined)).toBeDefined(); // what an option that was left out becomes
  });

  test.each<[string, unknown, string]>([
    ['options', { perSecond: 1, secret: 'hidden' }, 'an object { perSecond, secret }'],
    ['no options at all', {}, 'an empty object'],
    ['a number', 0, '0'],
  ])('refuses %s, and says what to write', (_, given, shown) => {
    expect(() => call(given)).toThrow(`${made}.${factory}(): it takes no arguments. Given: ${shown}. Fix: write ${made}.${factory}(); `);
    expect(() => call(given)).not.toThrow(/hidden/);
  });

  test('refuses what comes after nothing', () => {
    expect(() => call(undefined, 'x')).toThrow('it takes no arguments');
  });
});
