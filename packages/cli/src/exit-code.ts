/** How every command ends. */
export const exitCode = {
  fine: 0,
  /** Something is not as it should be: an invalid file, a finding, no such record. */
  invalid: 1,
  /** The command was called in a way it does not understand. */
  usage: 2,
  /** Something that was needed could not be reached, or only a part could be done. */
  incomplete: 3,
  /** The program's own fault. */
  fault: 4,
} as const

export type ExitCode = (typeof exitCode)[keyof typeof exitCode]
