import { Anchor, Button, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { count, percent, whole } from '../../parts/numbers.js';
import { Loaded, Nothing } from '../../parts/page-states.js';
import { Page } from '../../parts/page.js';
import { Scrollable } from '../../parts/scrollable.js';
import { Section } from '../../parts/section.js';
import { Tag } from '../../parts/tag.js';
import { OperatorMoment } from '../operator-moment.js';
import { rolloutsQuery, templatesQuery, type TemplateVersion } from '../queries.js';
import { RegisterDialog } from './register-dialog.js';
import { ROLLOUT_TONES, ROLLOUT_WORDS } from './rollout-words.js';
import { StartDialog } from './start-dialog.js';

/** Versions of what a night does, and their way to the tenants. */
export function TemplatesPage() {
  const templates = useQuery(templatesQuery);
  const rollouts = useQuery(rolloutsQuery);
  const [isRegistering, setRegistering] = useState(false);
  const [chosen, setChosen] = useState<TemplateVersion>();
  return (
    <Page
      title="Templates"
      note="What a night does, as data. A version reaches a few tenants first, and is taken back when they fare worse."
      actions={
        <Button size="xs" onClick={() => setRegistering(true)}>
          Register a version…
        </Button>
      }
    >
      <Section title="Versions">
        <Loaded query={templates}>
          {({ templates: versions }) => (
            <Scrollable label="Table of versions">
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Version</Table.Th>
                    <Table.Th>What is different</Table.Th>
                    <Table.Th ta="right">Tenants</Table.Th>
                    <Table.Th>Registered</Table.Th>
                    <Table.Th>
                      <span className="ns-visually-hidden">Roll out</span>
                    </Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {versions.map((version) => (
                    <Table.Tr key={version.version}>
                      <Table.Td>
                        {version.version} {version.inUse && <Tag tone="good">in use</Tag>}
                      </Table.Td>
                      <Table.Td>
                        {version.note}
                        {Object.keys(version.settings).length > 0 && (
                          <Text component="code" size="xs" c="dimmed" display="block">
                            {JSON.stringify(version.settings)}
                          </Text>
                        )}
                      </Table.Td>
                      <Table.Td ta="right">{whole(version.tenants)}</Table.Td>
                      <Table.Td>
                        <OperatorMoment at={version.registeredAt} />
                        <Text size="xs" c="dimmed">
                          {version.registeredBy}
                        </Text>
                      </Table.Td>
                      <Table.Td>
                        {!version.inUse && (
                          <Button size="compact-sm" variant="default" onClick={() => setChosen(version)}>
                            Roll out {version.version}…
                          </Button>
                        )}
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Scrollable>
          )}
        </Loaded>
      </Section>
      <Section title="Roll-outs">
        <Loaded query={rollouts}>
          {({ rollouts: all }) =>
            all.length === 0 ? (
              <Nothing title="Nothing was rolled out yet" />
            ) : (
              <Scrollable label="Roll-outs">
                <Table>
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>Roll-out</Table.Th>
                      <Table.Th>State</Table.Th>
                      <Table.Th ta="right">Share</Table.Th>
                      <Table.Th>Started</Table.Th>
                      <Table.Th>Why</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {all.map((rollout) => (
                      <Table.Tr key={rollout.rolloutId}>
                        <Table.Td>
                          <Anchor component={Link} to={`/operator/templates/rollouts/${rollout.rolloutId}`}>
                            {rollout.formerVersion} to {rollout.templateVersion}
                          </Anchor>
                        </Table.Td>
                        <Table.Td>
                          <Tag tone={ROLLOUT_TONES[rollout.state]}>{ROLLOUT_WORDS[rollout.state]}</Tag>
                        </Table.Td>
                        <Table.Td ta="right">{percent(rollout.steps.at(-1)?.share)}</Table.Td>
                        <Table.Td>
                          <OperatorMoment at={rollout.startedAt} />
                        </Table.Td>
                        <Table.Td>{rollout.reason}</Table.Td>
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
                <Text size="sm" c="dimmed" mt="xs">
                  {count(all.length, 'roll-out')}
                </Text>
              </Scrollable>
            )
          }
        </Loaded>
      </Section>
      {isRegistering && <RegisterDialog onClose={() => setRegistering(false)} />}
      {chosen !== undefined && <StartDialog version={chosen} onClose={() => setChosen(undefined)} />}
    </Page>
  );
}
