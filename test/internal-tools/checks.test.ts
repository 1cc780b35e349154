import { CHECKS, groupsOf } from '../../projenrc/tools/checks';

test('what takes all cores or minds the time runs alone, the rest side by side', () => {
  const groups = groupsOf(CHECKS).map((group) => group.map(({ name }) => name));
  expect(groups).toContainEqual(['unit']);
  expect(groups).toContainEqual(['e2e']);
  expect(groups.flat()).toEqual(CHECKS.map(({ name }) => name));
  expect(groups.some((group) => group.length > 3)).toBe(true);
});

test('one that needs what another makes comes in a later group', () => {
  const groupOf = (name: string) => groupsOf(CHECKS).findIndex((group) => group.some((check) => check.name === name));
  expect(groupOf('bundle')).toBeLessThan(groupOf('unit'));
  for (const reader of ['examples', 'api', 'snapshots', 'e2e']) {
    expect(groupOf('compile')).toBeLessThan(groupOf(reader));
  }
});
