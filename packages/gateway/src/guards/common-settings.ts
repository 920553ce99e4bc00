import { z } from 'zod'

/** The settings that every guard has, with the defaults it gives itself. */
export function commonSettings(defaults: {
  mode: 'off' | 'shadow' | 'enforce'
  onFault: 'refuse' | 'pass' | 'degrade'
}) {
  return {
    mode: z
      .enum(['off', 'shadow', 'enforce'])
      .default(defaults.mode)
      .describe('off: not there; shadow: decides, records, lets pass; enforce: decides and refuses.'),
    onFault: z
      .enum(['refuse', 'pass', 'degrade'])
      .default(defaults.onFault)
      .describe('What happens when the guard itself breaks; degrade lets pass and raises an alert.'),
  }
}
