// The repository's own source files, parsed: what each imports and says, for the tests of the architecture.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';

export interface Source {
  /** From the top of the repository, with `/`. */
  path: string;
  text: string;
  /** Files of ours that it imports, types included, by path. */
  imports: string[];
  /** Packages and `node:` modules. */
  packages: string[];
  nodes: ts.Node[];
}

/** Every TypeScript and JavaScript file below these folders. */
export function readSources(folders: string[]): Source[] {
  return folders
    .flatMap((folder) => readdirSync(folder, { recursive: true }).map((name) => `${folder}/${String(name)}`))
    .filter((path) => /\.(ts|mjs)$/.test(path))
    .sort()
    .map(readSource);
}

function readSource(path: string): Source {
  const text = readFileSync(path, 'utf8');
  const nodes: ts.Node[] = [];
  const walk = (node: ts.Node): void => {
    nodes.push(node);
    ts.forEachChild(node, walk);
  };
  walk(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  const named = nodes.flatMap(moduleOf);
  const isOurs = (name: string): boolean => name.startsWith('.');
  const imports = named
    .filter(isOurs)
    .map((name) => normalize(join(dirname(path), name)).replace(/\.js$/, '.ts'));
  return { path, text, imports, packages: named.filter((name) => !isOurs(name)), nodes };
}

/** The module that a node imports or exports from, if it does. */
function moduleOf(node: ts.Node): string[] {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return literal(node.moduleSpecifier);
  if (ts.isImportTypeNode(node))
    return ts.isLiteralTypeNode(node.argument) ? literal(node.argument.literal) : [];
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return literal(node.arguments[0]);
  return [];
}

const literal = (node: ts.Node | undefined): string[] =>
  node && ts.isStringLiteral(node) ? [node.text] : [];

/** Names that the code uses, as `Date` or `Math.random`; not those of properties it defines. */
export function namesIn({ nodes }: Source): Set<string> {
  return new Set(
    nodes.flatMap((node) => {
      if (ts.isPropertyAccessExpression(node)) return [node.getText()];
      return ts.isIdentifier(node) && !isNameOfProperty(node) ? [node.text] : [];
    }),
  );
}

function isNameOfProperty({ parent, pos }: ts.Identifier): boolean {
  if (ts.isPropertyAccessExpression(parent)) return parent.name.pos === pos;
  return ts.isPropertySignature(parent) || (ts.isPropertyAssignment(parent) && parent.name.pos === pos);
}

/** Texts in the code, of plain and template strings. */
export const stringsIn = ({ nodes }: Source): string[] =>
  nodes.flatMap((node) => (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) ? [node.text] : []));

/** Where the code has a construct of this kind, as `path:line`. */
export function placesOf({ path, nodes }: Source, isOfKind: (node: ts.Node) => boolean): string[] {
  return nodes.filter(isOfKind).map((node) => {
    const { line } = node.getSourceFile().getLineAndCharacterOfPosition(node.getStart());
    return `${path}:${line + 1}`;
  });
}

export const isEnum = (node: ts.Node): boolean => ts.isEnumDeclaration(node);
export const isAny = (node: ts.Node): boolean => node.kind === ts.SyntaxKind.AnyKeyword;
export const isDefaultExport = (node: ts.Node): boolean =>
  ts.isExportAssignment(node) ||
  (ts.canHaveModifiers(node) &&
    node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) === true);
