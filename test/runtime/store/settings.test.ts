import { ConfigurationError, fraction, jobSettings, pipelineSettings } from '../../../src/runtime/store/settings';

const ENVIRONMENT = {
  JOBWORKS_PIPELINE: 'drawings',
  JOBWORKS_MAX_ATTEMPTS: '3',
  JOBWORKS_DEADLINE_SECONDS: '3600',
  JOBWORKS_RETENTION_SECONDS: '86400',
};

test('what a pipeline tells its functions', () => {
  expect(pipelineSettings(ENVIRONMENT)).toEqual({ pipeline: 'drawings' });
  expect(jobSettings(ENVIRONMENT)).toEqual({ maxAttempts: 3, deadlineSeconds: 3_600, retentionSeconds: 86_400 });
});

test.each<[string, string | undefined, string]>([
  ['JOBWORKS_PIPELINE', undefined, 'environment variable JOBWORKS_PIPELINE is missing: the construct sets it, and nothing else should'],
  ['JOBWORKS_PIPELINE', '', 'JOBWORKS_PIPELINE is missing'],
  ['JOBWORKS_MAX_ATTEMPTS', '0', 'environment variable JOBWORKS_MAX_ATTEMPTS must be a whole number of at least 1, not "0"'],
  ['JOBWORKS_MAX_ATTEMPTS', '1.5', 'not "1.5"'],
  ['JOBWORKS_RETENTION_SECONDS', 'month', 'not "month"'],
])('%s = %s', (name, value, text) => {
  const read = () => ({ ...pipelineSettings({ ...ENVIRONMENT, [name]: value }), ...jobSettings({ ...ENVIRONMENT, [name]: value }) });
  expect(read).toThrow(ConfigurationError);
  expect(read).toThrow(text);
});

test('a fraction', () => {
  expect(fraction({ A: '0' }, 'A')).toBe(0);
  expect(fraction({ A: '0.5' }, 'A')).toBe(0.5);
  expect(() => fraction({ A: '1.1' }, 'A')).toThrow('environment variable A must be from 0 to 1, not "1.1"');
  expect(() => fraction({ A: 'x' }, 'A')).toThrow('not "x"');
});
