/**
 * What events, records and numbers call an API: its name, and its version where it has some, `shop@v1`. Names of APIs
 * hold no `@`, so that either can be read back.
 */
export function servedName(family: string, version: string | undefined): string {
  return version === undefined ? family : `${family}@${version}`
}

/** Whether it is the name of a version. */
export function isVersionName(served: string): boolean {
  return served.includes('@')
}
