// Every page says everything in two languages: the tables are whole, and nothing that is read stands
// outside them. Read with TypeScript's own parser, so that a text cannot hide in a template.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import type * as TypeScript from 'typescript';

const root = process.cwd();
const ts = createRequire(path.join(root, 'package.json'))('typescript') as typeof TypeScript;
const folders = ['caller', 'crew', 'hospital', 'wall', 'planner', 'lib'];
const files = folders.filter((folder) => existsSync(folder)).flatMap((folder) =>
  readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts')).map((name) => `${folder}/${name}`));

const parsed = files.map((file) => ({
  file, source: ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true),
}));

function visit(node: TypeScript.Node, found: (node: TypeScript.Node) => void): void {
  found(node);
  node.forEachChild((child) => visit(child, found));
}

const at = (file: string, source: TypeScript.SourceFile, node: TypeScript.Node) =>
  `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
const values = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((hit) => hit[1]).sort().join();
const name = (node: TypeScript.Expression) => (ts.isIdentifier(node) ? node.text : ts.isPropertyAccessExpression(node) ? node.name.text : '');

// What is alike in both languages and no mistake: signs, numbers, codes, borrowed words.
const ALIKE = /^\P{L}*$|^(trauma|stroke|Sigap|OSM|km|m|ICU|GPS|GCS|SpO₂|n|P90|kB|unit|median|normal|\{\w+\}|[^\p{L}])+$/iu;

test('texts: every table has both languages with the same values', () => {
  let tables = 0, texts = 0;
  const wrong: string[] = [];
  for (const { file, source } of parsed) {
    visit(source, (node) => {
      if (!ts.isCallExpression(node) || name(node.expression) !== 'wordsOf') return;
      const table = node.arguments[0];
      if (!table || !ts.isObjectLiteralExpression(table)) return;
      tables++;
      for (const row of table.properties) {
        if (!ts.isPropertyAssignment(row)) continue;
        const pair = ts.isArrayLiteralExpression(row.initializer) ? row.initializer.elements : undefined;
        const said = pair?.map((one) => (ts.isStringLiteralLike(one) ? one.text : ''));
        const where = `${at(file, source, row)} ${row.name.getText()}`;
        texts++;
        if (said?.length !== 2 || (said[0]!.trim() === '') !== (said[1]!.trim() === '')) wrong.push(`${where}: not two texts`);
        else if (values(said[0]!) !== values(said[1]!)) wrong.push(`${where}: other values in the other language`);
        else if (said[0] === said[1] && !ALIKE.test(said[0]!)) wrong.push(`${where}: the same in both languages: ${said[0]}`);
      }
    });
  }
  assert.ok(tables >= 3 && texts > 100, `${tables} tables with ${texts} texts were found`);
  assert.deepEqual(wrong, []);
});

// A word is two letters on end; what is no word (a sign, a unit's letter) may stand in the code.
const WORD = /\p{L}{2,}/u;
const LANGUAGES = new Set(['ID', 'EN']); // their names on the button
const READ_ATTRIBUTES = new Set(['title', 'aria-label', 'alt', 'placeholder', 'aria-description']);

/** The texts that a reader would meet: strings of an expression, not the keys that are looked up. */
function fixedTexts(node: TypeScript.Node, found: TypeScript.Node[]): void {
  if (ts.isStringLiteralLike(node) && WORD.test(node.text) && !LANGUAGES.has(node.text)) found.push(node);
  if (ts.isTemplateExpression(node)) {
    for (const part of [node.head, ...node.templateSpans.map((span) => span.literal)])
      if (WORD.test(part.text)) found.push(part);
    for (const span of node.templateSpans) fixedTexts(span.expression, found);
  }
  if (ts.isConditionalExpression(node)) [node.whenTrue, node.whenFalse].forEach((part) => fixedTexts(part, found));
  if (ts.isBinaryExpression(node) && [ts.SyntaxKind.PlusToken, ts.SyntaxKind.BarBarToken,
    ts.SyntaxKind.QuestionQuestionToken].includes(node.operatorToken.kind))
    [node.left, node.right].forEach((part) => fixedTexts(part, found));
  if (ts.isParenthesizedExpression(node)) fixedTexts(node.expression, found);
  if (ts.isArrayLiteralExpression(node)) node.elements.forEach((part) => fixedTexts(part, found));
}

test('texts: nothing that is read stands outside the tables', () => {
  const wrong: string[] = [];
  let looked = 0;
  for (const { file, source } of parsed) {
    visit(source, (node) => {
      const read: TypeScript.Node[] = [];
      if (ts.isCallExpression(node) && name(node.expression) === 'el') {
        looked++;
        node.arguments.slice(2).forEach((child) => fixedTexts(child, read));
        const properties = node.arguments[1];
        if (properties && ts.isObjectLiteralExpression(properties))
          for (const one of properties.properties)
            if (ts.isPropertyAssignment(one) && READ_ATTRIBUTES.has(one.name.getText().replace(/['"]/g, '')))
              fixedTexts(one.initializer, read);
      } else if (ts.isCallExpression(node) && name(node.expression) === 'setText') {
        looked++;
        node.arguments.slice(1).forEach((text) => fixedTexts(text, read));
      } else if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
        ts.isPropertyAccessExpression(node.left) && ['textContent', 'innerText', 'title', 'placeholder', 'ariaLabel'].includes(node.left.name.text)) {
        looked++;
        fixedTexts(node.right, read);
      }
      wrong.push(...read.map((one) => `${at(file, source, one)}: ${one.getText()}`));
    });
  }
  assert.ok(looked > 100, `${looked} places were looked at`);
  assert.deepEqual(wrong, []);
});

test('texts: a page’s HTML has a title and no other words', () => {
  for (const folder of folders.filter((one) => existsSync(`${one}/index.html`))) {
    const html = readFileSync(`${folder}/index.html`, 'utf8');
    const body = html.slice(html.indexOf('<body')).replace(/<noscript>[^]*?<\/noscript>/, '').replace(/<[^>]*>/g, '');
    assert.equal(body.trim(), '', `${folder}/index.html has words of its own`);
  }
});
