import { toFields, type Announcement } from '../../versions/plan-fields.ts'
import { defineGuard, type Guard, type GuardInput } from '../guard.ts'
import { announce } from './announce.ts'
import { PlanCheck } from './plan-check.ts'
import { deprecationExtension, versionSettings, type VersionSettings } from './settings.ts'

/** Carries out how a version of an API ends, and tells every caller when. */
export const versionGuard = defineGuard({
  name: 'version',
  settings: versionSettings,
  extension: { deprecation: deprecationExtension },
  compile,
})

function compile(input: GuardInput<VersionSettings>): Guard | undefined {
  const { version, settings } = input
  const fields = fieldsOf(input)
  const onResponse = settings.mode === 'shadow' || fields.length === 0 ? undefined : announce(fields)
  const plan = version?.plan
  if (plan === undefined) return onResponse && { onResponse }
  const check = new PlanCheck(version?.name ?? '', plan, input.pathMethods)
  return {
    onRequest: (exchange) => check.beforeAuthentication(exchange),
    ...(plan.exceptions.size > 0 && { onIdentified: (exchange) => check.afterAuthentication(exchange) }),
    ...(onResponse && { onResponse }),
  }
}

/** What every answer of the operation says, written at load. */
function fieldsOf(input: GuardInput<VersionSettings>): readonly string[] {
  const { version } = input
  const fields = toFields(together(version?.plan?.announcement, ownAnnouncement(input)))
  return version?.vary === undefined ? fields : [...fields, 'vary', version.vary]
}

function ownAnnouncement(input: GuardInput<VersionSettings>): Announcement | undefined {
  const { operation } = input
  const parsed = deprecationExtension.safeParse(operation?.extension?.['deprecation'])
  if (operation === undefined || !parsed.success) return undefined
  const { since, sunset, link } = parsed.data
  if (!operation.deprecated)
    input.report({
      code: 'deprecation-undeclared',
      severity: 'error',
      message: `${operation.id} says since when it is deprecated, and is not \`deprecated: true\``,
      fix: 'add deprecated: true to the operation, or remove x-gateward.deprecation',
      position: operation.extensionPosition ?? operation.position,
    })
  return { deprecated: since, sunset, links: link === undefined ? [] : [['deprecation', link]] }
}

const nothing: Announcement = { deprecated: undefined, sunset: undefined, links: [] }

/** What a version and one of its operations say together: each the earlier date. */
function together(ofVersion: Announcement = nothing, own: Announcement = nothing): Announcement {
  const deprecated = earlier(ofVersion.deprecated, own.deprecated)
  return {
    deprecated,
    sunset: earlier(ofVersion.sunset, own.sunset),
    links: [
      ...own.links,
      ...ofVersion.links.filter(([relation]) => !own.links.some(([name]) => name === relation)),
    ],
  }
}

function earlier(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return Math.min(one, other)
}
