import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { metricAlarm, namedIn, Routing, Thing } from './fixture';
import { AlarmSeverity } from '../../src/monitoring/monitored';

const { PAGE, TICKET } = AlarmSeverity;

test('a thing has one alarm for each severity, which tells that topic when it begins and when it is over', () => {
  const routing = new Routing();
  routing.route(routing.thing('drawings', 2, 1));
  const { DrawingsPage: page, DrawingsTicket: ticket, ...others } = routing.composites();

  expect(others).toEqual({});
  expect(page.AlarmRule).toEqual({
    'Fn::Join': ['', ['(ALARM("', { 'Fn::GetAtt': [expect.stringMatching(/^Alarm1/), 'Arn'] }, '") OR ALARM("', { 'Fn::GetAtt': [expect.stringMatching(/^Alarm2/), 'Arn'] }, '"))']],
  });
  expect(namedIn(ticket.AlarmRule)).toEqual(['Alarm3']);
  for (const [alarm, topic] of [[page, 'Page'], [ticket, 'Ticket']] as const) {
    expect(alarm.AlarmActions).toEqual([{ Ref: expect.stringMatching(`^${topic}`) }]);
    expect(alarm.OKActions).toEqual(alarm.AlarmActions);
  }
});

test('tickets are held back while the page of the same thing rings', () => {
  const routing = new Routing();
  routing.route(routing.thing('drawings', 1, 1));
  const { DrawingsPage, DrawingsTicket } = routing.composites();

  expect(namedIn(DrawingsTicket.ActionsSuppressor)).toEqual(['DrawingsPage']);
  expect(DrawingsTicket).toMatchObject({ ActionsSuppressorWaitPeriod: 120, ActionsSuppressorExtensionPeriod: 300 });
  expect(DrawingsPage).not.toHaveProperty('ActionsSuppressor');
  expect(DrawingsPage).not.toHaveProperty('ActionsSuppressorWaitPeriod');
});

test('what tells of nothing has no alarm, and a ticket alone is not held back', () => {
  const routing = new Routing();
  const [nothing, tickets, none] = [routing.thing('nothing', 0, 0), routing.thing('tickets', 0, 1), new Thing({ title: 'none' })];
  const routed = routing.route(nothing, tickets, none);

  expect(Object.keys(routing.composites())).toEqual(['TicketsTicket']);
  expect(routing.composites().TicketsTicket).not.toHaveProperty('ActionsSuppressor');
  expect(routed.get(nothing)).toMatchObject({ page: undefined, ticket: undefined });
  expect(routed.get(tickets)!.ticket!.node.id).toBe('TicketsTicket');
});

