// Requests of real Argus members, as the bytes they sent: the fixtures hold them indented, and one holds what is no JSON.
import { readFileSync } from 'node:fs';

export interface RecordedRequest {
  /** Like "POST /fleet/register". */
  line: string;
  headers: [name: string, value: string][];
  body: string;
}

/** Taken out as text: parsing would lose `1.0`, and could not read a bare `Infinity`. */
export function recorded(name: string): RecordedRequest {
  const text = readFileSync(`${process.cwd()}/test/fixtures/${name}.json`, 'utf8');
  const between = (start: string, end: string): string => {
    const from = text.indexOf(start) + start.length;
    return text.slice(from, text.indexOf(end, from));
  };
  return {
    line: `POST ${between('"path": "', '"')}`,
    headers: JSON.parse(between('"request_headers": ', ',\n "request_body"')) as [string, string][],
    body: onOneLine(between('"request_body": ', ',\n "request_body_bytes"')),
  };
}

/** What Argus's server answered, on one line as it was. */
export function recordedAnswer(name: string): string {
  const text = readFileSync(`${process.cwd()}/test/fixtures/${name}.json`, 'utf8');
  const start = '"response_body": ';
  const from = text.indexOf(start) + start.length;
  return onOneLine(text.slice(from, text.indexOf(',\n "response_body_bytes"')));
}

/** Python's separators. A text in JSON holds no line break, so every one is indentation. */
const onOneLine = (json: string): string => json.replace(/,\n */g, ', ').replace(/\n */g, '');
