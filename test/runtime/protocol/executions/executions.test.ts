import { Bounds, Programs, RIGHT } from './model';
import { Found, search } from './search';
import { Decision } from '../../../../src/runtime/protocol/decision';
import { REAL, Rules } from '../scheduler/rules';

const NOTHING: Bounds = { max_attempts: 2, crashes: 0, duplicates: 0, zombies: 0, cancels: 0, retries: 0, losses: 0, others: 0, deadlines: 0 };

const SCENARIOS = {
  crashes: { ...NOTHING, crashes: 1 },
  duplicates: { ...NOTHING, duplicates: 1 },
  frozen: { ...NOTHING, zombies: 1 },
  contended: { ...NOTHING, cancels: 1, others: 1 },
  events: { ...NOTHING, losses: 1, deadlines: 1 },
  retries: { ...NOTHING, max_attempts: 1, retries: 1 },
} satisfies Record<string, Bounds>;

/** On a shared machine the search may take several times as long as usual. */
const PATIENCE_MS = 300_000;

describe('a job whose attempts are executions: every interleaving of calls and crashes', () => {
  const found = new Map<string, Found>();

  test.each(Object.entries(SCENARIOS))('%s', (name, bounds) => {
    found.set(name, search(bounds, RIGHT));
    expect(found.get(name)!.violation).toBeUndefined();
  }, PATIENCE_MS);

  test('everything that can happen did', () => {
    const kinds = [...found.values()].flatMap((one) => [...one.kinds]);
    for (const kind of [
      'starter.slot full', 'starter.start', 'starter.ask running', 'starter.ask failed', 'starter.ask none', 'starter.update:started', 'starter.stop',
      'ended.send:retrying', 'ended.update:succeeded', 'sweeper.look none', 'sweeper.look running', 'sweeper.look succeeded', 'sweeper.stop', 'sweeper.release',
      'dead_letter.ask running', 'dead_letter.ask failed', 'overdue.ask running', 'overdue.update:overdue', 'cancel.stop', 'retry.send:retried',
    ]) {
      expect(kinds).toContain(kind);
    }
  });
});

function deciding(change: (decision: Decision, event: Parameters<Rules['decide']>[1]) => Decision): Programs {
  return { ...RIGHT, rules: { ...REAL, decide: (record, event, now) => change(REAL.decide(record, event, now), event) } };
}

function asking(change: (event: Parameters<Rules['decide']>[1]) => Parameters<Rules['decide']>[1]): Programs {
  return { ...RIGHT, rules: { ...REAL, decide: (record, event, now) => REAL.decide(record, change(event), now) } };
}

const reordered = (decision: Decision, last: string): Decision => ({
  ...decision, steps: [...decision.steps.filter((step) => step.do !== last), ...decision.steps.filter((step) => step.do === last)],
});

describe('what is broken on purpose is found', () => {
  test.each<[string, keyof typeof SCENARIOS, Programs]>([
    ['nobody is asked: a lease that is over is an attempt that is lost', 'crashes', asking((event) => ('judged_run' in event ? { ...event, judged_run: undefined } : event))],
    ['dead letters and sweeper do not ask', 'events', asking((event) => (event.type === 'sweep' || event.type === 'dead_letter' ? { ...event, judged_run: undefined } : event))],
    ['the next attempt gets no message', 'crashes', deciding((decision, event) => (
      event.type === 'fail' && event.detached ? { ...decision, steps: decision.steps.filter((step) => step.do !== 'send') } : decision))],
    ['the next attempt gets its message after the record is put back', 'crashes', deciding((decision, event) => (
      event.type === 'fail' && event.detached ? reordered(decision, 'send') : decision))],
    ['the message is deleted before it is known that the execution was started', 'crashes', deciding((decision, event) => (
      event.type === 'deliver' && decision.outcome === 'claimed' ? { ...decision, steps: [{ do: 'acknowledge' }, ...decision.steps] } : decision))],
    ['the execution is started before it has a slot', 'contended', { ...RIGHT, slotFirst: false }],
    ['nobody sweeps', 'crashes', { ...RIGHT, sweeps: false }],
    ['slots are freed without a question', 'crashes', { ...RIGHT, asksBeforeRelease: false }],
    ['whoever comes late says that it has started', 'frozen', {
      ...RIGHT,
      rules: {
        ...REAL,
        holds: (step, stored, now) => (
          step.do === 'update' ? stored !== undefined : REAL.holds(step, stored, now)),
      },
    }],
  ])('%s', (_name, scenario, programs) => {
    const { violation } = search(SCENARIOS[scenario], programs);
    expect(violation?.problem).toEqual(expect.any(String));
  }, PATIENCE_MS);
});
