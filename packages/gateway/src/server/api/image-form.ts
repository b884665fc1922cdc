import { FailureError, invalidRequest } from '@dragoman/protocol'

/** Fields that are numbers in JSON. */
const NUMBERS: ReadonlySet<string> = new Set(['n', 'output_compression', 'partial_images'])
const MAX_PICTURES = 16

/**
 * A form of the image routes as the JSON body that says the same: files become `data:` URLs, numbers and booleans lose
 * their text form. What is no number stays text, and is refused where the fields are read.
 * @throws FailureError when a file is no picture
 */
export async function formBody(form: FormData): Promise<Record<string, unknown>> {
  const images: unknown[] = []
  // Entries, so that a field called `__proto__` stays a field.
  const fields: [string, unknown][] = []
  for (const [field, value] of form) {
    const name = field.replace(/\[\d*\]$/, '')
    if (name === 'image' || name === 'images') {
      if (images.length === MAX_PICTURES) throw tooMany()
      images.push({ image_url: await pictureUrl(value, `/image/${images.length}`) })
    } else if (name === 'mask') fields.push(['mask', { image_url: await pictureUrl(value, '/mask') }])
    else if (typeof value !== 'string') throw new FailureError(invalidRequest(`/${name}`, 'expected no file'))
    else fields.push([name, fieldValue(name, value)])
  }
  return { ...Object.fromEntries(fields), ...(images.length === 0 ? {} : { images }) }
}

function tooMany(): FailureError {
  return new FailureError(invalidRequest('/image', `expected at most ${MAX_PICTURES} pictures`))
}

function fieldValue(name: string, text: string): unknown {
  if (NUMBERS.has(name)) return /^\d+$/.test(text) ? Number(text) : text
  if (name === 'stream') return text === 'true' ? true : text === 'false' ? false : text
  return text
}

async function pictureUrl(value: string | File, pointer: string): Promise<string> {
  if (typeof value === 'string') return value
  const bytes = Buffer.from(await value.arrayBuffer())
  const type = pictureType(bytes)
  // What the client says of the file is often `application/octet-stream`; its first bytes do not lie.
  if (type === undefined) {
    throw new FailureError(invalidRequest(pointer, 'expected a picture: a PNG, JPEG, WebP or GIF file'))
  }
  return `data:${type};base64,${bytes.toString('base64')}`
}

function pictureType(bytes: Buffer): string | undefined {
  const head = bytes.toString('latin1', 0, 12)
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (head.startsWith('RIFF') && head.slice(8) === 'WEBP') return 'image/webp'
  return /^GIF8[79]a/.test(head) ? 'image/gif' : undefined
}
