import type { ProductAttributes } from './product-attributes.js';
import { TermField, validateAttributes } from './product-attributes.js';
import type { ProductDescription } from './product-attributes-builder.js';
import { ProductAttributesBuilder, wholeTerm, wordsOf } from './product-attributes-builder.js';

function built(products: readonly ProductDescription[], count?: number): ProductAttributes {
  const builder = new ProductAttributesBuilder();
  for (const product of products) builder.add(product);
  return builder.finish(count);
}

describe('wordsOf and wholeTerm', () => {
  it.each([
    ["White-Metal LANTERN, 4's", ['white', 'metal', 'lantern', '4', 's']],
    ['ＦＵＬＬ width ﬁn', ['full', 'width', 'fin']],
    ['Čaj z mátou; 茶, हिन्दी', ['čaj', 'z', 'mátou', '茶', 'हिन्दी']],
    ['e\u0301te\u0301', ['\u00e9t\u00e9']],
    ['🙂 --- _', []],
    ['', []],
  ])('cuts %j', (text, words) => expect(wordsOf(text)).toEqual(words));

  it('keeps a category whole, whatever its case and spaces', () => {
    expect(wholeTerm('  Home \t &  Garden ')).toBe('home & garden');
    expect(wholeTerm(' ')).toBe('');
  });
});

describe('ProductAttributesBuilder', () => {
  it('counts terms by field, in ids of the sorted vocabulary', () => {
    const attributes = built(
      [
        { texts: ['tea cup', 'Tea'], categories: ['Tea'], tags: ['brand=Zen'], price: 2.5 },
        { texts: ['cup'], tags: [' '], price: -1 },
      ],
      4,
    );
    // cup and tea in texts, tea as a category, brand=zen as a tag.
    expect([...attributes.fieldOfTerm]).toEqual([
      TermField.text,
      TermField.text,
      TermField.category,
      TermField.tag,
    ]);
    expect(attributes.terms).toMatchObject({ rows: 4, columns: 4 });
    expect([...attributes.terms.offsets]).toEqual([0, 4, 5, 5, 5]);
    expect([...attributes.terms.indices]).toEqual([0, 1, 2, 3, 0]);
    expect([...attributes.terms.values]).toEqual([1, 2, 1, 1, 1]);
    expect([...attributes.prices]).toEqual([2.5, NaN, NaN, NaN]);
    expect(() => validateAttributes(attributes, 4)).not.toThrow();
  });

  it('numbers terms alike, whatever the order of the products', () => {
    const products = [{ texts: ['b a'] }, { texts: ['c'], tags: ['a'] }, { texts: ['a b b'] }];
    const rows = ({ terms: { offsets, indices, values } }: ProductAttributes) =>
      products.map((_, p) =>
        [indices, values].map((array) => [...array.subarray(offsets[p], offsets[p + 1])]),
      );
    expect(rows(built(products.toReversed())).toReversed()).toEqual(rows(built(products)));
  });

  it('loses nothing when it has to grow', () => {
    const builder = new ProductAttributesBuilder();
    for (let p = 0; p < 500; p++) builder.add({ texts: [`a${p} b${p % 7} c c c d`, 'e'] });
    const { terms } = builder.finish();
    expect(terms.offsets[500]).toBe(2500);
    for (let p = 0; p < 500; p++) expect([...terms.values.slice(5 * p, 5 * p + 5)]).toEqual([1, 1, 3, 1, 1]);
  });

  it('knows an empty catalogue and lies in shared memory', () => {
    const attributes = built([]);
    expect(attributes.terms).toMatchObject({ rows: 0, columns: 0 });
    expect([...attributes.terms.offsets]).toEqual([0]);
    expect(attributes.terms.values.buffer).toBeInstanceOf(SharedArrayBuffer);
  });
});

describe('validateAttributes', () => {
  const good = built([{ texts: ['a b'] }, { texts: ['b'], price: 3 }]);
  const { terms } = good;
  it.each<[string, ProductAttributes, string]>([
    ['rows', { ...good, terms: { ...terms, rows: 1 } }, 'SHAPE_MISMATCH'],
    ['prices', { ...good, prices: new Float64Array(3) }, 'SHAPE_MISMATCH'],
    ['fields', { ...good, fieldOfTerm: new Uint8Array(1) }, 'SHAPE_MISMATCH'],
    ['an unknown field', { ...good, fieldOfTerm: Uint8Array.of(0, 3) }, 'INDEX_OUT_OF_RANGE'],
    ['values', { ...good, terms: { ...terms, values: new Float32Array(2) } }, 'SHAPE_MISMATCH'],
    ['offsets', { ...good, terms: { ...terms, offsets: Int32Array.of(0, -1, 3) } }, 'SHAPE_MISMATCH'],
    ['a term', { ...good, terms: { ...terms, indices: Int32Array.of(0, 2, 1) } }, 'INDEX_OUT_OF_RANGE'],
    ['its order', { ...good, terms: { ...terms, indices: Int32Array.of(1, 0, 1) } }, 'INDEX_OUT_OF_RANGE'],
    ['a count', { ...good, terms: { ...terms, values: Float32Array.of(1, NaN, 1) } }, 'INDEX_OUT_OF_RANGE'],
  ])('refuses wrong %s', (_, attributes, code) => {
    expect(() => validateAttributes(attributes, 2)).toThrow(expect.objectContaining({ code }));
  });
});
