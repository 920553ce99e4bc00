import { defineGuard } from '../guard.ts'
import { HeadersGuard } from './headers-guard.ts'
import { headersSettings, type HeadersSettings } from './settings.ts'

/** Gives every answer the header fields that browsers protect with, and takes those that tell about the software. */
export const headersGuard = defineGuard({
  name: 'headers',
  settings: headersSettings,
  compile: ({ settings }) => {
    const known = compiled.get(settings)
    if (known !== undefined) return known
    const guard = new HeadersGuard(settings)
    compiled.set(settings, guard)
    return guard
  },
})

// The settings are one object for all operations that override nothing, and the guard depends on nothing else.
const compiled = new WeakMap<HeadersSettings, HeadersGuard>()
