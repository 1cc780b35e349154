// @ts-check
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { testJob } from 'cdk-jobworks/runtime';
import { handler } from '../handler/index.mjs';

/** @typedef {import('../handler/index.mjs').Payload} Payload */
/** @typedef {import('../handler/index.mjs').State} State */

/**
 * @param {string} name
 * @returns {Payload & { dxf: string }}
 */
const sample = (name) => ({ name, dxf: readFileSync(new URL(`../samples/${name}`, import.meta.url), 'utf8') });

/**
 * @param {Payload} payload
 * @param {import('cdk-jobworks/runtime').TestJobOptions<State>} [options]
 */
const jobOf = (payload, options) => /** @type {import('cdk-jobworks/runtime').TestJob<Payload, State>} */ (testJob(payload, options));

test('a drawing is measured', async () => {
  assert.deepEqual(await handler(jobOf(sample('bracket.dxf'))), {
    name: 'bracket.dxf',
    units: 'mm',
    entities: { LWPOLYLINE: 1, CIRCLE: 5, LINE: 2, ARC: 2, TEXT: 2 },
    layers: {
      OUTLINE: { entities: 1, length: 382.426 }, // 120 + 50 + 30√2 + 90 + 80
      HOLES: { entities: 5, length: 157.08 },
      SLOT: { entities: 4, length: 61.416 },
      NOTES: { entities: 2, length: 0 },
    },
    bounds: { min: [0, -18], max: [120, 80] },
    total_length: 600.922,
    holes: [{ diameter: 6.5, count: 4 }, { diameter: 24, count: 1 }],
    outlines: 1,
    annotations: ['BRACKET 4 MM STEEL', 'BREAK ALL EDGES'],
    subject: 'bracket',
  });
});

test('every stage is saved when it is done', async () => {
  const job = jobOf(sample('gasket.dxf'));
  await handler(job);
  assert.deepEqual(job.recorded.stages, ['read', 'measure', 'classify', 'report']);
  assert.deepEqual(job.recorded.checkpoints.map(({ stage, state }) => [stage, Object.keys(state)]), [
    ['measure', ['drawing']],
    ['classify', ['drawing', 'measures']],
    ['report', ['drawing', 'measures', 'features']],
  ]);
  assert.deepEqual(job.recorded.metrics, [
    { name: 'EntitiesMeasured', value: 21, unit: 'Count' }, { name: 'TokensUsed', value: 5, unit: 'Count' }, { name: 'TokenCost', value: 0, unit: 'None' },
  ]);
  assert.equal(job.recorded.progress.at(-1)?.fraction, 1);
});

test('the next attempt goes on at the checkpoint, and comes to the same result', async () => {
  const first = jobOf(sample('flange.dxf'));
  const result = await handler(first);
  for (const [i, { state }] of first.recorded.checkpoints.entries()) {
    const next = jobOf(sample('flange.dxf'), { checkpoint: state });
    assert.deepEqual(await handler(next), result);
    assert.deepEqual(next.recorded.stages, first.recorded.stages.slice(i + 1));
  }
});

test('with its time up it stops at the next slice', async () => {
  const first = jobOf(sample('floor-plan.dxf'));
  await handler(first);
  const job = jobOf(sample('floor-plan.dxf'), { checkpoint: first.recorded.checkpoints[0].state });
  job.abort();
  await assert.rejects(handler(job), { name: 'TimeoutNear' });
  assert.deepEqual(job.recorded.stages, []);
});

test('arcs count for what is drawn of them, also across 0°', async () => {
  const arc = (/** @type {number} */ from, /** @type {number} */ to) =>
    `0\nSECTION\n2\nENTITIES\n0\nARC\n8\nA\n10\n0\n20\n0\n40\n10\n50\n${from}\n51\n${to}\n0\nENDSEC\n0\nEOF\n`;
  const report = await handler(jobOf({ name: 'arc', dxf: arc(315, 45) }));
  assert.equal(report?.total_length, 15.708);
  assert.deepEqual(report?.bounds, { min: [7.071, -7.071], max: [10, 7.071] });
});

const cut = sample('flange.dxf').dxf;
for (const [what, dxf] of [
  ['was cut off', cut.slice(0, -10)],
  ['is something else', '<svg/>\n'.repeat(4)],
  ['has a word for a number', cut.replace('60.0', 'sixty')],
  ['has no entities', '0\nSECTION\n2\nHEADER\n0\nENDSEC\n0\nEOF\n'],
]) {
  test(`a drawing that ${what} is not tried again`, async () => {
    const job = jobOf({ name: 'broken.dxf', dxf });
    await assert.rejects(handler(job), { name: 'JobFailed', type: 'UnreadableDrawing' });
    assert.deepEqual(job.recorded.checkpoints, []);
  });
}

test('a layer may have any name', async () => {
  const dxf = '0\nSECTION\n2\nENTITIES\n0\nLINE\n8\n__proto__\n10\n0\n20\n0\n11\n3\n21\n4\n0\nENDSEC\n0\nEOF\n';
  const report = await handler(jobOf({ name: 'odd', dxf }));
  assert.deepEqual(Object.entries(report?.layers ?? {}), [['__proto__', { entities: 1, length: 5 }]]);
});

/** @param {number} count of lines, each on a layer of its own, which is the worst that can be measured */
function largeDrawing(count) {
  const lines = Array.from({ length: count }, (_, i) => `0\nLINE\n8\n${i}\n10\n1\n20\n1\n11\n2\n21\n2\n`).join('');
  return `0\nSECTION\n2\nENTITIES\n${lines}0\nENDSEC\n0\nEOF\n`;
}

test('a large drawing is an upload, and fits into the checkpoints', async () => {
  const upload_id = 'upl_01HZZZZZZZZZZZZZZZZZZZZZZZ';
  const job = jobOf({ name: 'large', upload_id }, { uploads: { [upload_id]: largeDrawing(20_000) } });
  assert.equal(Object.keys((await handler(job))?.layers ?? {}).length, 20_000);
  assert.equal(job.recorded.checkpoints.length, 3);
});

test('one that is too large is refused at once', async () => {
  await assert.rejects(handler(jobOf({ name: 'larger', dxf: largeDrawing(30_000) }, { bucket: 'files' })), { name: 'JobFailed', message: /can be saved/ });
});

test('a job whose file was not sent fails at once', async () => {
  const job = jobOf({ name: 'late', upload_id: 'upl_01HZZZZZZZZZZZZZZZZZZZZZZZ' }, { uploads: {} });
  await assert.rejects(handler(job), { name: 'JobFailed', type: 'UploadNotFound' });
});

/** @param {import('../handler/simulate.mjs').Simulation} simulate */
const simulating = (simulate) => ({ ...sample('bracket.dxf'), simulate });

test('a busy provider is asked again, once', async () => {
  const job = jobOf(simulating({ busy_seconds: 30 }));
  await assert.rejects(handler(job), { name: 'RetryLater', seconds: 30 });
  await handler(jobOf(simulating({ busy_seconds: 30 }), { checkpoint: job.recorded.checkpoints[0].state }));
});

test('an outage fails a job, which succeeds when it is retried', async () => {
  const job = jobOf(simulating({ outage: true }));
  await assert.rejects(handler(job), { name: 'JobFailed', type: 'Outage' });
  await handler(jobOf(simulating({ outage: true }), { checkpoint: job.recorded.checkpoints[0].state }));
});
