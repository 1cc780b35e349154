// @ts-check
/** Stands for the language model of a provider, which yours would call: it says in a word what a drawing shows, and how many tokens it has read. */
import { createRequire } from 'node:module';

/** Where the layer is, Parameter Store knows what tokens cost. A test has neither. */
const config = process.env.JOBWORKS_CONFIG ? createRequire(import.meta.url)('cdk-jobworks/config') : undefined;

/** As providers count them, about. */
const LETTERS_OF_A_TOKEN = 4;

/** @param {string[]} annotations */
export async function understood(annotations) {
  const tokens = Math.ceil(annotations.join('\n').length / LETTERS_OF_A_TOKEN);
  const dollarsPerMillion = Number(await config?.parameter('dollars-per-million-tokens') ?? 0);
  return { subject: annotations[0]?.split(' ')[0]?.toLowerCase() ?? 'unknown', tokens, dollars: tokens * dollarsPerMillion / 1e6 };
}
