import { FileFailed } from '../../migrations/errors';

/**
 * CloudFormation reads 4,096 bytes of an answer at most, and shows nothing of a longer one. Beside the reason there are ARNs, names,
 * the line by which the provider leads to the log, and up to a kilobyte of its own stack.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 */
const MOST_BYTES = 2_000;
/** Of each of the texts that PostgreSQL has for an error, so that no one crowds the others out. */
const LONGEST_TEXT = 400;

/** Why a deployment fails, as CloudFormation shows it. Its stack, which the provider would add, is in the log. */
export class MigrationsFailed extends Error {
  readonly name = 'MigrationsFailed';

  constructor(error: unknown) {
    super(reasonOf(error));
    this.stack = this.name;
  }
}

function reasonOf(error: unknown): string {
  const reason = error instanceof FileFailed ? error.told(LONGEST_TEXT) : error instanceof Error ? error.message || error.name : String(error);
  const characters = [...reason];
  let bytes = 0;
  const kept = characters.findIndex(character => (bytes += Buffer.byteLength(JSON.stringify(character)) - 2) > MOST_BYTES);
  return kept < 0 ? reason : `${characters.slice(0, kept - 1).join('')}…`;
}
