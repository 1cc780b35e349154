import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { priceListText, PRICES } from '../../src/pricing/prices';

/* What docs/postgres.md and the docstrings say of prices follows from the price list. */

const read = (...path: string[]) => readFileSync(join(__dirname, '../..', ...path), 'utf8');
const plain = (text: string) => text.replace(/\s*\n\s*\*?\s*/g, ' ');
const usd = (price: number) => `${price.toFixed(2)} USD`;
const month = (hour: number) => usd(hour * PRICES.hoursPerMonth);

const PAGE = plain(read('docs/postgres.md'));
const DATE = priceListText();
const PROXY = `${PRICES.databaseProxyHour} USD an hour`;
const [TWO, EIGHT] = [month(2 * PRICES.databaseProxyHour), month(8 * PRICES.databaseProxyHour)];
const MACHINE = `${month(PRICES.nanoHour)} a month, and ${usd(8 * PRICES.diskGigabyte)} for its disk; ${DATE}`;

test('a proxy, keys, secrets, alarms and the machine of Session Manager cost what the page says', () => {
  expect(PAGE).toContain(`A proxy: ${PROXY} for each vCPU, two at least, ${TWO} a month; with Aurora Serverless v2 for each ACU, 8 at least, ${EIGHT} a month.`);
  expect(PAGE).toContain(`A customer key ${PRICES.key} USD, a secret ${usd(PRICES.secret)}, an alarm ${usd(PRICES.alarmMetric)} for each metric it judges (${DATE}).`);
  expect(PAGE).toContain(`(t4g.nano, ${MACHINE})`);
});

test('docstrings say the same', () => {
  const proxy = plain(read('src/proxied-postgres/postgres-proxy.ts'));
  expect(proxy).toContain(`${PROXY} and at least two of them, which is ${TWO} a month; with Aurora Serverless v2 for each ACU, ${PROXY} and at least 8, which is ${EIGHT} a month (${DATE})`);
  expect(plain(read('src/proxied-postgres/proxied-postgres.ts'))).toContain(`(t4g.nano, ${MACHINE})`);
  expect(read('src/proxied-postgres/session-manager-access.ts')).toContain('DISK_GIBIBYTES = 8;');
});
