import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';

describe('what the profiles decide', () => {
  test.each(['dev', 'staging', 'prod'] as const)('%s is found by its name', (name) => {
    expect(EnvironmentProfile.named(name)).toEqual(EnvironmentProfile[name]());
  });

  test.each(['production', '', undefined as unknown as string])('there is none that is called %p', (name) => {
    expect(() => EnvironmentProfile.named(name)).toThrow(/must be dev, staging or prod\. Given: (""|"production"|nothing)\. Fix: /);
  });

  test('dev can be deleted and costs nothing to encrypt', () => {
    expect(EnvironmentProfile.dev()).toMatchObject({
      name: 'dev',
      removalPolicy: RemovalPolicy.DESTROY,
      deletionProtection: false,
      pointInTimeRecovery: false,
      customerManagedKeys: false,
      webFirewall: false,
      logRetention: RetentionDays.ONE_WEEK,
      oldestMessageAge: Duration.minutes(60),
      errorRatePercent: 25,
      traceSamplingPercent: 100,
    });
  });

  test('staging can be deleted and is encrypted and backed up as production', () => {
    expect(EnvironmentProfile.staging()).toMatchObject({
      name: 'staging',
      removalPolicy: RemovalPolicy.DESTROY,
      deletionProtection: false,
      pointInTimeRecovery: true,
      customerManagedKeys: true,
      webFirewall: true,
      logRetention: RetentionDays.TWO_WEEKS,
      oldestMessageAge: Duration.minutes(30),
      errorRatePercent: 10,
      traceSamplingPercent: 25,
    });
  });

  test('prod keeps what holds data', () => {
    expect(EnvironmentProfile.prod()).toMatchObject({
      name: 'prod',
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      deletionProtection: true,
      pointInTimeRecovery: true,
      customerManagedKeys: true,
      webFirewall: true,
      logRetention: RetentionDays.ONE_MONTH,
      oldestMessageAge: Duration.minutes(20),
      errorRatePercent: 10,
      traceSamplingPercent: 5,
    });
  });
});

describe('which profile holds', () => {
  test('prod where nobody said anything', () => {
    expect(EnvironmentProfile.of(new Stack(new App(), 'Stack')).name).toBe('prod');
  });

  test('the nearest one around the construct', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    const outer = new Construct(stack, 'Outer');
    const inner = new Construct(outer, 'Inner');
    const other = new Construct(stack, 'Other');

    EnvironmentProfile.staging().applyTo(app);
    EnvironmentProfile.dev().applyTo(outer);

    expect(EnvironmentProfile.of(inner).name).toBe('dev');
    expect(EnvironmentProfile.of(outer).name).toBe('dev');
    expect(EnvironmentProfile.of(other).name).toBe('staging');
  });

  test('the last one said for the same construct', () => {
    const stack = new Stack(new App(), 'Stack');

    EnvironmentProfile.dev().applyTo(stack);
    EnvironmentProfile.staging().applyTo(stack);

    expect(EnvironmentProfile.of(stack).name).toBe('staging');
  });
});

describe('a profile that is applied after something was created', () => {
  const created = (profile = EnvironmentProfile.dev(), given?: EnvironmentProfile) => {
    const stack = new Stack(new App(), 'Stack');
    EnvironmentProfile.of(stack); // to ask is no harm
    const jobs = new Construct(stack, 'Jobs');
    given?.applyTo(jobs);
    EnvironmentProfile.of(jobs);
    EnvironmentProfile.of(new Construct(jobs, 'Table'));
    profile.applyTo(stack);
    return Annotations.fromStack(stack);
  };

  test('is told of what took another', () => {
    created().hasWarning('/Stack', Match.stringLikeRegexp('The profile dev was applied too late for Stack/Jobs \\(prod\\): '));
  });

  test.each([['the same', EnvironmentProfile.prod(), undefined], ['one that what was created has of its own', EnvironmentProfile.dev(), EnvironmentProfile.staging()]])('is fine where it is %s', (_what, profile, given) => {
    created(profile, given).hasNoWarning('*', Match.anyValue());
  });
});
