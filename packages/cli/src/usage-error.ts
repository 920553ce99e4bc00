/** A command that was called in a way that cannot work; `way` says how it is called instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly way: string

  constructor(message: string, way: string) {
    super(message)
    this.way = way
  }
}
