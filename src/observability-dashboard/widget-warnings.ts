import { Annotations } from 'aws-cdk-lib';
import type { IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Watched } from './watched';

/** Hands on what widgets warn of: a dashboard of the CDK asks those alone that are added to it one by one. */
export function warnOfWidgets(scope: Construct, things: readonly Watched[]): void {
  const widgets = things.flatMap(({ monitoring: { rows } }) => rows ?? []).flatMap((row) => row.widgets).flatMap(withInner);
  for (const [id, message] of widgets.flatMap(({ warningsV2 }) => Object.entries(warningsV2 ?? {}))) {
    Annotations.of(scope).addWarningV2(id, message);
  }
}

/** Rows and columns have widgets of their own. */
function withInner(widget: IWidget): IWidget[] {
  const { widgets = [] } = widget as IWidget & { readonly widgets?: IWidget[] };
  return [widget, ...widgets.flatMap(withInner)];
}
