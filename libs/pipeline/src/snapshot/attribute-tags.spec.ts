import { attributeTags } from './attribute-tags.js';

it.each([
  [undefined, []],
  ['{}', []],
  ['{"colour": "Red", "size": 42, "organic": false}', ['colour=Red', 'size=42', 'organic=false']],
  ['{"tags": ["a", "b", null, ["c"]], "empty": "", "none": null, "deep": {"a": 1}}', ['tags=a', 'tags=b']],
])('makes tags of %s', (json, tags) => expect(attributeTags(json)).toEqual(tags));
