/**
 * The steps `x-gateward: { sanitize: […] }` may name, in the order they are applied whatever order the contract
 * lists them in: what control characters and compatibility letters hide must be in the open before markup is sought.
 */
export const sanitizeSteps = ['control', 'nfc', 'html', 'trim'] as const

/** One declared way to clean a text. */
export type SanitizeStep = (typeof sanitizeSteps)[number]
