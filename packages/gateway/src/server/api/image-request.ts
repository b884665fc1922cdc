import { refusing, type InputImagePart, type Note, type PivotRequest } from '@dragoman/protocol'

const { optional } = refusing
// Written out, for the compiler believes `never` only of a name with a type.
const refuse: typeof refusing.refuse = refusing.refuse

/** What a request to the image routes asks for. */
export interface ImageWish {
  kind: 'generation' | 'edit'
  /** As the client named it; empty when it was left out. */
  model: string
  prompt: string
  /** The pictures to edit. */
  pictures: readonly InputImagePart[]
  n: number
  stream: boolean
  form: 'b64_json' | 'url'
  /** How the pictures shall be, in the words of the hosted image tool. */
  tool: ImageToolOptions
  receipt: Note[]
}

export interface ImageToolOptions {
  size?: string
  quality?: string
  output_format?: string
  output_compression?: number
  background?: string
  moderation?: string
  partial_images?: number
}

const MAX_PROMPT = 32_768
const MAX_PICTURES = 16
/** Each picture is a request of its own to the upstream. */
const MAX_N = 4

const FIELDS: ReadonlySet<string> = new Set([
  'model',
  'prompt',
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
])
const EDIT_FIELDS: ReadonlySet<string> = new Set(['image', 'images', 'mask'])

/**
 * Reads the body of `POST /v1/images/generations` or `/v1/images/edits`.
 * Source: OpenAI API reference, images; what the hosted tool cannot do is noted (the Codex backend refuses `n`, `mask`, `style`,
 * `input_fidelity` and `response_format` in it).
 * @throws FailureError `invalid_request` with the place
 */
export function readImageRequest(body: unknown, kind: ImageWish['kind']): ImageWish {
  const fields = refusing.object(body, '')
  const receipt: Note[] = []
  const note = (field: string, what: Note['what'], why: string): void =>
    void receipt.push({ pointer: `/${refusing.step(field)}`, what, why })

  const prompt = promptOf(fields['prompt'])
  const model = optional(fields, 'model', refusing.string) ?? ''
  const stream = optional(fields, 'stream', refusing.boolean) ?? false
  const n = optional(fields, 'n', whole(1, MAX_N)) ?? 1
  if (stream && n > 1) refuse('/n', 'expected 1, because a stream carries one picture')
  const form = optional(fields, 'response_format', oneOf('b64_json', 'url')) ?? 'b64_json'
  if (form === 'url' && stream) note('response_format', 'dropped', 'a stream carries its pictures as base64')
  else if (form === 'url') note('response_format', 'emulated', 'the link is a data: URL that holds the picture')

  const tool = toolOptions(fields, stream, note)
  for (const [field, reading] of Object.entries(DROPPED)) {
    const value = optional(fields, field, reading.read)
    if (value !== undefined && value !== reading.noLoss) note(field, 'dropped', reading.why)
  }
  const pictures = kind === 'edit' ? picturesOf(fields) : []
  if (kind === 'edit' && optional(fields, 'mask', picture) !== undefined) {
    note('mask', 'dropped', 'the hosted image tool takes no mask, so any part of the picture may change')
  }
  for (const field of Object.keys(fields)) {
    if (FIELDS.has(field) || fields[field] === null || (kind === 'edit' && EDIT_FIELDS.has(field))) continue
    const why = EDIT_FIELDS.has(field)
      ? 'pictures are edited at /v1/images/edits'
      : 'the image routes know no such field'
    note(field, 'dropped', why)
  }
  return { kind, model, prompt, pictures, n, stream, form, tool, receipt }
}

/** The wish as a request to a model that has the hosted image tool. */
export function hostedRequest(wish: ImageWish, model: string): PivotRequest {
  return {
    model,
    instructions:
      wish.kind === 'edit'
        ? 'Edit the attached pictures with the image_generation tool, exactly once. The prompt of the tool is the text of the user, word for word.'
        : 'Make exactly one picture with the image_generation tool. The prompt of the tool is the text of the user, word for word.',
    input: [
      {
        type: 'message',
        role: 'user',
        content: [{ type: 'input_text', text: wish.prompt }, ...wish.pictures],
      },
    ],
    tools: [{ type: 'image_generation', ...wish.tool }],
    tool_choice: { type: 'image_generation' },
    stream: wish.stream,
  }
}

function promptOf(value: unknown): string {
  const prompt = refusing.string(value, '/prompt')
  if (prompt.trim() === '') refuse('/prompt', 'expected a text that is not empty')
  if (prompt.length > MAX_PROMPT) {
    refuse('/prompt', `expected at most ${MAX_PROMPT} characters, found ${prompt.length}`)
  }
  return prompt
}

type Noting = (field: string, what: Note['what'], why: string) => void

