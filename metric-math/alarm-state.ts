/** The states of an alarm. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** What an alarm does with periods that have no value. */
export type MissingData = 'missing' | 'ignore' | 'breaching' | 'notBreaching';

/** M out of N, and what is missing. */
export interface AlarmSettings {
  /** N: how many datapoints are judged. */
  readonly evaluationPeriods: number;
  /** M: how many of them must be beyond the threshold. All of them if not given. */
  readonly datapointsToAlarm?: number;
  /** `missing` if not given. */
  readonly treatMissingData?: MissingData;
}

/**
 * How many periods more than N are looked at for datapoints. AWS says that there are more, and shows 2 more for 3 periods of 5 minutes; how many
 * there are for others it does not say.
 */
export const MORE_PERIODS = 2;

/** How many of the newest datapoints `alarmState` wants. */
export function evaluationRange({ evaluationPeriods }: AlarmSettings): number {
  return evaluationPeriods + MORE_PERIODS;
}

/**
 * The state of an alarm.
 *
 * @param datapoints whether each datapoint of the evaluation range is beyond the threshold, `null` where there is none; the newest comes last
 * @param settings of the alarm
 * @param current the state that it has: kept where missing data is ignored
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function alarmState(datapoints: readonly (boolean | null)[], settings: AlarmSettings, current: AlarmState = 'INSUFFICIENT_DATA'): AlarmState {
  const { evaluationPeriods, datapointsToAlarm = evaluationPeriods, treatMissingData = 'missing' } = settings;
  const range = datapoints.slice(-evaluationRange(settings));
  const real = range.filter((datapoint): datapoint is boolean => datapoint !== null).slice(-evaluationPeriods);
  const filled = treatMissingData === 'breaching' ? evaluationPeriods - real.length : 0;
  const breaching = real.filter(Boolean).length;

  if (breaching + filled >= datapointsToAlarm) return 'ALARM';
  if (real.length === evaluationPeriods || treatMissingData === 'breaching' || treatMissingData === 'notBreaching' || real.includes(false)) return 'OK';
  if (treatMissingData === 'ignore') return current;
  return real.length > 0 && oldestAge(range) >= datapointsToAlarm ? 'ALARM' : 'INSUFFICIENT_DATA';
}

/** The oldest datapoint's place, counted from the newest, which is 1: an alarm rings when nothing better came for M periods. */
function oldestAge(range: readonly (boolean | null)[]): number {
  return range.length - range.findIndex(datapoint => datapoint !== null);
}