describe('what a thing cannot work without', () => {
  test('holds its notifications back', () => {
    const routing = new Routing();
    const database = routing.thing('database', 1, 0);
    routing.route(routing.thing('drawings', 1, 0, database), database);
    const { DrawingsPage, DatabasePage } = routing.composites();

    expect(namedIn(DrawingsPage.ActionsSuppressor)).toEqual(['DatabasePage']);
    expect(DatabasePage).not.toHaveProperty('ActionsSuppressor');
  });

  test('holds them back together where it is several things, also by way of others', () => {
    const routing = new Routing();
    const network = routing.thing('network', 1, 0);
    const database = routing.thing('database', 1, 1, network);
    routing.route(network, database, routing.thing('drawings', 1, 1, database));
    const alarms = routing.composites();

    expect(namedIn(alarms.DrawingsPage!.ActionsSuppressor)).toEqual(['DrawingsPageHeld']);
    expect(namedIn(alarms.DrawingsPageHeld!.AlarmRule)).toEqual(['DatabasePage', 'NetworkPage']);
    expect(namedIn(alarms.DrawingsTicket!.ActionsSuppressor)).toEqual(['DrawingsTicketHeld']);
    expect(namedIn(alarms.DrawingsTicketHeld!.AlarmRule)).toEqual(['DrawingsPage', 'DatabasePage', 'NetworkPage']);
    expect(namedIn(alarms.DatabasePage!.ActionsSuppressor)).toEqual(['NetworkPage']);
    expect(alarms.DrawingsPageHeld).not.toHaveProperty('AlarmActions');
  });

  test('may be routed later', () => {
    const routing = new Routing();
    const [network, database] = [routing.thing('network', 1, 0), routing.thing('database', 1, 0)];
    routing.route(routing.thing('drawings', 1, 0, database, network));
    routing.route(network);
    routing.route(database);
    const alarms = routing.composites();

    expect(namedIn(alarms.DrawingsPage!.ActionsSuppressor)).toEqual(['DrawingsPageHeld']);
    expect(namedIn(alarms.DrawingsPageHeld!.AlarmRule)).toEqual(['DatabasePage', 'NetworkPage']);
  });

  test('holds nothing back that tells nobody here, or only has tickets', () => {
    const routing = new Routing();
    const [elsewhere, quiet] = [routing.thing('elsewhere', 1, 0), routing.thing('quiet', 0, 1)];
    routing.route(quiet, routing.thing('drawings', 1, 0, elsewhere, quiet));

    expect(routing.composites().DrawingsPage).not.toHaveProperty('ActionsSuppressor');
  });

  test('fails where things depend on one another: nobody would hear of either', () => {
    const routing = new Routing();
    const one: Thing = routing.thing('one', 1, 0);
    const other = routing.thing('other', 1, 0, one);
    one.monitoring.dependsOn!.push(other);

    expect(() => routing.route(one, other)).toThrow(
      'monitored must not depend on itself, and these do, by way of one another: one, other. Fix: leave out of dependsOn what can work without the other',
    );
  });

  test('fails for a thing that depends on itself', () => {
    const routing = new Routing();
    const one = routing.thing('one', 1, 0);
    one.monitoring.dependsOn!.push(one);

    expect(() => routing.route(one)).toThrow('monitored must not depend on itself, and one does');
  });
});

test('what is too much for one rule is split, and tells once', () => {
  const routing = new Routing();
  routing.route(routing.thing('fleet', 65, 0));
  const { FleetPage, ...parts } = routing.composites();

  expect(namedIn(FleetPage.AlarmRule)).toEqual(['FleetPagePart1', 'FleetPagePart2', 'FleetPagePart3']);
  expect(Object.values(parts).map(({ AlarmRule }) => namedIn(AlarmRule).length)).toEqual([30, 30, 5]);
  expect(Object.values(parts).filter(({ AlarmActions }) => AlarmActions)).toEqual([]);
});

test('the longest names there may be fit into a rule', () => {
  const longest = 'arn:aws-us-gov:cloudwatch:ap-southeast-1:123456789012:alarm:'.length + 255;
  expect(30 * (longest + 'ALARM("") OR '.length) + 2).toBeLessThanOrEqual(10_240);
});

test('an alarm that is listed twice stands in the rule once', () => {
  const routing = new Routing();
  const alarm = routing.alarm(PAGE);
  routing.route(new Thing({ title: 'drawings', alarms: [alarm, { ...alarm, label: 'again' }] }));

  expect(namedIn(routing.composites().DrawingsPage!.AlarmRule)).toEqual(['Alarm1']);
});

test('names are made by CloudFormation, and titles may be alike or strange', () => {
  const routing = new Routing();
  routing.route(...['my jobs', 'My-Jobs', '図面', '図面'].map((title) => routing.thing(title, 1, 0)));
  const alarms = routing.composites();

  expect(Object.keys(alarms)).toEqual(['MyJobsPage', 'MyJobs2Page', 'ThingPage', 'Thing2Page']);
  expect(Object.values(alarms).filter((alarm) => 'AlarmName' in alarm)).toEqual([]);
});

