import { insert, lines, markdown } from '../../bench/report';
import { counted, timedRatio } from '../../bench/row';

const ABOUT = {
  date: '2026-01-02T03:04:05.678Z', commit: 'abc1234', machine: '2 × CPU', versions: { node: '20.1.2' }, load: { began: 0.5, ended: 1.5 }, rounds: 7, seconds: 60,
};
const always = (cpu_ms: number) => Array(7).fill({ cpu_ms, clock_ms: 2 * cpu_ms });
const RATIO = timedRatio({ metric: 'synth', unit: 'ms', goal: 1.05 }, always(1234.4), { name: 'by hand', samples: always(1000) });
const COUNT = counted({ metric: 'calls', unit: 'calls', goal: 5, note: 'send, put' }, 5);

test('figures as a table', () => {
  const text = markdown([{ title: 'Title', how: 'How.', rows: [RATIO, COUNT] }], ABOUT);
  expect(text).toContain('Measured 2026-01-02 03:04 UTC, commit abc1234, in 60 s on 2 × CPU; node 20.1.2.');
  expect(text).toContain('0.5 when it began, 1.5 when it ended');
  expect(text).toContain('## Title\n\nHow.\n\n|');
  expect(text).toContain('| synth<br>by the clock 2468.8 ms to 2000.0 ms | 1,234 ms | 1,000<br>by hand | 1.23 | 1.23 to 1.23 | ratio ≤ 1.05 | **missed** |');
  expect(text).toContain('| calls<br>send, put | 5 calls |  |  |  | ≤ 5 calls | met |');
});

test('figures as lines', () => {
  expect(lines([RATIO, COUNT])).toEqual([
    'synth: 1,234 ms; by the clock 2468.8 ms to 2000.0 ms; by hand 1,000 ms, ratio 1.23; ratio within 1.23 to 1.23, goal ratio ≤ 1.05 MISSED',
    'calls: 5 calls; send, put; goal ≤ 5 calls met',
  ]);
});

test('figures take the place of the last ones, and the rest of the page stays', () => {
  const page = '# Page\n\n<!-- begin: written by npm run bench -->\n\nold\n\n<!-- end -->\n\nafter\n';
  const written = insert(page, 'new\n');
  expect(written).toBe('# Page\n\n<!-- begin: written by npm run bench -->\n\nnew\n\n<!-- end -->\n\nafter\n');
  expect(insert(written, 'new')).toBe(written);
  expect(() => insert('# Page', 'new')).toThrow('needs the lines');
});
