import { printConfiguration } from '../../config/print.ts'
import type { AdminParts } from '../parts.ts'
import type { AdminRoutes } from './route.ts'
import { toMoment } from './to-moment.ts'

/** The configuration that runs. */
export function configurationRoutes({ running, loads }: AdminParts): Pick<AdminRoutes, 'getConfiguration'> {
  return {
    getConfiguration() {
      const { configuration, site } = running()
      const { file } = configuration.source
      return {
        body: {
          hash: site.hash,
          loadedAt: toMoment(loads().loadedAt),
          file,
          effective: printConfiguration(configuration),
        },
        version: site.hash,
      }
    },
  }
}
