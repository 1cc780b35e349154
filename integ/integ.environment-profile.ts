import { IntegTest } from '@aws-cdk/integ-tests-alpha';
import { Stack } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { EnvironmentProfile } from '../src';
import { integApp } from './app';

/** What each profile decides, seen in a template: retention and what happens when the stack goes. */
const app = integApp();
const stack = new Stack(app, 'EnvironmentProfileStack');

for (const profile of [EnvironmentProfile.dev(), EnvironmentProfile.staging(), EnvironmentProfile.prod()]) {
  new LogGroup(stack, `Log-${profile.name}`, { retention: profile.logRetention, removalPolicy: profile.removalPolicy });
}

new IntegTest(app, 'EnvironmentProfile', { testCases: [stack] });
