import { isObject, type Json, type Protocol, type WireRequest } from './conversation.js'

export const LANGUAGES = ['curl', 'python', 'node'] as const
export type CodeLanguage = (typeof LANGUAGES)[number]

/** What stands where the key belongs. */
const KEY = 'DRAGOMAN_KEY'

/**
 * A request as a program that anybody can run; the key comes from the environment, `DRAGOMAN_KEY`.
 * @param address where the gateway is found, `http://127.0.0.1:8080`
 */
export function codeOf(language: CodeLanguage, protocol: Protocol, request: WireRequest, address: string): string {
  switch (language) {
    case 'curl':
      return curl(request, address)
    case 'python':
      return python(protocol, request, address)
    case 'node':
      return node(protocol, request, address)
    default:
      return language satisfies never
  }
}

function curl({ path, keyIn, headers, body }: WireRequest, address: string): string {
  const key = keyIn === 'authorization' ? `authorization: Bearer $${KEY}` : `${keyIn}: $${KEY}`
  const lines = [
    `curl -N ${shellWord(address + path)}`,
    `-H "${key}"`,
    ...Object.entries(headers).map(([name, value]) => `-H ${shellWord(`${name}: ${value}`)}`),
    `-H 'content-type: application/json'`,
    `-d ${shellWord(JSON.stringify(body, null, 2))}`,
  ]
  return lines.join(' \\\n  ')
}

/** One word for a POSIX shell, whatever is in it. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}

function python(protocol: Protocol, request: WireRequest, address: string): string {
  const { body } = request
  const streams = body['stream'] === true || request.path.includes(':streamGenerateContent')
  const call = (name: string, given: Json): string => `${name}(\n${pythonFields(given)})`
  switch (protocol) {
    case 'chat':
    case 'responses': {
      const head = `import os\nfrom openai import OpenAI\n\nclient = OpenAI(base_url="${address}/v1", api_key=os.environ["${KEY}"])\n`
      const asked = call(protocol === 'chat' ? 'client.chat.completions.create' : 'client.responses.create', body)
      if (protocol === 'chat') {
        return streams
          ? `${head}for chunk in ${asked}:\n    if chunk.choices and chunk.choices[0].delta.content:\n        print(chunk.choices[0].delta.content, end="", flush=True)\n`
          : `${head}print(${asked}.choices[0].message.content)\n`
      }
      return streams
        ? `${head}for event in ${asked}:\n    if event.type == "response.output_text.delta":\n        print(event.delta, end="", flush=True)\n`
        : `${head}print(${asked}.output_text)\n`
    }
    case 'anthropic': {
      const { stream: _, ...rest } = body
      const head = `import os\nfrom anthropic import Anthropic\n\nclient = Anthropic(base_url="${address}", api_key=os.environ["${KEY}"])\n`
      return streams
        ? `${head}with ${call('client.messages.stream', extraBody(rest))} as stream:\n    for text in stream.text_stream:\n        print(text, end="", flush=True)\n`
        : `${head}print(${call('client.messages.create', extraBody(rest))}.content)\n`
    }
    case 'gemini': {
      const head = `import os\nfrom google import genai\n\nclient = genai.Client(api_key=os.environ["${KEY}"], http_options={"base_url": "${address}"})\n`
      const given = genaiFields(request)
      return streams
        ? `${head}for chunk in ${call('client.models.generate_content_stream', given)}:\n    print(chunk.text or "", end="", flush=True)\n`
        : `${head}print(${call('client.models.generate_content', given)}.text)\n`
    }
    default:
      return protocol satisfies never
  }
}

/** Fields that the Python SDK's method does not name go as its `extra_body`. */
function extraBody(body: Json): Json {
  const { speed, output_config: output, ...rest } = body
  const extra = {
    ...(speed === undefined ? {} : { speed }),
    ...(output === undefined ? {} : { output_config: output }),
  }
  return Object.keys(extra).length === 0 ? body : { ...rest, extra_body: extra }
}

function node(protocol: Protocol, request: WireRequest, address: string): string {
  const { body } = request
  const streams = body['stream'] === true || request.path.includes(':streamGenerateContent')
  const asked = (given: Json): string => JSON.stringify(given, null, 2)
  switch (protocol) {
    case 'chat':
    case 'responses': {
      const head = `import OpenAI from 'openai'\n\nconst client = new OpenAI({ baseURL: '${address}/v1', apiKey: process.env.${KEY} })\n`
      const method = protocol === 'chat' ? 'client.chat.completions.create' : 'client.responses.create'
      if (protocol === 'chat') {
        return streams
          ? `${head}const stream = await ${method}(${asked(body)})\nfor await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta?.content ?? '')\n`
          : `${head}const answer = await ${method}(${asked(body)})\nconsole.log(answer.choices[0].message.content)\n`
      }
      return streams
        ? `${head}const stream = await ${method}(${asked(body)})\nfor await (const event of stream) {\n  if (event.type === 'response.output_text.delta') process.stdout.write(event.delta)\n}\n`
        : `${head}const answer = await ${method}(${asked(body)})\nconsole.log(answer.output_text)\n`
    }
    case 'anthropic': {
      const { stream: _, ...rest } = body
      const head = `import Anthropic from '@anthropic-ai/sdk'\n\nconst client = new Anthropic({ baseURL: '${address}', apiKey: process.env.${KEY} })\n`
      return streams
        ? `${head}const stream = client.messages.stream(${asked(rest)})\nstream.on('text', (text) => process.stdout.write(text))\nawait stream.finalMessage()\n`
        : `${head}const message = await client.messages.create(${asked(rest)})\nconsole.log(message.content)\n`
    }
    case 'gemini': {
      const head = `import { GoogleGenAI } from '@google/genai'\n\nconst client = new GoogleGenAI({ apiKey: process.env.${KEY}, httpOptions: { baseUrl: '${address}' } })\n`
      const given = asked(genaiFields(request))
      return streams
        ? `${head}const stream = await client.models.generateContentStream(${given})\nfor await (const chunk of stream) process.stdout.write(chunk.text ?? '')\n`
        : `${head}const answer = await client.models.generateContent(${given})\nconsole.log(answer.text)\n`
    }
    default:
      return protocol satisfies never
  }
}

/** The SDKs of Google take everything but the contents in one `config`. */
function genaiFields({ path, body }: WireRequest): Json {
  const { contents, generationConfig, ...rest } = body
  const config = { ...(isObject(generationConfig) ? generationConfig : {}), ...rest }
  const model = decodeURIComponent(/\/models\/([^:]+):/.exec(path)?.[1] ?? '')
  return { model, contents, ...(Object.keys(config).length === 0 ? {} : { config }) }
}

/** The fields of an object as arguments, a line each. */
function pythonFields(given: Json): string {
  return Object.entries(given)
    .map(([name, value]) => `    ${name}=${pythonValue(value, 1)},\n`)
    .join('')
}

function pythonValue(value: unknown, depth: number): string {
  const pad = '    '.repeat(depth + 1)
  const end = '    '.repeat(depth)
  if (value === null || value === undefined) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  // A string of JSON is one of Python, too.
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]'
    return `[\n${value.map((one) => `${pad}${pythonValue(one, depth + 1)},\n`).join('')}${end}]`
  }
  if (!isObject(value) || Object.keys(value).length === 0) return '{}'
  const fields = Object.entries(value).map(
    ([name, one]) => `${pad}${JSON.stringify(name)}: ${pythonValue(one, depth + 1)},\n`,
  )
  return `{\n${fields.join('')}${end}}`
}
