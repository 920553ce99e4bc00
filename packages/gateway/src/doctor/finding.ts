/** What the doctor found of one thing. */
export interface Finding {
  readonly subject: string
  readonly state: 'well' | 'warning' | 'amiss' | 'unreachable'
  readonly message: string
  /** What to do; absent where nothing is to be done. */
  readonly fix?: string | undefined
}
