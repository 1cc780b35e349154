import { METRIC, PIPELINE_DIMENSION, STAGE_DIMENSION } from '../wire/metrics';

/** Names of fields in a line of metrics that are none. */
const FIELDS: readonly string[] = [PIPELINE_DIMENSION, STAGE_DIMENSION, '_aws'];

/** What alarms and dashboards go by. */
const OWN: readonly string[] = Object.values(METRIC);

/** Apart from the metrics themselves, so that a job for a unit test keeps the same rules without an SDK. @throws RangeError */
export function checkMetric(name: string, value: number): void {
  if (FIELDS.includes(name)) {
    throw new RangeError(`a metric cannot be called "${name}": that is the name of a dimension`);
  }
  if (OWN.includes(name)) {
    throw new RangeError(`a metric cannot be called "${name}": that is one of the pipeline's own, ${OWN.join(', ')}`);
  }
  if (!Number.isFinite(value)) {
    throw new RangeError(`metric "${name}" is ${value}, which is no number that can be counted`);
  }
}
