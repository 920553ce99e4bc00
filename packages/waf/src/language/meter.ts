/** Says when to stop. */
export interface Meter {
  /** @param bytes how much is read in the step that comes next */
  isExhausted(bytes: number): boolean
}
