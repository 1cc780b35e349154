import { TextWidget, TextWidgetBackground, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { QUOTAS } from './quotas';

/** Text on the page; over its whole width unless told otherwise. */
export function textWidget(markdown: string, { width = QUOTAS.width, height }: { readonly width?: number; readonly height: number }): IWidget {
  return new TextWidget({ markdown, width, height, background: TextWidgetBackground.TRANSPARENT });
}
