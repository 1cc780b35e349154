import { stopwatch } from '../../bench/stopwatch';

test('waiting takes time by the clock, and hardly any of the processor', async () => {
  const stop = stopwatch();
  await new Promise(done => setTimeout(done, 200));
  const { cpu_ms, clock_ms } = stop();
  expect(clock_ms).toBeGreaterThan(190);
  expect(cpu_ms).toBeLessThan(clock_ms);
});

test('work takes both', () => {
  const stop = stopwatch();
  for (const until = process.cpuUsage().user + 30_000; process.cpuUsage().user < until;);
  const { cpu_ms, clock_ms } = stop();
  expect(cpu_ms).toBeGreaterThan(29);
  expect(clock_ms).toBeGreaterThan(20);
});
