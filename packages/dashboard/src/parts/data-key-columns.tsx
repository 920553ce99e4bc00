import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { formatCount, formatDistance, formatMoment } from './format.ts'
import type { Column } from './table.tsx'

type DataKey = AdminAnswer<'getKeyring'>['keys'][number]

/** What tables say of a data key wherever one stands: what for, how old, how much used. */
export const dataKeyColumns: readonly Column<DataKey>[] = [
  { title: 'Purpose', cell: ({ purpose }) => purpose },
  { title: 'Key', cell: ({ id }) => <code>{id}</code> },
  { title: 'Algorithm', cell: ({ algorithm }) => algorithm },
  { title: 'State', cell: ({ state }) => state },
  {
    title: 'Made',
    cell: ({ createdAt }) => <span title={formatMoment(createdAt)}>{formatDistance(createdAt)}</span>,
  },
  { title: 'Messages', isNumber: true, cell: ({ messages }) => formatCount(messages) },
]
