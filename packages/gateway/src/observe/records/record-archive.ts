import type { ContentKeyStore } from '../../store/content-key-store.ts'
import { BlockSealing } from './block-sealing.ts'
import { openBlocks, type SealedBlocks } from './sealed-blocks.ts'
import { listSegments, segmentPath, type Segment } from './segments.ts'

/** The records of a data folder, for whoever reads them; a gateway may write them meanwhile. */
export class RecordArchive {
  readonly #folder: string
  readonly #keys: ContentKeyStore

  constructor(folder: string, keys: ContentKeyStore) {
    this.#folder = folder
    this.#keys = keys
  }

  /** Newest first. */
  segments(): readonly Segment[] {
    return listSegments(this.#folder)
  }

  /** The blocks of a segment; `undefined` where it has gone since it was listed, with the oldest. */
  async open(segment: Segment): Promise<SealedBlocks | undefined> {
    const sealing = await BlockSealing.find(this.#keys, segment)
    return sealing && openBlocks(segmentPath(this.#folder, segment), sealing)
  }
}
