import type { Target } from '../actors/load.js'

/** The request of a chat client to the gateway. */
export function chat(
  port: number,
  clientKey: string,
  about: { stream: boolean; marks?: number; messages?: object[] },
): Target {
  const { stream, marks, messages = MESSAGES } = about
  return {
    port,
    method: 'POST',
    path: '/v1/chat/completions',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${clientKey}` },
    body: JSON.stringify({ model: 'gpt-5.5', stream, messages }),
    ...(marks === undefined ? {} : { marks }),
  }
}

/** The same question as it reaches the Codex backend: for the references, and for the direct way. */
export function codex(port: number, marks?: number): Target {
  return {
    port,
    method: 'POST',
    path: '/backend-api/codex/responses',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization: 'Bearer benchmark' },
    body: JSON.stringify({
      model: 'gpt-5.5',
      instructions: MESSAGES[0].content,
      stream: true,
      store: false,
      input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: MESSAGES[1].content }] }],
    }),
    ...(marks === undefined ? {} : { marks }),
  }
}

/** The cheapest thing the gateway answers; how long it takes shows how long the event loop was busy with something else. */
export function health(port: number): Target {
  return { port, method: 'GET', path: '/health', headers: {}, body: '' }
}

const MESSAGES = [
  { role: 'system', content: 'You are a careful assistant.' },
  { role: 'user', content: 'Say in one sentence what a dragoman was.' },
] as const
