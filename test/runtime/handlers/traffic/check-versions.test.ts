import { FakeFunctions, refused, sdkError } from './support';
import { checkVersions } from '../../../../src/runtime/handlers/traffic/check-versions';
import type { VersionCheck } from '../../../../src/runtime/wire/deployment';

const WORKER: VersionCheck = { name: 'worker', function: 'arn:worker:7', event: { cdk_jobworks_check: true }, answer: { cdk_jobworks_check: 'passed' } };
const SUBMIT: VersionCheck = { name: 'submit', function: 'arn:submit:3', event: {}, refusal: 'BadRequest' };
const PLAIN: VersionCheck = { name: 'plain', function: 'arn:plain:1', event: { Records: [] } };

const GOOD = { 'arn:worker:7': [{ answer: { cdk_jobworks_check: 'passed', more: 1 } }], 'arn:submit:3': [refused('BadRequest')], 'arn:plain:1': [{ answer: undefined }] };

test('all versions that do what they must pass, each called with its event', async () => {
  const functions = new FakeFunctions(GOOD);
  await checkVersions([WORKER, SUBMIT, PLAIN], functions.call, 0);
  expect(functions.calls).toEqual([WORKER, SUBMIT, PLAIN].map(({ function: arn, event }) => ({ arn, event })));
});

test.each<[string, ConstructorParameters<typeof FakeFunctions>[0], string]>([
  ['cannot start', { 'arn:worker:7': [refused('HandlerModuleNotFound', 'there is no index.js')] }, 'worker: the new version failed with HandlerModuleNotFound: there is no index.js'],
  ['answers something else', { 'arn:worker:7': [{ answer: 'hello' }] }, 'worker: the new version answered, but answer is not as expected'],
  ['refuses for another reason', { 'arn:submit:3': [refused('InternalError', 'x')] }, 'submit: the new version failed with InternalError: x'],
  ['accepts what it should refuse', { 'arn:submit:3': [{ answer: {} }] }, 'submit: the new version should have refused the call by BadRequest, and answered'],
  ['cannot be called', { 'arn:plain:1': [sdkError('AccessDeniedException')] }, 'plain: the new version could not be called (AccessDeniedException: AccessDeniedException it was)'],
])('one that %s does not', async (_, bad, message) => {
  await expect(checkVersions([WORKER, SUBMIT, PLAIN], new FakeFunctions({ ...GOOD, ...bad }).call, 0)).rejects.toMatchObject({ name: 'CheckFailed', message });
});

test('all that do not are told', async () => {
  const functions = new FakeFunctions({ ...GOOD, 'arn:worker:7': [refused('A')], 'arn:plain:1': [refused('B')] });
  await expect(checkVersions([WORKER, SUBMIT, PLAIN], functions.call, 0)).rejects.toThrow(/worker: .* A: no; plain: .* B: no/);
});
