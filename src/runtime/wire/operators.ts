/** Parameters by which operators find pipelines, each followed by the name of one. Their values are JSON: `{"operate_function": "…"}`. */
export const OPERATORS_PARAMETER = '/cdk-jobworks/';
