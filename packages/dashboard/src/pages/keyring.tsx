import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { useState } from 'react'
import { useAdmin, useChange } from '../api/queries.ts'
import { useMay } from '../api/use-may.ts'
import { dataKeyColumns } from '../parts/data-key-columns.tsx'
import { because, FormDialog } from '../parts/form-dialog.tsx'
import { PageTitle, Panel } from '../parts/panel.tsx'
import { Asked } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'

type DataKey = AdminAnswer<'getKeyring'>['keys'][number]

/** The keys that encrypt and sign: what for, how old, how much used. Keys of an index are not replaced here: they find nothing of before. */
export function KeyringPage() {
  const keyring = useAdmin('getKeyring', {}, { every: 10_000 })
  const mayRotate = useMay('security')
  const [rotated, setRotated] = useState<DataKey>()
  return (
    <>
      <PageTitle>Keyring</PageTitle>
      <Panel title="Data keys">
        <Asked query={keyring} what="keys">
          {({ keys }) => (
            <Table
              caption="Data keys"
              rows={keys}
              keyOf={({ id }) => id}
              columns={[
                ...dataKeyColumns,
                { title: 'Wrapped by', cell: ({ kek }) => <code>{kek}</code> },
                {
                  title: 'Actions',
                  cell: (key) =>
                    mayRotate &&
                    key.state === 'active' &&
                    !key.purpose.endsWith('-index') && (
                      <button onClick={() => setRotated(key)}>
                        Rotate <span className="hidden">{key.purpose}</span>
                      </button>
                    ),
                },
              ]}
            />
          )}
        </Asked>
      </Panel>
      {rotated !== undefined && <Rotate subject={rotated} close={() => setRotated(undefined)} />}
    </>
  )
}

function Rotate({ subject, close }: { readonly subject: DataKey; readonly close: () => void }) {
  const rotate = useChange('rotateDataKey')
  const { id, purpose } = subject
  return (
    <FormDialog
      title={`Rotate the key of ${purpose}`}
      action="Rotate the key"
      doing={rotate}
      submit={(said) => rotate.mutate({ path: { purpose }, body: because(said) }, { onSuccess: close })}
      close={close}
    >
      <p>
        From now on another key is used; <code>{id}</code> still reads and verifies what it wrote.
      </p>
    </FormDialog>
  )
}
