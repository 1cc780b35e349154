import { type Rule, RuleTester } from 'eslint';

// ESLint loads its rules as plain JavaScript, so there are no types to import
const rule: Rule.RuleModule = jest.requireActual('../../projenrc/lint/rules/no-cdk-at-load.js');

RuleTester.it = test;
RuleTester.describe = describe;

const tester = new RuleTester({
  languageOptions: { parser: jest.requireActual('@typescript-eslint/parser'), sourceType: 'module' },
});
const touched = (name: string) => ({ messageId: 'touched', data: { name } });

tester.run('no-cdk-at-load', rule, {
  valid: [
    'import * as cdk from \'aws-cdk-lib\'; export function f() { return cdk.Duration.minutes(1); }',
    'import { Duration } from \'aws-cdk-lib\'; export const f = () => Duration.minutes(1);',
    'import { Duration } from \'aws-cdk-lib\'; export const f = (d = Duration.minutes(1)) => d;',
    'import { Duration } from \'aws-cdk-lib\'; class A { m() { return Duration.minutes(1); } static s() { return Duration.minutes(2); } }',
    'import { Duration } from \'aws-cdk-lib\'; class A { readonly d = Duration.minutes(1); }',
    'import { Duration } from \'aws-cdk-lib\'; export interface P { readonly d: Duration; }',
    'import { Duration } from \'aws-cdk-lib\'; export const d: Duration | undefined = undefined;',
    'import type { Duration } from \'aws-cdk-lib\'; export type D = Duration;',
    'import { Construct } from \'constructs\'; export class A extends Construct {}',
    'import { Duration } from \'./duration\'; export const d = Duration.minutes(1);',
  ],
  invalid: [
    { code: 'import * as cdk from \'aws-cdk-lib\'; const D = cdk.Duration.minutes(1);', errors: [touched('cdk')] },
    { code: 'import { Duration } from \'aws-cdk-lib\'; export const D = { max: Duration.minutes(1) };', errors: [touched('Duration')] },
    { code: 'import * as lambda from \'aws-cdk-lib/aws-lambda\'; const R = [lambda.Runtime.NODEJS_24_X];', errors: [touched('lambda')] },
    { code: 'import { aws_lambda as lambda } from \'aws-cdk-lib\'; lambda.Runtime;', errors: [touched('lambda')] },
    { code: 'import { Duration } from \'aws-cdk-lib\'; class A { static readonly D = Duration.minutes(1); }', errors: [touched('Duration')] },
    { code: 'import { Duration } from \'aws-cdk-lib\'; class A { static { Duration.minutes(1); } }', errors: [touched('Duration')] },
    { code: 'import { Names } from \'aws-cdk-lib\'; class A { [Names.key]() {} }', errors: [touched('Names')] },
    { code: 'import { Names } from \'aws-cdk-lib\'; @Names.decorate class A {}', errors: [touched('Names')] },
    { code: 'import { Duration } from \'aws-cdk-lib\'; const D = (() => Duration.minutes(1))();', errors: [touched('Duration')] },
    { code: 'import { Stack } from \'aws-cdk-lib\'; class A extends Stack {}', errors: [{ messageId: 'extended', data: { name: 'Stack' } }] },
    { code: 'import * as cdk from \'aws-cdk-lib\'; class A extends cdk.Stack {}', errors: [{ messageId: 'extended', data: { name: 'cdk' } }] },
  ],
});
