import { PropRules, type PropsOwner } from './prop-rules';
import { constructKind, described, type ValueKind } from './value-kinds';

const GRANTEE = constructKind('iam.IGrantable', 'grantPrincipal', 'role', 'with a grantable such as a role or function; iam.Role.fromRoleArn(…) makes one of an ARN');

const ALARM_ACTION = constructKind('cloudwatch.IAlarmAction', 'bind', 'new SnsAction(topic)', 'or another action of aws-cdk-lib/aws-cloudwatch-actions');

/**
 * What a method must be given for one of its arguments.
 *
 * @param method its name, with its arguments before this one: `grantSubmit(`
 * @throws InvalidPropsError if the value is of another kind
 */
export function checkArgument(scope: PropsOwner, method: string, value: unknown, { is, what, write, note }: ValueKind): void {
  const rules = new PropRules(scope);
  rules.check(is(value), {
    rule: `${method.slice(0, method.indexOf('('))}() takes ${what}`,
    value: described(value),
    fix: `write ${method}${write})${note === undefined ? '' : `, ${note}`}`,
  });
  rules.throwIfBroken();
}

/**
 * What a factory that takes nothing was given, as JavaScript lets pass: whoever gives it options expects an effect.
 *
 * @param factory as it is called, such as `JobApi.none()`
 * @param given its `arguments`
 * @param instead where such options belong, or what says the same
 * @throws InvalidPropsError if there are any
 */
export function checkNoArguments(factory: string, given: ArrayLike<unknown>, instead: string): void {
  const something = Array.from(given).find((one) => one !== undefined);
  if (something !== undefined) {
    const rules = new PropRules({ node: { path: factory } });
    rules.check(false, { rule: 'it takes no arguments', value: described(something), fix: `write ${factory}; ${instead}` });
    rules.throwIfBroken();
  }
}

/** Who is granted something. */
export function checkGrantee(scope: PropsOwner, method: string, grantee: unknown): void {
  checkArgument(scope, `${method}(`, grantee, GRANTEE);
}

/** What alarms are given to do. */
export function checkAlarmActions(scope: PropsOwner, actions: readonly unknown[]): void {
  actions.forEach((action) => checkArgument(scope, 'addAlarmAction(', action, ALARM_ACTION));
}
