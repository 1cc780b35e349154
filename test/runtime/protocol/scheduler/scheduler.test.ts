import { Scenario, scenarios } from './bounds';
import { MUTANTS } from './mutants';
import { REAL } from './rules';
import { Found, search } from './search';
import { OUTCOMES } from '../../../../src/runtime/protocol/decision';

/** On a shared machine the search may take several times its usual half a minute. */
const PATIENCE_MS = 300_000;

/** What the search cannot come to, and why. */
const NOT_SEARCHED = new Set([
  'rejected', // a message that is no job is no step in the life of one
  'ahead', // only a table restored under a live queue shows it
  'not_found', // nobody asks for a job that has no record
  'started', 'unsettled', // executions of state machines have a search of their own
  'newer', // one version is searched; what is left for another is as if it were not there yet
]);

describe('every interleaving of calls, crashes and duplicates', () => {
  const found = new Map<string, Found>();
  const searched = ({ name, bounds }: Scenario): Found => {
    const result = found.get(name) ?? search(bounds, REAL);
    found.set(name, result);
    return result;
  };
  const all = scenarios(2, 1, 1);

  test.each(all)('$name', (scenario) => {
    expect(searched(scenario).violation).toBeUndefined();
  }, PATIENCE_MS);

  test('every outcome was come to', () => {
    const seen = new Set(all.flatMap((scenario) => [...searched(scenario).kinds].flatMap((kind) => kind.split(/[ :.]/))));
    expect(OUTCOMES.filter((outcome) => !seen.has(outcome))).toEqual(OUTCOMES.filter((outcome) => NOT_SEARCHED.has(outcome)));
  }, PATIENCE_MS);

  test('no fewer states were seen than there were', () => {
    // Fewer would mean that the search has lost sight of something. A change of the rules may well change the number.
    expect(all.reduce((sum, scenario) => sum + searched(scenario).states, 0)).toBeGreaterThan(1_500_000);
  }, PATIENCE_MS);
});

describe('a rule broken on purpose is found', () => {
  test.each(MUTANTS)('$name', ({ rules, scenario }) => {
    const { bounds } = scenarios(2, 1, 1).find(({ name }) => name === scenario)!;
    const { violation } = search(bounds, rules);
    expect(violation?.problem).toEqual(expect.any(String));
    expect(violation!.path.length).toBeGreaterThan(0);
  }, PATIENCE_MS);
});
