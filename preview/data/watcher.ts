import type { Range } from './widget-data';
import type { MetricSource } from '../../metric-math/metric-data';
import type { AlarmState } from '../body/body';

/** What is known of the system that is watched. */
export interface Watcher {
  readonly source: MetricSource;
  readonly range: Range;
  /** The state of an alarm by its ARN. */
  alarmState(arn: string): AlarmState;
}
