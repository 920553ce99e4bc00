/** A value now or later: an embedded store answers at once, one over a network cannot. */
export type Awaitable<Value> = Value | Promise<Value>
