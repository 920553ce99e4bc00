/** The versions of OpenAPI that have a grammar of their own. */
export type Dialect = '3.0' | '3.1' | '3.2'

/**
 * What a field holds, in the specification's words: a kind of text or value, an object by its name, or a `map`
 * or `list` of those. `!` at the end: the object cannot do without the field.
 */
export type FieldNotation = string

/** One object of the OpenAPI specification as its table of fixed fields says. */
export interface ObjectTable {
  readonly fields: Readonly<Record<string, FieldNotation>>
  /** Fields that a later version added. */
  readonly since?: Readonly<Partial<Record<Dialect, Readonly<Record<string, FieldNotation>>>>>
  /** What the fields with free names hold (paths by their template, responses by their status). */
  readonly patterned?: FieldNotation
  /** Whether a Reference Object may stand in its place, and from which version on. */
  readonly referable?: Dialect
  /**
   * Whether documents that are kept in many files put a reference in its place although the specification knows
   * none there, and every bundler follows it. Ignoring it would refuse what the service plainly offers.
   */
  readonly oftenReferred?: true
}

const exampleFields = { example: 'any', examples: 'map Example' }

const schemaFields = {
  properties: 'map Schema',
  patternProperties: 'map Schema',
  $defs: 'map Schema',
  definitions: 'map Schema',
  dependentSchemas: 'map Schema',
  allOf: 'list Schema',
  oneOf: 'list Schema',
  anyOf: 'list Schema',
  prefixItems: 'list Schema',
  items: 'Schema',
  additionalItems: 'Schema',
  additionalProperties: 'Schema',
  not: 'Schema',
  if: 'Schema',
  // oxlint-disable-next-line unicorn/no-thenable -- the keyword of JSON Schema; nothing ever awaits this table
  then: 'Schema',
  else: 'Schema',
  contains: 'Schema',
  propertyNames: 'Schema',
  unevaluatedItems: 'Schema',
  unevaluatedProperties: 'Schema',
  contentSchema: 'Schema',
  discriminator: 'Discriminator',
  xml: 'XML',
  externalDocs: 'ExternalDocs',
}

/**
 * The objects of OpenAPI 3.0.4, 3.1.1 and 3.2.0 by the names of their sections. The Schema Object lists only the
 * fields that lead to other schemas: what its keywords mean is the schema compiler's to say.
 */
