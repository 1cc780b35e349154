import type { DashboardBody, Widget } from '../../preview/body/body';
import type { AlarmDefinition } from '../../preview/body/dashboards';
import { layout } from '../../preview/draw/layout';
import { preview, type Look } from '../../preview/preview';

const LOOK: Look = { width: 1400, theme: 'light', state: 'calm' };
const JOBS = ['JobWorks', 'JobsFailed', 'Pipeline', 'drawings'];

function metric(properties: object, place: object = {}): Widget {
  return { type: 'metric', x: 0, y: 0, width: 12, height: 6, properties: { region: 'eu-west-1', metrics: [JOBS], stat: 'Sum', ...properties }, ...place } as Widget;
}

interface Around {
  readonly look?: Partial<Look>;
  readonly alarms?: readonly AlarmDefinition[];
  readonly body?: Partial<DashboardBody>;
}

function drawn(widgets: readonly Widget[], { look = {}, alarms = [], body = {} }: Around = {}) {
  return preview({ name: 'Operations', body: { widgets, ...body } }, { alarms, timeouts: new Map() }, { ...LOOK, ...look });
}

const texts = (svg: string) => [...svg.matchAll(/<(?:text|tspan)[^>]*>([^<]*)/g)].map(([, text]) => text).filter((text) => text !== '');

