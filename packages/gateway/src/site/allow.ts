import { defineProblem, type Problem } from '@gateward/kernel'
import { HeaderList } from '../exchange/header-list.ts'
import type { Guard } from '../guards/guard.ts'
import type { Step } from './site.ts'

/** The methods a path offers: those declared, HEAD where there is GET (RFC 9110 section 9.3.2), and OPTIONS. */
export function allowedMethods(declared: readonly string[]): readonly string[] {
  const head = declared.includes('GET') ? ['HEAD'] : []
  return [...new Set([...declared, ...head, 'OPTIONS'])]
}

/** The refusal of a method that a path does not offer (RFC 9110 section 15.5.6). */
export function methodNotAllowed(template: string, allowed: readonly string[]): Problem {
  return defineProblem('METHOD_NOT_ALLOWED', `${template} offers ${allowed.join(', ')}`, {
    headers: [['allow', allowed.join(', ')]],
  })
}

/** Answers OPTIONS for a path that does not declare it (RFC 9110 section 9.3.7), after the guards and without the upstream. */
export function optionsStep(place: number, allowed: readonly string[]): Step {
  const allow = allowed.join(', ')
  const guard: Guard = {
    onRequest: () => ({
      kind: 'answer',
      answer: {
        status: 204,
        headers: new HeaderList(['allow', allow]),
        body: { kind: 'none' },
        source: 'gateway',
      },
    }),
  }
  return { name: 'options', place, mode: 'enforce', onFault: 'refuse', guard }
}
