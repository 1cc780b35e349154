import { INSTANCE_CPUS, INSTANCE_HOURS, PRICE_LIST, PRICES, priceListText } from '../../src/pricing/prices';

test('the list says which month and region it is of', () => {
  expect(PRICE_LIST.date).toMatch(/^20\d\d-(0[1-9]|1[0-2])$/);
  expect(priceListText()).toBe('us-east-1, November 2026');
});

test.each([...Object.entries(PRICES), ...Object.entries(INSTANCE_HOURS)])('%s has a price', (_, price) => {
  expect(price).toBeGreaterThan(0);
});

test('what is meant for a million is not said of one', () => {
  const single = Object.entries(PRICES).filter(([name]) => /Request|Write|Read|Transition|Event$|Put|Get$|trace|Https|Email/.test(name));
  expect(single.length).toBeGreaterThan(15);
  expect(single.filter(([name, price]) => price > (name === 'stateTransition' || name === 'snsEmail' ? 1e-4 : 1e-5))).toEqual([]);
});

test('arm64 is a fifth cheaper than x86_64, and what stands ready costs less to run and something to have', () => {
  expect(PRICES.lambdaGbSecond / PRICES.lambdaGbSecondX86).toBeCloseTo(0.8, 3);
  expect(PRICES.lambdaProvisionedGbSecond / PRICES.lambdaProvisionedGbSecondX86).toBeCloseTo(0.8, 3);
  expect(PRICES.lambdaGbSecondProvisioned / PRICES.lambdaGbSecondProvisionedX86).toBeCloseTo(0.8, 3);
  expect(PRICES.lambdaGbSecondProvisioned + PRICES.lambdaProvisionedGbSecond).toBeLessThan(PRICES.lambdaGbSecond);
});

test('every class with a price has its vCPUs, by which a proxy is billed, and a size more costs about twice as much', () => {
  expect(Object.keys(INSTANCE_CPUS)).toEqual(Object.keys(INSTANCE_HOURS));
  for (const [smaller, larger] of [['t4g.micro', 't4g.small'], ['t4g.small', 't4g.medium'], ['m7g.large', 'm7g.xlarge'], ['m7g.xlarge', 'm7g.2xlarge']] as const) {
    expect(INSTANCE_HOURS[larger]! / INSTANCE_HOURS[smaller]!).toBeCloseTo(2, 1);
  }
});
