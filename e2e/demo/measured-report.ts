import type { Measured, Measures } from './measured';
import { wrap, type Style } from './style';
import { METRIC } from '../../src/runtime/wire/metrics';

/** Metrics and alarms in a few lines. */
export function measuredReport(measured: Measured, { ofTheHandler }: Measures, style: Style, width = Infinity): string {
  const { counts, times, alarms } = measured;
  const ringing = alarms.filter(({ isRinging }) => isRinging);
  const count = (name: string) => counts[name] ?? 0;
  // a job that somebody retries ends once more, without having been submitted again
  const again = count(METRIC.succeeded) + count(METRIC.failed) + count(METRIC.cancelled) - count(METRIC.submitted);
  return [
    style.bold('What CloudWatch was told'),
    wrap('  jobs      ', [
      `${count(METRIC.submitted)} submitted`, ...(again > 0 ? [`${again} retried after its end`] : []), `${count(METRIC.succeeded)} succeeded`, `${count(METRIC.failed)} failed`,
      `${count(METRIC.cancelled)} cancelled`, `${count(METRIC.deadLettered)} given up`,
    ].join(', '), width),
    wrap('  attempts  ', `${count(METRIC.retried)} followed by another, ${count(METRIC.deferred)} asked to wait`, width),
    wrap('  times     ', times.map(({ name, p50, p90 }) => `${name} ${seconds(p50)}${p90 === undefined ? '' : ` (p90 ${seconds(p90)})`}`)
      .map((text) => text.replaceAll(' ', '\u00a0')).join(', '), width),
    ...(ofTheHandler ? [wrap('  handler   ', `${count(ofTheHandler.metric)} ${ofTheHandler.counts}`, width)] : []),
    '',
    style.bold(`Alarms that went off: ${ringing.length} of ${alarms.length}`),
    ...ringing.map(({ description }) => style.yellow(wrap('  ! ', firstSentence(description), width))),
  ].join('\n');
}

/** Without the pipeline's name, which stands before it, and what to do, which comes after it. */
function firstSentence(description: string): string {
  return description.replace(/^[\w-]+: /, '').replace(/\. .*$/s, '');
}

function seconds(milliseconds: number | undefined): string {
  return milliseconds === undefined ? '-' : `${(milliseconds / 1000).toFixed(1)} s`;
}
