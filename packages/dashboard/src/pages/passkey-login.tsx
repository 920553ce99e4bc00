import { useMutation } from '@tanstack/react-query'
import { callAdmin, type AdminError } from '../api/client.ts'
import { showPasskey } from '../api/passkey.ts'
import { queries } from '../api/queries.ts'
import { Failure } from '../parts/states.tsx'

/** Logs in with a passkey of this device, without a name: the passkey knows whose it is. */
export function PasskeyLogin() {
  const logIn = useMutation<void, AdminError>({
    mutationFn: async () => {
      const { value } = await callAdmin('beginPasskeyLogin')
      await callAdmin('logInWithPasskey', { body: await showPasskey(value) })
    },
    onSuccess: () => queries.invalidateQueries(),
  })
  return (
    <>
      <button disabled={logIn.isPending} onClick={() => logIn.mutate()}>
        Log in with a passkey
      </button>
      {logIn.isError && <Failure error={logIn.error} />}
    </>
  )
}
