export const STACK = 'BadRequests';

/** The document of the API, in the folder of the cloud assembly. */
export const DOCUMENT = 'openapi.json';

/** Stands in every payload that is fine, as its schema has it, and in no log. */
export const CANARY = 'canary-7c1d9e52b0f84a63';
