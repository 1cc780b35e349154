import { Duration, SecretValue, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ConfigParametersProps, GrantReadConfigOptions } from './config-parameters-props';
import { PROFILE } from '../internal/common-kinds';
import type { PropRules } from '../internal/prop-rules';
import { constructKind, durationKind, FLAG, listKind, mapKind, TEXT, type KindsOf } from '../internal/value-kinds';

/** What kind of value each prop takes. */
export const CONFIG_KINDS: KindsOf<ConfigParametersProps> = {
  parameters: mapKind("{ model: 'small' }", TEXT),
  existingParameters: mapKind('{ model: parameter }', constructKind('ssm.IParameter', 'parameterArn', 'parameter', 'with ssm.StringParameter.fromStringParameterName(…)')),
  secrets: mapKind('{ provider: secret }', constructKind('secretsmanager.ISecret', 'secretArn', 'secret', 'with secretsmanager.Secret.fromSecretCompleteArn(…)')),
  flags: mapKind("{ 'fast-path': false }", FLAG),
  rollbackAlarms: listKind(constructKind('cloudwatch.IAlarm', 'alarmArn', 'pipeline.alarms.failureRate')),
  maxAge: durationKind('Duration.minutes(1)'),
  path: TEXT,
  profile: PROFILE,
};

export const GRANT_KINDS: KindsOf<GrantReadConfigOptions> = {
  network: constructKind('SecureNetwork', 'functionSubnets', 'network', 'with const network = new SecureNetwork(…)'),
};

const MOST_BYTES = 8_192;
const MOST_ALARMS = 5;
const NAME = /^[\w.-]{1,128}$/;
const FLAG_NAME = /^[a-z][a-zA-Z\d_-]{0,63}$/;
const PATH = /^(\/[\w.-]+){1,13}$/;
/** Parameter Store keeps these to itself. */
const RESERVED = /^\/?(aws|ssm)/i;

/** Everything that can be wrong with a configuration. */
export function checkConfig(rules: PropRules, scope: Construct, props: ConfigParametersProps): void {
  const { parameters = {}, existingParameters = {}, secrets = {}, flags = {}, rollbackAlarms = [] } = props;
  rules.check([parameters, existingParameters, secrets, flags].some((some) => Object.keys(some).length > 0), {
    rule: 'parameters, existingParameters, secrets or flags must be given: there is nothing to read', fix: "give one, such as parameters: { model: 'small' }",
  });
  for (const [prop, some] of Object.entries({ parameters, existingParameters, secrets })) {
    for (const name of Object.keys(some)) {
      rules.check(NAME.test(name) && name !== '.' && name !== '..', {
        rule: `names in ${prop} must be 1 to 128 letters, digits and _.-`, value: name === '' ? "''" : name, fix: "write one such as 'max-pages'; what it begins with is path",
      });
    }
  }
  for (const [name, value] of Object.entries(parameters)) {
    checkValue(rules, scope, `parameters.${name}`, value);
    rules.check(!Object.hasOwn(existingParameters, name), { rule: `parameters and existingParameters must not both have ${name}`, fix: 'call one of them otherwise' });
  }
  for (const name of Object.keys(flags)) {
    rules.check(FLAG_NAME.test(name), {
      rule: 'names in flags must be a small letter, then up to 63 letters, digits, dashes and underscores', value: name === '' ? "''" : name, fix: "write one such as 'fast-path'",
    });
  }
  rules.check(rollbackAlarms.length <= MOST_ALARMS, {
    rule: `rollbackAlarms must be ${MOST_ALARMS} at most: AppConfig watches no more`, value: rollbackAlarms.length, fix: 'give those of what reads the flags, or a composite alarm',
  });
  rules.absent(Object.keys(flags).length > 0 ? {} : { rollbackAlarms: props.rollbackAlarms }, 'without flags: only their changes are taken back', 'give flags');
  rules.duration('maxAge', props.maxAge, Duration.seconds(1), Duration.days(1), ['each call would ask for every value', 'changes would be believed by nobody']);
  checkPath(rules, props.path);
}

function checkValue(rules: PropRules, scope: Construct, prop: string, value: string): void {
  const resolved = JSON.stringify(Stack.of(scope).resolve(value)) ?? '';
  const isSecret = SecretValue.isSecretValue(value) || /\{\{resolve:(secretsmanager|ssm-secure):/.test(resolved);
  rules.check(!isSecret, {
    rule: `${prop} must not be a secret: CloudFormation makes no encrypted parameters, and everybody who may read parameters would read it`,
    fix: 'give the secret itself in secrets',
  });
  if (isSecret || Token.isUnresolved(value)) {
    return;
  }
  const bytes = Buffer.byteLength(value);
  rules.check(bytes >= 1 && bytes <= MOST_BYTES, {
    rule: `${prop} must have 1 to 8,192 bytes: Parameter Store takes no other`, value: bytes, fix: bytes === 0 ? 'leave it out where there is nothing to say' : 'keep it in a bucket, and its key here',
  });
  rules.check(!/\{\{/.test(value), { rule: `${prop} must have no {{: Parameter Store takes it for a reference`, value, fix: 'write the braces otherwise, and put them together in the function' });
}

function checkPath(rules: PropRules, path: string | undefined): void {
  rules.check(path === undefined || (!Token.isUnresolved(path) && PATH.test(path) && !RESERVED.test(path)), {
    rule: "path must be known before deployment, begin with a slash and end with none, of letters, digits and _.-/, and not begin with 'aws' or 'ssm'",
    value: path,
    fix: "write one such as '/drawings/prod'",
  });
}
