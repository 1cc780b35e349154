import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { KindsOf } from './value-kinds';

/**
 * Warns of props that there are not: types refuse them, and JavaScript lets a misspelt name pass without any effect. Only a warning, as an app
 * may hand on more than the construct takes. Not to be asked of a class that extends the construct, which often has props of its own.
 */
export function warnOfUnknownProps<T extends object>(scope: Construct, id: string, props: T, kinds: KindsOf<T>): void {
  const unknown = Object.entries(props).filter(([name, value]) => value !== undefined && !(name in kinds)).map(([name]) => name);
  if (unknown.length > 0) {
    Annotations.of(scope).addWarningV2(id, `There is no prop ${unknown.join(', ')}: it has no effect. The props are ${Object.keys(kinds).join(', ')}.`);
  }
}
