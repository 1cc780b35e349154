import { App, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { PropRules } from '../../src/internal/prop-rules';
import { checkRetryPolicy, RetryPolicy } from '../../src/queued-lambda-worker/retry-policy';

function said(policy?: RetryPolicy): string {
  const rules = new PropRules(new Stack(new App(), 'Stack'));
  checkRetryPolicy(rules, 'retryPolicy', policy);
  try {
    rules.throwIfBroken();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

test('exponential: 3 attempts, from 10 seconds to 15 minutes, half of it by chance', () => {
  expect(RetryPolicy.exponential()).toMatchObject({
    maxAttempts: 3,
    firstDelay: Duration.seconds(10),
    maxDelay: Duration.minutes(15),
    jitter: 0.5,
  });
});

test('exponential, all said', () => {
  const policy = RetryPolicy.exponential({ maxAttempts: 7, firstDelay: Duration.minutes(1), maxDelay: Duration.hours(2), jitter: 0 });

  expect(policy).toMatchObject({ maxAttempts: 7, firstDelay: Duration.minutes(1), maxDelay: Duration.hours(2), jitter: 0 });
  expect(said(policy)).toBe('');
});

test('a first delay over the usual longest is the longest', () => {
  expect(RetryPolicy.exponential({ firstDelay: Duration.minutes(20) }).maxDelay).toEqual(Duration.minutes(20));
  expect(RetryPolicy.exponential({ firstDelay: Duration.minutes(14) }).maxDelay).toEqual(Duration.minutes(15));
});

test('a longest delay under the usual first is the first', () => {
  expect(RetryPolicy.exponential({ maxDelay: Duration.seconds(5) }).firstDelay).toEqual(Duration.seconds(5));
  expect(RetryPolicy.exponential({ maxDelay: Duration.seconds(11) }).firstDelay).toEqual(Duration.seconds(10));
});

test('attempts have no pause of their own', () => {
  expect(RetryPolicy.attempts(4)).toMatchObject({ maxAttempts: 4, jitter: 0, firstDelay: undefined, maxDelay: undefined });
  expect(RetryPolicy.none().maxAttempts).toBe(1);
});

test('no policy breaks no rule, nor do the limits', () => {
  expect(said()).toBe('');
  expect(said(RetryPolicy.exponential({ maxAttempts: 100, firstDelay: Duration.seconds(1), maxDelay: Duration.hours(11), jitter: 1 }))).toBe('');
});

test('what is only known at deployment breaks no rule', () => {
  const later = Lazy.number({ produce: () => 5 });
  expect(said(RetryPolicy.exponential({ maxAttempts: later, firstDelay: Duration.seconds(later), jitter: later }))).toBe('');
});

describe('fails on', () => {
  test.each([
    ['too many attempts', { maxAttempts: 101 }, 'retryPolicy.maxAttempts must be a whole number from 1 to 100. Given: 101.'],
    ['no pause', { firstDelay: Duration.seconds(0) }, 'retryPolicy.firstDelay must be from 1 second to 11 hours, in whole seconds. Given: 0 seconds.'],
    ['too long a pause', { maxDelay: Duration.hours(12) }, 'retryPolicy.maxDelay must be from 1 second to 11 hours, in whole seconds. Given: 12 hours.'],
    [
      'a first pause over the longest',
      { firstDelay: Duration.minutes(2), maxDelay: Duration.minutes(1) },
      'retryPolicy.firstDelay must not be longer than retryPolicy.maxDelay (1 minute). Given: 2 minutes. Fix: raise maxDelay or lower firstDelay.',
    ],
    ['negative chance', { jitter: -0.1 }, 'retryPolicy.jitter must be from 0 to 1. Given: -0.1.'],
    ['more than chance', { jitter: 1.1 }, 'retryPolicy.jitter must be from 0 to 1. Given: 1.1.'],
  ])('%s', (_, options, message) => {
    expect(said(RetryPolicy.exponential(options))).toContain(message);
  });
});
