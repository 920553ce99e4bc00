import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { useEffect, useRef, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { callAdmin, type AdminError, type Answered } from '../../api/client.ts'
import { useAdminWithEtag, useChange } from '../../api/queries.ts'
import { because, FormDialog } from '../../parts/form-dialog.tsx'
import { formatCount } from '../../parts/format.ts'
import { Panel } from '../../parts/panel.tsx'
import { Asked } from '../../parts/states.tsx'
import { Diagnostics } from './diagnostics.tsx'
import { DiffText } from './diff-text.tsx'
import { TextEditor } from './text-editor.tsx'

type Outlook = AdminAnswer<'checkConfiguration'>

interface Closing {
  readonly close: () => void
}

/** The file to be edited: what a text would do is said while it is written, and nothing is done before it is applied. */
export function EditConfiguration({ close }: Closing) {
  const text = useAdminWithEtag('getConfigurationText')
  return (
    <Asked query={text} what="the file">
      {(base) => <Editing base={base} close={close} />}
    </Asked>
  )
}

function Editing({ base, close }: Closing & { readonly base: Answered<'getConfigurationText'> }) {
  // What the draft was made from stays, whoever changes the file meanwhile: the gateway tells them apart by the ETag.
  const [{ value, etag }] = useState(base)
  const [draft, setDraft] = useState(value.text)
  const [isAsked, setAsked] = useState(false)
  const editor = useRef<HTMLTextAreaElement>(null)
  const settled = useSettled(draft, 600)
  const outlook = useQuery<Outlook, AdminError>({
    queryKey: ['checkConfiguration', settled],
    queryFn: async ({ signal }) =>
      (await callAdmin('checkConfiguration', { body: { text: settled }, signal })).value,
    staleTime: Infinity,
  })
  const isSettled = settled === draft
  const mayApply = isSettled && outlook.data?.valid === true && draft !== value.text
  return (
    <Panel
      title={`Edit ${value.file.split('/').at(-1)}`}
      aside={<Outcome outlook={isSettled ? outlook.data : undefined} />}
    >
      <TextEditor
        label="Configuration file"
        ref={editor}
        value={draft}
        change={setDraft}
        marks={(outlook.data?.diagnostics ?? []).filter(({ position }) => position?.file === value.file)}
      />
      <Asked query={outlook} what="what it would do">
        {(found) => (
          <>
            <Diagnostics
              file={value.file}
              rows={found.diagnostics}
              go={(line) => goToLine(editor.current, line)}
            />
            <DiffText diff={found.diff} />
          </>
        )}
      </Asked>
      <p className="actions">
        <button className="primary" disabled={!mayApply} onClick={() => setAsked(true)}>
          Apply…
        </button>
        <button onClick={close}>Discard</button>
      </p>
      {isAsked && <Apply text={draft} etag={etag} close={() => setAsked(false)} done={close} />}
    </Panel>
  )
}

function Outcome({ outlook }: { readonly outlook: Outlook | undefined }) {
  if (outlook === undefined) return <span className="quiet-text">checking …</span>
  return (
    <span role="status" className={outlook.valid ? 'badge' : 'badge danger'}>
      {outlook.valid ? `✓ good: ${formatCount(outlook.operations)} operations` : '! cannot run'}
    </span>
  )
}

function Apply({
  text,
  etag,
  close,
  done,
}: Closing & { readonly text: string; readonly etag: string | undefined; readonly done: () => void }) {
  const apply = useChange('applyConfiguration')
  const submit = (said: Readonly<Record<string, string>>): void =>
    apply.mutate(
      { body: { text, ...because(said) }, ...(etag === undefined ? {} : { etag }) },
      { onSuccess: done },
    )
  return (
    <FormDialog
      title="Take this configuration over"
      action="Apply it"
      reason="required"
      doing={apply}
      submit={submit}
      close={close}
    >
      <p>
        The file is written and taken over whole, or both stay as they are. The way back is one step in the
        history.
      </p>
    </FormDialog>
  )
}

/** A value once it has not changed for some milliseconds. */
function useSettled(value: string, milliseconds: number): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds)
    return () => clearTimeout(timer)
  }, [value, milliseconds])
  return settled
}

function goToLine(editor: HTMLTextAreaElement | null, line: number): void {
  if (editor === null) return
  const lines = editor.value.split('\n')
  const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0)
  editor.focus()
  editor.setSelectionRange(start, start + (lines[line - 1] ?? '').length)
  editor.scrollTop = Math.max(0, ((line - 5) * editor.scrollHeight) / lines.length)
}
