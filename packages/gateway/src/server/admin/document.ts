import { createRoute, z } from '@hono/zod-openapi'
import { json, PROBLEMS, type AdminApi } from './api.js'

/** `GET /admin/openapi.json`: this API described, OpenAPI 3.1. */
export function apiDocument(api: AdminApi, version: string): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/admin/openapi.json',
      tags: ['about'],
      summary: 'This API, described',
      responses: { 200: json(z.record(z.string(), z.any()), 'An OpenAPI 3.1 document.'), ...PROBLEMS },
    }),
    (c) => c.json(documentOf(api, version), 200),
  )
}

/** The document; the same for everybody, and what the dashboard's types are made from. */
export function documentOf(api: AdminApi, version: string): Record<string, unknown> {
  const document = api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Dragoman admin API',
      version,
      description: 'Everything that the dashboard does. No client key opens it.',
    },
  })
  return document as unknown as Record<string, unknown>
}
