import { median, medianInterval, pairwise, percentile, type Interval } from './statistics';
import type { Sample } from './stopwatch';

/** One figure, as it stands in `latest.json`. */
export interface Row {
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  /** What it is compared with. */
  readonly against: string | null;
  /** The same figure of what it is compared with. */
  readonly against_value: number | null;
  /** How many times the other's it is. */
  readonly ratio: number | null;
  /** The most that `judged` may be, or the least. */
  readonly goal: number | null;
  readonly goal_is: 'most' | 'least';
  /** Missed only when all of the interval is on the wrong side of the goal. */
  readonly met: boolean | null;
  /** Which figure goal and interval speak of. */
  readonly judged: 'value' | 'ratio';
  /** 95 % confidence; nothing where the figure is counted, not timed, or too few runs were made to say. */
  readonly interval: Interval | null;
  readonly runs: number;
  /** What it is made of. */
  readonly note: string | null;
}

/** Another's samples in the same rounds. */
export interface Others {
  readonly name: string;
  readonly samples: readonly Sample[];
}

/** What a figure is called, and what it should be. */
export interface Label {
  readonly metric: string;
  readonly unit: string;
  /** The most that the figure may be; with `goal_is: 'least'`, the least. */
  readonly goal?: number;
  readonly goal_is?: 'most' | 'least';
  readonly note?: string;
}

/** Something that is the same every time: bytes, calls. */
export function counted(label: Label, value: number, against?: { readonly name: string; readonly value: number }): Row {
  return row(label, {
    value,
    against: against?.name ?? null,
    against_value: against?.value ?? null,
    ratio: against ? value / against.value : null,
    judged: 'value',
    interval: null,
    runs: 1,
  });
}

/** The median of the processor time, judged by itself. */
export function timed(label: Label, samples: readonly Sample[], against?: Others): Row {
  const values = cpu(samples);
  return row(labelled(label, samples, against), { ...compared(values, against), value: median(values), judged: 'value', interval: medianInterval(values) ?? null });
}

/** How many times the other's processor time: the median over the rounds of an alternating measurement. */
export function timedRatio(label: Label, samples: readonly Sample[], against: Others): Row {
  const values = cpu(samples);
  const ratios = pairwise(values, cpu(against.samples), (a, b) => a / b);
  return row(labelled(label, samples, against), { ...compared(values, against), value: median(values), judged: 'ratio', interval: medianInterval(ratios) ?? null });
}

/** How much more processor time than the other: the median over the rounds of an alternating measurement. */
export function timedDifference(label: Label, samples: readonly Sample[], against: Others): Row {
  const values = cpu(samples);
  const differences = pairwise(values, cpu(against.samples), (a, b) => a - b);
  return row(labelled(label, samples, against), {
    ...compared(values, against), value: median(differences), judged: 'value', interval: medianInterval(differences) ?? null,
  });
}

/** The median of times by the clock, where it is waiting that takes them. */
export function waited(label: Label, values: readonly number[], against?: { readonly name: string; readonly values: readonly number[] }): Row {
  const [ours, theirs] = [values, against?.values].map(all => all && percentile(all, 0.9).toFixed(1));
  return row({ ...label, note: `p90 ${ours} ${label.unit}${theirs === undefined ? '' : ` to ${theirs} ${label.unit}`}` }, {
    value: median(values),
    against: against?.name ?? null,
    against_value: against ? median(against.values) : null,
    ratio: against ? median(values) / median(against.values) : null,
    judged: 'value',
    interval: medianInterval(values) ?? null,
    runs: values.length,
  });
}

/** How many times the other's time by the clock: the median over the rounds of an alternating measurement. */
export function waitedRatio(label: Label, values: readonly number[], against: { readonly name: string; readonly values: readonly number[] }): Row {
  return ratioOf(label, values, against);
}

/** How many times the other's rate: the median over the rounds of an alternating measurement. The goal is the least that it may be. */
export function rateRatio(label: Label, rates: readonly number[], against: { readonly name: string; readonly values: readonly number[] }): Row {
  return ratioOf({ ...label, goal_is: 'least' }, rates, against);
}

function ratioOf(label: Label, values: readonly number[], against: { readonly name: string; readonly values: readonly number[] }): Row {
  const ratios = pairwise(values, against.values, (a, b) => a / b);
  return row(label, {
    value: median(values),
    against: against.name,
    against_value: median(against.values),
    ratio: median(ratios),
    judged: 'ratio',
    interval: medianInterval(ratios) ?? null,
    runs: values.length,
  });
}

function cpu(samples: readonly Sample[]): number[] {
  return samples.map(({ cpu_ms }) => cpu_ms);
}

function labelled(label: Label, samples: readonly Sample[], against?: Others): Label {
  const [ours, theirs] = [samples, against?.samples].map(all => all && median(all.map(({ clock_ms }) => clock_ms)).toFixed(1));
  return { ...label, note: `by the clock ${ours} ms${theirs === undefined ? '' : ` to ${theirs} ms`}` };
}

function compared(values: readonly number[], against?: Others): Pick<Row, 'against' | 'against_value' | 'ratio' | 'runs'> {
  const theirs = against && cpu(against.samples);
  return {
    against: against?.name ?? null,
    against_value: theirs ? median(theirs) : null,
    ratio: theirs ? median(pairwise(values, theirs, (a, b) => a / b)) : null,
    runs: values.length,
  };
}

function row(label: Label, figures: Omit<Row, 'metric' | 'unit' | 'goal' | 'goal_is' | 'met' | 'note'>): Row {
  const { metric, unit, goal, goal_is = 'most', note } = label;
  const { value, against, against_value, ratio, judged, interval, runs } = figures;
  const figure = judged === 'ratio' ? ratio! : value;
  const met = goal === undefined ? null : goal_is === 'most' ? (interval?.[0] ?? figure) <= goal : (interval?.[1] ?? figure) >= goal;
  return { metric, value, unit, against, against_value, ratio, goal: goal ?? null, goal_is, met, judged, interval, runs, note: note ?? null };
}
