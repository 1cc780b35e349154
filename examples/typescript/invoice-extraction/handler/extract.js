// @ts-check
/**
 * Step 2: the data of an invoice. A stand-in: it looks for lines of a certain form, where a real one would ask a model (Bedrock).
 *
 * @typedef {{ pause_ms?: number, busy_until?: string }} Simulation for demonstrations and tests only: it takes longer; it is busy until a time
 * @typedef {{ description: string, quantity: number, amount: number }} Item
 * @typedef {{ number: string, vendor?: string, date?: string, currency?: string, items: Item[], total: number }} Invoice
 * @typedef {{ extracted_data: Invoice, confidence_score: number, tokens_used: number }} Extracted
 */
const { setTimeout: sleep } = require('node:timers/promises');
const { JobFailed } = require('./job-failed.js');

/** As models count, about. */
const LETTERS_A_TOKEN = 4;

/** Any other error than JobFailed: the state machine calls again, after a pause. */
class ProviderBusy extends Error {
  name = 'ProviderBusy';
}

/**
 * @param {import('./ocr.js').Input & { result: import('./ocr.js').Recognised }} input
 * @returns {Promise<Extracted>}
 */
exports.handler = async ({ payload: { simulate = {} }, result: { text } }) => {
  await sleep(simulate.pause_ms ?? 0);
  if (simulate.busy_until !== undefined && Date.now() < Date.parse(simulate.busy_until)) {
    throw new ProviderBusy('simulated: the provider is busy');
  }
  const extracted_data = invoiceIn(text);
  return { extracted_data, confidence_score: confidenceIn(extracted_data), tokens_used: Math.ceil(text.length / LETTERS_A_TOKEN) };
};

/**
 * @param {string} text
 * @returns {Invoice}
 */
function invoiceIn(text) {
  const field = (/** @type {string} */ name) => text.match(new RegExp(`^${name}: *(.+)$`, 'im'))?.[1].trim();
  const number = field('invoice(?: number| no\\.?)?');
  const [, total, currency] = field('total')?.match(/^([\d,]+\.\d\d)(?: +([A-Z]{3}))?$/) ?? [];
  if (!number || !total) {
    throw new JobFailed(`the text is no invoice: it has no ${[number ? [] : 'number', total ? [] : 'total'].flat().join(' and no ')}`);
  }
  return { number, vendor: field('from'), date: field('date'), currency, items: itemsIn(text), total: amount(total) };
}

/** Lines such as "4  Hinge, brass  12.80". @param {string} text @returns {Item[]} */
function itemsIn(text) {
  return [...text.matchAll(/^ *(\d+) {2,}(\S.*?) {2,}([\d,]+\.\d\d) *$/gm)]
    .map(([, quantity, description, price]) => ({ description, quantity: Number(quantity), amount: amount(price) }));
}

/** @param {string} text */
function amount(text) {
  return Number(text.replaceAll(',', ''));
}

/** How much was found of what invoices have, and whether it adds up. @param {Invoice} invoice */
function confidenceIn({ vendor, date, currency, items, total }) {
  const sum = items.reduce((all, item) => all + item.amount, 0);
  const signs = [vendor, date, currency, items.length > 0, Math.abs(sum - total) < 0.005];
  return 0.5 + signs.filter(Boolean).length / signs.length / 2;
}
