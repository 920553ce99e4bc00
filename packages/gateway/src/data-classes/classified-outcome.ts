/** What became of a body's classified parts. */
export type ClassifiedOutcome =
  | { readonly kind: 'done' }
  /** `reason` quotes nothing of the body. */
  | { readonly kind: 'refused'; readonly reason: string }
