/** A moment as the contract writes it: RFC 3339 in UTC. */
export function toMoment(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
