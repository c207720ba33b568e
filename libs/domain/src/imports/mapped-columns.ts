import { InvalidInputError, type FieldError } from '../errors/nightshift-error.js';
import { ENTITY_FIELDS } from './import-entity.js';
import { isColumnField, isDerivedField, type FieldMapping, type ImportMapping } from './import-mapping.js';
import { nearestName } from './nearest-name.js';

export interface MappedColumn {
  readonly column: string;
  /** Where the mapping names it. */
  readonly path: string;
  /** Whether no row can do without it. */
  readonly required: boolean;
}

/** Every column that the mapping names, in the order in which it names them, each once. */
export function mappedColumns(mapping: ImportMapping): readonly MappedColumn[] {
  const found = new Map<string, MappedColumn>();
  const add = (column: string, path: string, required: boolean) => {
    const before = found.get(column);
    found.set(column, {
      column,
      path: before?.path ?? path,
      required: required || before?.required === true,
    });
  };
  const addFields = (
    fields: Readonly<Record<string, FieldMapping>>,
    path: string,
    required: ReadonlySet<string>,
  ) => {
    for (const [name, field] of Object.entries(fields)) {
      if (isColumnField(field))
        add(field.column, `${path}.${name}.column`, required.has(name) && field.default === undefined);
      if (isDerivedField(field))
        field.columns.forEach((column, index) => add(column, `${path}.${name}.columns.${index}`, false));
    }
  };
  const required = ENTITY_FIELDS[mapping.entity].filter((field) => field.required).map((field) => field.name);
  addFields(mapping.fields, 'fields', new Set(required));
  mapping.attributes?.forEach((column, index) => add(column, `attributes.${index}`, false));
  for (const section of ['product', 'customer'] as const) {
    addFields(mapping[section]?.fields ?? {}, `${section}.fields`, new Set());
    mapping[section]?.attributes?.forEach((column, index) =>
      add(column, `${section}.attributes.${index}`, false),
    );
  }
  return [...found.values()];
}

/** Refuses a mapping that does not fit the file, before a single row is read. */
export function checkColumns(mapping: ImportMapping, columns: readonly string[]): void {
  const known = new Set(columns);
  const mapped = mappedColumns(mapping);
  const errors = mapped
    .filter(({ column }) => !known.has(column))
    .map((missing) => missingColumn(missing, columns));
  if (mapping.unknownColumns === 'reject') {
    const named = new Set(mapped.map(({ column }) => column));
    for (const column of columns) {
      if (!named.has(column))
        errors.push({
          field: column,
          code: 'unknownColumn',
          message: `The mapping does not name the column ${JSON.stringify(column)}.`,
        });
    }
  }
  if (errors.length > 0) throw columnsError(errors, columns);
}

/** For files whose records name their own columns: what no record can do without must be in the first ones. */
export function checkSeenColumns(mapping: ImportMapping, seen: readonly string[]): void {
  const known = new Set(seen);
  const errors = mappedColumns(mapping)
    .filter(({ column, required }) => required && !known.has(column))
    .map((missing) => missingColumn(missing, seen));
  if (errors.length > 0) throw columnsError(errors, seen);
}

function missingColumn(missing: MappedColumn, columns: readonly string[]): FieldError {
  const nearest = nearestName(missing.column, columns);
  const hint = nearest === undefined ? '' : ` Did you mean ${JSON.stringify(nearest)}?`;
  return {
    field: missing.path,
    code: 'unknownColumn',
    message: `The file has no column ${JSON.stringify(missing.column)}.${hint}`,
  };
}

const SHOWN_COLUMNS = 50;

function columnsError(errors: readonly FieldError[], columns: readonly string[]): InvalidInputError {
  const listed = columns
    .slice(0, SHOWN_COLUMNS)
    .map((column) => JSON.stringify(column.slice(0, 100)))
    .join(', ');
  const more = columns.length > SHOWN_COLUMNS ? ` and ${columns.length - SHOWN_COLUMNS} more` : '';
  const first = errors.slice(0, 3).map((error) => error.message);
  return new InvalidInputError(
    'unknownColumn',
    `${first.join(' ')} The file's columns are ${listed}${more}.`,
    errors.slice(0, SHOWN_COLUMNS),
  );
}
