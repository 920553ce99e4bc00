import type { SealedColumn, Sealing } from '../../keyring/sealing/sealing.ts'
import { sealedColumns, type SealedTable } from './sealed-columns.ts'

/** Seals and opens the sealed columns of a table's rows, each bound to its row. */
export class RowSealing {
  readonly #row: string
  readonly #columns: readonly (readonly [name: string, column: SealedColumn])[]

  constructor(sealing: Sealing, { table, row, columns }: SealedTable) {
    this.#row = row
    this.#columns = columns.map((name) => [name, sealing.column(table, name)])
  }

  /** For the table as it is now. */
  static of(sealing: Sealing, table: SealedTable['table']): RowSealing {
    const found = sealedColumns.find((each) => each.table === table)
    if (found === undefined) throw new Error(`nothing of ${table} is sealed`)
    return new RowSealing(sealing, found)
  }

  /** A row as it is kept. Never call it inside of a transaction: the message that it counts is one of its own. */
  seal<Row extends object>(row: Row): Row {
    return this.#change(row, (column, id, text) => column.seal(id, text))
  }

  /** @throws Fault where a value was changed, or taken from another row */
  open<Row extends object>(row: Row): Row {
    return this.#change(row, (column, id, text) => column.open(id, text))
  }

  #change<Row extends object>(
    row: Row,
    change: (column: SealedColumn, id: string, text: string) => string,
  ): Row {
    const changed = { ...row } as Record<string, unknown>
    const id = String(changed[this.#row])
    for (const [name, column] of this.#columns) {
      const text = changed[name]
      if (typeof text === 'string') changed[name] = change(column, id, text)
    }
    return changed as Row
  }
}
