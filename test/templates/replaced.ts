import { fullDiff, ResourceImpact, type ResourceDifference } from '@aws-cdk/cloudformation-diff';

/** A template, as JSON. */
export type TemplateJson = Record<string, unknown>;

/** What a change of templates does to resources, each as `logical id (type)`. */
export interface Changes {
  readonly added: string[];
  readonly removed: string[];
  /** Also those of which CloudFormation would say only in the act whether it replaces them. */
  readonly replaced: string[];
  readonly updated: string[];
}

const REPLACED = [ResourceImpact.WILL_REPLACE, ResourceImpact.MAY_REPLACE];
const REMOVED = [ResourceImpact.WILL_DESTROY, ResourceImpact.WILL_ORPHAN];

/** What CloudFormation does where the second template takes the place of the first, by what AWS says of each property. */
export function changesOf(before: TemplateJson, after: TemplateJson): Changes {
  const changes: Changes = { added: [], removed: [], replaced: [], updated: [] };
  fullDiff(before, after).resources.forEachDifference((id, difference) => {
    const impact = difference.changeImpact;
    const line = `${id} (${(typeOf(difference))})`;
    if (difference.isAddition) changes.added.push(line);
    else if (REMOVED.includes(impact)) changes.removed.push(line);
    else if (REPLACED.includes(impact)) changes.replaced.push(line);
    else if (impact !== ResourceImpact.NO_CHANGE) changes.updated.push(line);
  });
  return changes;
}

function typeOf({ oldResourceType, newResourceType }: ResourceDifference): string {
  return oldResourceType ?? newResourceType ?? '?';
}
