/** What a function of a PKCS#11 module answered, when that was not success. */
export class CryptokiError extends Error {
  /** The return value (`CKR_…`). */
  readonly code: number

  constructor(call: string, code: number) {
    super(`${call} answered ${nameOf(code)}`)
    this.name = 'CryptokiError'
    this.code = code
  }
}

/** The return values that something is made of (PKCS#11 2.40, header files). */
export const ckr = {
  pinIncorrect: 0xa0,
  pinInvalid: 0xa1,
  pinLenRange: 0xa2,
  pinExpired: 0xa3,
  pinLocked: 0xa4,
} as const

const names: ReadonlyMap<number, string> = new Map([
  [0x05, 'CKR_GENERAL_ERROR'],
  [0x06, 'CKR_FUNCTION_FAILED'],
  [0x20, 'CKR_DATA_INVALID'],
  [0x21, 'CKR_DATA_LEN_RANGE'],
  [0x30, 'CKR_DEVICE_ERROR'],
  [0x31, 'CKR_DEVICE_MEMORY'],
  [0x32, 'CKR_DEVICE_REMOVED'],
  [0x40, 'CKR_ENCRYPTED_DATA_INVALID'],
  [0x41, 'CKR_ENCRYPTED_DATA_LEN_RANGE'],
  [0x42, 'CKR_AEAD_DECRYPT_FAILED'],
  [0x54, 'CKR_FUNCTION_NOT_SUPPORTED'],
  [0x60, 'CKR_KEY_HANDLE_INVALID'],
  [0x63, 'CKR_KEY_TYPE_INCONSISTENT'],
  [0x68, 'CKR_KEY_FUNCTION_NOT_PERMITTED'],
  [0x70, 'CKR_MECHANISM_INVALID'],
  [0x71, 'CKR_MECHANISM_PARAM_INVALID'],
  [0x82, 'CKR_OBJECT_HANDLE_INVALID'],
  [0x90, 'CKR_OPERATION_ACTIVE'],
  [ckr.pinIncorrect, 'CKR_PIN_INCORRECT'],
  [ckr.pinInvalid, 'CKR_PIN_INVALID'],
  [ckr.pinLenRange, 'CKR_PIN_LEN_RANGE'],
  [ckr.pinExpired, 'CKR_PIN_EXPIRED'],
  [ckr.pinLocked, 'CKR_PIN_LOCKED'],
  [0xb0, 'CKR_SESSION_CLOSED'],
  [0xb1, 'CKR_SESSION_COUNT'],
  [0xb3, 'CKR_SESSION_HANDLE_INVALID'],
  [0xc0, 'CKR_SIGNATURE_INVALID'],
  [0xe0, 'CKR_TOKEN_NOT_PRESENT'],
  [0xe1, 'CKR_TOKEN_NOT_RECOGNIZED'],
  [0x101, 'CKR_USER_NOT_LOGGED_IN'],
  [0x102, 'CKR_USER_PIN_NOT_INITIALIZED'],
  [0x190, 'CKR_CRYPTOKI_NOT_INITIALIZED'],
])

function nameOf(code: number): string {
  return names.get(code) ?? `0x${code.toString(16)}`
}

const lostCodes: ReadonlySet<number> = new Set([0x30, 0x32, 0x60, 0x82, 0x90, 0xb0, 0xb3, 0xe0, 0x101, 0x190])

/** Whether a new session may do what this one could not. */
export function meansLostSession(thrown: unknown): boolean {
  return thrown instanceof CryptokiError && lostCodes.has(thrown.code)
}
