import { request } from 'node:http'
import OpenAI, { toFile } from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHouse, type House } from '../house.js'
import { heard, scriptEachTest, thrown } from '../scripting.js'
import { surface } from './surface.js'

let house: House
const script = scriptEachTest(() => house)
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const PNG_URL = `data:image/png;base64,${PNG.toString('base64')}`
const A = 'QUFBQQ=='
const B = 'QkJCQg=='
const C = 'Q0NDQw=='

const generations = '/v1/images/generations'
const edits = '/v1/images/edits'

/** What the upstream was asked last for an answer. */
function upstream(): { model: string; tools: unknown[]; tool_choice: unknown; input: { content: unknown[] }[] } {
  const found = house.simulator.requests.findLast(({ path }) => path.endsWith('/codex/responses'))
  return found?.body as ReturnType<typeof upstream>
}
const answers = () => house.simulator.requests.filter(({ path }) => path.endsWith('/codex/responses'))
const answersAsked = (): number => answers().length

/** The end of an answer, with what the image tool took. */
const imageTokens = {
  type: 'event' as const,
  event: {
    type: 'response.completed',
    response: {
      id: 'resp_1',
      output: [],
      usage: { input_tokens: 900, output_tokens: 90, total_tokens: 990 },
      tool_usage: {
        image_gen: {
          input_tokens: 30,
          input_tokens_details: { image_tokens: 20, text_tokens: 10 },
          output_tokens: 272,
          output_tokens_details: { image_tokens: 272, text_tokens: 0 },
          total_tokens: 302,
        },
      },
    },
  },
}

