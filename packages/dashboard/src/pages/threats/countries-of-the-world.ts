import { geoEqualEarth, geoPath } from 'd3-geo'
import codes from 'i18n-iso-countries/codes.json'
import { feature } from 'topojson-client'
import atlas from 'world-atlas/countries-110m.json'

/** The outline of a country on a map of {@link mapSize}. */
export interface Outline {
  readonly key: string
  /** ISO 3166-1 alpha-2; `undefined` for the few areas of the atlas that have none. */
  readonly code: string | undefined
  /** The data of an SVG path. */
  readonly path: string
}

/** The map's own units. */
export const mapSize = { width: 960, height: 430 } as const

/** Every country of the atlas (Natural Earth, 1:110 million), in a projection that keeps areas as they are. */
export function drawCountries(): readonly Outline[] {
  const { countries } = atlas.objects
  const world = feature(
    atlas as unknown as Parameters<typeof feature>[0],
    countries as unknown as TopoJSON.GeometryCollection,
  )
  const inhabited = { ...world, features: world.features.filter(({ id }) => id !== antarctica) }
  const { width, height } = mapSize
  const draw = geoPath(geoEqualEarth().fitSize([width, height], inhabited)).digits(1)
  return inhabited.features.map((country, index) => ({
    key: `${country.id ?? 'none'} ${index}`,
    code: codeOf.get(String(country.id)),
    path: draw(country) ?? '',
  }))
}

const antarctica = '010'
const codeOf = new Map(codes.map(([alpha2 = '', , numeric = '']) => [numeric, alpha2]))
