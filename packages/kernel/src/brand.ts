declare const brand: unique symbol

/** A type that only its own factory can make, so that values of the same shape are never mixed up. */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name }
