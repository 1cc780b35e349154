import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unknownProfile } from '../../src/cli/profile';

const folder = mkdtempSync(join(tmpdir(), 'jobworks-profiles-'));
afterAll(() => rmSync(folder, { recursive: true }));

const environment = { AWS_CONFIG_FILE: join(folder, 'config'), AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials') };
writeFileSync(environment.AWS_CONFIG_FILE, '[default]\nregion = eu-central-1\n[profile work]\nsso_session = mine\n[ profile "two words" ]\n[sso-session mine]\n');
writeFileSync(environment.AWS_SHARED_CREDENTIALS_FILE, '[keys]\naws_access_key_id = AKIA\n');

test.each(['default', 'work', 'two words', 'keys'])('"%s" is one', (profile) => {
  expect(unknownProfile(profile, environment)).toBeUndefined();
});

test.each(['nope', 'wor', 'mine'])('"%s" is none', (profile) => {
  expect(unknownProfile(profile, environment)).toBe(profile);
  expect(unknownProfile(undefined, { ...environment, AWS_PROFILE: profile })).toBe(profile);
});

test('where none is asked for, none is unknown; where there are no files, every one is', () => {
  expect(unknownProfile(undefined, environment)).toBeUndefined();
  expect(unknownProfile('work', { AWS_CONFIG_FILE: join(folder, 'a'), AWS_SHARED_CREDENTIALS_FILE: join(folder, 'b') })).toBe('work');
});
