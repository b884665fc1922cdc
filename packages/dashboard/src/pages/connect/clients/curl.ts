import { environment, word } from './write.js'
import type { Filling, Recipe } from './recipe.js'

/** Source: `docs/clients.md`, whose commands its tests run. */
export const curl: Recipe = {
  id: 'curl',
  name: 'curl',
  kind: 'code',
  speaks: 'Chat Completions, Responses, Anthropic Messages, Gemini',
  seen: '8',
  programs: ['curl'],
  paths: [],
  steps(filling) {
    const { model } = filling
    const said = [{ role: 'user', content: 'Hello' }]
    return [
      { kind: 'run', code: environment(filling, [['DRAGOMAN_KEY', filling.key]]) },
      call(filling, 'Chat Completions', '/v1/chat/completions', 'authorization: Bearer', {
        model,
        stream: true,
        messages: said,
      }),
      call(filling, 'Responses', '/v1/responses', 'authorization: Bearer', { model, stream: true, input: 'Hello' }),
      call(filling, 'Anthropic Messages', '/v1/messages', 'x-api-key:', {
        model,
        stream: true,
        max_tokens: 1024,
        messages: said,
      }),
      call(
        filling,
        'Gemini',
        `/v1beta/models/${encodeURIComponent(model)}:streamGenerateContent?alt=sse`,
        'x-goog-api-key:',
        { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] },
      ),
    ]
  },
  notes: ['curlDemo'],
}

function call({ address, shell }: Filling, title: string, path: string, header: string, body: unknown) {
  const [variable, next, program] =
    shell === 'posix'
      ? (['$DRAGOMAN_KEY', ' \\\n', 'curl'] as const)
      : (['$env:DRAGOMAN_KEY', ' `\n', 'curl.exe'] as const)
  const lines = [
    `${program} -N ${word(shell, address + path)} -H "${header} ${variable}"`,
    `  -H 'content-type: application/json'`,
    `  -d ${word(shell, JSON.stringify(body))}`,
  ]
  return { kind: 'run' as const, title, code: lines.join(next) }
}
