import { Button, Group, Modal, MultiSelect, Radio, Stack, Table, Text } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { api } from '../../api/client.js'
import { useCommon, useTexts } from '../../i18n/index.js'
import { told, type Owner, type Proxy } from './data.js'
import { TEXTS } from './texts.js'
import { shownState } from './ways.js'

const WHO = ['all', 'selected', 'unassigned', 'broken'] as const
type Who = (typeof WHO)[number]
const RULES = ['even', 'round-robin'] as const
type Rule = (typeof RULES)[number]

/** Accounts over proxies by a rule, with what would come of it. */
export function SpreadDialog({
  proxies,
  owners,
  selected,
  onClose,
  onApply,
}: {
  proxies: readonly Proxy[]
  owners: readonly Owner[]
  selected: ReadonlySet<string>
  onClose(): void
  onApply(choices: Map<string, string>): void
}) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const [who, setWho] = useState<Who>(selected.size > 0 ? 'selected' : 'all')
  const [rule, setRule] = useState<Rule>('even')
  const [targets, setTargets] = useState(() => working(proxies).map(({ id }) => id))
  const accountIds = useMemo(() => meant(who, owners, proxies, selected), [who, owners, proxies, selected])
  const asked = { accountIds, rule, targetProxyIds: targets, dryRun: true }
  const possible = accountIds.length > 0 && targets.length > 0
  const { data } = useQuery({
    queryKey: ['proxies', 'spread', asked],
    queryFn: async () => told((await api.POST('/api/proxies/assign-rule', { body: asked })).data),
    enabled: possible,
    placeholderData: keepPreviousData,
  })
  const result = possible ? data : undefined
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('spread.title')}
      size="lg"
      closeButtonProps={{ 'aria-label': common.t('act.close') }}
    >
      <Stack gap="md">
        <Radio.Group
          label={t('spread.who')}
          value={who}
          onChange={(value) => setWho(WHO.find((one) => one === value) ?? 'all')}
        >
          <Stack gap={6} mt={6}>
            {WHO.filter((one) => one !== 'selected' || selected.size > 0).map((value) => (
              <Radio
                key={value}
                value={value}
                label={`${t(`spread.who_${value}`)} (${meant(value, owners, proxies, selected).length})`}
              />
            ))}
          </Stack>
        </Radio.Group>
        <MultiSelect
          label={t('spread.proxies')}
          data={proxies.map(({ id, name }) => ({ value: id, label: name }))}
          value={targets}
          onChange={setTargets}
          searchable
          limit={200}
          rightSection={null}
        />
        <Button
          variant="default"
          size="compact-sm"
          w="fit-content"
          onClick={() => setTargets(working(proxies).map(({ id }) => id))}
        >
          {t('spread.working')}
        </Button>
        <Radio.Group
          label={t('spread.rule')}
          value={rule}
          onChange={(value) => setRule(RULES.find((one) => one === value) ?? 'even')}
        >
          <Stack gap={6} mt={6}>
            {RULES.map((value) => (
              <Radio key={value} value={value} label={t(`spread.rule_${value}`)} />
            ))}
          </Stack>
        </Radio.Group>
        <div role="status">
          <Text size="sm" fw={500} mb={4}>
            {t('spread.result')}
          </Text>
          {result === undefined ? (
            <Text size="sm" c="dimmed">
              {targets.length === 0 ? t('spread.chooseProxies') : t('spread.nobody')}
            </Text>
          ) : (
            <>
              <Table>
                <Table.Tbody>
                  {proxies
                    .filter(({ id }) => targets.includes(id))
                    .slice(0, 30)
                    .map(({ id, name }) => (
                      <Table.Tr key={id}>
                        <Table.Th scope="row">{name}</Table.Th>
                        <Table.Td ta="end" className="numbers">
                          {t('spread.row', {
                            before: owners.filter(({ proxyId }) => proxyId === id).length,
                            after: countAfter(owners, result.assignments, id),
                          })}
                        </Table.Td>
                      </Table.Tr>
                    ))}
                </Table.Tbody>
              </Table>
              <Text size="sm" mt={6}>
                {t('spread.moved', { count: result.moved })}
              </Text>
            </>
          )}
        </div>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {common.t('act.cancel')}
          </Button>
          <Button
            disabled={result === undefined || result.moved === 0}
            onClick={() => onApply(moves(owners, result?.assignments ?? []))}
          >
            {t('spread.apply')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

interface Assigned {
  accountId: string
  proxyId: string
}

function working(proxies: readonly Proxy[]): Proxy[] {
  return proxies.filter((proxy) => ['good', 'unchecked'].includes(shownState(proxy)))
}

/** API keys and sign-ins are left where they are, unless they are selected. */
function meant(who: Who, owners: readonly Owner[], proxies: readonly Proxy[], selected: ReadonlySet<string>): string[] {
  const good = new Set(['global', 'direct', 'auto', ...working(proxies).map(({ id }) => id)])
  const accounts = owners.filter(({ kind }) => kind === 'account')
  const wanted: Record<Who, () => Owner[]> = {
    all: () => accounts,
    selected: () => owners.filter(({ id }) => selected.has(id)),
    unassigned: () => accounts.filter(({ proxyId }) => proxyId === 'global'),
    broken: () => accounts.filter(({ proxyId }) => !good.has(proxyId)),
  }
  return wanted[who]().map(({ id }) => id)
}

function moves(owners: readonly Owner[], assignments: readonly Assigned[]): Map<string, string> {
  const now = new Map(owners.map(({ id, proxyId }) => [id, proxyId]))
  return new Map(
    assignments
      .filter(({ accountId, proxyId }) => now.get(accountId) !== proxyId)
      .map((one) => [one.accountId, one.proxyId]),
  )
}

function countAfter(owners: readonly Owner[], assignments: readonly Assigned[], proxy: string): number {
  const then = new Map(assignments.map(({ accountId, proxyId }) => [accountId, proxyId]))
  return owners.filter(({ id, proxyId }) => (then.get(id) ?? proxyId) === proxy).length
}
