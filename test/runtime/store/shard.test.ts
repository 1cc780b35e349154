import { newJobId } from '../../../src/runtime/protocol/job-id';
import { shardOf } from '../../../src/runtime/store/shard';
import { SHARDS } from '../../../src/runtime/wire/table';

test.each([
  // sum(text.encode()) % 16 in Python
  ['job_01HZZZZZZZZZZZZZZZZZZZZZZZ', 9],
  ['job_00000000000000000000000000', 10],
  ['a', 1],
  ['ü', 15],
])('the shard of %s is %d, in every language', (job_id, shard) => {
  expect(shardOf(job_id)).toBe(shard);
});

test('ids made in one moment are spread evenly', () => {
  const counts = new Array<number>(SHARDS).fill(0);
  for (let index = 0; index < 16_000; index++) counts[shardOf(newJobId(1_800_000_000_000))]++;
  // 1000 each; the standard deviation is 31
  expect(Math.min(...counts)).toBeGreaterThan(800);
  expect(Math.max(...counts)).toBeLessThan(1_200);
});
