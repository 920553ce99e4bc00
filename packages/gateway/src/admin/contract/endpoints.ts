/**
 * Every endpoint of the admin API by its operation's id: method and path below {@link apiRoot}. It imports nothing, so
 * that a browser can have it without the schemas.
 */
export const endpoints = {
  getSession: 'GET /session',
  logIn: 'POST /session',
  logOut: 'DELETE /session',
  getLogInWays: 'GET /session/ways',
  beginOidcLogin: 'POST /session/oidc/options',
  logInWithOidc: 'POST /session/oidc',
  changePassword: 'PUT /session/password',

  listSessions: 'GET /sessions',
  endSession: 'DELETE /sessions/{id}',
  endOtherSessions: 'DELETE /sessions',

  beginPasskeyLogin: 'POST /session/passkey/options',
  logInWithPasskey: 'POST /session/passkey',
  listPasskeys: 'GET /passkeys',
  beginPasskey: 'POST /passkeys/options',
  addPasskey: 'POST /passkeys',
  removePasskey: 'DELETE /passkeys/{id}',

  checkInvitation: 'POST /invitations/check',
  beginInvitationPasskey: 'POST /invitations/passkey',
  redeemInvitation: 'POST /invitations/redeem',
  createInvitation: 'POST /invitations',

  listAccounts: 'GET /accounts',
  getAccount: 'GET /accounts/{id}',
  updateAccount: 'PATCH /accounts/{id}',
  removeAccount: 'DELETE /accounts/{id}',

  listTokens: 'GET /tokens',
  createToken: 'POST /tokens',
  removeToken: 'DELETE /tokens/{id}',

  getStatus: 'GET /status',

  getOverview: 'GET /overview',
  getTraffic: 'GET /traffic',
  getTop: 'GET /top',
  getThreats: 'GET /threats',
  getLimits: 'GET /limits',
  followEvents: 'GET /events',

  listExchanges: 'GET /exchanges',
  getExchange: 'GET /exchanges/{id}',

  listConsumers: 'GET /consumers',
  listKeys: 'GET /keys',
  getKey: 'GET /keys/{id}',
  createKey: 'POST /keys',
  rotateKey: 'POST /keys/{id}/rotate',
  revokeKey: 'POST /keys/{id}/revoke',
  disableKey: 'POST /keys/{id}/disable',
  enableKey: 'POST /keys/{id}/enable',

  listApis: 'GET /apis',
  listOperations: 'GET /apis/{api}/operations',
  listVersions: 'GET /versions',
  listCallers: 'GET /versions/{api}/callers',

  listWafRules: 'GET /waf/rules',
  getWafTuning: 'GET /waf/tuning',

  listDataClasses: 'GET /data-classes',
  listDiscoveryFindings: 'GET /discovery/findings',

  getKeyring: 'GET /keyring',
  rotateDataKey: 'POST /keyring/{purpose}/rotate',

  listAnomalies: 'GET /anomalies',
  expectAnomaly: 'POST /anomalies/{id}/expect',
  forgetExpectation: 'DELETE /expectations/{id}',

  listAlerts: 'GET /alerts',
  acknowledgeAlert: 'POST /alerts/{id}/acknowledge',
  silenceAlerts: 'POST /alerts/silences',
  liftSilence: 'DELETE /alerts/silences/{id}',

  getConfiguration: 'GET /configuration',
  getConfigurationText: 'GET /configuration/text',
  checkConfiguration: 'POST /configuration/check',
  applyConfiguration: 'PUT /configuration',
  listConfigurations: 'GET /configuration/versions',
  getConfigurationVersion: 'GET /configuration/versions/{number}',
  rollBackConfiguration: 'POST /configuration/versions/{number}/rollback',

  listAudit: 'GET /audit',
  verifyAudit: 'GET /audit/verification',
  getReview: 'GET /audit/review',
  signOffReview: 'POST /audit/review/sign-off',
} as const

/** Before every path of the table. */
export const apiRoot = '/api/v1'

/** The id of an operation of the admin API. */
export type EndpointId = keyof typeof endpoints
