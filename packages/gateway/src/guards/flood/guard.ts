import { defineGuard } from '../guard.ts'
import { FloodGuard } from './flood-guard.ts'
import { floodSettings } from './settings.ts'

/** Keeps a single caller from taking the gateway for itself, before anyone is known. */
export const floodGuard = defineGuard({
  name: 'flood',
  settings: floodSettings,
  fixed: ['totalConcurrency', 'authenticationFailures'],
  compile: (input) => new FloodGuard(input),
})
