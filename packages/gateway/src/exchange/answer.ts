import type { HeaderList } from './header-list.ts'

/** What goes back to the client: made by the upstream, by a guard, or from a problem. */
export interface Answer {
  status: number
  readonly headers: HeaderList
  /**
   * `whole`: held in memory, guards may look at it and replace it. `stream`: flows past unseen.
   * `none`: there is no body, and there may be none (HEAD, 204, 304).
   */
  body:
    | { readonly kind: 'none' }
    | { readonly kind: 'whole'; readonly bytes: Buffer }
    | { readonly kind: 'stream' }
  /** Who made it; only what the upstream made needs its leaks removed. */
  readonly source: 'upstream' | 'gateway'
}
