import { useAdmin, useChange } from '../api/queries.ts'
import { formatCount, formatDistance, formatMoment } from '../parts/format.ts'
import { PageTitle } from '../parts/panel.tsx'
import { Asked, Failure } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'

/** The keys that encrypt and sign: what for, how old, how much used. Keys of an index are not replaced here: they find nothing of before. */
export function KeyringPage() {
  const keyring = useAdmin('getKeyring', {}, { every: 10_000 })
  const rotate = useChange('rotateDataKey')
  return (
    <>
      <PageTitle>Keyring</PageTitle>
      {rotate.isError && <Failure error={rotate.error} />}
      <Asked query={keyring} what="keys">
        {({ keys }) => (
          <Table
            caption="Data keys"
            rows={keys}
            keyOf={({ id }) => id}
            columns={[
              { title: 'Purpose', cell: ({ purpose }) => purpose },
              { title: 'Key', cell: ({ id }) => <code>{id}</code> },
              { title: 'Algorithm', cell: ({ algorithm }) => algorithm },
              { title: 'State', cell: ({ state }) => state },
              {
                title: 'Made',
                cell: ({ createdAt }) => (
                  <span title={formatMoment(createdAt)}>{formatDistance(createdAt)}</span>
                ),
              },
              { title: 'Messages', isNumber: true, cell: ({ messages }) => formatCount(messages) },
              {
                title: 'What to do',
                cell: ({ id, purpose, state }) =>
                  state === 'active' &&
                  !purpose.endsWith('-index') && (
                    <button
                      disabled={rotate.isPending}
                      onClick={() => rotate.mutate({ path: { purpose }, body: {} })}
                    >
                      Rotate <span className="hidden">{id}</span>
                    </button>
                  ),
              },
            ]}
          />
        )}
      </Asked>
    </>
  )
}
