import { defineGuard, type GuardInput } from '../guard.ts'
import { AddressGuard } from './address-guard.ts'
import { addressSettings, type AddressEntry, type AddressSettings } from './settings.ts'

/** Lets requests in by the network address they come from. */
export const addressGuard = defineGuard({
  name: 'address',
  settings: addressSettings,
  compile: (input) => {
    const { settings } = input
    if (settings.allow.length === 0 && settings.deny.length === 0) return undefined
    const known = compiled.get(settings)
    if (known !== undefined) return known
    reportEnded(input)
    const guard = new AddressGuard(input)
    compiled.set(settings, guard)
    return guard
  },
})

// Lists may be long, and the settings are one object for all operations that override nothing: it is compiled, and its
// mistakes told, once.
const compiled = new WeakMap<AddressSettings, AddressGuard>()

function reportEnded(input: GuardInput<AddressSettings>): void {
  const { settings, services } = input
  const now = services.clock.now()
  for (const list of ['allow', 'deny'] as const) {
    for (const [index, entry] of settings[list].entries()) {
      if (entry.expires === undefined || entry.expires > now) continue
      input.report({
        code: 'expired-entry',
        severity: 'warning',
        message: `guards.address.${list}[${index}]${describe(entry)} has ended on ${new Date(entry.expires).toISOString()} and does nothing`,
        fix: 'remove the entry or set a later date',
      })
    }
  }
}

function describe({ reason }: AddressEntry): string {
  return reason === undefined ? '' : ` (${reason})`
}
