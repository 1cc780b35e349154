import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readDefaults } from '../../projenrc/tools/defaults/assembly';
import { defaultsPage } from '../../projenrc/tools/defaults/page';
import { ENVIRONMENTS, profileDefaults } from '../../projenrc/tools/defaults/profiles';

const EMPTY = `# Defaults
<!-- begin: environments, written by npx projen docs:defaults -->
<!-- end: environments -->
between
<!-- begin: props, written by npx projen docs:defaults -->
old
<!-- end: props -->
after
`;
const retention = { struct: 'JobProcessingPipelineProps', prop: 'retention', value: 'Duration.days(30)' };
const fifo = { struct: 'QueuedLambdaWorkerProps', prop: 'fifo', value: '- the queue | decides' };
const REASONS = { 'JobProcessingPipelineProps.retention': 'A month is enough.', 'QueuedLambdaWorkerProps.fifo': 'Order costs.' };

function assembly(properties: object[]): object {
  return { schema: 'jsii/0.10.0', types: { 'x.Props': { name: 'Props', datatype: true, properties }, 'x.Class': { name: 'Class', properties } } };
}

test('what may be left out is read with its default, unless nothing is there then', () => {
  const folder = mkdtempSync(join(tmpdir(), 'defaults-'));
  const properties = [
    { name: 'size', docs: { default: '- as large\n  as it was' } },
    { name: 'key', docs: { default: '- none' } },
    { name: 'layers', docs: { default: '- none: the function has no others' } },
    { name: 'alarm', docs: { default: '- removed, or there is no API' } },
    { name: 'count', docs: { default: '0' } },
    { name: 'required', docs: {} },
  ];
  const expected = [{ struct: 'Props', prop: 'size', value: '- as large as it was' }, { struct: 'Props', prop: 'count', value: '0' }];
  writeFileSync(join(folder, '.jsii'), JSON.stringify(assembly(properties)));
  expect(readDefaults(join(folder, '.jsii'))).toEqual(expected);
  writeFileSync(join(folder, '.jsii.gz'), gzipSync(JSON.stringify(assembly(properties))));
  writeFileSync(join(folder, '.jsii'), JSON.stringify({ schema: 'jsii/file-redirect', compression: 'gzip', filename: '.jsii.gz' }));
  expect(readDefaults(join(folder, '.jsii'))).toEqual(expected);
});

test('each stands in its part with its reason, and what is around the tables stays', () => {
  const page = defaultsPage(EMPTY, [retention, fifo], REASONS);
  expect(page).toContain('### A pipeline\n\n| prop | default | why |\n|---|---|---|\n'
    + '| `JobProcessingPipelineProps.retention` | `Duration.days(30)` | A month is enough. |\n');
  expect(page).toContain('### A worker\n\n| prop | default | why |\n|---|---|---|\n| `QueuedLambdaWorkerProps.fifo` | the queue \\| decides | Order costs. |\n');
  expect(page).toMatch(/^# Defaults\n[^]*between[^]*after\n$/);
  expect(page).not.toContain('old');
  expect(defaultsPage(page, [retention, fifo], REASONS)).toBe(page);
});

test('props of one struct with one reason stand in one row', () => {
  const deadline = { ...retention, prop: 'deadline', value: '- three days' };
  const page = defaultsPage(EMPTY, [retention, deadline], { 'JobProcessingPipelineProps.retention, JobProcessingPipelineProps.deadline': 'Long enough.' });
  expect(page).toContain('| `JobProcessingPipelineProps.retention`<br>`JobProcessingPipelineProps.deadline` | `Duration.days(30)`<br>three days | Long enough. |\n');
});

test('one reason may be that of several, and of a prop wherever it is', () => {
  const profile = (struct: string) => ({ struct, prop: 'profile', value: '- that around it' });
  const page = defaultsPage(EMPTY, [retention, fifo, profile('JobsTableProps'), profile('JobFilesProps')], {
    'JobProcessingPipelineProps.retention, QueuedLambdaWorkerProps.fifo': 'Both.', '*.profile': 'Said once.', 'JobFilesProps.profile': 'Its own.',
  });
  expect(page.match(/ Both\. /g)).toHaveLength(2);
  expect(page).toContain('### Wherever there is such a prop\n\n| prop | default | why |\n|---|---|---|\n| `profile` | that around it | Said once. |\n\n');
  expect(page).toContain('| `JobFilesProps.profile` | that around it | Its own. |');
});

test.each([
  [[retention, fifo], { 'QueuedLambdaWorkerProps.fifo': 'x' }, 'JobProcessingPipelineProps.retention (Duration.days(30)) has no reason'],
  [[fifo], REASONS, 'the reason for JobProcessingPipelineProps.retention is of no default'],
  [[retention], { '*.retention': 'x', 'JobProcessingPipelineProps.*': 'y' }, 'JobProcessingPipelineProps.retention has two reasons'],
  [[retention], { '*.retention, *.retention': 'x' }, '*.retention stands twice'],
  [[{ ...retention, struct: 'NewProps' }], { '*.retention': 'x' }, 'NewProps is in no part of the page'],
])('what does not fit is said: %#', (defaults, reasons, message) => {
  expect(() => defaultsPage(EMPTY, defaults, { ...reasons })).toThrow(message);
});

test('a page without the lines between which tables stand is refused', () => {
  expect(() => defaultsPage('# Defaults\n', [retention], { '*.retention': 'x' })).toThrow('has no lines');
});

test('profiles are told with their values, sizes included', () => {
  const all = profileDefaults();
  const valueOf = (prop: string) => all.find((one) => one.prop === prop)?.value;
  expect(ENVIRONMENTS).toEqual(['dev', 'staging', 'prod']);
  expect(valueOf('customerManagedKeys')).toBe('no | yes | yes');
  expect(valueOf('logRetention')).toBe('7 days | 14 days | 30 days');
  expect(valueOf('oldestMessageAge')).toBe('1 hour | 30 minutes | 20 minutes');
  expect(valueOf('sizes.workerMemory')).toBe('512 MiB | 1024 MiB | 1024 MiB');
  expect(all.length).toBeGreaterThan(20);
});
