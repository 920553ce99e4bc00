import { createHash } from 'node:crypto'
import { Secret } from '@gateward/kernel'

/** A text that is another one where any setting is another, a secret too; it gives no secret away. */
export function fingerprint(settings: unknown): string {
  const text = JSON.stringify(
    settings,
    function (this: Readonly<Record<string, unknown>>, key, value: unknown) {
      // What stands in `value` is already what Secret makes of itself.
      const raw = this[key]
      return raw instanceof Secret ? digest(String((raw as Secret<unknown>).reveal())) : value
    },
  )
  return digest(text ?? '')
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
