import type { Place, Position } from '../geography/geography.ts'
import { countryPosition } from './country-positions.ts'

/** Where somebody was, and when. */
export interface Sighting {
  readonly place: Place
  /** Milliseconds since the Unix epoch. */
  readonly time: number
}

/** Kilometres an hour: no airliner is faster. */
const fastest = 1_000

/** Kilometres that do not count: how far somebody may be from where the database says, or from the middle of a country. */
const uncertainty = { position: 100, country: 1_500 } as const

export interface Journey {
  readonly kilometres: number
  /** Kilometres an hour that it would take. */
  readonly speed: number
}

/** The journey between two sightings where nobody can travel so fast; else `undefined`. */
export function findImpossibleTravel(from: Sighting, to: Sighting): Journey | undefined {
  if (from.place.country === to.place.country && from.place.position === undefined) return undefined
  const [start, end] = [positionOf(from.place), positionOf(to.place)]
  if (start === undefined || end === undefined) return undefined
  const isExact = from.place.position !== undefined && to.place.position !== undefined
  const kilometres = distance(start, end) - uncertainty[isExact ? 'position' : 'country']
  const hours = Math.max((to.time - from.time) / 3_600_000, 1 / 60)
  const speed = kilometres / hours
  return kilometres > 0 && speed > fastest
    ? { kilometres: Math.round(kilometres), speed: Math.round(speed) }
    : undefined
}

function positionOf({ position, country }: Place): Position | undefined {
  return position ?? (country === undefined ? undefined : countryPosition(country))
}

const earthRadius = 6_371

/** Kilometres along the surface (haversine). */
export function distance(from: Position, to: Position): number {
  const [south, north] = [radians(from.latitude), radians(to.latitude)]
  const half =
    Math.sin((north - south) / 2) ** 2 +
    Math.cos(south) * Math.cos(north) * Math.sin(radians(to.longitude - from.longitude) / 2) ** 2
  return 2 * earthRadius * Math.asin(Math.min(1, Math.sqrt(half)))
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180
}
