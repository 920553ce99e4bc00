import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Fault } from '@gateward/kernel'
import { Reader } from 'mmdb-lib'
import { nowhere, type Geography, type Place, type Position } from './geography.ts'
import type { GeographySettings } from './settings.ts'

/** Addresses whose place is remembered; a look-up takes some microseconds. */
const mostRemembered = 20_000

/**
 * Opens the databases that the settings name; a file is read whole, so that a look-up waits for nothing.
 *
 * @throws Fault `GEOGRAPHY_UNAVAILABLE` where a file cannot be read or is no MMDB
 */
export function openGeography(settings: GeographySettings): Geography {
  const { country, asn } = settings
  const readers = [
    ...(country === 'none' ? [] : [openReader(country === 'builtin' ? builtin() : country)]),
    ...(asn === undefined ? [] : [openReader(asn)]),
  ]
  if (readers.length === 0) return { locate: () => nowhere }
  const known = new Map<string, Place>()
  return {
    locate(address) {
      const remembered = known.get(address)
      if (remembered !== undefined) return remembered
      const place = find(readers, address)
      // Clearing now and then bounds the memory more cheaply than any order of use.
      if (known.size >= mostRemembered) known.clear()
      known.set(address, place)
      return place
    },
  }
}

type AnyReader = Pick<Reader<never>, 'get'>

function builtin(): string {
  return fileURLToPath(
    import.meta.resolve('@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb'),
  )
}

function openReader(file: string): AnyReader {
  try {
    return new Reader<never>(readFileSync(file))
  } catch (cause) {
    throw new Fault('GEOGRAPHY_UNAVAILABLE', `${file} cannot be read as a MaxMind DB (MMDB)`, {
      source: 'gateway',
      cause,
    })
  }
}

function find(readers: readonly AnyReader[], address: string): Place {
  let place = nowhere
  for (const reader of readers) {
    const record = lookUp(reader, address)
    if (record === undefined) continue
    place = {
      country: place.country ?? countryOf(record),
      autonomousSystem: place.autonomousSystem ?? systemOf(record),
      position: place.position ?? positionOf(record),
    }
  }
  return place
}

function lookUp(reader: AnyReader, address: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const record: unknown = reader.get(address)
    return isRecord(record) ? record : undefined
  } catch {
    // An IPv6 address in a database of IPv4 alone.
    return undefined
  }
}

// The free databases write the code at the top; MaxMind's own write it, and the rest, in objects.
function countryOf(record: Readonly<Record<string, unknown>>): string | undefined {
  const { country_code: plain, country } = record
  const code = plain ?? (isRecord(country) ? country['iso_code'] : country)
  return typeof code === 'string' && /^[A-Za-z]{2}$/.test(code) ? code.toUpperCase() : undefined
}

function systemOf(record: Readonly<Record<string, unknown>>): number | undefined {
  const number = record['autonomous_system_number'] ?? record['asn']
  const read = typeof number === 'string' ? Number(number.replace(/^AS/i, '')) : number
  return typeof read === 'number' && Number.isInteger(read) && read > 0 ? read : undefined
}

function positionOf(record: Readonly<Record<string, unknown>>): Position | undefined {
  const { location } = record
  const { latitude, longitude } = isRecord(location) ? location : record
  return typeof latitude === 'number' && typeof longitude === 'number' ? { latitude, longitude } : undefined
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
