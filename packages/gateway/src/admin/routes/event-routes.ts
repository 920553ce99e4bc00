import { defineProblem } from '@gateward/kernel'
import type { AdminParts } from '../parts.ts'
import { refuse, type AdminRoutes } from './route.ts'

/** What happens, told while it does. */
export function eventRoutes({ live, sessions }: AdminParts): Pick<AdminRoutes, 'followEvents'> {
  return {
    followEvents({ caller }, reply) {
      const added = live.add(reply, () => sessions.isGood(caller))
      return added ? undefined : refuse(tooMany)
    },
  }
}

const tooMany = defineProblem('OVERLOADED', 'too many listen already', { headers: [['retry-after', '30']] })