test('alarms of another stack of the same region are told of', () => {
  const app = new App();
  const there = new Stack(app, 'There');
  const routing = new Routing(new Stack(app, 'Here'));
  routing.route(new Thing({ title: 'drawings', alarms: [{ alarm: metricAlarm(there, 'Late'), severity: PAGE, label: 'late', action: 'Look.' }] }));

  expect(JSON.stringify(routing.composites().DrawingsPage!.AlarmRule)).toContain('Fn::ImportValue');
  expect(JSON.stringify(Template.fromStack(there).toJSON())).not.toContain('ImportValue'); // what is watched needs nothing of who watches
});

test.each([
  ['region us-east-1', { account: '111111111111', region: 'us-east-1' }],
  ['account 222222222222', { account: '222222222222', region: 'eu-west-1' }],
])('fails for an alarm in %s', (where, env) => {
  const app = new App();
  const routing = new Routing(new Stack(app, 'Here', { env: { account: '111111111111', region: 'eu-west-1' } }));
  const alarm = metricAlarm(new Stack(app, 'There', { env }), 'Late');

  expect(() => routing.route(new Thing({ title: 'drawings', alarms: [{ alarm, severity: TICKET, label: 'late', action: 'Look.' }] }))).toThrow(
    `monitored must have its alarms in the region and account of the dashboard (eu-west-1, 111111111111), and "late" of drawings is in ${where}. `
    + 'Fix: give what is there a dashboard of its own',
  );
});

test('an imported alarm is known by its ARN', () => {
  const routing = new Routing(new Stack(new App(), 'Here', { env: { account: '111111111111', region: 'eu-west-1' } }));
  const arn = (region: string) => `arn:aws:cloudwatch:${region}:111111111111:alarm:theirs`;
  const alarmOf = (id: string, region: string) => ({ ...routing.alarm(PAGE), alarm: Alarm.fromAlarmArn(routing.stack, id, arn(region)) });

  routing.route(new Thing({ title: 'theirs', alarms: [alarmOf('Near', 'eu-west-1')] }));
  expect(routing.composites().TheirsPage!.AlarmRule).toBe(`(ALARM("${arn('eu-west-1')}"))`);
});

describe('the text', () => {
  const description = (title: string, ...alarms: Parameters<Routing['alarm']>[1][]) => {
    const routing = new Routing();
    routing.route(new Thing({ title, alarms: alarms.map((more) => routing.alarm(PAGE, more)) }));
    return Object.values(routing.composites())[0]!.AlarmDescription;
  };

  test('says which alarms it may be, what to do for each, and where more is said', () => {
    expect(description(
      'drawings',
      { label: 'failure rate', action: 'See `jobs list`.', runbook: 'pipeline-failure-rate' },
      { label: 'oldest message', action: 'Raise concurrency.', runbook: 'https://wiki.example.com/oldest' },
      { label: 'own', action: 'Look.' },
    )).toBe([
      'drawings needs somebody now. One of these rings, or several:',
      '- failure rate: See `jobs list`. https://runbooks.example.com/pipeline-failure-rate',
      '- oldest message: Raise concurrency. https://wiki.example.com/oldest',
      '- own: Look.',
    ].join('\n'));
  });

  test('of tickets can wait', () => {
    const routing = new Routing();
    routing.route(routing.thing('drawings', 0, 1));
    expect(routing.composites().DrawingsTicket!.AlarmDescription).toMatch(/^drawings needs a look in working hours/);
  });

  test('keeps its links where it is too long, else the names, and is never longer than CloudWatch takes', () => {
    const alarms = (count: number) => Array.from({ length: count }, (_, index) => ({ label: `label ${index}`, action: 'x'.repeat(300), runbook: 'page' }));
    expect(description('drawings', ...alarms(2))).toContain('x'.repeat(300));
    expect(description('drawings', ...alarms(10))).toContain('- label 9 https://runbooks.example.com/page');
    expect(description('drawings', ...alarms(10))).not.toContain('xxx');
    expect(description('drawings', ...alarms(29))).toContain('- label 28');
    expect(description('drawings', ...alarms(29))).not.toContain('https');
    expect(description('d'.repeat(2_000), ...alarms(1))).toMatch(/^d{1023}…$/);
  });
});
