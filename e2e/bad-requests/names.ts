export const STACK = 'BadRequests';

/** The document of the API, in the folder of the cloud assembly. */
export const DOCUMENT = 'openapi.json';
