import { checkArgument } from '../internal/arguments';
import { checkOptions } from '../internal/prop-rules';
import { enumKind, listKind, required, structKind, TEXT, type GivenOptions, type KindsOf } from '../internal/value-kinds';
import { AlarmSeverity } from '../monitoring/monitored';

/** What is told by a channel. */
export interface AlarmChannelOptions {
  /**
   * Which alarms are told: one or more.
   *
   * @default - those of every severity
   */
  readonly severities?: AlarmSeverity[];
}

/** A channel in Slack, by which Amazon Q Developer in chat applications (AWS Chatbot) tells of alarms. */
export interface SlackAlarmChannelOptions extends AlarmChannelOptions {
  /**
   * The workspace, such as `T012ABCDEFG`. Its administrator lets AWS into it once, in the console of Amazon Q Developer in chat applications.
   *
   * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/slack-setup.html
   */
  readonly workspaceId: string;

  /** The channel, such as `C012ABCDEFG`: the end of its address. In a private channel, invite `@Amazon Q` first. */
  readonly channelId: string;
}

/** A channel in Microsoft Teams, by which Amazon Q Developer in chat applications (AWS Chatbot) tells of alarms. */
export interface TeamsAlarmChannelOptions extends AlarmChannelOptions {
  /**
   * The team: the `groupId` in the channel's address. Its owner lets AWS into it once, in the console of Amazon Q Developer in chat applications.
   *
   * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/teams-setup.html
   */
  readonly teamId: string;

  /** The tenant: the `tenantId` in the channel's address. */
  readonly tenantId: string;

  /** The channel: what follows `/channel/` in its address, such as `19:ab…12@thread.tacv2`, also with `%3a` and `%40` in it. */
  readonly channelId: string;
}

/** Where alarms are told, as it is wired. */
export type ChannelTarget =
  | { readonly kind: 'email'; readonly address: string }
  | { readonly kind: 'https'; readonly url: string }
  | { readonly kind: 'slack'; readonly workspaceId: string; readonly channelId: string }
  | { readonly kind: 'teams'; readonly teamId: string; readonly tenantId: string; readonly channelId: string };

const COMMON = {
  severities: listKind(enumKind('AlarmSeverity', () => AlarmSeverity, 'PAGE')),
};
const CHANNEL_KINDS: KindsOf<AlarmChannelOptions> = COMMON;
const SLACK_KINDS: KindsOf<SlackAlarmChannelOptions> = { ...COMMON, workspaceId: required(TEXT), channelId: required(TEXT) };
const TEAMS_KINDS: KindsOf<TeamsAlarmChannelOptions> = { ...COMMON, teamId: required(TEXT), tenantId: required(TEXT), channelId: required(TEXT) };

/**
 * Where alarms are told, and that they are over.
 *
 * @example
 * AlarmChannel.email('team@example.com', { severities: [AlarmSeverity.TICKET] });
 * AlarmChannel.https('https://events.pagerduty.com/integration/…/enqueue', { severities: [AlarmSeverity.PAGE] });
 * AlarmChannel.slack({ workspaceId: 'T012ABCDEFG', channelId: 'C012ABCDEFG' });
 */
export class AlarmChannel {
  /**
   * Mails. Whoever has the address is asked by a first mail whether they want them, and gets none before they confirm.
   *
   * @param address the address, which is best that of a group
   * @param options which alarms are told
   * @returns the channel
   */
  public static email(address: string, options: AlarmChannelOptions = {}): AlarmChannel {
    checkArgument({ node: { path: 'AlarmChannel' } }, 'AlarmChannel.email(', address, { ...TEXT, write: "'team@example.com'" });
    checkOptions('AlarmChannel.email()', options, CHANNEL_KINDS);
    return new AlarmChannel({ kind: 'email', address }, options, [': email()', options, structKind('{ severities: […] }', CHANNEL_KINDS)]);
  }

  /**
   * HTTPS requests to an on-call service, such as the integrations "Amazon CloudWatch" of PagerDuty and Opsgenie, or an endpoint of yours. It
   * confirms the subscription by itself, as those do, and has a certificate of a public authority. One that does not answer is tried again for up
   * to 45 minutes.
   *
   * The address mostly has a key in it, and stands in the template. It may be a token instead, such as that of a parameter of Parameter Store
   * (`StringParameter.valueForStringParameter()`).
   *
   * @param url the address, with `https://`
   * @param options which alarms are told
   * @returns the channel
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html
   */
  public static https(url: string, options: AlarmChannelOptions = {}): AlarmChannel {
    checkArgument({ node: { path: 'AlarmChannel' } }, 'AlarmChannel.https(', url, { ...TEXT, write: "'https://…'" });
    checkOptions('AlarmChannel.https()', options, CHANNEL_KINDS);
    return new AlarmChannel({ kind: 'https', url }, options, [': https()', options, structKind('{ severities: […] }', CHANNEL_KINDS)]);
  }

  /**
   * Messages in a channel of Slack. Nobody can change anything from there: whoever writes to it may read the states of alarms.
   *
   * @param options the workspace and its channel, and which alarms are told
   * @returns the channel
   * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/slack-setup.html
   */
  public static slack(options: SlackAlarmChannelOptions): AlarmChannel {
    checkOptions('AlarmChannel.slack()', options, SLACK_KINDS);
    const { workspaceId, channelId } = options;
    return new AlarmChannel({ kind: 'slack', workspaceId, channelId }, options, [': slack()', options, structKind('{ … }', SLACK_KINDS)]);
  }

  /**
   * Messages in a channel of Microsoft Teams. Nobody can change anything from there: whoever writes to it may read the states of alarms.
   *
   * @param options the team, its tenant and its channel, and which alarms are told
   * @returns the channel
   * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/teams-setup.html
   */
  public static teams(options: TeamsAlarmChannelOptions): AlarmChannel {
    checkOptions('AlarmChannel.teams()', options, TEAMS_KINDS);
    const { teamId, tenantId, channelId } = options;
    return new AlarmChannel({ kind: 'teams', teamId, tenantId, channelId }, options, [': teams()', options, structKind('{ … }', TEAMS_KINDS)]);
  }

  private constructor(
    /** @internal */
    public readonly _target: ChannelTarget,
    /** @internal */
    public readonly _options: AlarmChannelOptions,
    /** @internal */
    public readonly _given?: GivenOptions,
  ) {}
}
