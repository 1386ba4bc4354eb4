// node unpack.mjs FROM TO: the brotli files of a folder, unpacked; Python has no brotli of its own.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";

const [from, to] = process.argv.slice(2);
for (const name of readdirSync(from).filter((name) => name.endsWith(".br"))) {
  writeFileSync(join(to, name.slice(0, -3)), brotliDecompressSync(readFileSync(join(from, name))));
}
