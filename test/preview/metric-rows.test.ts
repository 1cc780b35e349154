import { metricRows } from '../../preview/body/metric-rows';

const written = (metrics: readonly (readonly unknown[])[]) => metricRows(metrics).map((row) =>
  row.kind === 'metric' ? [row.namespace, row.metricName, ...row.dimensions.flat()].join(' ') : row.expression);

describe('entries of a metrics array', () => {
  it('are repeated by a point, place by place', () => {
    expect(written([['AWS/EC2', 'Reads', 'InstanceId', 'a'], ['.', 'Writes', '.', '.'], ['.', '.', '.', 'b']]))
      .toEqual(['AWS/EC2 Reads InstanceId a', 'AWS/EC2 Writes InstanceId a', 'AWS/EC2 Writes InstanceId b']);
  });

  it('are repeated by three points up to what follows them', () => {
    expect(written([['X', 'M', 'A', '1', 'B', '2', { stat: 'p50' }], ['...', { stat: 'p90' }], ['...', '3'], ['X', 'N', '...', '4']]))
      .toEqual(['X M A 1 B 2', 'X M A 1 B 2', 'X M A 1 B 3', 'X N A 1 B 4']);
  });

  it('are not those of an expression between them', () => {
    expect(written([['X', 'M'], [{ expression: 'm1 * 2' }], ['.', 'N']])).toEqual(['X M', 'm1 * 2', 'X N']);
  });

  it('keep their options', () => {
    expect(metricRows([['X', 'M', { id: 'm1', yAxis: 'right' }], [{ expression: 'm1', label: 'twice' }]]).map(({ options }) => options))
      .toEqual([{ id: 'm1', yAxis: 'right' }, { label: 'twice' }]);
  });
});
