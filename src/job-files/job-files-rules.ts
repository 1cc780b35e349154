import { Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import type { JobFilesProps } from './job-files-props';
import { ENCRYPTION_KEY, PROFILE } from '../internal/common-kinds';
import { seconds, type PropRules } from '../internal/prop-rules';
import { constructKind, durationKind, enumKind, FLAG, TEXT, type KindsOf } from '../internal/value-kinds';

const DAY = 86_400;
const MOST_DAYS = 3_650;

/** What kind of value each prop takes. */
export const JOB_FILES_KINDS: KindsOf<JobFilesProps> = {
  profile: PROFILE,
  expiration: durationKind('Duration.days(30)', 'Duration.days'),
  intelligentTiering: FLAG,
  transferAcceleration: FLAG,
  bucketName: TEXT,
  encryptionKey: ENCRYPTION_KEY,
  accessLogsBucket: constructKind('s3.IBucket', 'bucketArn', 'bucket', 'with const bucket = new s3.Bucket(…) or s3.Bucket.fromBucketName(…)'),
  accessLogRetention: durationKind('Duration.days(90)', 'Duration.days'),
  removalPolicy: enumKind('RemovalPolicy', () => RemovalPolicy, 'RETAIN'),
};

/** Everything that can be wrong with the props of a bucket. */
export function checkJobFiles(rules: PropRules, props: JobFilesProps): void {
  checkDays(rules, 'expiration', props.expiration);
  checkDays(rules, 'accessLogRetention', props.accessLogRetention);
  checkName(rules, props);
  rules.check(props.accessLogsBucket === undefined || props.accessLogRetention === undefined, {
    rule: 'accessLogRetention cannot be given beside accessLogsBucket', fix: 'set it where that bucket is made, or remove accessLogRetention',
  });
}

/** S3 counts in days. */
function checkDays(rules: PropRules, prop: 'expiration' | 'accessLogRetention', value: Duration | undefined): void {
  rules.check(value === undefined || !value.isUnresolved(), {
    rule: `${prop} must be known before deployment`, fix: `write ${prop}: Duration.days(30), or read it from context`,
  });
  const given = seconds(value);
  rules.check(given === undefined || (given % DAY === 0 && given >= DAY && given <= MOST_DAYS * DAY), {
    rule: `${prop} must be 1 to 3,650 whole days`,
    value,
    fix: given !== undefined && given < DAY ? 'give a day or more: S3 counts in days' : 'give whole days, ten years at most',
  });
}

function checkName(rules: PropRules, { bucketName, transferAcceleration }: JobFilesProps): void {
  if (bucketName === undefined || Token.isUnresolved(bucketName)) {
    return;
  }
  const isName = /^(?=.{3,63}$)[a-z0-9][a-z0-9.-]*[a-z0-9]$/.test(bucketName) && !bucketName.includes('..');
  rules.check(isName, {
    rule: 'bucketName must be 3 to 63 small letters, digits and dashes, a letter or digit at both ends',
    value: bucketName,
    fix: "write one such as 'acme-drawings-files', or remove it: CloudFormation makes one",
  });
  rules.check(!isName || !transferAcceleration || !bucketName.includes('.'), {
    rule: 'bucketName must have no dots with transferAcceleration: the certificate of its address is for one name',
    value: bucketName,
    fix: `write '${bucketName.replaceAll('.', '-')}', or remove bucketName`,
  });
}
