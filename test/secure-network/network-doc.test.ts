import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { failureOf, networkIn, newStack } from './support';
import { priceListText, PRICES } from '../../src/pricing/prices';
import { NatGateways } from '../../src/secure-network/nat-gateways';
import { NetworkEndpoint } from '../../src/secure-network/network-endpoint';

/* What docs/network.md and the docstrings say of prices follows from the price list, and what they say of errors is what is said. */

const read = (...path: string[]) => readFileSync(join(__dirname, '../..', ...path), 'utf8');
const PAGE = read('docs/network.md');
const plain = (text: string) => text.replace(/\s*\n\s*\*?\s*/g, ' ');

const usd = (price: number) => `${price.toFixed(2)} USD`;
const month = (hour: number) => hour * PRICES.hoursPerMonth;
const NAT_HOUR = Number((PRICES.natGatewayHour + PRICES.publicAddressHour).toFixed(3));

test.each([
  ['NatGateways.none()', (zones: number) => NatGateways.none()._count(zones) * month(NAT_HOUR)],
  ['NatGateways.one()', (zones: number) => NatGateways.one()._count(zones) * month(NAT_HOUR)],
  ['NatGateways.onePerAz()', (zones: number) => NatGateways.onePerAz()._count(zones) * month(NAT_HOUR)],
  ['each interface endpoint', (zones: number) => zones * month(PRICES.interfaceEndpointHour)],
])('%s costs what the page says', (what, cost) => {
  const row = PAGE.split('\n').find((line) => line.replaceAll('`', '').startsWith(`| ${what} |`))!;
  expect(row.split('|').slice(2, 4).map((cell) => cell.trim())).toEqual([usd(cost(2)), usd(cost(3))]);
});

test('a gigabyte costs what the page says', () => {
  const text = plain(PAGE);
  expect(text).toContain(`A gigabyte costs ${PRICES.natGatewayGigabyte} USD through a NAT gateway, ${PRICES.interfaceEndpointGigabyte} USD through an interface endpoint`);
  expect(text).toContain(`comes from another zone costs ${PRICES.crossZoneGigabyte} USD a gigabyte on each side`);
  expect(text).toContain(`Flow logs cost ${usd(PRICES.logsGigabyte)} a gigabyte`);
  expect(text).toContain(`a month of ${PRICES.hoursPerMonth} hours`);
  expect(text).toContain(`The key of flow logs costs ${PRICES.key} USD`);
});

test('docstrings say the same, of the same day', () => {
  const date = priceListText();
  const nat = plain(read('src/secure-network/nat-gateways.ts'));
  expect(nat).toContain(`${PRICES.natGatewayHour} USD, with its public address ${NAT_HOUR} USD, which is ${usd(month(NAT_HOUR))} a month`);
  expect(nat).toContain(`each gigabyte through it is ${PRICES.natGatewayGigabyte} USD (${date};`);
  expect(nat).toContain(`an endpoint, at ${usd(month(PRICES.interfaceEndpointHour))} a month for each zone`);
  expect(nat).toContain(`One for all zones: ${usd(month(NAT_HOUR))} a month.`);
  expect(nat).toContain(`what comes from other zones pays ${2 * PRICES.crossZoneGigabyte} USD a gigabyte more`);
  expect(nat).toContain(`One in each zone: ${usd(2 * month(NAT_HOUR))} a month for 2 zones, ${usd(3 * month(NAT_HOUR))} for 3.`);
  const endpoint = plain(read('src/secure-network/network-endpoint.ts'));
  expect(endpoint).toContain(
    `${PRICES.interfaceEndpointHour} USD an hour, ${usd(month(PRICES.interfaceEndpointHour))} a month, and ${PRICES.interfaceEndpointGigabyte} USD a gigabyte (${date})`,
  );
  expect(plain(read('src/secure-network/secure-network-props.ts'))).toContain(`${usd(PRICES.logsGigabyte)} (${date})`);
  expect(PAGE).toContain(`\n${date}, a month`);
});

test('up to two endpoints in two zones are cheaper than a NAT gateway, as said', () => {
  const endpoint = 2 * month(PRICES.interfaceEndpointHour);
  expect(2 * endpoint).toBeLessThan(month(NAT_HOUR));
  expect(3 * endpoint).toBeGreaterThan(month(NAT_HOUR));
});

test('what is missing is said as shown', () => {
  const app = new App();
  const stack = newStack(app);
  const network = networkIn(stack, { natGateways: NatGateways.none() });
  network.securityGroupFor(stack, 'Worker', NetworkEndpoint.KMS);
  const [, shown] = /```\n(\[Stack\/Network\][^`]*)```/.exec(PAGE)!;
  expect(failureOf(app)).toContain(plain(shown).trim());
});