describe('the official OpenAI SDK, pictures', () => {
  surface({ sdk: 'openai', call: 'images.generate', level: 'exact' }, async () => {
    script({ scene: [{ type: 'image', result: A, revisedPrompt: 'an echidna, at sea' }, imageTokens] })
    const made = await house.openai.images.generate({
      model: 'gpt-image-1',
      prompt: 'an echidna',
      size: '1536x1024',
      quality: 'low',
      output_format: 'webp',
      output_compression: 50,
      background: 'opaque',
      moderation: 'low',
    })
    expect(made.data).toEqual([{ b64_json: A, revised_prompt: 'an echidna, at sea' }])
    expect(made).toMatchObject({ background: 'opaque', quality: 'low', size: '1536x1024' })
    expect(made.created).toBeGreaterThan(1_700_000_000)
    expect(made.usage).toEqual(imageTokens.event.response.tool_usage.image_gen)
    expect(upstream()).toMatchObject({
      model: 'gpt-5.5',
      tool_choice: { type: 'image_generation' },
      tools: [
        {
          type: 'image_generation',
          size: '1536x1024',
          quality: 'low',
          output_format: 'webp',
          output_compression: 50,
          background: 'opaque',
          moderation: 'low',
        },
      ],
      input: [{ content: [{ type: 'input_text', text: 'an echidna' }] }],
    })
    expect(house.gateway.records.list(1)[0]).toMatchObject({
      dialect: 'openai-images',
      model: 'gpt-image-1',
      status: 200,
      path: generations,
      route: 'codex:gpt-5.5',
      usage: { inputTokens: 930, outputTokens: 362, imageInputTokens: 20, imageOutputTokens: 272 },
    })
  })

  test('tells the tokens of the host, when the tool told none', async () => {
    script({
      scene: [
        { type: 'usage', inputTokens: 10, outputTokens: 5 },
        { type: 'image', result: A },
      ],
    })
    const made = await house.openai.images.generate({ prompt: 'a cat' })
    expect(made.usage).toEqual({
      input_tokens: 10,
      input_tokens_details: { image_tokens: 0, text_tokens: 10 },
      output_tokens: 5,
      total_tokens: 15,
    })
  })

  surface({ sdk: 'openai', call: 'images.generate({ n })', level: 'exact' }, async () => {
    for (const result of [A, B, C]) {
      script({ times: 1, scene: [{ type: 'gate', name: 'all three' }, { type: 'image', result }, imageTokens] })
    }
    const before = answersAsked()
    const making = house.openai.images.generate({ prompt: 'a cat', n: 3 }).withResponse()
    await heard(house, () => answersAsked() === before + 3)
    house.simulator.openGate('all three')
    const { data: made, response } = await making
    expect(made.data?.map(({ b64_json }) => b64_json).sort()).toEqual([A, B, C].sort())
    expect(made.usage).toMatchObject({ output_tokens: 816, input_tokens_details: { image_tokens: 60 } })
    expect(response.headers.get('x-dragoman-translation')).toBe('exact')
    const id = response.headers.get('x-request-id') ?? ''
    expect(['', '-2', '-3'].map((suffix) => house.gateway.records.get(id + suffix)?.status)).toEqual([200, 200, 200])
    house.simulator.shutGate('all three')
  })

  test('what fails one of several fails all, and the others are left', async () => {
    script({
      times: 1,
      scene: [
        { type: 'gate', name: 'never' },
        { type: 'image', result: A },
      ],
    })
    script({ scene: [{ type: 'text', text: 'I would rather not.' }] })
    const before = answersAsked()
    const error = await thrown(house.openai.images.generate({ prompt: 'a cat', n: 2 }))
    expect([error.status, error.code]).toEqual([502, 'image_generation_failed'])
    await answers()[before]?.closedByClient
    expect(answers()[before]?.aborted).toBe(true)
  })

  surface(
    {
      sdk: 'openai',
      call: "images.generate({ response_format: 'url' })",
      level: 'approximated',
      remark: { en: 'the link is a `data:` URL that holds the picture', zh: '链接是包含图片本身的 `data:` URL' },
    },
    async () => {
      script({ scene: [{ type: 'image', result: A }] })
      const made = await house.openai.images.generate({ prompt: 'a cat', model: 'dall-e-3', response_format: 'url' })
      expect(made.data).toEqual([{ url: `data:image/png;base64,${A}` }])
    },
  )

  surface({ sdk: 'openai', call: 'images.generate({ stream: true, partial_images })', level: 'exact' }, async () => {
    script({ scene: [{ type: 'image', result: C, partials: [A, B] }, imageTokens] })
    const events = []
    const stream = await house.openai.images.generate({
      prompt: 'a cat',
      stream: true,
      partial_images: 2,
      size: '1024x1024',
    })
    for await (const event of stream) events.push(event)
    expect(events).toMatchObject([
      {
        type: 'image_generation.partial_image',
        b64_json: A,
        partial_image_index: 0,
        size: '1024x1024',
        quality: 'auto',
      },
      { type: 'image_generation.partial_image', b64_json: B, partial_image_index: 1, output_format: 'png' },
      { type: 'image_generation.completed', b64_json: C, usage: { total_tokens: 302 }, background: 'auto' },
    ])
    expect(upstream().tools).toMatchObject([{ partial_images: 2 }])
  })

  surface({ sdk: 'openai', call: 'images.edit', level: 'exact' }, async () => {
    script({ scene: [{ type: 'image', result: B }] })
    const made = await house.openai.images.edit({
      model: 'gpt-image-1',
      image: [await toFile(PNG, 'one.png', { type: 'image/png' }), await toFile(PNG, 'two', { type: '' })],
      prompt: 'in blue',
      n: 1,
    })
    expect(made.data).toEqual([{ b64_json: B }])
    expect(upstream().input[0]?.content).toEqual([
      { type: 'input_text', text: 'in blue' },
      { type: 'input_image', image_url: PNG_URL },
      { type: 'input_image', image_url: PNG_URL },
    ])
  })

  surface({ sdk: 'openai', call: 'images.edit({ stream: true })', level: 'exact' }, async () => {
    script({ scene: [{ type: 'image', result: B, partials: [A] }] })
    const stream = await house.openai.images.edit({
      image: await toFile(PNG, 'one.png', { type: 'image/png' }),
      prompt: 'in blue',
      stream: true,
      partial_images: 1,
    })
    const types = []
    for await (const { type } of stream) types.push(type)
    expect(types).toEqual(['image_edit.partial_image', 'image_edit.completed'])
  })

  test('a key that is bound to an image model may have it made by the host', async () => {
    const { plaintext } = await house.gateway.store.clientKeys.create({
      name: 'pictures',
      allowedModels: ['gpt-image-1'],
    })
    const bound = new OpenAI({ baseURL: `${house.url}/v1`, apiKey: plaintext, maxRetries: 0 })
    script({ scene: [{ type: 'image', result: A }] })
    expect((await bound.images.generate({ model: 'gpt-image-1', prompt: 'a cat' })).data).toHaveLength(1)
    for (const model of ['gpt-image-2', 'gpt-5.5', null]) {
      const error = await thrown(bound.images.generate({ model, prompt: 'a cat' }))
      expect([model, error.status, error.code]).toEqual([model, 403, 'model_not_allowed'])
    }
  })

  test('a model that can be asked hosts its pictures itself', async () => {
    script({ scene: [{ type: 'image', result: A }] })
    await house.openai.images.generate({ model: 'gpt-5.4-low', prompt: 'a cat' })
    expect(upstream()).toMatchObject({ model: 'gpt-5.4', reasoning: { effort: 'low' } })
  })

  test('the demo draws its test card', async () => {
    const demo = new OpenAI({ baseURL: `${house.url}/v1`, apiKey: house.gateway.demoKey, maxRetries: 0 })
    const made = await demo.images.generate({ model: 'demo', prompt: 'a cat' })
    expect(
      Buffer.from(made.data?.[0]?.b64_json ?? '', 'base64')
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG')
    const error = await thrown(demo.images.generate({ model: 'gpt-image-1', prompt: 'a cat' }))
    expect([error.status, error.code]).toEqual([403, 'model_not_allowed'])
    expect(error.message).toContain('gpt-image-1')
  })
})

describe('an edit in JSON', () => {
  test.each([
    ['images with image_url', { images: [{ image_url: PNG_URL }, { image_url: 'https://example.com/a.png' }] }, 2],
    ['an image as a text', { image: PNG_URL }, 1],
    ['images as texts', { image: [PNG_URL, PNG_URL] }, 2],
    ['the shape of chat', { images: [{ image_url: { url: PNG_URL } }] }, 1],
    ['a file of the API', { images: [{ file_id: 'file-1' }] }, 1],
  ])('%s', async (_, body, count) => {
    script({ scene: [{ type: 'image', result: A }] })
    const reply = await house.post('/images/edits', { prompt: 'in blue', ...body })
    expect(reply.status).toBe(200)
    expect(reply.headers.get('x-dragoman-translation')).toBe('exact')
    expect(upstream().input[0]?.content).toHaveLength(1 + count)
  })
})

describe('what the hosted tool cannot do is noted', () => {
  test.each([
    ['style', { style: 'natural' }, ['/style dropped']],
    ['the style that is the default', { style: 'vivid' }, []],
    ['user and an unknown field', { user: 'me', seed: 3 }, ['/user dropped', '/seed dropped']],
    ['qualities of DALL·E', { quality: 'hd' }, ['/quality approximated']],
    ['a link', { response_format: 'url' }, ['/response_format emulated']],
    ['pictures on the way without a stream', { partial_images: 2 }, ['/partial_images dropped']],
    ['pictures to edit at the wrong door', { image: PNG_URL }, ['/image dropped']],
    ['nulls', { style: null, n: null, size: null, user: null, stream: null, whatever: null }, []],
    ['a poisoned field', '{"prompt":"a cat","__proto__":{"n":4}}', ['/__proto__ dropped']],
  ])('%s', async (_, body, expected) => {
    script({ scene: [{ type: 'image', result: A }] })
    const reply = await house.post(generations, typeof body === 'string' ? body : { prompt: 'a cat', ...body })
    expect(reply.status).toBe(200)
    expect(reply.headers.get('x-dragoman-translation')).toBe(
      expected.length === 0 ? 'exact' : `notes=${expected.length}`,
    )
    const record = house.gateway.records.get(reply.headers.get('x-request-id') ?? '')
    expect(record?.notes.map(({ pointer, what }) => `${pointer} ${what}`)).toEqual(expected)
  })

  surface(
    {
      sdk: 'openai',
      call: 'images.edit({ mask, input_fidelity })',
      level: 'not possible',
      remark: {
        en: 'the hosted image tool takes neither; the receipt names them',
        zh: '托管的图像工具不接受这两项；回执会列出',
      },
    },
    async () => {
      script({ scene: [{ type: 'image', result: A }] })
      const form = new FormData()
      form.set('image', new File([PNG], 'a.png'))
      form.set('mask', new File([PNG], 'm.png'))
      form.set('prompt', 'in blue')
      form.set('input_fidelity', 'high')
      const reply = await house.fetch(edits, { method: 'POST', body: form })
      expect([reply.status, reply.headers.get('x-dragoman-translation')]).toEqual([200, 'notes=2'])
    },
  )

  test('and refused, when the client is strict', async () => {
    const before = answersAsked()
    const reply = await house.post(generations, { prompt: 'a cat', style: 'natural' }, { 'x-dragoman-strict': 'true' })
    expect(reply.status).toBe(400)
    expect(await reply.text()).toContain('style')
    expect(answersAsked()).toBe(before)
  })
})

describe('broken requests for pictures', () => {
  const p = 'a cat'
  test.each<[string, unknown, string | null, string]>([
    ['no prompt', {}, 'prompt', 'expected a string'],
    ['an empty prompt', { prompt: ' ' }, 'prompt', 'not empty'],
    ['a prompt that is no text', { prompt: ['a'] }, 'prompt', 'expected a string'],
    ['a prompt that is too long', { prompt: 'x'.repeat(32_769) }, 'prompt', 'at most 32768 characters, found 32769'],
    ['a model that is no text', { prompt: p, model: 5 }, 'model', 'expected a string'],
    ['no picture', { prompt: p, n: 0 }, 'n', 'from 1 to 4'],
    ['five pictures', { prompt: p, n: 5 }, 'n', 'from 1 to 4'],
    ['half a picture', { prompt: p, n: 1.5 }, 'n', 'from 1 to 4'],
    ['a number as text', { prompt: p, n: '1' }, 'n', 'from 1 to 4'],
    ['two pictures in a stream', { prompt: p, n: 2, stream: true }, 'n', 'a stream carries one picture'],
    ['a size without a height', { prompt: p, size: '1024' }, 'size', 'WIDTHxHEIGHT'],
    ['a size that 16 does not divide', { prompt: p, size: '1000x1000' }, 'size', 'that 16 divides'],
    ['a size that is too long', { prompt: p, size: '4096x2048' }, 'size', 'at most 3840'],
    ['a size that is too narrow', { prompt: p, size: '3840x1024' }, 'size', '3 times'],
    ['a size that is a number', { prompt: p, size: 1024 }, 'size', 'WIDTHxHEIGHT'],
    ['a size with a line below', { prompt: p, size: '1024x1024\nx' }, 'size', 'WIDTHxHEIGHT'],
    ['an unknown quality', { prompt: p, quality: 'best' }, 'quality', 'auto, low, medium, high, standard, hd'],
    ['an unknown format', { prompt: p, output_format: 'gif' }, 'output_format', 'png, jpeg, webp'],
    ['a lossy PNG', { prompt: p, output_compression: 50 }, 'output_compression', 'expected 100'],
    [
      'more than full compression',
      { prompt: p, output_format: 'webp', output_compression: 101 },
      'output_compression',
      'from 0 to 100',
    ],
    ['an unknown background', { prompt: p, background: 'blue' }, 'background', 'auto, opaque, transparent'],
    [
      'a transparent JPEG',
      { prompt: p, background: 'transparent', output_format: 'jpeg' },
      'background',
      'a JPEG has no transparency',
    ],
    ['an unknown moderation', { prompt: p, moderation: 'none' }, 'moderation', 'auto, low'],
    ['four pictures on the way', { prompt: p, stream: true, partial_images: 4 }, 'partial_images', 'from 0 to 3'],
    ['an unknown form', { prompt: p, response_format: 'png' }, 'response_format', 'b64_json, url'],
    ['a stream that is no boolean', { prompt: p, stream: 'yes' }, 'stream', 'true or false'],
    ['an unknown style', { prompt: p, style: 'grim' }, 'style', 'vivid, natural'],
    ['a list', [], null, 'expected an object'],
    ['no JSON', '{"prompt":', null, 'not valid JSON'],
    ['nothing', '', null, 'no body'],
  ])('%s', async (_, body, param, said) => {
    await refused(await house.post(generations, body), param, said)
  })

  test.each<[string, unknown, string | null, string]>([
    ['no picture', { prompt: p }, 'image', 'expected a picture to edit'],
    ['an empty list', { prompt: p, images: [] }, 'image', 'expected a picture to edit'],
    ['a picture that is a number', { prompt: p, image: 4 }, 'image', 'expected an object'],
    [
      'a file of this machine',
      { prompt: p, images: [{ image_url: 'file:///etc/passwd' }] },
      'images[0].image_url',
      'https: URL',
    ],
    ['a text as a picture', { prompt: p, image: 'data:text/plain;base64,AAAA' }, 'image', 'data: URL of a PNG'],
    ['seventeen pictures', { prompt: p, image: Array(17).fill(PNG_URL) }, 'image', 'at most 16 pictures, found 17'],
    ['a picture without a name', { prompt: p, images: [{}] }, 'images[0].image_url', 'expected a string'],
    ['a mask that is none', { prompt: p, image: PNG_URL, mask: 'x' }, 'mask', 'https: URL'],
  ])('an edit with %s', async (_, body, param, said) => {
    await refused(await house.post(edits, body), param, said)
  })

  const form = (fields: Record<string, string | File>): FormData => {
    const out = new FormData()
    for (const [name, value] of Object.entries(fields)) out.append(name, value)
    return out
  }
  test.each<[string, FormData, string | null, string]>([
    ['no file', form({ prompt: p }), 'image', 'expected a picture'],
    ['a file that is no picture', form({ prompt: p, image: new File(['hello'], 'a.png') }), 'image[0]', 'a PNG, JPEG'],
    ['an empty file', form({ prompt: p, image: new File([], 'a.png') }), 'image[0]', 'a PNG, JPEG'],
    ['a file as prompt', form({ prompt: new File(['x'], 'x'), image: new File([PNG], 'a') }), 'prompt', 'no file'],
    ['a word as number', form({ prompt: p, n: 'two', image: new File([PNG], 'a') }), 'n', 'from 1 to 4'],
    ['a word as boolean', form({ prompt: p, stream: '1', image: new File([PNG], 'a') }), 'stream', 'true or false'],
  ])('a form with %s', async (_, body, param, said) => {
    await refused(await house.fetch(edits, { method: 'POST', body }), param, said)
  })

  test.each<[string, string, string | Buffer, number, string]>([
    ['no boundary', 'multipart/form-data', 'x', 400, 'names no boundary'],
    ['an end that is missing', 'multipart/form-data; boundary=b', '--b\r\ncontent-dis', 400, 'do not end where'],
    ['a body of something else', 'multipart/form-data; boundary=b', 'hello', 400, 'do not end where'],
    [
      'too many parts',
      'multipart/form-data; boundary=b',
      `${'--b\r\ncontent-disposition: form-data; name="x"\r\n\r\n1\r\n'.repeat(200)}--b--\r\n`,
      400,
      'more than 128 parts',
    ],
    [
      'a part that is all headers',
      'multipart/form-data; boundary=b',
      `--b\r\n${'x-y: z\r\n'.repeat(10_000)}\r\n--b--\r\n`,
      400,
      'more than 4096 bytes of headers',
    ],
  ])('a form with %s', async (_, type, body, status, said) => {
    const reply = await house.fetch(edits, {
      method: 'POST',
      headers: { 'content-type': type },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    })
    expect(reply.status).toBe(status)
    expect(await reply.json()).toMatchObject({
      error: { message: expect.stringContaining(said), type: 'invalid_request_error', code: 'invalid_multipart' },
    })
  })

  test('a form over the limit', async () => {
    house.configure({ server: { body_wire_bytes: 4096 } })
    const body = form({ prompt: p, image: new File([Buffer.alloc(8192, 1)], 'a.png') })
    const reply = await house.fetch(edits, { method: 'POST', body })
    house.configure({})
    expect(reply.status).toBe(413)
    expect(await reply.json()).toMatchObject({ error: { code: 'request_too_large' } })
  })

  test('an unknown model, which names the nearest', async () => {
    const error = await thrown(house.openai.images.generate({ model: 'gpt-5.55', prompt: p }))
    expect([error.status, error.code, error.param]).toEqual([404, 'model_not_found', 'model'])
    expect(error.message).toContain('gpt-5.5')
  })

  test('a host in the configuration that does not exist', async () => {
    house.configure({ model: { image_host_model: 'nobody-1' } })
    const error = await thrown(house.openai.images.generate({ model: 'gpt-image-1', prompt: p }))
    house.configure({})
    expect([error.status, error.code]).toEqual([500, 'image_host_model_invalid'])
    expect(error.message).toContain('nobody-1')
  })

  async function refused(reply: Response, param: string | null, said: string): Promise<void> {
    const asked = answersAsked()
    expect(reply.status).toBe(400)
    const { error } = (await reply.json()) as { error: { message: string; type: string; param: string | null } }
    expect(error).toMatchObject({ type: 'invalid_request_error', param })
    expect(error.message).toContain(said)
    expect(answersAsked()).toBe(asked)
  }
})

describe('when no picture comes', () => {
  test('the model’s words are told, and the SDK is not to try again', async () => {
    const rule = script({ scene: [{ type: 'text', text: 'Here is an SVG instead.' }] })
    const patient = new OpenAI({ baseURL: `${house.url}/v1`, apiKey: house.key, maxRetries: 3 })
    const error = await thrown(patient.images.generate({ prompt: 'a cat' }))
    expect([error.status, error.code]).toEqual([502, 'image_generation_failed'])
    expect(error.message).toContain('Here is an SVG instead.')
    expect(rule.uses).toBe(1)
    expect(house.gateway.records.list(1)[0]).toMatchObject({
      status: 502,
      failure: { code: 'image_generation_failed' },
    })
    expect(house.gateway.accounts.list()[0]?.status).toBe('active')
  })

  test('so is a refusal, and a silence with its reason', async () => {
    script({ times: 1, scene: [{ type: 'refusal', text: 'Not that.' }] })
    expect((await thrown(house.openai.images.generate({ prompt: 'a cat' }))).message).toContain('Not that.')
    script({ scene: [{ type: 'incomplete', reason: 'content_filter' }] })
    expect((await thrown(house.openai.images.generate({ prompt: 'a cat' }))).message).toContain('content_filter')
  })

  test('a stream says it in its own form', async () => {
    script({ scene: [{ type: 'text', text: 'No cats today.' }] })
    const stream = await house.openai.images.generate({ prompt: 'a cat', stream: true })
    const error = await thrown(stream[Symbol.asyncIterator]().next())
    expect(error.code).toBe('image_generation_failed')
    expect(error.message).toContain('No cats today.')
  })

  test('a stream that is cut has a partial picture and an error, no picture', async () => {
    script({ scene: [{ type: 'image', result: C, partials: [A] }], fault: { type: 'cut', at: 'terminal', how: 'rst' } })
    const stream = await house.openai.images.generate({ prompt: 'a cat', stream: true, partial_images: 1 })
    const types: string[] = []
    const error = await thrown(
      (async () => {
        for await (const { type } of stream) types.push(type)
      })(),
    )
    expect(types).toEqual(['image_generation.partial_image'])
    expect(error.code).toBe('stream_disconnected')
  })

  test('silence becomes heartbeats', async () => {
    house.configure({ server: { heartbeat_seconds: 0.05 } })
    script({ scene: [{ type: 'image', result: A }], delivery: { firstByteAfter: 'later' } })
    const reply = await house.post(generations, { prompt: 'a cat', stream: true })
    house.simulator.openGate('later')
    const text = await reply.text()
    house.configure({})
    expect(text.startsWith(': ')).toBe(true)
    expect(text).toContain('event: image_generation.completed')
  })
})

describe('accounts and pictures', () => {
  test('one out of quota is left for another; all out of it are told with the time', async () => {
    const two = await openHouse({ accounts: 2 })
    try {
      const soon = Math.floor(Date.now() / 1000) + 600
      const limit = { type: 'status', name: 'usage_limit_reached', resetsAt: soon } as const
      two.simulator.script({ times: 1, fault: limit })
      const rule = two.simulator.script({ times: 1, scene: [{ type: 'image', result: A }] })
      const made = await two.openai.images.generate({ prompt: 'a cat' })
      expect([made.data, rule.uses]).toEqual([[{ b64_json: A }], 1])
      two.simulator.script({ fault: limit })
      for (const body of [{ prompt: 'a cat' }, { prompt: 'a cat', stream: true }, { prompt: 'a cat', n: 2 }]) {
        const reply = await two.post(generations, body)
        expect(reply.status).toBe(429)
        expect(await reply.json()).toMatchObject({ error: { code: 'usage_limit_reached', resets_at: soon } })
        expect(Date.parse(reply.headers.get('x-retry-at') ?? '')).toBe(soon * 1000)
      }
    } finally {
      await two.close()
    }
  })

  test.each([{ prompt: 'a cat' }, { prompt: 'a cat', stream: true }, { prompt: 'a cat', n: 3 }])(
    'a client that leaves takes the upstream with it: %o',
    async (body) => {
      script({
        scene: [
          { type: 'gate', name: 'never' },
          { type: 'image', result: A },
        ],
      })
      const before = answersAsked()
      const out = request(`${house.url}${generations}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${house.key}`, 'content-type': 'application/json' },
      })
      out.on('error', () => undefined)
      out.end(JSON.stringify(body))
      await heard(house, () => answersAsked() === before + ('n' in body ? 3 : 1))
      out.destroy()
      const asked = answers().slice(before)
      await Promise.all(asked.map(({ closedByClient }) => closedByClient))
      expect(asked.map(({ aborted }) => aborted)).toEqual(asked.map(() => true))
      expect(house.gateway.accounts.list()[0]?.status).toBe('active')
    },
  )
})
