// Builds the pages: contract -> TypeScript (protobuf-es), TypeScript -> dist (esbuild).
//   node build.mjs           everything into dist/
//   node build.mjs --proto   only the contract, for the type checker
//   node build.mjs --tests   the contract, and tests/*.test.ts by node's own test runner
//
// dist/<page>/index.html names its scripts and styles under /assets/ with a hash in the name, so
// that a browser may keep them for ever. What lies in <page>/static/ is copied beside index.html;
// <page>/worker.ts becomes <page>/worker.js, a service worker that knows the names of its page's
// files. dist is swapped whole: the engine never serves half a build.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync,
         writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
process.chdir(here);
const pages = ['crew', 'caller', 'hospital', 'wall', 'planner'];
const contract = '../../proto';
const options = {
  absWorkingDir: here,
  bundle: true,
  format: 'esm',
  target: ['es2022'],
  minify: true,
  sourcemap: false,
  legalComments: 'none',
  logLevel: 'warning',
  // The build of MapLibre whose worker is a file of ours, so that the pages' policy needs no blob:.
  alias: { 'maplibre-gl': 'maplibre-gl/dist/maplibre-gl-csp.js' },
  plugins: [{
    name: 'contract', // '#proto/frame_pb' is what protoc wrote
    setup(build) {
      build.onResolve({ filter: /^#proto\// }, ({ path: name }) => ({
        path: path.join(here, 'build/proto/sigap/v1', `${name.slice('#proto/'.length)}.ts`),
      }));
      build.onResolve({ filter: /^#map-worker$/ }, () => ({
        path: path.join(here, 'node_modules/maplibre-gl/dist/maplibre-gl-csp-worker.js'), namespace: 'map-worker',
      }));
      build.onLoad({ filter: /.*/, namespace: 'map-worker' }, ({ path: name }) =>
        ({ contents: readFileSync(name), loader: 'file' }));
    },
  }],
};

function makeContract() {
  rmSync('build/proto', { recursive: true, force: true });
  mkdirSync('build/proto', { recursive: true });
  const files = readdirSync(path.join(contract, 'sigap/v1'))
    .filter((name) => name.endsWith('.proto') && name !== 'journal.proto');
  execFileSync('protoc', [
    `--plugin=protoc-gen-es=${path.join(here, 'node_modules/.bin/protoc-gen-es')}`,
    '--es_out=build/proto', '--es_opt=target=ts', `--proto_path=${contract}`,
    ...files.map((name) => `sigap/v1/${name}`),
  ], { stdio: 'inherit' });
}

// Every output that a page's entry needs, its own first.
function filesOf(outputs, entry) {
  const found = new Set();
  const visit = (name) => {
    if (found.has(name)) return;
    found.add(name);
    for (const { path: next } of outputs[name].imports) if (outputs[next]) visit(next);
    if (outputs[name].cssBundle) found.add(outputs[name].cssBundle);
  };
  visit(Object.keys(outputs).find((name) => outputs[name].entryPoint === entry));
  return [...found];
}

// The page's HTML with its scripts and styles; "<!--assets-->" marks the place.
function writePage(page, files) {
  const urls = files.map((name) => `/${path.relative('dist.new', name)}`);
  const [main, ...others] = urls;
  const head = [
    ...urls.filter((url) => url.endsWith('.css')).map((url) => `<link rel="stylesheet" href="${url}">`),
    ...others.filter((url) => url.endsWith('.js') && !url.includes('-worker-')).map((url) => `<link rel="modulepreload" href="${url}">`),
    `<script type="module" src="${main}"></script>`,
  ].join('\n  ');
  const html = readFileSync(`${page}/index.html`, 'utf8');
  if (!html.includes('<!--assets-->')) throw new Error(`${page}/index.html has no <!--assets-->`);
  mkdirSync(`dist.new/${page}`, { recursive: true });
  writeFileSync(`dist.new/${page}/index.html`, html.replace('<!--assets-->', head));
  if (existsSync(`${page}/static`)) cpSync(`${page}/static`, `dist.new/${page}`, { recursive: true });
  return urls;
}

// A service worker may not carry a hash in its name: browsers look for a new one under the old.
async function writeWorker(page, urls) {
  const kept = [`/${page}/`, ...urls,
    ...(existsSync(`${page}/static`) ? readdirSync(`${page}/static`).map((name) => `/${page}/${name}`) : [])];
  const version = createHash('sha256').update(kept.join('\n'))
    .update(readFileSync(`dist.new/${page}/index.html`)).digest('hex').slice(0, 12);
  await esbuild.build({
    ...options, format: 'iife', entryPoints: [`${page}/worker.ts`], outfile: `dist.new/${page}/worker.js`,
    define: { KEPT_FILES: JSON.stringify(kept), KEPT_VERSION: JSON.stringify(version) },
  });
}

async function buildPages() {
  rmSync('dist.new', { recursive: true, force: true });
  const { metafile } = await esbuild.build({
    ...options,
    splitting: true,
    metafile: true,
    entryPoints: pages.map((page) => `${page}/main.ts`),
    outdir: 'dist.new/assets',
    entryNames: '[dir]-[hash]',
    chunkNames: 'part-[hash]',
    assetNames: '[name]-[hash]',
  });
  for (const page of pages) {
    const urls = writePage(page, filesOf(metafile.outputs, `${page}/main.ts`));
    if (existsSync(`${page}/worker.ts`)) await writeWorker(page, urls);
  }
  rmSync('dist.old', { recursive: true, force: true });
  if (existsSync('dist')) renameSync('dist', 'dist.old');
  renameSync('dist.new', 'dist');
  rmSync('dist.old', { recursive: true, force: true });
}

async function runTests() {
  const tests = readdirSync('tests').filter((name) => name.endsWith('.test.ts'));
  rmSync('build/tests', { recursive: true, force: true });
  await esbuild.build({
    ...options, minify: false, platform: 'node', target: ['node18'], sourcemap: 'inline',
    entryPoints: tests.map((name) => `tests/${name}`), outdir: 'build/tests',
    outExtension: { '.js': '.mjs' },
  });
  execFileSync(process.execPath,
    ['--test', ...tests.map((name) => `build/tests/${name.replace(/\.ts$/, '.mjs')}`)], { stdio: 'inherit' });
}

const wish = process.argv[2];
makeContract();
if (wish === '--tests') await runTests();
else if (wish !== '--proto') await buildPages();
