import { Tokenization } from 'aws-cdk-lib';

/** A number as the environment of a function takes it: also one that is only known at deployment, of which `String()` would write the token. */
export function numberText(value: number): string {
  return Tokenization.stringifyNumber(value);
}
