import { queueAtPeak, serversFor, type QueuedWork } from '../../src/capacity-plan/queue-model';

const work = (given: Partial<QueuedWork>): QueuedWork => ({
  baseRate: 1, peakRate: 8, peakSeconds: 200_000, jobSeconds: 1, variation: 1, servers: 10, ...given,
});

/** The chance that a job waits at all, by Erlang's formula. */
function waiting(servers: number, offered: number): number {
  let inverse = 1; // of the chance that all are busy where nobody waits
  for (let server = 1; server <= servers; server++) {
    inverse = 1 + inverse * server / offered;
  }
  const blocked = 1 / inverse;
  return blocked / (1 - offered / servers * (1 - blocked));
}

describe('in the long run', () => {
  test.each([[2, 0.5], [5, 0.8], [10, 0.8], [10, 0.95], [50, 0.9], [200, 0.97]])('%d servers that are %d busy: the formula of M/M/c', (servers, busy) => {
    const { running, meanWait } = queueAtPeak(work({ servers, peakRate: busy * servers }));
    const chance = waiting(servers, busy * servers);
    expect(running / (busy * servers)).toBeCloseTo(1, 2);
    const expected = chance / (servers * (1 - busy));
    expect(meanWait / expected).toBeGreaterThan(0.97);
    expect(meanWait / expected).toBeLessThan(1.03);
  });

  test('the one of twenty waits as long as an exponential tail has it', () => {
    const chance = waiting(10, 9.5);
    expect(queueAtPeak(work({ peakRate: 9.5 })).longWait / (Math.log(chance / 0.05) / 0.5)).toBeCloseTo(1, 1);
  });

  test('where fewer than one of twenty wait, it does not wait', () => {
    expect(queueAtPeak(work({ peakRate: 2 })).longWait).toBe(0);
  });

  test('jobs that all take the same wait half as long as jobs that vary', () => {
    const [same, varied] = [0, 1].map((variation) => queueAtPeak(work({ servers: 50, peakRate: 48, variation })).meanWait) as [number, number];
    expect(same / varied).toBeCloseTo(0.5, 1);
  });
});

describe('past capacity', () => {
  const over = work({ peakRate: 15, peakSeconds: 3_600 });

  test('a backlog grows by what is too much, and jobs wait for all of it', () => {
    const { backlog, meanWait, longWait, running } = queueAtPeak(over);
    expect(running).toBeCloseTo(10, 1);
    expect(backlog / (5 * 3_600)).toBeCloseTo(1, 2);
    expect(meanWait / (backlog / 10 / 2)).toBeCloseTo(1, 1);
    expect(longWait / (0.95 * backlog / 10)).toBeCloseTo(1, 1);
  });

  test('twice the peak is twice the backlog', () => {
    expect(queueAtPeak({ ...over, peakSeconds: 7_200 }).backlog / queueAtPeak(over).backlog).toBeCloseTo(2, 1);
  });
});

describe('while servers are added', () => {
  const growing = work({ baseRate: 100, peakRate: 600, peakSeconds: 600, servers: 1_000, growth: { first: 120, perSecond: 5 } });

  test('jobs wait for them, and no longer when there are enough', () => {
    const { meanWait, longWait, backlog } = queueAtPeak(growing);
    // Too few for 96 s: up to 23,000 wait, which those that are added afterwards work off in as long again.
    expect(meanWait).toBeGreaterThan(6);
    expect(longWait).toBeGreaterThan(30);
    expect(longWait).toBeLessThan(48);
    expect(backlog).toBeLessThan(1);
  });

  test('there is none of it where all are there', () => {
    expect(queueAtPeak({ ...growing, growth: undefined }).meanWait).toBeLessThan(0.001);
  });
});

describe('how many are needed', () => {
  test('one fewer would let them wait longer', () => {
    const enough = serversFor(work({ peakSeconds: 3_600 }), 2);
    expect(queueAtPeak(work({ peakSeconds: 3_600, servers: enough })).longWait).toBeLessThanOrEqual(2);
    expect(queueAtPeak(work({ peakSeconds: 3_600, servers: enough - 1 })).longWait).toBeGreaterThan(2);
  });

  test('who may wait half an hour needs fewer than come at the peak, and never fewer than come all day', () => {
    expect(serversFor(work({ peakSeconds: 3_600 }), 1_800)).toBeLessThan(8);
    expect(serversFor(work({ peakSeconds: 60, baseRate: 7 }), 86_400)).toBeGreaterThan(7);
  });
});