function toolOptions(fields: Record<string, unknown>, stream: boolean, note: Noting): ImageToolOptions {
  const size = optional(fields, 'size', sizeOf)
  const quality = optional(fields, 'quality', oneOf('auto', 'low', 'medium', 'high', 'standard', 'hd'))
  const known = quality === 'standard' ? 'auto' : quality === 'hd' ? 'high' : quality
  if (quality !== known)
    note('quality', 'approximated', `the hosted image tool says ${known} where DALL·E said ${quality}`)
  const format = optional(fields, 'output_format', oneOf('png', 'jpeg', 'webp'))
  const compression = optional(fields, 'output_compression', whole(0, 100))
  if (compression !== undefined && compression !== 100 && (format ?? 'png') === 'png') {
    refuse('/output_compression', 'expected 100, because a PNG is never compressed with loss')
  }
  const background = optional(fields, 'background', oneOf('auto', 'opaque', 'transparent'))
  if (background === 'transparent' && format === 'jpeg') {
    refuse('/background', 'expected opaque or auto, because a JPEG has no transparency')
  }
  const moderation = optional(fields, 'moderation', oneOf('auto', 'low'))
  const partials = optional(fields, 'partial_images', whole(0, 3))
  if (partials !== undefined && partials > 0 && !stream) {
    note('partial_images', 'dropped', 'only a stream carries pictures on the way')
  }
  return {
    ...(size === undefined ? {} : { size }),
    ...(known === undefined ? {} : { quality: known }),
    ...(format === undefined ? {} : { output_format: format }),
    ...(compression === undefined || format === undefined || format === 'png'
      ? {}
      : { output_compression: compression }),
    ...(background === undefined ? {} : { background }),
    ...(moderation === undefined ? {} : { moderation }),
    ...(partials === undefined || !stream ? {} : { partial_images: partials }),
  }
}

/** Fields that the hosted tool does not take. A value that says nothing, or the default, is no loss. */
const DROPPED: Readonly<
  Record<string, { read: (value: unknown, pointer: string) => string; noLoss: string; why: string }>
> = {
  style: {
    read: oneOf('vivid', 'natural'),
    noLoss: 'vivid',
    why: 'the hosted image tool has no styles; say it in the prompt',
  },
  input_fidelity: {
    read: oneOf('low', 'high'),
    noLoss: 'low',
    why: 'the hosted image tool chooses the fidelity itself',
  },
  user: { read: refusing.string, noLoss: '', why: 'the hosted image tool is not told of users' },
}

function oneOf<const Words extends readonly string[]>(...words: Words) {
  return (value: unknown, pointer: string): Words[number] =>
    words.find((word) => word === value) ?? refuse(pointer, `expected one of ${words.join(', ')}`)
}

function whole(least: number, most: number) {
  return (value: unknown, pointer: string): number =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
      ? value
      : refuse(pointer, `expected a whole number from ${least} to ${most}`)
}

/** Any size that an image model of OpenAI takes. Source: OpenAI API reference, image generation tool, `size`. */
function sizeOf(value: unknown, pointer: string): string {
  const expected =
    'expected auto, or WIDTHxHEIGHT with sides that 16 divides, at most 3840 long and at most 3 times as long as wide'
  if (value === 'auto') return value
  const match = typeof value === 'string' ? /^([1-9]\d{1,3})x([1-9]\d{1,3})$/.exec(value) : null
  if (match === null) refuse(pointer, expected)
  const sides = [Number(match[1]), Number(match[2])]
  const long = Math.max(...sides)
  const fits = sides.every((side) => side % 16 === 0) && long <= 3840 && long <= 3 * Math.min(...sides)
  return fits ? match[0] : refuse(pointer, expected)
}

function picturesOf(fields: Record<string, unknown>): InputImagePart[] {
  const found = ['image', 'images'].flatMap((field) => {
    const value = fields[field]
    if (value === undefined || value === null) return []
    return Array.isArray(value)
      ? value.map((entry, at) => picture(entry, `/${field}/${at}`))
      : [picture(value, `/${field}`)]
  })
  if (found.length === 0) refuse('/image', 'expected a picture to edit: a file, or images with image_url')
  if (found.length > MAX_PICTURES) refuse('/image', `expected at most ${MAX_PICTURES} pictures, found ${found.length}`)
  return found
}

/** A URL, or an object that names one or a file. Remote pictures are passed on, never fetched here. */
function picture(value: unknown, pointer: string): InputImagePart {
  if (typeof value === 'string') return { type: 'input_image', image_url: pictureUrl(value, pointer) }
  const { image_url, file_id } = refusing.object(value, pointer)
  if (typeof file_id === 'string' && file_id !== '') return { type: 'input_image', file_id }
  const place = `${pointer}/image_url`
  const url = typeof image_url === 'object' && image_url !== null && 'url' in image_url ? image_url.url : image_url
  return { type: 'input_image', image_url: pictureUrl(refusing.string(url, place), place) }
}

function pictureUrl(url: string, pointer: string): string {
  const good =
    /^https?:\/\/[^\s]+$/i.test(url) || /^data:image\/(?:png|jpe?g|webp|gif);base64,[A-Za-z0-9+/_=-]/i.test(url)
  return good ? url : refuse(pointer, 'expected a https: URL, or a data: URL of a PNG, JPEG, WebP or GIF picture')
}
