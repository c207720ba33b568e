import { Alert, Button, FileInput, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { count, whole } from '../../parts/numbers.js';
import { ProblemNotice, Waiting } from '../../parts/page-states.js';
import { Section } from '../../parts/section.js';
import { tenantKey } from '../queries.js';
import { useTenant } from '../tenant-context.js';
import {
  previewImport,
  sampleOf,
  sendFile,
  type Entity,
  type ImportPreview,
  type Mapping,
} from './data-queries.js';
import { ENTITY_LABELS } from './field-labels.js';
import { ImportResultShown } from './import-result.js';
import { MappingForm } from './mapping-form.js';
import { PreviewTable } from './preview-table.js';

interface Change {
  readonly file: File;
  readonly mapping?: Mapping;
  readonly entity?: Entity;
}

/** A file is looked at here first; nothing is sent before somebody has seen what its rows become. */
export function UploadSection() {
  const { tenant } = useTenant();
  const queryClient = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  // Kept while the next one is asked for, and when that fails: the form stays as it was filled in.
  const [shown, setShown] = useState<ImportPreview>();
  const [mapping, setMapping] = useState<Mapping>();
  const look = useMutation({
    mutationFn: async (change: Change) =>
      previewImport(tenant, await sampleOf(change.file), change.mapping, change.entity),
    onSuccess(preview) {
      setShown(preview);
      setMapping(preview.mapping as unknown as Mapping);
    },
  });
  const send = useMutation({
    mutationFn: () => sendFile(tenant, file!, mapping!),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: tenantKey(tenant) }),
  });

  function choose(chosen: File | null): void {
    setFile(chosen);
    setShown(undefined);
    setMapping(undefined);
    send.reset();
    look.reset();
    if (chosen !== null) look.mutate({ file: chosen });
  }

  function change(next: Mapping): void {
    setMapping(next);
    look.mutate({ file: file!, mapping: next });
  }

  if (send.data !== undefined)
    return (
      <Section title="Bring data in">
        <ImportResultShown result={send.data} onAgain={() => choose(null)} />
      </Section>
    );
  return (
    <Section title="Bring data in" note="CSV or NDJSON, gzip or not. Sent twice, it counts once.">
      <Stack gap="md">
        <FileInput
          label="File"
          placeholder="Choose a file…"
          accept=".csv,.tsv,.txt,.gz,.ndjson,.jsonl,text/csv,application/x-ndjson"
          clearable
          clearButtonProps={{ 'aria-label': 'Take another file' }}
          value={file}
          onChange={choose}
          maw={460}
        />
        {look.isPending && shown === undefined && <Waiting lines={4} label="Looking at the file" />}
        {shown !== undefined && mapping !== undefined && (
          <>
            <NativeSelect
              label="What the file holds"
              maw={460}
              value={mapping.entity}
              data={Object.entries(ENTITY_LABELS).map(([value, label]) => ({ value, label }))}
              onChange={(event) => look.mutate({ file: file!, entity: event.currentTarget.value as Entity })}
            />
            <MappingForm
              mapping={mapping}
              columns={shown.columns}
              problems={problemsOf(shown)}
              onChange={change}
            />
            <PreviewTable preview={shown} entity={mapping.entity} isStale={look.isPending} />
          </>
        )}
        {look.error !== null && <ProblemNotice error={look.error} />}
        {send.error !== null && <ProblemNotice error={send.error} />}
        {send.isPending && (
          <Alert color="gray" role="status">
            Sending {file?.name}… Keep this page open.
          </Alert>
        )}
        {shown !== undefined && (
          <Group>
            <Button
              onClick={() => send.mutate()}
              loading={send.isPending}
              disabled={look.isPending || look.error !== null || shown.rejected === shown.read}
            >
              Import the file
            </Button>
            <Text size="sm" c="dimmed">
              {forecastOf(shown)}
            </Text>
          </Group>
        )}
      </Stack>
    </Section>
  );
}

function forecastOf({ read, rejected }: ImportPreview): string {
  if (rejected === 0) return `All of the first ${count(read, 'row')} would be taken in.`;
  if (rejected === read)
    return `None of the first ${count(read, 'row')} would be taken in: choose other columns.`;
  return `${count(rejected, 'row')} of the first ${whole(read)} would be rejected, and the others taken in.`;
}

/** The first problem of each field: the rows below have them all. */
function problemsOf({ rows }: ImportPreview): Map<string, string> {
  const errors = rows.flatMap((row) => row.errors).toReversed();
  return new Map(errors.flatMap(({ field, message }) => (field === undefined ? [] : [[field, message]])));
}