export const objectTables = {
  OpenAPI: {
    fields: {
      openapi: 'text!',
      info: 'Info!',
      servers: 'list Server',
      paths: 'Paths',
      components: 'Components',
      security: 'list SecurityRequirement',
      tags: 'list Tag',
      externalDocs: 'ExternalDocs',
    },
    since: { '3.1': { jsonSchemaDialect: 'text', webhooks: 'map PathItem' }, '3.2': { $self: 'text' } },
  },
  Info: {
    fields: {
      title: 'text!',
      version: 'text!',
      description: 'text',
      termsOfService: 'text',
      contact: 'Contact',
      license: 'License',
    },
    since: { '3.1': { summary: 'text' } },
  },
  Contact: { fields: { name: 'text', url: 'text', email: 'text' } },
  License: { fields: { name: 'text', url: 'text' }, since: { '3.1': { identifier: 'text' } } },
  ExternalDocs: { fields: { url: 'text', description: 'text' } },
  Server: {
    fields: { url: 'text!', description: 'text', variables: 'map ServerVariable' },
    since: { '3.2': { name: 'text' } },
  },
  ServerVariable: { fields: { default: 'text!', enum: 'list text', description: 'text' } },
  Tag: {
    fields: { name: 'text!', description: 'text', externalDocs: 'ExternalDocs' },
    since: { '3.2': { summary: 'text', parent: 'text', kind: 'text' } },
  },
  Components: {
    fields: {
      schemas: 'map Schema',
      responses: 'map Response',
      parameters: 'map Parameter',
      examples: 'map Example',
      requestBodies: 'map RequestBody',
      headers: 'map Header',
      securitySchemes: 'map SecurityScheme',
      links: 'map Link',
      callbacks: 'map Callback',
    },
    since: { '3.1': { pathItems: 'map PathItem' }, '3.2': { mediaTypes: 'map MediaType' } },
  },
  Paths: { fields: {}, patterned: 'PathItem' },
  PathItem: {
    fields: {
      $ref: 'text',
      summary: 'text',
      description: 'text',
      get: 'Operation',
      put: 'Operation',
      post: 'Operation',
      delete: 'Operation',
      options: 'Operation',
      head: 'Operation',
      patch: 'Operation',
      trace: 'Operation',
      servers: 'list Server',
      parameters: 'list Parameter',
    },
    since: { '3.2': { query: 'Operation', additionalOperations: 'map Operation' } },
  },
  Operation: {
    fields: {
      tags: 'list text',
      summary: 'text',
      description: 'text',
      externalDocs: 'ExternalDocs',
      operationId: 'text',
      parameters: 'list Parameter',
      requestBody: 'RequestBody',
      responses: 'Responses',
      callbacks: 'map Callback',
      deprecated: 'flag',
      security: 'list SecurityRequirement',
      servers: 'list Server',
    },
    oftenReferred: true,
  },
  Parameter: {
    fields: {
      name: 'text!',
      in: 'text!',
      description: 'text',
      required: 'flag',
      deprecated: 'flag',
      allowEmptyValue: 'flag',
      style: 'text',
      explode: 'flag',
      allowReserved: 'flag',
      schema: 'Schema',
      content: 'map MediaType',
      ...exampleFields,
    },
    referable: '3.0',
  },
  Header: {
    fields: {
      description: 'text',
      required: 'flag',
      deprecated: 'flag',
      style: 'text',
      explode: 'flag',
      schema: 'Schema',
      content: 'map MediaType',
      ...exampleFields,
    },
    referable: '3.0',
  },
  RequestBody: {
    fields: { description: 'text', content: 'map MediaType!', required: 'flag' },
    referable: '3.0',
  },
  MediaType: {
    fields: { schema: 'Schema', encoding: 'map Encoding', ...exampleFields },
    since: { '3.2': { itemSchema: 'Schema', itemEncoding: 'Encoding', prefixEncoding: 'list Encoding' } },
    referable: '3.2',
  },
  Encoding: {
    fields: {
      contentType: 'text',
      headers: 'map Header',
      style: 'text',
      explode: 'flag',
      allowReserved: 'flag',
    },
    since: {
      '3.2': { encoding: 'map Encoding', itemEncoding: 'Encoding', prefixEncoding: 'list Encoding' },
    },
  },
  Responses: { fields: {}, patterned: 'Response' },
  Response: {
    fields: {
      description: 'text',
      headers: 'map Header',
      content: 'map MediaType',
      links: 'map Link',
    },
    since: { '3.2': { summary: 'text' } },
    referable: '3.0',
  },
  Callback: { fields: {}, patterned: 'PathItem', referable: '3.0' },
  Example: {
    fields: { summary: 'text', description: 'text', value: 'any', externalValue: 'text' },
    since: { '3.2': { dataValue: 'any', serializedValue: 'text' } },
    referable: '3.0',
  },
  Link: {
    fields: {
      operationRef: 'text',
      operationId: 'text',
      parameters: 'map any',
      requestBody: 'any',
      description: 'text',
      server: 'Server',
    },
    referable: '3.0',
  },
  SecurityRequirement: { fields: {}, patterned: 'list text' },
  SecurityScheme: {
    fields: {
      type: 'text!',
      description: 'text',
      name: 'text',
      in: 'text',
      scheme: 'text',
      bearerFormat: 'text',
      flows: 'OAuthFlows',
      openIdConnectUrl: 'text',
    },
    since: { '3.2': { oauth2MetadataUrl: 'text', deprecated: 'flag' } },
    referable: '3.0',
  },
  OAuthFlows: {
    fields: {
      implicit: 'OAuthFlow',
      password: 'OAuthFlow',
      clientCredentials: 'OAuthFlow',
      authorizationCode: 'OAuthFlow',
    },
    since: { '3.2': { deviceAuthorization: 'OAuthFlow' } },
  },
  OAuthFlow: {
    fields: { authorizationUrl: 'text', tokenUrl: 'text', refreshUrl: 'text', scopes: 'map text' },
    since: { '3.2': { deviceAuthorizationUrl: 'text' } },
  },
  Schema: { fields: schemaFields, referable: '3.0' },
  Discriminator: {
    fields: { propertyName: 'text!', mapping: 'map text' },
    since: { '3.2': { defaultMapping: 'text' } },
  },
  XML: {
    fields: { name: 'text', namespace: 'text', prefix: 'text', attribute: 'flag', wrapped: 'flag' },
    since: { '3.2': { nodeType: 'text' } },
  },
} satisfies Readonly<Record<string, ObjectTable>>

/** The name of an object of the specification. */
export type ObjectName = keyof typeof objectTables
