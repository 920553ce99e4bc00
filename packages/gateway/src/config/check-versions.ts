import { closest } from '@gateward/kernel'
import { checkPlan } from '../versions/check-plan.ts'
import { stageStarts } from '../versions/plan.ts'
import type { PlanSettings, VersionPlace } from '../versions/settings.ts'
import type { Report } from './check-together.ts'
import type { Settings } from './schema.ts'
import type { SettingPath } from './settings-tree.ts'

type ApiSettings = Settings['apis'][string]
type VersionsSettings = NonNullable<ApiSettings['versions']>

/** Finds what is right setting by setting in the versions of an API, and cannot work together. */
export function checkVersions({ apis }: Settings, report: Report): void {
  for (const [name, api] of Object.entries(apis)) {
    const { versions } = api
    if (versions === undefined) continue
    const path = ['apis', name, 'versions']
    checkPlaces(versions, path, report)
    checkDefault(versions, path, report)
    checkValues(versions, path, report)
    checkShared(versions, ['apis', name], report)
    for (const [version, { plan }] of Object.entries(versions.offered)) {
      if (plan === undefined) continue
      const place = [...path, 'offered', version, 'plan']
      for (const mistake of checkPlan(plan)) report([...place, ...mistake.path], mistake.message, mistake.fix)
      checkSuccessor(versions, version, plan, place, report)
    }
  }
}

function checkPlaces(versions: VersionsSettings, path: SettingPath, report: Report): void {
  const names = versions.in.map(placeName)
  for (const [nth, name] of names.entries())
    if (names.indexOf(name) < nth)
      report([...path, 'in', nth], `${name} is named twice`, 'remove one of the two')
}

function placeName(place: VersionPlace): string {
  return place.kind === 'path' ? 'path' : `${place.kind}:${place.name.toLowerCase()}`
}

function checkDefault(
  { default: byDefault, offered }: VersionsSettings,
  path: SettingPath,
  report: Report,
): void {
  if (byDefault === 'none' || Object.hasOwn(offered, byDefault)) return
  report([...path, 'default'], `the default version ${byDefault} is not offered`, nameOne(byDefault, offered))
}

/** Two versions that are written alike could not be told apart. */
function checkValues({ offered }: VersionsSettings, path: SettingPath, report: Report): void {
  const owners = new Map<string, string>()
  for (const [name, { value = name }] of Object.entries(offered)) {
    const owner = owners.get(value)
    if (owner !== undefined)
      report(
        [...path, 'offered', name],
        `${owner} and ${name} are both written ${value}`,
        'give each its own value',
      )
    owners.set(value, name)
  }
}

/** What no version takes over from its API would do nothing. */
function checkShared({ offered }: VersionsSettings, path: SettingPath, report: Report): void {
  for (const key of ['contract', 'upstream'] as const)
    if (Object.values(offered).every((version) => version[key] !== undefined))
      report(
        [...path, key],
        `every version has its own ${key}, so that of the API does nothing`,
        `remove the ${key} of one version that is the same, or write that of the latest here`,
      )
}

function checkSuccessor(
  versions: VersionsSettings,
  version: string,
  plan: PlanSettings,
  path: SettingPath,
  report: Report,
): void {
  const { successor, links } = plan
  if (successor === undefined) {
    if (links.successor !== undefined)
      report(
        [...path, 'links', 'successor'],
        'the plan names no successor',
        'add successor, or remove the link',
      )
    return
  }
  const place = [...path, 'successor']
  const { offered } = versions
  if (!Object.hasOwn(offered, successor))
    return report(place, `the successor ${successor} is not offered`, nameOne(successor, offered))
  if (successor === version) return report(place, `${version} cannot follow itself`, 'name a later version')
  if (links.successor === undefined && !versions.in.some(({ kind }) => kind === 'path'))
    report(
      place,
      'callers could not be led to the successor, since no path names it',
      'add links: { successor: https://… }',
    )
  const ends = retiredAt(offered[successor]?.plan)
  if (ends !== undefined && ends <= (retiredAt(plan) ?? Number.POSITIVE_INFINITY))
    report(
      place,
      `the successor ${successor} does not outlive ${version}`,
      'name a version that stays longer',
    )
}

function retiredAt(plan: PlanSettings | undefined): number | undefined {
  return plan && stageStarts(plan).find(({ stage }) => stage === 'retired')?.at
}

function nameOne(name: string, offered: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(offered)
  const meant = closest(name, names)
  return meant === undefined ? `name one of ${names.join(', ')}` : `did you mean "${meant}"?`
}
