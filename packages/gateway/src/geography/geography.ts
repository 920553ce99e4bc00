/** Where a network address is, as far as the databases know. */
export interface Place {
  /** ISO 3166-1 alpha-2 in capitals; `undefined` for addresses of no country, such as those of this machine. */
  readonly country: string | undefined
  /** The number of the autonomous system (RFC 6996); `undefined` where no database tells it. */
  readonly autonomousSystem: number | undefined
  /** Degrees; `undefined` where the database knows countries alone. */
  readonly position: Position | undefined
}

/** Degrees north and east. */
export interface Position {
  readonly latitude: number
  readonly longitude: number
}

/** Knows where network addresses are. */
export interface Geography {
  locate(address: string): Place
}

/** The place of an address that no database knows. */
export const nowhere: Place = Object.freeze({
  country: undefined,
  autonomousSystem: undefined,
  position: undefined,
})
