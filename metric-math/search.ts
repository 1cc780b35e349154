import { MetricMathError } from './syntax';

/** What is read of a SEARCH: metrics of one namespace, with exactly these dimensions, of a name. */
export interface Search {
  readonly namespace: string;
  readonly dimensionNames: readonly string[];
  /** Exact; none if any name will do. */
  readonly metricName?: string;
  /** Exact values of dimensions. */
  readonly dimensions: Readonly<Record<string, string>>;
  readonly stat: string;
  readonly period?: number;
}

const SCHEMA = /^\s*\{([^}]*)\}\s*,?\s*(.*)$/s;
const PART = /^("?)(.*)\1$/s;
const TERM = /^(?:"?([A-Za-z0-9_./-]+)"?)="([^"]*)"\s*(?:AND\s+)?/;

/**
 * Reads a subset of search expressions: a schema, and designators with exact values. Partial matches, OR and NOT are refused.
 *
 * @throws MetricMathError on the rest of the language
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 */
export function readSearch(text: string, stat: string, period?: number): Search {
  const schema = SCHEMA.exec(text);
  if (!schema) throw refused(text, 'it has no schema in braces');
  const [namespace, ...dimensionNames] = schema[1].split(',').map(part => PART.exec(part.trim())![2]);
  if (!namespace) throw refused(text, 'its schema has no namespace');
  const { MetricName: metricName, ...dimensions } = readTerms(text, schema[2].trim());
  const unknown = Object.keys(dimensions).filter(name => !dimensionNames.includes(name));
  if (unknown.length > 0) throw refused(text, `${unknown.join(', ')} is in no dimension of its schema`);
  return { namespace, dimensionNames, metricName, dimensions, stat, period };
}

function readTerms(text: string, rest: string): Record<string, string> {
  const terms: Record<string, string> = {};
  while (rest !== '') {
    const term = TERM.exec(rest);
    if (!term) throw refused(text, `only NAME="value" is read here, and not '${rest}'`);
    terms[term[1]] = term[2];
    rest = rest.slice(term[0].length).trim();
  }
  return terms;
}

function refused(text: string, because: string): MetricMathError {
  return new MetricMathError(`SEARCH('${text}') is not evaluated here: ${because}.`);
}
