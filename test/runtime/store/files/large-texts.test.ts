import { jobKey, ownerPrefix, uploadKey } from '../../../../src/runtime/store/files/keys';
import { resolveText, storeText } from '../../../../src/runtime/store/files/large-texts';
import { isLong } from '../../../../src/runtime/store/files/limits';
import { newUploadId, UPLOAD_ID_PATTERN } from '../../../../src/runtime/store/files/upload-id';
import { NOW } from '../../../support/job-fixtures';
import { MemoryFiles } from '../../../support/memory-files';

const KEY = jobKey('Jobs-1A2B3C', 'customer:acme', 'job_1', 'result-2');
const PREFIX = ownerPrefix('Jobs-1A2B3C', 'customer:acme');

/** JSON of so many bytes. */
const json = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`;

let files: MemoryFiles;
beforeEach(() => {
  files = new MemoryFiles();
});

test('what fits into the record stays there', async () => {
  expect(await storeText('result', json(65_536), KEY, files)).toBe(json(65_536));
  expect(await resolveText('{"a":1}', PREFIX, files)).toBe('{"a":1}');
  expect(files.calls).toEqual([]);
});

test('what does not is stored, and found again by what stands in the record', async () => {
  const inRecord = await storeText('checkpoint', json(65_537), KEY, files);
  expect(inRecord).toBe(`s3:${KEY}`);
  expect(await resolveText(inRecord, PREFIX, files)).toBe(json(65_537));
  expect(files.calls).toEqual([`put ${KEY}`, `get ${KEY}`]);
});

test('bytes are counted, not characters', async () => {
  expect(await storeText('result', `"${'漢'.repeat(21_845)}"`, KEY, files)).toBe(`s3:${KEY}`);
});

test('without a bucket the limit is the record\'s, and the error says what raises it', async () => {
  await expect(storeText('result', json(65_537), KEY, undefined)).rejects.toMatchObject({
    name: 'TextTooLong',
    message: 'a result has at most 65536 bytes, not 65537: a pipeline that is given a bucket takes up to 67108864',
  });
});

test('with a bucket there is a limit too', () => {
  expect(isLong('payload', json(100_000), true, 100_000)).toBe(true);
  expect(() => isLong('payload', json(100_001), true, 100_000)).toThrow(/^a payload has at most 100000 bytes, not 100001$/);
});

test.each([
  ['another owner\'s', jobKey('Jobs-1A2B3C', 'customer:other', 'job_1', 'result-2')],
  ['another pipeline\'s', jobKey('invoices', 'customer:acme', 'job_1', 'result-2')],
  ['anybody\'s', 'secrets.json'],
  ['somebody\'s, by a detour,', `${PREFIX}jobs/../../other/jobs/job_1/result-2`],
])('%s file is refused, and not looked at', async (_whose, key) => {
  files.objects.set(key, '"secret"');
  await expect(resolveText(`s3:${key}`, PREFIX, files)).rejects.toMatchObject({ name: 'NotTheOwnersFile' });
  expect(files.calls).toEqual([]);
});

test('a reference without a bucket is an error that says so', async () => {
  await expect(resolveText(`s3:${KEY}`, PREFIX, undefined)).rejects.toThrow('the pipeline has no bucket');
});

test('ids of uploads are like those of jobs, each another', () => {
  const ids = Array.from({ length: 100 }, () => newUploadId(NOW));
  expect(new Set(ids).size).toBe(100);
  ids.forEach((id) => expect(id).toMatch(UPLOAD_ID_PATTERN));
  expect('upl_../../../../../../../../..').not.toMatch(UPLOAD_ID_PATTERN);
  expect(uploadKey('Jobs-1A2B3C', 'customer:acme', ids[0])).toBe(`${PREFIX}uploads/${ids[0]}`);
});
