import type { SanitizeStep } from './sanitize-steps.ts'
import { stripMarkup } from './strip-markup.ts'

/** A cleaned text and the steps that changed it. */
export interface SanitizedText {
  readonly text: string
  readonly applied: readonly SanitizeStep[]
}

/**
 * Applies the declared steps in their fixed order; doing so twice changes nothing more. `control` removes control
 * and format characters that show nothing but change how the rest is read (C0 and C1 without tab, line feed and
 * carriage return; the bidirectional controls; zero-width space, word joiner and byte order mark), `nfc` composes
 * (Unicode UAX 15), `html` strips markup, `trim` takes white space from both ends.
 */
export function sanitizeText(text: string, steps: readonly SanitizeStep[]): SanitizedText {
  const applied: SanitizeStep[] = []
  let current = text
  for (const step of steps) {
    const next = applyStep(current, step, steps)
    if (next === current) continue
    applied.push(step)
    current = next
  }
  return { text: current, applied }
}

function applyStep(text: string, step: SanitizeStep, steps: readonly SanitizeStep[]): string {
  switch (step) {
    case 'control':
      return text.replace(hiddenCharacters, '')
    case 'nfc':
      return text.normalize('NFC')
    case 'html':
      // What stood on both sides of a tag may now compose.
      return steps.includes('nfc') ? stripMarkup(text).normalize('NFC') : stripMarkup(text)
    default:
      return text.trim()
  }
}

const hiddenCharacters =
  // oxlint-disable-next-line no-control-regex -- these are what it is for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+/g
