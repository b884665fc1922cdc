import type { Failure, PivotRequest } from '@dragoman/protocol'

/**
 * A request that goes on from an earlier response, which nobody kept: leaving the reference out would answer without the
 * conversation. The code is the one after which clients send everything again (upstream-codex 4.3).
 */
export function cannotContinue(request: PivotRequest): Failure | undefined {
  if (request.previous_response_id == null || request.previous_response_id === '') return undefined
  return {
    kind: 'invalid_request',
    scope: 'request',
    phase: 'unsent',
    retry: 'never',
    code: 'previous_response_not_found',
    pointer: '/previous_response_id',
    message: 'no response is kept under this id; send the whole conversation as input instead',
  }
}
