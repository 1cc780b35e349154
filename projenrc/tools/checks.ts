/** How a check tells how much it judged: by its exit code alone (one), or by jest's own report. */
export type Counting = 'one' | 'jest';

export interface Check {
  readonly name: string;
  /** A projen task (see `npx projen --help`): each can be run alone. */
  readonly task: string;
  readonly counting: Counting;
}

/** What `npm test` consists of, in order: the cheap and the telling first. */
export const CHECKS: Check[] = [
  { name: 'bundle', task: 'bundle', counting: 'one' },
  { name: 'types', task: 'check:types', counting: 'one' },
  { name: 'lint', task: 'eslint', counting: 'one' },
  { name: 'unit', task: 'test:unit', counting: 'jest' },
  { name: 'compile', task: 'compile', counting: 'one' },
  { name: 'api', task: 'check:api', counting: 'one' },
  { name: 'examples', task: 'check:examples', counting: 'one' },
  { name: 'snapshots', task: 'integ', counting: 'one' },
  { name: 'cfn-lint', task: 'check:cfn-lint', counting: 'one' },
  { name: 'checkov', task: 'check:checkov', counting: 'one' },
  { name: 'e2e', task: 'e2e', counting: 'jest' },
];
