/**
 * The key under which data keys are wrapped. It is asked when keys are loaded and made, never for a request: what it
 * unwrapped stays in memory, so that a provider which goes away later takes nothing with it.
 *
 * The laws (key-encryption-key.contract.ts, run on every provider):
 * - `unwrap` gives back exactly what `wrap` was given, in any process that has the same key;
 * - what was wrapped for one `context`, or changed by a single character, is not unwrapped for another;
 * - what is wrapped twice looks different;
 * - nothing waits longer than the provider's deadline.
 */
export interface KeyEncryptionKey {
  /** Which key this is, for records and people, such as `file:3f9a61c2`; it gives nothing of the key away. */
  readonly id: string
  /**
   * @param material 1 to 512 bytes
   * @param context names what is wrapped; the same must be named to unwrap it
   * @throws Fault `KEK_UNAVAILABLE` where the provider cannot be asked
   */
  wrap(material: Uint8Array, context: string): Promise<string>
  /** @throws Fault `KEK_UNAVAILABLE`, or `KEK_REFUSED` where this key has not wrapped that */
  unwrap(wrapped: string, context: string): Promise<Buffer>
}
