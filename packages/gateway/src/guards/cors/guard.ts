import { defineGuard, type GuardInput } from '../guard.ts'
import { CorsGuard } from './cors-guard.ts'
import { corsSettings, type CorsSettings } from './settings.ts'

/** Decides which pages of other origins may use the API (the CORS protocol of the Fetch standard). */
export const corsGuard = defineGuard({
  name: 'cors',
  settings: corsSettings,
  compile: (input) => {
    reportInsecureOrigins(input)
    return new CorsGuard(input)
  },
})

function reportInsecureOrigins(input: GuardInput<CorsSettings>): void {
  for (const origin of input.settings.origins) {
    if (!origin.startsWith('http://') || /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::|$)/.test(origin))
      continue
    input.report({
      code: 'insecure-origin',
      severity: 'warning',
      message: `guards.cors.origins lists ${origin}: whoever is on the way can change its pages, and they may use the API`,
      fix: `write ${origin.replace('http:', 'https:')}`,
    })
  }
}
