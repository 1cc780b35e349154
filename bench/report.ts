import type { About } from './machine';
import type { Row } from './row';

export interface Section {
  readonly title: string;
  readonly how: string;
  readonly rows: readonly Row[];
}

const BEGIN = '<!-- begin: written by npm run bench -->';
const END = '<!-- end -->';

/** Puts the figures between the markers of a page and leaves the rest as it is. */
export function insert(page: string, figures: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END, begin);
  if (begin < 0 || end < 0) throw new Error(`The page needs the lines "${BEGIN}" and "${END}"`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${figures.trim()}\n\n${page.slice(end)}`;
}

/** The figures as Markdown. */
export function markdown(sections: readonly Section[], about: About): string {
  const versions = Object.entries(about.versions).map(([name, version]) => `${name} ${version}`).join(', ');
  return [
    `Measured ${about.date.slice(0, 16).replace('T', ' ')} UTC, commit ${about.commit}, in ${about.seconds} s on ${about.machine}; ${versions}. `
      + `Load of the machine (processes running or waiting, mean of a minute): ${about.load.began} when it began, ${about.load.ended} when it ended.`,
    ...sections.flatMap(({ title, how, rows }) => [`## ${title}`, how, table(rows)]),
  ].join('\n\n');
}

/** The figures for a terminal. */
export function lines(rows: readonly Row[]): string[] {
  return rows.map(row => `${row.metric}: ${[figure(row), row.note ?? '', comparison(row), verdict(row)].filter(text => text !== '').join('; ')}`);
}

function table(rows: readonly Row[]): string {
  return [
    '| | value | against | ratio | 95 % interval | goal | |',
    '|---|---:|---:|---:|---:|---:|---|',
    ...rows.map(row => `| ${[
      row.metric + (row.note ? `<br>${row.note}` : ''),
      figure(row),
      row.against === null ? '' : `${number(row.against_value!)}<br>${row.against}`,
      row.ratio === null ? '' : row.ratio.toFixed(2),
      interval(row),
      goal(row),
      row.met === null ? '' : row.met ? 'met' : '**missed**',
    ].join(' | ')} |`),
  ].join('\n');
}

function figure({ value, unit }: Row): string {
  return `${number(value)} ${unit}`;
}

function comparison({ against, against_value, ratio, unit }: Row): string {
  return against === null ? '' : `${against} ${number(against_value!)} ${unit}, ratio ${ratio!.toFixed(2)}`;
}

function verdict(row: Row): string {
  const within = row.interval ? `${row.judged} within ${interval(row)}` : '';
  return row.met === null ? within : `${within ? `${within}, ` : ''}goal ${goal(row)} ${row.met ? 'met' : 'MISSED'}`;
}

function interval({ interval: limits, judged }: Row): string {
  if (!limits) return '';
  return limits.map(limit => judged === 'ratio' ? limit.toFixed(2) : number(limit)).join(' to ');
}

function goal({ goal: limit, goal_is, judged, unit }: Row): string {
  if (limit === null) return '';
  const sign = goal_is === 'most' ? '≤' : '≥';
  return judged === 'ratio' ? `ratio ${sign} ${limit}` : `${sign} ${number(limit)} ${unit}`;
}

/** Three digits that count, or all of a whole number. */
function number(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en-US');
  return value.toLocaleString('en-US', { maximumFractionDigits: Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0 });
}
