import { FailureError } from '@dragoman/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formBody } from './image-form.js'
import { hostedRequest, readImageRequest, type ImageWish } from './image-request.js'

const NAMES = [
  'prompt',
  'model',
  'n',
  'size',
  'quality',
  'output_format',
  'output_compression',
  'background',
  'moderation',
  'partial_images',
  'response_format',
  'stream',
  'style',
  'user',
  'input_fidelity',
  'image',
  'images',
  'mask',
  '__proto__',
  'constructor',
]
const VALUES = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(
    'auto',
    'png',
    'webp',
    'high',
    'url',
    '1024x1024',
    'https://example.com/a.png',
    1,
    3,
    100,
    true,
  ),
)

describe('any body at all', () => {
  test.each<ImageWish['kind']>(['generation', 'edit'])('is read or refused with a place: %s', (kind) => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...NAMES), VALUES), fc.string({ minLength: 1 }), (fields, prompt) => {
        const body: unknown = { prompt, ...fields }
        try {
          const wish = readImageRequest(body, kind)
          // What is hosted is whole, and holds nothing that the hosted tool does not take.
          const [tool] = hostedRequest(wish, 'gpt-5.5').tools ?? []
          const known = ['type', 'size', 'quality', 'output_format', 'output_compression', 'background', 'moderation']
          expect([...known, 'partial_images']).toEqual(expect.arrayContaining(Object.keys(tool ?? {})))
          expect(wish.pictures.length > 0).toBe(kind === 'edit')
        } catch (error) {
          expect(error).toBeInstanceOf(FailureError)
          expect((error as FailureError).failure).toMatchObject({ kind: 'invalid_request' })
        }
      }),
      { numRuns: 500 },
    )
  })

  test('a form says what its JSON would say', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          prompt: fc.string(),
          n: fc.integer({ min: 0, max: 20 }),
          stream: fc.boolean(),
          size: fc.constantFrom('auto', '1024x1024'),
        }),
        async (fields) => {
          const form = new FormData()
          for (const [name, value] of Object.entries(fields)) form.append(name, String(value))
          expect(await formBody(form)).toEqual(fields)
        },
      ),
    )
  })
})

test.each([
  ['a PNG', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], 'image/png'],
  ['a JPEG', [0xff, 0xd8, 0xff, 0xe0], 'image/jpeg'],
  ['a GIF', [...Buffer.from('GIF89a')], 'image/gif'],
  ['a WebP', [...Buffer.from('RIFF\0\0\0\0WEBP')], 'image/webp'],
])('%s is known by its first bytes, whatever the client calls it', async (_, bytes, type) => {
  const form = new FormData()
  form.append('image[]', new File([Buffer.from(bytes)], 'x', { type: 'application/octet-stream' }))
  expect(await formBody(form)).toEqual({
    images: [{ image_url: `data:${type};base64,${Buffer.from(bytes).toString('base64')}` }],
  })
})
