// @ts-check
const assert = require('node:assert/strict');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { test } = require('node:test');
const { complete } = require('../handler/complete.js');
const { handler: extract } = require('../handler/extract.js');
const { recognise } = require('../handler/ocr.js');

/** @param {string} name */
const sample = (name) => readFileSync(join(__dirname, '../samples', `${name}.txt`));

/** @param {import('../handler/extract.js').Simulation} [simulate] */
const input = (simulate) => ({
  job_id: 'job_01HZZZZZZZZZZZZZZZZZZZZZZZ', attempt: 1, correlation_id: 'order-7',
  payload: { upload_id: 'upl_01HZZZZZZZZZZZZZZZZZZZZZZZ', simulate }, uploads: { bucket: 'files', prefix: 'p/owner/uploads/' },
});

/** A bucket that has one file, or none. @param {Buffer} [file] @param {string} [name] of the error if there is none */
const bucket = (file, name = 'NoSuchKey') => {
  /** @type {object[]} */
  const asked = [];
  const send = async (/** @type {{ input: object }} */ command) => {
    asked.push(command.input);
    if (!file) throw Object.assign(new Error('no'), { name });
    return { ContentLength: file.length, Body: { transformToByteArray: async () => file } };
  };
  return { asked, client: /** @type {Pick<import('@aws-sdk/client-s3').S3Client, 'send'>} */ (/** @type {unknown} */ ({ send })) };
};

/** @param {string} text */
const extracted = (text) => extract({ ...input(), result: { text, pages: 1 } });

test('the file is the one that its owner has uploaded', async () => {
  const { asked, client } = bucket(sample('coffee'));
  assert.match((await recognise(input(), client)).text, /Rösterei/);
  assert.deepEqual(asked, [{ Bucket: 'files', Key: 'p/owner/uploads/upl_01HZZZZZZZZZZZZZZZZZZZZZZZ' }]);
});

for (const [what, file, message] of /** @type {[string, Buffer | undefined, RegExp][]} */ ([
  ['is not there', undefined, /no file was uploaded/],
  ['is an image', Buffer.from([0xff, 0xd8, 0xff, 0xe0]), /no text/],
  ['has zeros in it', Buffer.from('PDF\0'), /no text/],
  ['is too large', Buffer.alloc(100_001, 'a'), /100001 bytes; up to 100000/],
])) {
  test(`one that ${what} is not asked for again`, async () => {
    await assert.rejects(recognise(input(), bucket(file).client), { name: 'JobFailed', message });
  });
}

test('a bucket that does not answer is asked again', async () => {
  await assert.rejects(recognise(input(), bucket(undefined, 'SlowDown').client), { name: 'SlowDown' });
});

test('an invoice is understood', async () => {
  assert.deepEqual(await extracted(sample('hinges').toString()), {
    extracted_data: {
      number: 'BF-2026-0417',
      vendor: 'Brackwell Fittings Ltd',
      date: '2026-10-02',
      currency: 'EUR',
      items: [
        { description: 'Hinge, brass, 75 mm', quantity: 4, amount: 12.8 },
        { description: 'Screw, countersunk, 4 x 40', quantity: 20, amount: 3.6 },
        { description: 'Delivery', quantity: 1, amount: 6.5 },
      ],
      total: 22.9,
    },
    confidence_score: 1,
    tokens_used: 55,
  });
});

test('less is found, and less is sure: three of five signs are missing', async () => {
  const { extracted_data, confidence_score } = await extracted(sample('no-sum').toString());
  assert.equal(extracted_data.total, 45);
  assert.equal(confidence_score, 0.6);
});

test('thousands may have commas', async () => {
  assert.equal((await extracted(sample('server-room').toString())).extracted_data.total, 20_332.5);
});

test('what is no invoice is not asked for again', async () => {
  await assert.rejects(extracted(sample('letter').toString()), { name: 'JobFailed', message: 'the text is no invoice: it has no number and no total' });
  await assert.rejects(extracted('Invoice: 7\n'), { name: 'JobFailed', message: /it has no total/ });
});

test('a busy provider is asked again, by the state machine', async () => {
  const text = sample('hinges').toString();
  const busy = (/** @type {number} */ ms) => extract({ ...input({ busy_until: new Date(Date.now() + ms).toISOString() }), result: { text, pages: 1 } });
  await assert.rejects(busy(60_000), { name: 'ProviderBusy' });
  assert.equal((await busy(-1)).confidence_score, 1);
});

/** A database that remembers what it was told. */
const database = () => {
  /** @type {[string, unknown[]][]} */
  const told = [];
  const query = async (/** @type {string} */ text, /** @type {unknown[]} */ values) => { told.push([text.trim().split(/\s+/).slice(0, 3).join(' '), values]); };
  return { told, database: /** @type {import('../handler/complete.js').Database} */ (/** @type {unknown} */ ({ query })) };
};
const result = { extracted_data: { number: '7', items: [], total: 1 }, confidence_score: 0.5, tokens_used: 9 };

test('what was extracted is a row, and the result of the job', async () => {
  const { told, database: rows } = database();
  assert.deepEqual(await complete({ ...input(), result }, rows), result);
  assert.deepEqual(told, [['INSERT INTO job_results', [input().job_id, JSON.stringify(result.extracted_data), 0.5, 9]]]);
});

test('a job that failed has no row', async () => {
  const { told, database: rows } = database();
  assert.equal(await complete({ ...input(), result, error: { Error: 'JobFailed', Cause: '{}' } }, rows), undefined);
  assert.deepEqual(told, [['DELETE FROM job_results', [input().job_id]]]);
});
