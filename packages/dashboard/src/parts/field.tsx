import { useId, type InputHTMLAttributes, type ReactNode } from 'react'

/** A labelled input, with a word about what is wanted. */
export function Field({
  label,
  hint,
  ...input
}: { readonly label: string; readonly hint?: ReactNode } & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} {...(hint === undefined ? {} : { 'aria-describedby': `${id}-hint` })} {...input} />
      {hint !== undefined && (
        <p id={`${id}-hint`} className="hint">
          {hint}
        </p>
      )}
    </div>
  )
}

/** Where a password is made up. */
export function NewPassword({ label, name }: { readonly label: string; readonly name: string }) {
  return (
    <Field
      label={label}
      name={name}
      type="password"
      autoComplete="new-password"
      required
      minLength={12}
      maxLength={200}
      hint="At least 12 characters. Long is better than complicated."
    />
  )
}

/** What a form says: its text fields by name, without spaces around them; empty ones are left out. */
export function readForm(form: HTMLFormElement): Readonly<Record<string, string>> {
  const entries = [...new FormData(form)].flatMap(([name, value]) =>
    typeof value === 'string' && value.trim() !== '' ? [[name, value.trim()] as const] : [],
  )
  return Object.fromEntries(entries)
}

/** What stands in one field of a form, letter for letter: a password may begin with a space. */
export function readExact(form: HTMLFormElement, name: string): string {
  const value = new FormData(form).get(name)
  return typeof value === 'string' ? value : ''
}

/** A labelled choice among a few. */
export function Select({
  label,
  name,
  options,
  none,
}: {
  readonly label: string
  readonly name: string
  readonly options: readonly string[]
  /** What stands for no choice; left out, one must be chosen. */
  readonly none?: string
}) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} name={name}>
        {none !== undefined && <option value="">{none}</option>}
        {options.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
    </div>
  )
}
