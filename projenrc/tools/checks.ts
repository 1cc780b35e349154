/** How a check tells how much it judged: by its exit code alone (one), or by jest's own report. */
export type Counting = 'one' | 'jest';

export interface Check {
  readonly name: string;
  /** A projen task (see `npx projen --help`): each can be run alone. */
  readonly task: string;
  readonly counting: Counting;
  /** Takes one core and no notice of time: such checks that follow each other run two at a time. */
  readonly paired?: true;
}

/** What `npm test` consists of, in order: the cheap and the telling first; of those that run side by side the longest first. */
export const CHECKS: Check[] = [
  { name: 'bundle', task: 'bundle', counting: 'one' },
  { name: 'lint', task: 'eslint', counting: 'one', paired: true },
  { name: 'types', task: 'check:types', counting: 'one', paired: true },
  { name: 'unit', task: 'test:unit', counting: 'jest' },
  { name: 'compile', task: 'compile', counting: 'one' },
  { name: 'checkov', task: 'check:checkov', counting: 'one', paired: true },
  { name: 'cfn-lint', task: 'check:cfn-lint', counting: 'one', paired: true },
  { name: 'snapshots', task: 'integ', counting: 'one', paired: true },
  { name: 'examples', task: 'check:examples', counting: 'one', paired: true },
  { name: 'api', task: 'check:api', counting: 'one', paired: true },
  { name: 'e2e', task: 'e2e', counting: 'jest' },
];

/** Checks as they are run: those of a group side by side. */
export function groupsOf(checks: readonly Check[]): readonly (readonly Check[])[] {
  const groups: Check[][] = [];
  for (const check of checks) {
    const last = groups.at(-1);
    if (check.paired && last?.at(-1)?.paired) {
      last.push(check);
    } else {
      groups.push([check]);
    }
  }
  return groups;
}
