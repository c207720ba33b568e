import {
  completeReranking,
  decodeArtifact,
  type ListReader,
  type RerankingOverrides,
  type RerankingSettings,
} from '#libs/domain';
import {
  CATALOGUE_PART,
  MODEL_PART,
  NEIGHBOURS_PART,
  type Catalogue,
  type StoredModel,
} from '../catalogue/catalogue.js';
import { Reranker } from '../rerank/reranker.js';
import { FileModel } from './file-model.js';
import { TextIndex } from './text-index.js';

/** What a request computes with, opened from one list file: items of one version only. */
export class LiveLists {
  /** Index of a product in the file. */
  readonly indexOf: ReadonlyMap<string, number>;
  private index: TextIndex | undefined;
  /** Columns of one request, used again by the next: fresh ones of this size keep the collector busier than the answer. */
  private readonly columns: Float64Array[] = [];
  private taken = 0;
  readonly closed: Uint8Array;

  private constructor(
    readonly productIds: readonly string[],
    readonly catalogue: Catalogue,
    readonly model: FileModel,
    /** What is bought together; undefined where the model itself knows. */
    readonly neighbours: FileModel | undefined,
    readonly settings: RerankingSettings,
    readonly reranker: Reranker,
    /** How much memory the file's parts take. */
    readonly bytes: number,
  ) {
    this.indexOf = new Map(productIds.map((id, index) => [id, index]));
    this.closed = new Uint8Array(productIds.length);
  }

  /** Undefined for files from before there were parts. @throws NightshiftError `artifactCorrupt`; ModelFormatError */
  static open(reader: ListReader, reranking: RerankingOverrides): LiveLists | undefined {
    const [catalogueBytes, modelBytes] = [reader.part(CATALOGUE_PART), reader.part(MODEL_PART)];
    if (catalogueBytes === undefined || modelBytes === undefined) return undefined;
    const neighbourBytes = reader.part(NEIGHBOURS_PART);
    const { productIds } = reader.header;
    const catalogue = decodeArtifact<Catalogue>(catalogueBytes);
    const open = (bytes: Uint8Array) => new FileModel(decodeArtifact<StoredModel>(bytes), productIds.length);
    const settings = completeReranking(reranking);
    return new LiveLists(
      productIds,
      catalogue,
      open(modelBytes),
      neighbourBytes && open(neighbourBytes),
      settings,
      new Reranker(catalogue.columns, settings),
      catalogueBytes.length + modelBytes.length + (neighbourBytes?.length ?? 0),
    );
  }

  /** Made at the first search: not every tenant's customers do. */
  get text(): TextIndex {
    const { names, categories, brands, tags } = this.catalogue;
    this.index ??= new TextIndex(
      this.productIds.map((productId, p) => [
        productId,
        ...[names[p], categories[p], brands[p]].filter((text) => text !== null),
        ...tags[p].map((tag) => tag.slice(tag.indexOf('=') + 1)),
      ]),
    );
    return this.index;
  }

  /** A request begins: the columns of the one before are free. */
  begin(): void {
    this.taken = 0;
  }

  /** A zero for each product, good until the next request begins. */
  column(): Float64Array {
    if (this.taken === this.columns.length) this.columns.push(new Float64Array(this.productIds.length));
    return this.columns[this.taken++].fill(0);
  }

  indicesOf(productIds: Iterable<string>): number[] {
    return [...productIds].flatMap((id) => this.indexOf.get(id) ?? []);
  }
}
