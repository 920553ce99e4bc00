/** The name of the store's file in a data folder. */
export const storeFile = 'gateward.sqlite'