describe('a picture', () => {
  it('is the same at every run, and another for another state, theme or width', () => {
    const page = (look: Partial<Look> = {}) => drawn([metric({ title: 'Failed' })], { look }).svg;
    expect(page()).toBe(page());
    expect(new Set([page(), page({ state: 'incident' }), page({ theme: 'dark' }), page({ width: 700 })]).size).toBe(4);
  });

  it('has its texts escaped, and is well formed', () => {
    const { svg } = drawn([
      metric({ title: '<script>alert("1 & 2")</script>\u0000', metrics: [[...JOBS, { label: '</text>' }]], annotations: { horizontal: [{ value: 3, label: '"<' }] } }),
      { type: 'text', x: 12, y: 0, width: 12, height: 6, properties: { markdown: '# <b>\n`</svg>` [x](javascript:"<") | <i>' } },
    ]);
    expect(svg).not.toMatch(/<script|<b>|<i>|\u0000/);
    expect(svg).toContain('&lt;script&gt;alert(&quot;1 &amp; 2&quot;)');
    const open: string[] = [];
    for (const [, close, name, alone] of svg.matchAll(/<(\/?)(\w+)(?:\s[\w:-]+="[^"<>]*")*(\/?)>/g)) {
      if (close) expect(open.pop()).toBe(name);
      else if (!alone) open.push(name);
    }
    expect(open).toEqual([]);
    expect(svg.replace(/<\/?\w+(?:\s[\w:-]+="[^"<>]*")*\/?>/g, '')).not.toMatch(/[<>]/);
  });

  it('shows a widget over a time of its own, where it has one', () => {
    const { svg } = drawn([metric({ metrics: [['AWS/S3', 'NumberOfObjects', 'BucketName', 'files']], start: '-P14D', end: 'P0D', period: 86_400 })]);
    expect(texts(svg)).toContain('03-10');
    expect(texts(svg)).not.toContain('12:00');
  });

  it('tells of what was called in rows that fit together, and of nothing wrong in calm days', () => {
    const query = (view: string, text: string): Widget => ({ type: 'log', x: 0, y: 0, width: 12, height: 6, properties: { region: 'eu-west-1', view, query: text } }) as Widget;
    const calls = texts(drawn([query('table', 'stats count(*) as calls by method, route')]).svg).join(' ');
    expect(calls).toContain('GET /status/{job_id} 15,043 POST /process-drawing 3,602');
    const refused = texts(drawn([query('table', 'filter status >= 400 | stats count(*) as calls by status, error, method, route')], { look: { state: 'incident' } }).svg).join(' ');
    expect(refused).toContain('404 Not Found GET /status/{job_id} 5 400 InvalidPayload POST /process-drawing 3');
    const throttled = (state: Look['state']) => texts(drawn([query('timeSeries', 'filter status = 429 | stats count(*) as throttled by bin(5m)')], { look: { state } }).svg);
    expect(throttled('calm')).toContain('4'); // the axis of zeros
    expect(throttled('incident')).toContain('10');
  });

  it.each<[string, object, readonly string[]]>([
    ['lines', { title: 'Failed', yAxis: { left: { label: 'jobs' } } }, ['Failed', 'JobsFailed', 'jobs', '12:00', '0']],
    ['lines with two axes', { metrics: [JOBS, ['AWS/SQS', 'ApproximateAgeOfOldestMessage', 'QueueName', 'q', { yAxis: 'right' }]] }, ['ApproximateAgeOfOldestMessage']],
    ['a limit', { annotations: { horizontal: [{ value: 20, label: 'alarm: many' }] } }, ['alarm: many']],
    ['areas', { stacked: true, metrics: [JOBS, ['.', 'JobsSucceeded', '.', '.']] }, ['JobsSucceeded', '60']],
    ['a search', { metrics: [[{ expression: 'SEARCH(\'{JobWorks,Pipeline,Stage} MetricName="StageDuration" Pipeline="drawings"\', \'p90\', 300)' }]] }, ['read', 'classify']],
    ['a dynamic label', { metrics: [[...JOBS, { label: '${LABEL}, at most ${MAX}' }]] }, ['JobsFailed, at most 1']],
    ['a number', { view: 'singleValue', metrics: [[...JOBS, { label: 'Failed' }]], setPeriodToTimeRange: true }, ['Failed']],
    ['a gauge', { view: 'gauge', yAxis: { left: { min: 0, max: 50 } } }, ['JobsFailed']],
    ['bars', { view: 'bar', setPeriodToTimeRange: true }, ['JobsFailed']],
    ['a pie', { view: 'pie', setPeriodToTimeRange: true }, ['JobsFailed']],
    ['a table', { view: 'table' }, ['JobsFailed', 'average']],
  ])('shows %s', (_, properties, expected) => {
    const { svg, faults } = drawn([metric(properties)]);
    expect(faults).toEqual([]);
    expect(texts(svg)).toEqual(expect.arrayContaining([...expected]));
  });

  it('shows what a query of logs would find, by its columns', () => {
    const { svg } = drawn([{
      type: 'log',
      x: 0,
      y: 0,
      width: 24,
      height: 6,
      properties: { region: 'r', title: 'Errors', query: 'SOURCE \'a\' | fields @timestamp, job_id\n| stats count(*) as lines by service, error_type\n| limit 3' },
    }]);
    expect(texts(svg)).toEqual(expect.arrayContaining(['Errors', 'service', 'error_type', 'lines', 'ProviderBusy']));
    expect(texts(svg)).not.toContain('job_id');
  });

  it('computes: a sum over the range is that of its lines', () => {
    const value = (properties: object) => texts(drawn([metric({ metrics: [[...JOBS, { id: 'f', visible: false }], [{ expression: 'SUM(f) + 0 * f', label: 'x' }]], view: 'singleValue', ...properties })]).svg);
    const single = texts(drawn([metric({ view: 'singleValue', setPeriodToTimeRange: true })]).svg);
    expect(value({})[2]).toBe(single[2]);
  });

  it('says what it cannot draw', () => {
    const { svg, faults } = drawn([metric({ title: 'Strange', metrics: [[{ expression: 'MAGIC(m1)' }]] })]);
    expect(faults).toEqual([expect.stringMatching(/^Strange: MAGIC\(m1\): /)]);
    expect(texts(svg).join()).toMatch(/MAGIC/);
  });

  it('shows alarms in the state that their values give them', () => {
    const rate: AlarmDefinition = {
      name: 'failures',
      type: 'AWS::CloudWatch::Alarm',
      properties: {
        Namespace: 'JobWorks',
        MetricName: 'JobsFailed',
        Dimensions: [{ Name: 'Pipeline', Value: 'drawings' }],
        Statistic: 'Sum',
        Period: 300,
        EvaluationPeriods: 2,
        Threshold: 5,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        TreatMissingData: 'notBreaching',
      },
    };
    const both: AlarmDefinition = {
      name: 'page',
      type: 'AWS::CloudWatch::CompositeAlarm',
      properties: { AlarmRule: '(ALARM("arn:aws:cloudwatch:eu-west-1:1:alarm:failures") OR ALARM(other)) AND NOT OK(failures)' },
    };
    const widget: Widget = { type: 'alarm', x: 0, y: 0, width: 12, height: 4, properties: { alarms: ['arn:aws:cloudwatch:r:1:alarm:page'], states: ['ALARM'] } };
    const shown = (state: Look['state']) => texts(drawn([widget], { alarms: [rate, both], look: { state } }).svg);
    expect(shown('calm')).not.toContain('page');
    expect(shown('incident')).toContain('page');
  });

  it('shows the time that the page is opened with', () => {
    expect(texts(drawn([], { body: { start: '-PT6H' } }).svg).join()).toContain('08:40 to 14:40');
  });

  it('of a whole page is small', () => {
    const metrics = [JOBS, ['.', 'JobsSucceeded', '.', '.'], ['.', 'JobsRetried', '.', '.']];
    const widgets = Array.from({ length: 50 }, (_, i) => metric({ metrics }, { y: 6 * i }));
    expect(drawn(widgets, { body: { start: '-PT12H' } }).svg.length).toBeLessThan(300_000);
  });
});

describe('places', () => {
  const text = (place: object): Widget => ({ type: 'text', properties: { markdown: 'x' }, ...place });

  it('are those of the grid', () => {
    const { boxes, height } = layout([text({ x: 0, y: 0, width: 12, height: 2 }), text({ x: 12, y: 0, width: 12, height: 4 })], 1000);
    expect(boxes.map(({ box }) => [box.x, box.width])).toEqual([[0, 496], [504, 496]]);
    expect(height).toBe(4 * 50 - 8);
  });

  it('are one below the other in a narrow window, in the order in which one reads', () => {
    const [right, below, left] = [{ x: 12, y: 0, width: 12 }, { x: 0, y: 2, width: 24 }, { x: 0, y: 0, width: 12 }];
    const widgets = [right, below, left].map((place) => text({ ...place, height: 2 }));
    const { boxes } = layout(widgets, 700);
    expect(boxes.map(({ widget, box }) => [widgets.indexOf(widget), box.x, box.y, box.width]))
      .toEqual([[2, 0, 0, 700], [0, 0, 100, 700], [1, 0, 200, 700]]);
  });

  it('are found for those that say none', () => {
    const { boxes } = layout([text({}), text({ width: 12 }), text({ width: 12 })], 1000);
    expect(boxes.map(({ box }) => [Math.round(box.x), box.y])).toEqual([[0, 0], [252, 0], [0, 300]]);
  });
});
