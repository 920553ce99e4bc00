import type { Diagnostic, SourcePosition } from '@gateward/kernel'
import type { Operation } from '@gateward/openapi'
import type { Configuration } from '../config/configuration.ts'
import {
  apiLayer,
  readGuardSettings,
  rootLayers,
  type GuardLayer,
  type GuardLayers,
} from '../config/guard-settings.ts'
import { guardCatalog } from '../guards/catalog.ts'
import type { GuardDefinition, GuardSettings } from '../guards/guard.ts'

type Report = (diagnostic: Diagnostic) => void

/** The settings of every guard at one place: the whole gateway, an API, or an operation. */
export interface GuardTable {
  /** The settings of one guard: the same object wherever nothing is overridden. */
  get<Settings extends GuardSettings>(definition: GuardDefinition<Settings>): Settings
  /** The table of an API: this one, but for what `apis.<name>.guards` overrides. */
  forApi(api: string, report: Report): GuardTable
  /** The table of an operation: this one, but for what its `x-gateward: { guards }` overrides. */
  forOperation(operation: Operation, report: Report): GuardTable
}

/**
 * Reads the settings of all guards for the whole gateway; `undefined` where there is a mistake. Where an override is a
 * mistake, it is reported and left out.
 */
export function readGuardTable(configuration: Configuration, report: Report): GuardTable | undefined {
  const { tree, references } = configuration.source
  const rows = new Map<GuardDefinition, Row>()
  for (const definition of guardCatalog) {
    const layers = rootLayers(tree, definition.name)
    const { settings, diagnostics } = readGuardSettings(definition, layers, references)
    diagnostics.forEach(report)
    if (settings !== undefined) rows.set(definition, { layers, settings })
  }
  return rows.size === guardCatalog.length ? new Table(configuration, rows) : undefined
}

interface Row {
  readonly layers: GuardLayers
  readonly settings: GuardSettings
}

class Table implements GuardTable {
  readonly #configuration: Configuration
  readonly #rows: ReadonlyMap<GuardDefinition, Row>

  constructor(configuration: Configuration, rows: ReadonlyMap<GuardDefinition, Row>) {
    this.#configuration = configuration
    this.#rows = rows
  }

  get<Settings extends GuardSettings>(definition: GuardDefinition<Settings>): Settings {
    const row = this.#rows.get(definition)
    if (row === undefined) throw new Error(`guard ${definition.name} is not in the catalog`)
    // Every row was parsed by the schema of its own key.
    return row.settings as Settings
  }

  forApi(api: string, report: Report): GuardTable {
    const { tree } = this.#configuration.source
    return this.#override((guard) => apiLayer(tree, api, guard), report)
  }

  forOperation(operation: Operation, report: Report): GuardTable {
    const written = operation.extension?.['guards']
    if (typeof written !== 'object' || written === null) return this
    return this.#override((guard) => operationLayer(operation, written, guard), report)
  }

  #override(layerOf: (guard: string) => GuardLayer | undefined, report: Report): GuardTable {
    const rows = new Map(this.#rows)
    for (const [definition, { layers }] of this.#rows) {
      const layer = layerOf(definition.name)
      if (layer === undefined) continue
      const merged = { ...layers, overrides: [...layers.overrides, layer] }
      const reading = readGuardSettings(definition, merged, this.#configuration.source.references)
      reading.diagnostics.forEach(report)
      if (reading.settings !== undefined) rows.set(definition, { layers: merged, settings: reading.settings })
    }
    return new Table(this.#configuration, rows)
  }
}

function operationLayer(operation: Operation, written: object, guard: string): GuardLayer | undefined {
  const raw = Object.hasOwn(written, guard) ? (written as Record<string, unknown>)[guard] : undefined
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return undefined
  const position = (): SourcePosition => operation.extensionPosition ?? operation.position
  return {
    raw: raw as Readonly<Record<string, unknown>>,
    name: ['x-gateward', 'guards', guard],
    places: { positionOf: position, keyPositionOf: position, isSubstituted: () => false },
  }
}
