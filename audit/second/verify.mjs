// A second verifier of exported bangfu logs, written from audit/FORMAT.md alone; it shares no code with the first.
// It does not run the rules (step 40), count witnesses (30), nor read time tokens, the index or annexes (31 to 33).
// Numbers in comments are sections of FORMAT.md. `verifyLog` works on bytes; only the last part touches files.

import { createHash, createPublicKey, verify as cryptoVerify } from "node:crypto";

// ------------------------------------------------------- hashing and signatures: all the cryptography there is

/** SHA-256 over the joined parts. */
export function sha256(...parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}

const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const SPKI_PREFIX = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
const keyObjects = new Map();

/** 4.3. The library computes [S]B - [k]A and compares its encoding with R; S < L is tested here, whatever it does. */
export function signatureIsGood(publicKey, message, signature) {
  if (signature.length !== 64 || littleEndian(signature.subarray(32)) >= L) return false;
  const name = toHex(publicKey);
  if (!keyObjects.has(name)) {
    const der = Uint8Array.from([...SPKI_PREFIX, ...publicKey]);
    keyObjects.set(name, createPublicKey({ key: Buffer.from(der), format: "der", type: "spki" }));
  }
  return cryptoVerify(null, message, keyObjects.get(name), signature);
}

const P = 2n ** 255n - 19n;
const mod = (a) => ((a % P) + P) % P;
function power(base, exponent) {
  let result = 1n;
  for (let b = mod(base), e = exponent; e > 0n; e >>= 1n, b = mod(b * b)) if (e & 1n) result = mod(result * b);
  return result;
}
const inverse = (a) => power(a, P - 2n);
const D = mod(-121665n * inverse(121666n));
const SQRT_MINUS_ONE = power(2n, (P - 1n) / 4n);

/** 4.2. Libraries differ on these keys, so nothing is left to them. */
export function publicKeyIsSound(publicKey) {
  if (publicKey.length !== 32) return false;
  const encoded = littleEndian(publicKey);
  const sign = encoded >> 255n;
  let y = encoded & (2n ** 255n - 1n);
  if (y >= P) return false;
  const square = mod((y * y - 1n) * inverse(D * y * y + 1n));
  let x = power(square, (P + 3n) / 8n);
  if (mod(x * x) !== square) x = mod(x * SQRT_MINUS_ONE);
  if (mod(x * x) !== square) return false;
  if (x === 0n && sign === 1n) return false;
  if ((x & 1n) !== sign) x = mod(-x);
  for (let doubling = 0; doubling < 3; doubling += 1) {
    const xy = mod(D * x * x * y * y);
    const next = mod(2n * x * y * inverse(1n + xy));
    y = mod((y * y + x * x) * inverse(1n - xy));
    x = next;
  }
  return !(x === 0n && y === 1n);
}

// ---------------------------------------------------------------- bytes and text

const encoder = new TextEncoder();
const utf8 = (text) => encoder.encode(text);
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
export const toHex = (bytes) => Array.from(bytes, (byte) => HEX[byte]).join("");
const fromHex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const littleEndian = (bytes) => BigInt(`0x${toHex(Uint8Array.from(bytes).reverse())}`);
const uint32 = (bytes, at) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);

function sameBytes(a, b) {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** The order of 2.3, 3.1 and 5.2 is that of UTF-8 bytes; JavaScript's own order of strings differs above U+FFFF. */
function before(a, b) {
  const [left, right] = [utf8(a), utf8(b)];
  const at = left.findIndex((byte, index) => byte !== right[index]);
  return at === -1 ? left.length < right.length : left[at] < right[at];
}

const ascending = (texts) => texts.every((text, index) => index === 0 || before(texts[index - 1], text));

export const toBase64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

/** 1.2: null unless the text is the one encoding of its bytes. */
function fromBase64(text) {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return null;
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return toBase64(bytes) === text ? bytes : null;
}

/** What a parser throws; the step that called it gives it a number. */
class Malformed extends Error {}

/** The verdict: the first failure ends the procedure (15). */
class Failure extends Error {
  constructor(step, position, detail) {
    super(detail);
    Object.assign(this, { step, position, detail });
  }
}

function must(holds, step, position, detail) {
  if (!holds) throw new Failure(step, position, detail);
}

function at(step, position, what, parse) {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw new Failure(step, position, `${what}：${error.message}`);
  }
}

function decodeUtf8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Malformed("不是合法的 UTF-8");
  }
}

// ---------------------------------------------------------------- 2. canonical JSON

const DEPTH_MAX = 16;
const isKey = (text) => /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/.test(text);
const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/** A document is canonical when its value, printed, gives its bytes again; what cannot be printed is no value of 2.2. */
export function parseCanonical(bytes) {
  const text = decodeUtf8(bytes);
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Malformed(`不是 JSON：${error.message}`);
  }
  if (printCanonical(value, 0) !== text) throw new Malformed("不是规范 JSON：空白、键序、重复的键、转义或数字的写法不合规定");
  return value;
}

/** JSON.stringify escapes exactly as 2.4 says, once a string holds no lone surrogates. */
function printCanonical(value, depth) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new Malformed(`数 ${value} 不是绝对值至多 2^53 − 1 的整数`);
    return String(value);
  }
  if (typeof value === "string") {
    if (/\p{Surrogate}/u.test(value)) throw new Malformed("字符串中有代理码位");
    return JSON.stringify(value);
  }
  if (depth === DEPTH_MAX) throw new Malformed(`嵌套超过 ${DEPTH_MAX} 层`);
  if (Array.isArray(value)) return `[${value.map((item) => printCanonical(item, depth + 1)).join(",")}]`;
  const rows = Object.keys(value).sort().map((key) => {
    if (!isKey(key)) throw new Malformed(`键名 ${key} 不合规定`);
    return `"${key}":${printCanonical(value[key], depth + 1)}`;
  });
  return `{${rows.join(",")}}`;
}

/** Equality of parsed values; a canonical document has one printed form. */
const same = (a, b) => printCanonical(a, 0) === printCanonical(b, 0);

// ---------------------------------------------------------------- 1, 3. patterns

const isText = (value) => typeof value === "string";
const matches = (pattern) => (value) => isText(value) && pattern.test(value);
const isHash = matches(/^[0-9a-f]{64}$/);
const isNonce = matches(/^[0-9a-f]{32}$/);
const isKeyId = matches(/^key_[a-z2-7]{26}$/);
const isName = matches(/^(?=.{1,80}$)[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+\.v[1-9][0-9]*$/);
const integerFrom = (low, high = Number.MAX_SAFE_INTEGER) => (value) => Number.isInteger(value) && low <= value && value <= high;
const anyInteger = (value) => Number.isInteger(value);
const oneOf = (...values) => (value) => values.includes(value);
const listOf = (test, least = 0, most = Infinity) => (value) =>
  Array.isArray(value) && least <= value.length && value.length <= most && value.every(test);
const rowOf = (...tests) => (value) =>
  Array.isArray(value) && value.length === tests.length && tests.every((test, index) => test(value[index]));
const isTexts = (value) => isObject(value) && Object.values(value).every(isText);

/** 3.1. The kind of `code:…` is `code`. */
export function isId(value) {
  if (!isText(value)) return false;
  if (/^[a-z]{2,16}_[a-z2-7]{26}$/.test(value)) return true;
  return /^code:[a-z]{2,16}:[^\x00-\x20"\\\x7f]+$/.test(value) && utf8(value).length <= 200;
}
const isIdOrEmpty = (value) => value === "" || isId(value);
const isIdOfKind = (kind) => (value) => isId(value) && value.startsWith(`${kind}_`);

/** The day's number since 1970, or null: 1.3. */
function dayNumber(text) {
  const [, year, month, day] = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text) ?? [];
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (Number.isNaN(date.getTime()) || Number(year) < 1900) return null;
  return date.toISOString().startsWith(text) ? date.getTime() / 86_400_000 : null;
}
const CLOCK = "^.{10}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]";
const MOMENT = new RegExp(`${CLOCK}Z$`);
const RECORDING_TIME = new RegExp(`${CLOCK}\\.[0-9]{6}Z$`);
const isDay = (value) => isText(value) && dayNumber(value) !== null;
const isMoment = (value) => isText(value) && isDay(value.slice(0, 10)) && MOMENT.test(value);
const isRecordingTime = (value) => isText(value) && isDay(value.slice(0, 10)) && RECORDING_TIME.test(value);
/** The recorded date, as a day's number: China is eight hours ahead of UTC. */
const recordedDay = (time) => dayNumber(time.slice(0, 10)) + (Number(time.slice(11, 13)) >= 16 ? 1 : 0);

function idsIn(value, found) {
  if (isId(value)) found.add(value);
  else if (Array.isArray(value)) for (const item of value) idsIn(item, found);
  else if (isObject(value)) for (const key of Object.keys(value)) idsIn(value[key], found);
  return found;
}

// ---------------------------------------------------------------- 5, 7, 10, 11. forms

/** What keeps a value from being an object with exactly the keys of a form, each as its test demands; or null. */
function fault(value, form) {
  if (!isObject(value)) return "应为对象";
  for (const [key, test] of Object.entries(form)) {
    if (!Object.hasOwn(value, key)) return `缺少 ${key}`;
    if (!test(value[key])) return `的 ${key} 不合格式`;
  }
  const extra = Object.keys(value).find((key) => !Object.hasOwn(form, key));
  return extra === undefined ? null : `多出 ${extra}`;
}

const isExactly = (form) => (value) => fault(value, form) === null;

function holdsExactly(value, form, what) {
  const why = fault(value, form);
  if (why !== null) throw new Malformed(`${what} ${why}`);
}

/** Rows that begin with an id, strictly ascending by it. */
const isIdTable = (most, ...tests) => (value) =>
  listOf(rowOf(isId, ...tests), 0, most)(value) && ascending(value.map(([id]) => id));
const isSummary = (value) => matches(/^[^\x00-\x1f]+$/)(value) && [...value].length <= 400;
const isSigner = isExactly({ key: isKeyId, organisation: isIdOrEmpty, post: isIdOrEmpty });
const isSigners = (value) =>
  listOf(isSigner, 1, 8)(value) && new Set(value.map((signer) => signer.key)).size === value.length;

const HEADER = {
  at: isRecordingTime, epoch: integerFrom(1), event: isName, i: integerFrom(1, 16), n: integerFrom(1, 16),
  position: integerFrom(0), stream: isId,
  subjects: isIdTable(256, anyInteger, isHash), suite: oneOf("ed25519"), v: oneOf(1), version: integerFrom(1),
};
const COMMAND = {
  command: isName, nature: oneOf("act", "fact", "opening"), nonce: isNonce, occurred_on: isDay, origin: isText,
  payload: isObject, seen: isIdTable(Infinity, integerFrom(0)), signed_at: isMoment, signers: isSigners,
  summary: isSummary, valid_until: isDay,
};
const BATCH = {
  batch: isIdOfKind("batch"), nonce: isNonce, origin: isText, root: isHash, rows: integerFrom(1, 1000),
  signed_at: isMoment, signers: isSigners, source: isExactly({ sha256: isHash, sum_fen: anyInteger }),
  summary: isSummary, valid_until: isDay,
};
const MEMBER_PROOF = { batch: integerFrom(0), index: integerFrom(0), path: listOf(isHash) };
const isSignatures = listOf(rowOf(isKeyId, (text) => isText(text) && fromBase64(text)?.length === 64));
const STATEMENT_MAX = 32_000;
const ENTRY_MAX = 60_000;

const KEY = {
  key: isKeyId, organisation: isIdOrEmpty, person: isIdOrEmpty, post: isIdOrEmpty, public: isHash,
  role: matches(/./su), suite: oneOf("ed25519"),
};
const OPENING = {
  area_code: matches(/^[0-9]{6,12}$/), area_name: isText, keys: listOf(isExactly(KEY)), ledger: isIdOfKind("ledger"),
  rules: isObject,
};
const ENDING = { key: isKeyId, reason: isText };
/** Section 10: the states of events on keys, which are also the payloads of their commands. */
const KEY_EVENTS = new Map([
  ["key.enrolled.v1", KEY], ["key.revoked.v1", ENDING], ["key.lost.v1", ENDING],
  ["key.compromised.v1", { ...ENDING, from_position: integerFrom(0) }],
]);
/** Section 10: a command of the ledger and its one event. */
const OWN_EVENT = new Map([
  ["ledger.open.v1", "ledger.opened.v1"], ["rules.adopt.v1", "rules.adopted.v1"], ["key.enrol.v1", "key.enrolled.v1"],
  ["key.revoke.v1", "key.revoked.v1"], ["key.report_lost.v1", "key.lost.v1"],
  ["key.report_compromise.v1", "key.compromised.v1"],
]);
const OWN_EVENTS = new Set(OWN_EVENT.values());
const OUTCOME_EVENT = "batch.recorded.v1";
const FORBIDDEN_IN_STATE = ["originator_topic", "_type_", "_data_"];

/** 11.3: the table as a map, command to its row. */
function readRules(rules, epoch) {
  holdsExactly(rules, { archive: isHash, epoch: oneOf(epoch), table: isObject, versions: isTexts }, "rules");
  const names = (test) => (value) => listOf(test, 1)(value) && ascending(value);
  const isRow = isExactly({ command: isName, events: names(isName), natures: names(oneOf("act", "fact", "opening")) });
  const isTable = (value) => listOf(isRow, 1)(value) && ascending(value.map((row) => row.command));
  holdsExactly(rules.table, { commands: isTable }, "table");
  return new Map(rules.table.commands.map((row) => [row.command, row]));
}

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

/** 3.5. 130 bits are 26 characters of five; the last takes bits 125 to 129. */
export function keyId(suite, publicKey) {
  const hash = sha256(utf8("bangfu key v1\n"), utf8(`${suite}\n`), publicKey);
  const bits = Array.from(hash, (byte) => byte.toString(2).padStart(8, "0")).join("");
  return `key_${bits.slice(0, 130).match(/.{5}/g).map((five) => BASE32[parseInt(five, 2)]).join("")}`;
}

/** 10.1: a key of good form is sound and bears its own id. */
function holdsKey(key) {
  const bytes = fromHex(key.public);
  if (!publicKeyIsSound(bytes)) throw new Malformed(`公钥 ${key.public} 不合 4.2`);
  const right = keyId(key.suite, bytes);
  if (key.key !== right) throw new Malformed(`密钥编号是 ${key.key}，按公钥应为 ${right}`);
}

/** 5.1. */
export function pae(type, body) {
  return [utf8(`DSSEv1 ${type.length} ${type} ${body.length} `), body];
}
const TYPE = { command: "application/vnd.bangfu.command.v1+json", batch: "application/vnd.bangfu.batch.v1+json" };

/** 5.3, with fen as yuan with two decimals. */
function batchSummary({ rows, source: { sha256: file, sum_fen: fen } }) {
  const digits = String(Math.abs(fen)).padStart(3, "0");
  const yuan = `${fen < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
  return `批量 ${rows} 行，合计 ${yuan} 元，文件 ${file.slice(0, 16)}`;
}

// ---------------------------------------------------------------- 6. trees

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);
export const leafHash = (bytes) => sha256(LEAF, bytes);
const nodeHash = (left, right) => sha256(NODE, left, right);

/** The tree so far: the roots of its complete subtrees, and the hashes of each tile level above 0. */
export class Tree {
  size = 0;
  peaks = [];
  levels = [];

  push(leaf) {
    let node = leaf;
    for (let n = this.size, height = 1; n % 2 === 1; n = (n - 1) / 2, height += 1) {
      node = nodeHash(this.peaks.pop(), node);
      if (height % 8 === 0) (this.levels[height / 8] ??= []).push(node);
    }
    this.peaks.push(node);
    this.size += 1;
  }

  root() {
    return this.peaks.reduceRight((right, left) => nodeHash(left, right));
  }
}

/** RFC 6962 2.1.1: the root that a path leads to, or null when it has not the right length. */
function rootOfPath(index, size, leaf, path) {
  if (index >= size) return null;
  let [first, last, node] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) return null;
    if (first % 2 === 1 || first === last) {
      node = nodeHash(sibling, node);
      while (first % 2 === 0 && first !== 0) [first, last] = [first / 2, Math.floor(last / 2)];
    } else {
      node = nodeHash(node, sibling);
    }
    [first, last] = [Math.floor(first / 2), Math.floor(last / 2)];
  }
  return last === 0 ? node : null;
}

/** 13: the name of tile n of a level ("entries" for bundles), of which `width` hashes are there. */
export function tileName(level, number, width) {
  let path = String(number % 1000).padStart(3, "0");
  for (let rest = Math.floor(number / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    path = `x${String(rest % 1000).padStart(3, "0")}/${path}`;
  }
  return `tile/${level}/${path}${width < 256 ? `.p/${width}` : ""}`;
}

// ---------------------------------------------------------------- 12, 14. notes, seals, trust

/** A C2SP key name: not empty, no Unicode space, no plus. Notes and policies refuse control characters themselves. */
const isKeyName = (text) => /^[^\p{White_Space}+]+$/u.test(text);

function readVkey(text) {
  const [, name, id, key] = /^([^+]*)\+([0-9a-f]{8})\+(.*)$/.exec(text) ?? [];
  if (name === undefined || !isKeyName(name)) throw new Malformed("vkey 应为 名称+八位十六进制+base64");
  const bytes = fromBase64(key);
  if (bytes === null || bytes.length < 2) throw new Malformed("vkey 的公钥不是规范的 base64");
  return { text, name, id, type: bytes[0], public: bytes.subarray(1) };
}

/** 12.2: the ledger's own, whose every part is checked. */
function readLedgerVkey(bytes) {
  const text = decodeUtf8(bytes);
  if (!/^[^\n]+\n$/.test(text)) throw new Malformed("应恰为一行");
  if (!/^[!-~]+\n$/.test(text)) throw new Malformed("只应有 21 至 7e 的字符");
  const vkey = readVkey(text.slice(0, -1));
  if (vkey.type !== 1) throw new Malformed("公钥类型应为 01（Ed25519）");
  if (!publicKeyIsSound(vkey.public)) throw new Malformed("公钥不合 4.2");
  const right = toHex(sha256(utf8(`${vkey.name}\n`), Uint8Array.of(1), vkey.public).subarray(0, 4));
  if (vkey.id !== right) throw new Malformed(`密钥号是 ${vkey.id}，应为 ${right}`);
  return vkey;
}

function readSize(text) {
  const size = /^(?:0|[1-9][0-9]*)$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(size) || size < 1) throw new Malformed(`大小 ${text} 应为正整数`);
  return size;
}

function readBytes(text, length, what) {
  const bytes = fromBase64(text);
  if (bytes?.length !== length) throw new Malformed(`${what}应为 ${length} 字节的 base64`);
  return bytes;
}
const readRoot = (text) => readBytes(text, 32, "根");
/** A signature as notes write it, after its key id of four bytes. */
const readBlob = (blob) => ({ id: toHex(blob.subarray(0, 4)), signature: blob.subarray(4) });

const NOTE_MAX = 100_000;
const NOTE_LINES_MAX = 64;

/** 12.1. The signatures are read, not yet verified. */
function readNote(bytes) {
  if (bytes.length > NOTE_MAX) throw new Malformed(`检查点有 ${bytes.length} 字节，至多 ${NOTE_MAX}`);
  const text = decodeUtf8(bytes);
  if (/[\x00-\x09\x0b-\x1f]/.test(text)) throw new Malformed("检查点不应有控制字符");
  const split = text.lastIndexOf("\n\n");
  if (split === -1 || !text.endsWith("\n")) throw new Malformed("检查点应为正文、空行、签名行");
  const body = text.slice(0, split + 1);
  const [origin, size, root, ...rest] = body.split("\n");
  if (rest.length !== 1) throw new Malformed("检查点正文应恰为三行");
  if (!isKeyName(origin)) throw new Malformed(`检查点的 origin「${origin}」不应为空，不应有空白或加号`);
  const signatureLines = text.slice(split + 2, -1).split("\n");
  const count = signatureLines.length;
  if (count > NOTE_LINES_MAX) throw new Malformed(`检查点有 ${count} 行签名，至多 ${NOTE_LINES_MAX}`);
  const lines = signatureLines.map((line) => {
    const [, name, blob] = /^— ([^ ]+) ([^ ]+)$/.exec(line) ?? [];
    const decoded = name !== undefined && isKeyName(name) ? fromBase64(blob) : null;
    if (decoded === null || decoded.length < 5) throw new Malformed("签名行不合格式");
    return { name, ...readBlob(decoded) };
  });
  return { body, origin, size: readSize(size), root: readRoot(root), lines };
}

/** At least one line by this key, and none by it that fails. */
function noteIsSigned(note, vkey) {
  const own = note.lines.filter((line) => line.name === vkey.name && line.id === vkey.id);
  return own.length > 0 && own.every((line) => signatureIsGood(vkey.public, utf8(note.body), line.signature));
}

/** 12.3: the seals in order. */
function readSeals(bytes) {
  const text = decodeUtf8(bytes);
  if (text !== "" && !text.endsWith("\n")) throw new Malformed("最后一行没有换行");
  const seals = text.split("\n").slice(0, -1).map((line) => {
    const parts = line.split(" ");
    if (parts.length !== 3) throw new Malformed("每行应为 大小、根、签名");
    return { size: readSize(parts[0]), root: readRoot(parts[1]), ...readBlob(readBytes(parts[2], 68, "封印签名")) };
  });
  const wrong = seals.findIndex((seal, index) => index > 0 && seal.size <= seals[index - 1].size);
  if (wrong !== -1) throw new Malformed(`大小 ${seals[wrong].size} 没有严格升序`);
  return seals;
}

/** A C2SP tlog-policy: the vkey texts of its `log` lines. */
function readPolicy(text) {
  if (/[\x00-\x08\x0b-\x1f\x7f]/.test(text)) throw new Malformed("policy 有不允许的控制字符");
  const [logs, publics, defined, members] = [[], new Set(), new Set(), new Set()];
  let quorums = 0;
  const fresh = (set, name, what) => {
    if (set.has(name)) throw new Malformed(`policy 的${what} ${name} 重复`);
    set.add(name);
  };
  if (!text.endsWith("\n")) throw new Malformed("policy 的每一行都应以换行结束");
  for (const line of text.split("\n")) {
    const [word, ...rest] = line.split(/[ \t]+/).filter((item) => item !== "");
    if (word === undefined || word.startsWith("#")) continue;
    if (word === "log" && (rest.length === 1 || rest.length === 2)) {
      fresh(publics, `log ${toHex(readVkey(rest[0]).public)}`, "公钥");
      logs.push(rest[0]);
    } else if (word === "witness" && (rest.length === 2 || rest.length === 3) && rest[0] !== "none") {
      fresh(defined, rest[0], "名称");
      fresh(publics, `witness ${toHex(readVkey(rest[1]).public)}`, "公钥");
    } else if (word === "group" && rest.length >= 3 && rest[0] !== "none") {
      const [name, threshold, ...names] = rest;
      const inRange = /^[1-9][0-9]{0,8}$/.test(threshold) && Number(threshold) <= names.length;
      if (!inRange && threshold !== "any" && threshold !== "all") throw new Malformed(`policy 的组 ${name} 门限不对`);
      for (const member of names) {
        if (!defined.has(member)) throw new Malformed(`policy 的成员 ${member} 没有在前面定义`);
        fresh(members, member, "成员");
      }
      fresh(defined, name, "名称");
    } else if (word === "quorum" && rest.length === 1 && (rest[0] === "none" || defined.has(rest[0]))) {
      quorums += 1;
    } else {
      throw new Malformed(`policy 的一行不合格式：${line}`);
    }
  }
  if (quorums !== 1) throw new Malformed("policy 应恰有一行 quorum");
  return logs;
}

/** 14. */
function readTrust(bytes) {
  const trust = parseCanonical(bytes);
  const isRules = (value) => listOf(isHash)(value) && ascending(value);
  holdsExactly(trust, { format: oneOf("bangfu-trust/1"), policy: isText, rules: isRules, seen: isTexts }, "信任文件");
  return { logs: readPolicy(trust.policy), seen: trust.seen };
}

// ---------------------------------------------------------------- 7. one entry, by itself

/** 7.1, for step 6. */
function readFrame(bytes) {
  if (bytes.length > ENTRY_MAX) throw new Malformed(`有 ${bytes.length} 字节，至多 ${ENTRY_MAX}`);
  if (bytes.length < 4 || uint32(bytes, 0) !== 0x62666531) throw new Malformed("开头应为 bfe1");
  const sections = [];
  let here = 4;
  for (let section = 0; section < 4; section += 1) {
    if (here + 4 > bytes.length) throw new Malformed("缺少一节");
    const end = here + 4 + uint32(bytes, here);
    if (end > bytes.length) throw new Malformed("一节被截断");
    sections.push(bytes.subarray(here + 4, end));
    here = end;
  }
  if (here !== bytes.length) throw new Malformed("四节之后还有内容");
  return sections;
}

function findForbidden(value) {
  if (Array.isArray(value)) return value.map(findForbidden).find((key) => key !== undefined);
  if (!isObject(value)) return undefined;
  return Object.keys(value).find((key) => FORBIDDEN_IN_STATE.includes(key)) ?? findForbidden(Object.values(value));
}

function readStatement(body, form, what) {
  const statement = parseCanonical(body);
  holdsExactly(statement, form, what);
  return statement;
}

/** Step 8. `form` is `command`, `batch`, `member`, or `continued` for i > 1. */
function readEntry([headerBytes, stateBytes, body, proofBytes]) {
  const header = parseCanonical(headerBytes);
  holdsExactly(header, HEADER, "头");
  if (header.i > header.n) throw new Malformed(`i ${header.i} 大于 n ${header.n}`);
  const isOutcome = header.event === OUTCOME_EVENT;
  if (isOutcome && header.n !== 1) throw new Malformed("批量入账事件应自成一项指令");
  const state = parseCanonical(stateBytes);
  if (!isObject(state)) throw new Malformed("状态应为对象");
  const forbidden = findForbidden(state);
  if (forbidden !== undefined) throw new Malformed(`状态中不许有键 ${forbidden}`);
  const begins = header.i === 1;
  if (body.length > 0 !== begins || proofBytes.length > 0 !== begins) throw new Malformed("陈述与证明应在且只在 i 为 1 时有");
  if (!begins) return { header, state, form: "continued", body, statement: null, proof: null };
  if (body.length > STATEMENT_MAX) throw new Malformed(`陈述有 ${body.length} 字节，至多 ${STATEMENT_MAX}`);
  const statement = isOutcome ? readStatement(body, BATCH, "批次") : readStatement(body, COMMAND, "指令");
  const summary = isOutcome ? batchSummary(statement) : statement.summary;
  if (statement.summary !== summary) throw new Malformed(`批次的摘要应为「${summary}」`);
  const proof = parseCanonical(proofBytes);
  const form = isOutcome ? "batch" : Array.isArray(proof) ? "command" : "member";
  if (form === "member") holdsExactly(proof, MEMBER_PROOF, "证明");
  else if (!isSignatures(proof)) throw new Malformed("证明应为 [密钥编号, 签名] 的数组");
  return { header, state, form, body, statement, proof };
}

// ---------------------------------------------------------------- 15. the procedure

const LEDGER_COMMANDS = ["log.", "time.", "index."];

class Verifier {
  trust = "none";
  checked = { entries: 0, signatures: 0, seals: 0 };
  tree = new Tree();
  last = null; // the header of the entry before
  ledger = null; // the ledger's id
  epoch = 1;
  table = null;
  keys = new Map(); // key id: { public, role, person, good }
  versions = new Map(); // stream: version of its last entry
  subjects = new Map(); // id: [count, leaf hash of its last entry]
  statements = new Set();
  recent = new Map(); // position: the command that stands there, as far back as an n can reach
  batch = null; // the batch whose members are due: { position, statement, due: [index, …] }
  signers = []; // of the statement that the entry before belongs to
  signed = new Map(); // key id: positions of the entries it answers for
  compromised = []; // states of key.compromised.v1

  constructor(read) {
    this.read = read;
  }

  run(trustBytes) {
    this.openFiles();
    const seen = trustBytes === null ? null : this.openTrust(trustBytes);
    for (let position = 0; position < this.checkpoint.size; position += 1) {
      const entry = this.readAt(position);
      this.checkEntry(entry);
      this.accept(entry);
      this.checkSeal(position);
      if (seen?.size === position + 1) {
        const why = `大小 ${seen.size} 的根与信任文件中见过的检查点不同，历史被改写过`;
        must(sameBytes(this.tree.root(), seen.root), 4, position, why);
        this.trust = "policy+seen";
      }
    }
    this.checkEnd();
  }

  // Steps 1 and 2.
  openFiles() {
    const file = (name) => {
      const bytes = this.read(name);
      must(bytes !== null, 1, null, `读不到文件 ${name}`);
      return bytes;
    };
    this.vkey = at(1, null, "vkey", () => readLedgerVkey(file("vkey")));
    this.checkpoint = at(1, null, "checkpoint", () => readNote(file("checkpoint")));
    this.seals = at(1, null, "seals", () => readSeals(file("seals")));
    this.sealAt = new Map(this.seals.map((seal) => [seal.size, seal]));
    this.origin = this.checkpoint.origin;
    const { name, id } = this.vkey;
    must(this.origin === name, 2, null, `检查点的 origin 是 ${this.origin}，vkey 的名称是 ${name}，两者应相同`);
    must(noteIsSigned(this.checkpoint, this.vkey), 2, null, `检查点没有台账密钥 ${id} 的有效签名`);
  }

  // Steps 3 and 4, the part at the start.
  openTrust(bytes) {
    const trust = at(3, null, "信任文件", () => readTrust(bytes));
    const { text } = this.vkey;
    must(trust.logs.includes(text), 3, null, `信任文件的 policy 没有这个 vkey 的 log 行：${text}`);
    this.trust = "policy";
    if (!Object.hasOwn(trust.seen, this.origin)) return null;
    const seen = at(4, null, "见过的检查点", () => readNote(utf8(trust.seen[this.origin])));
    const isSigned = seen.origin === this.origin && noteIsSigned(seen, this.vkey);
    must(isSigned, 4, null, "信任文件中见过的检查点没有台账密钥的有效签名");
    const { size } = this.checkpoint;
    must(seen.size <= size, 4, null, `见过大小 ${seen.size} 的检查点，这份账本只到 ${size}，短了`);
    return seen;
  }

  // Steps 6, 7 and 8.
  readAt(position) {
    const number = Math.floor(position / 256);
    const width = Math.min(256, this.checkpoint.size - number * 256);
    if (position % 256 === 0) {
      this.bundle = { bytes: this.read(tileName("entries", number, width)), here: 0 };
    }
    const { bytes, here } = this.bundle;
    const name = tileName("entries", number, width);
    must(bytes !== null, 6, position, `读不到分录包 ${name}`);
    const end = here + 2 <= bytes.length ? here + 2 + bytes[here] * 256 + bytes[here + 1] : Infinity;
    must(end <= bytes.length, 6, position, `分录包 ${name} 在第 ${position} 号处缺失或截断`);
    this.bundle.here = end;
    const isLast = position % 256 === width - 1;
    must(!isLast || end === bytes.length, 6, position, `分录包 ${name} 在最后一条之后还有内容`);
    const raw = bytes.subarray(here + 2, end);
    const sections = at(6, position, `第 ${position} 号`, () => readFrame(raw));

    const leaf = leafHash(raw);
    if (position % 256 === 0) this.tile = this.read(tileName(0, number, width));
    must(this.tile?.length === width * 32, 7, position, `哈希块 ${tileName(0, number, width)} 缺失或长度不对`);
    const start = (position % 256) * 32;
    const agrees = sameBytes(leaf, this.tile.subarray(start, start + 32));
    must(agrees, 7, position, `第 ${position} 号的叶哈希与哈希块不符，内容被改过`);

    const entry = at(8, position, `第 ${position} 号`, () => readEntry(sections));
    return { ...entry, position, leaf };
  }

  // Steps 9 to 19, in their order.
  checkEntry(entry) {
    const { position: p, header } = entry;
    must(header.position === p, 9, p, `分录自称第 ${header.position} 号，应为第 ${p} 号`);
    const opens = header.event === "ledger.opened.v1" || entry.statement?.command === "ledger.open.v1";
    if (p === 0) this.checkGenesis(entry);
    else must(!opens, 10, p, "开账只能在第 0 号");
    this.checkRules(entry);
    this.checkPlace(entry);
    const version = (this.versions.get(header.stream) ?? 0) + 1;
    must(header.version === version, 14, p, `流 ${header.stream} 的版本是 ${header.version}，应为 ${version}`);
    this.checkSubjects(entry);
    if (entry.statement !== null) this.checkStatement(entry);
    this.checkSigners(entry);
    if (entry.form === "member") this.checkMembership(entry);
    else if (entry.form !== "continued") this.checkSignatures(entry);
    this.checkBatch(entry);
  }

  // Step 10, at position 0.
  checkGenesis({ header, state, form, statement, leaf }) {
    const alone = header.n === 1 && form !== "continued";
    const opens = header.event === "ledger.opened.v1" && alone && statement.command === "ledger.open.v1";
    must(opens, 10, 0, "第 0 号应为 ledger.open.v1 的唯一事件 ledger.opened.v1");
    const { payload } = statement;
    at(10, 0, "开账", () => {
      holdsExactly(payload, OPENING, "开账内容");
      this.table = readRules(payload.rules, 1);
      for (const key of payload.keys) holdsKey(key);
    });
    const [own, ...registrars] = payload.keys;
    const isOwn = own?.role === "ledger" && own.person === "" && own.organisation === "" && own.post === "";
    must(isOwn, 10, 0, "第一把密钥应为台账自己的（role 为 ledger，无人、无单位、无岗位）");
    const persons = new Set(registrars.map((key) => key.person));
    const areRegistrars = registrars.length >= 2 && registrars.every((key) => key.role === "registrar" && key.person !== "");
    must(areRegistrars && persons.size === registrars.length, 10, 0, "其余密钥应为两位以上不同登记员（registrar）的");
    const { area_code, area_name, keys, ledger, rules: { archive } } = payload;
    must(same(state, { archive, area_code, area_name, epoch: 1, keys, ledger }), 10, 0, "开账状态与所签内容不同");
    must(header.stream === ledger, 10, 0, `开账事件的流应为 ${ledger}`);
    const origin = `bangfu/${area_code}/${toHex(leaf).slice(0, 32)}`;
    must(origin === this.origin, 10, 0, `第 0 号算出的 origin 是 ${origin}，检查点的是 ${this.origin}`);
    must(own.public === toHex(this.vkey.public), 10, 0, "开账所记的台账公钥与 vkey 的不同");
    this.ledger = ledger;
    for (const key of keys) this.enrol(key);
  }

  enrol({ key, public: hex, role, person }) {
    this.keys.set(key, { public: fromHex(hex), role, person, good: true });
  }

  // Step 11.
  checkRules({ position: p, header, form, state, statement }) {
    const { epoch, event, i, n } = header;
    must(epoch === this.epoch, 11, p, `规则版本是 ${epoch}，当前应为 ${this.epoch}`);
    const said = form === "continued" ? this.recent.get(p - (i - 1)) : statement;
    if (form === "batch" || said === undefined) return; // Where no command stands, step 12 fails.
    const { command, nature, payload } = said;
    const row = this.table.get(command);
    must(row !== undefined, 11, p, `指令 ${command} 不在规则版本 ${this.epoch} 的表中`);
    must(row.natures.includes(nature), 11, p, `指令 ${command} 不许有性质 ${nature}`);
    must(row.events.includes(event), 11, p, `指令 ${command} 不产生事件 ${event}`);
    const isPaired = OWN_EVENT.has(command) ? OWN_EVENT.get(command) === event && n === 1 : !OWN_EVENTS.has(event);
    must(isPaired, 11, p, `台账自己的指令与事件不配：${command} 与 ${event}（共 ${n} 条）`);
    if (command !== "rules.adopt.v1") return;
    at(11, p, "启用规则", () => {
      holdsExactly(payload, { ledger: oneOf(this.ledger), rules: isObject }, "启用规则的内容");
      readRules(payload.rules, this.epoch + 1);
    });
    const right = { archive: payload.rules.archive, epoch: this.epoch + 1 };
    must(same(state, right), 11, p, "启用规则的状态与所签内容不同");
  }

  // Steps 12 and 13.
  checkPlace({ position: p, header }) {
    const { last } = this;
    if (last === null) return;
    const begins = header.i === 1 && last.i === last.n;
    const continues = header.i === last.i + 1 && header.n === last.n;
    must(begins || continues, 12, p, `这一条是 ${header.i}/${header.n}，前一条是 ${last.i}/${last.n}，接不上`);
    must(header.at >= last.at, 13, p, `入账时间 ${header.at} 早于前一条的 ${last.at}`);
    must(header.at === last.at || this.sealAt.has(p), 13, p, `入账时间变为 ${header.at}，但前一条处没有封印`);
  }

  // Step 15.
  checkSubjects({ position: p, header, state, statement }) {
    const ids = idsIn(statement, idsIn(state, new Set([header.stream])));
    for (const [id, count, previous] of header.subjects) {
      must(ids.delete(id), 15, p, `主体 ${id} 不在这一条的内容中`);
      const [known, hash] = this.subjects.get(id) ?? [0, "0".repeat(64)];
      must(count === known + 1, 15, p, `主体 ${id} 的计数是 ${count}，应为 ${known + 1}`);
      must(previous === hash, 15, p, `主体 ${id} 的前一条哈希不对，应为 ${hash}`);
    }
    must(ids.size === 0, 15, p, `主体表漏了 ${[...ids].join("、")}`);
  }

  // Step 16.
  checkStatement(entry) {
    const { position: p, header, form, body, statement } = entry;
    const origin = p === 0 ? "" : this.origin;
    must(statement.origin === origin, 16, p, `陈述的 origin 是「${statement.origin}」，应为「${origin}」`);
    const inTime = recordedDay(header.at) <= dayNumber(statement.valid_until);
    must(inTime, 16, p, `入账时间 ${header.at} 已过有效期 ${statement.valid_until}`);
    entry.id = toHex(sha256(...pae(form === "batch" ? TYPE.batch : TYPE.command, body)));
    must(!this.statements.has(entry.id), 16, p, `陈述 ${entry.id} 已经入过账`);
  }

  isGood(id) {
    return this.keys.get(id)?.good === true;
  }

  isRegistrar(id) {
    return this.isGood(id) && this.keys.get(id).role === "registrar";
  }

  /** 10.4: the first two of these are registrars, of two persons. */
  areTwoRegistrars([first, second]) {
    const person = (id) => this.keys.get(id).person;
    return this.isRegistrar(first) && this.isRegistrar(second) && person(first) !== person(second);
  }

  // Step 17.
  checkSigners(entry) {
    const { position: p, header, form, state, statement } = entry;
    if (form === "continued") return;
    const { command, origin, signers } = statement;
    if (form === "member") {
      const open = this.batch?.statement;
      must(open !== undefined, 17, p, "没有正在入账的批次，却有批次内的指令");
      const agrees = origin === open.origin && same(signers, open.signers);
      must(agrees, 17, p, "批次内的指令，其 origin 与签名人应与批次的相同");
      must(!OWN_EVENT.has(command), 17, p, `台账自己的指令 ${command} 不得在批次内`);
      return;
    }
    const keys = signers.map((signer) => signer.key);
    const mayUseLedgerKey = p === 0 || LEDGER_COMMANDS.some((prefix) => command?.startsWith(prefix));
    for (const key of keys) {
      const isNew = header.event === "key.enrolled.v1" && key === state.key;
      must(isNew || this.isGood(key), 17, p, `密钥 ${key} 在这一条不是有效密钥`);
      const misused = this.keys.get(key)?.role === "ledger" && !mayUseLedgerKey;
      must(!misused, 17, p, `台账自己的密钥 ${key} 不得签署 ${command ?? "批次"}`);
    }
    if (p === 0) must(same(keys, state.keys.map((key) => key.key)), 17, p, "开账应由所列全部密钥依次签署");
    if (KEY_EVENTS.has(header.event)) this.checkKeyEvent(entry, keys);
    if (header.event === "rules.adopted.v1") this.checkAdoption(entry, keys);
  }

  // 10.1, 10.4 and the signers of section 10, for events on keys.
  checkKeyEvent({ position: p, header, state, statement }, signers) {
    const { event, stream } = header;
    at(17, p, "密钥事件", () => holdsExactly(state, KEY_EVENTS.get(event), "状态"));
    must(same(statement.payload, state), 17, p, "密钥事件的状态应与所签内容完全相同");
    must(state.key === stream, 17, p, `密钥事件的流应为 ${state.key}`);
    if (event === "key.enrolled.v1") {
      at(17, p, "新密钥", () => holdsKey(state));
      must(state.role !== "ledger", 17, p, "后来登记的密钥不得为台账自己的（role 为 ledger）");
      must(!this.keys.has(state.key), 17, p, `密钥 ${state.key} 早已登记过`);
      must(state.role !== "registrar" || state.person !== "", 17, p, `登记员的密钥 ${state.key} 应有人员（person）`);
      if (state.role === "registrar") {
        const holds = signers.length === 3 && this.areTwoRegistrars(signers) && signers[2] === state.key;
        must(holds, 17, p, "登记登记员的密钥应恰由两位不同人员的登记员与新密钥依次签署");
      } else {
        const holds = signers.length === 2 && this.isRegistrar(signers[0]) && signers[1] === state.key;
        must(holds, 17, p, "登记密钥应恰由一位登记员与新密钥依次签署");
      }
      return;
    }
    must(this.keys.has(state.key), 17, p, `密钥 ${state.key} 没有登记过，不能终止`);
    const mayBeItself = event === "key.lost.v1" || event === "key.compromised.v1";
    if (mayBeItself && signers[0] === state.key) return;
    must(this.isRegistrar(signers[0]), 17, p, `${event} 的第一签名人 ${signers[0]} 应为登记员`);
    if (this.keys.get(state.key).role !== "registrar") return;
    const holds = this.areTwoRegistrars(signers) && !signers.slice(0, 2).includes(state.key);
    must(holds, 17, p, `终止登记员的密钥 ${state.key}，前两位签名人应为不同人员的登记员，且不是这把密钥`);
  }

  // The stream and the signers of section 10, for an adoption of rules.
  checkAdoption({ position: p, header }, keys) {
    must(header.stream === this.ledger, 17, p, `启用规则的流应为 ${this.ledger}`);
    const persons = new Set(keys.map((key) => this.keys.get(key).person));
    const holds = keys.every((key) => this.isRegistrar(key)) && persons.size >= 2;
    must(holds, 17, p, "启用规则应由两位以上不同的登记员签署");
  }

  // Step 18, for a signed command or a batch.
  checkSignatures({ position: p, form, state, body, statement, proof }) {
    const [prefix, rest] = pae(TYPE[form], body);
    const message = new Uint8Array(prefix.length + rest.length);
    message.set(prefix);
    message.set(rest, prefix.length);
    const keys = statement.signers.map((signer) => signer.key);
    must(same(keys, proof.map(([key]) => key)), 18, p, "签名应由 signers 中的密钥依次作出，不多不少");
    for (const [key, signature] of proof) {
      const publicKey = this.keys.get(key)?.public ?? fromHex(state.public);
      must(signatureIsGood(publicKey, message, fromBase64(signature)), 18, p, `密钥 ${key} 的签名无效`);
      this.checked.signatures += 1;
    }
  }

  // Step 18, for a member of a batch.
  checkMembership({ position: p, body, proof }) {
    const { position, statement, due } = this.batch;
    must(proof.batch === position, 18, p, `批次内的指令指向 ${proof.batch}，正在入账的批次在 ${position}`);
    must(proof.index === due[0], 18, p, `批内序号是 ${proof.index}，应为 ${due[0]}`);
    const root = rootOfPath(proof.index, statement.rows, leafHash(body), proof.path.map(fromHex));
    must(root !== null && toHex(root) === statement.root, 18, p, "路径不通到批次的根");
  }

  // Step 19.
  checkBatch({ position: p, header, form, state, statement }) {
    const due = this.batch?.due[0];
    must(due === undefined || form === "member" || form === "continued", 19, p, `批次的第 ${due} 行尚未入账`);
    if (form !== "batch") return;
    const { batch, rows, source: { sha256: file, sum_fen } } = statement;
    must(header.stream === batch && header.version === 1, 19, p, `批次的流应为 ${batch}，版本 1`);
    const isRefusals = listOf(rowOf(integerFrom(0, rows - 1), isText, isText));
    must(isRefusals(state.refused), 19, p, "拒绝的行应为 [序号, 代码, 规则] 的数组");
    const refused = state.refused.map(([index]) => index);
    must(refused.every((index, k) => k === 0 || index > refused[k - 1]), 19, p, "拒绝的行号应严格升序");
    // The refused rows leave one way to write the accepted ones: what lies between them.
    const ends = [-1, ...refused, rows];
    const accepted = refused.concat(rows).map((end, k) => [ends[k] + 1, end - 1]).filter(([low, high]) => low <= high);
    const right = { accepted, batch, refused: state.refused, rows, sha256: file, sum_fen };
    must(same(state, right), 19, p, "批次的结果与所签的批次不同，或接受与拒绝的行合起来不恰为全部各行");
  }

  /** What a good entry changes for those after it. */
  accept({ position: p, header, form, state, statement, id, leaf }) {
    const { event } = header;
    const hash = toHex(leaf);
    for (const [subject, count] of header.subjects) this.subjects.set(subject, [count, hash]);
    this.versions.set(header.stream, header.version);
    if (statement !== null) {
      this.statements.add(id);
      this.signers = statement.signers;
      if (form !== "batch") this.recent.set(p, statement);
    }
    this.recent.delete(p - 16);
    for (const { key } of this.signers) {
      if (!this.signed.has(key)) this.signed.set(key, []);
      this.signed.get(key).push(p);
    }
    if (form === "batch") {
      const indexes = ([low, high]) => Array.from({ length: high - low + 1 }, (_, k) => low + k);
      this.batch = { position: p, statement, due: state.accepted.flatMap(indexes) };
    }
    if (form === "member") this.batch.due.shift();
    if (this.batch?.due.length === 0) this.batch = null;
    if (event === "rules.adopted.v1") {
      this.epoch += 1;
      this.table = readRules(statement.payload.rules, this.epoch);
    }
    if (event === "key.enrolled.v1") this.enrol(state);
    else if (KEY_EVENTS.has(event)) this.keys.get(state.key).good = false;
    if (event === "key.compromised.v1") this.compromised.push(state);
    this.last = header;
    this.tree.push(leaf);
    this.checked.entries += 1;
  }

  // Step 20.
  checkSeal(position) {
    const seal = this.sealAt.get(position + 1);
    if (seal === undefined) return;
    const body = utf8(`${this.origin}\n${seal.size}\n${toBase64(seal.root)}\n`);
    const good = seal.id === this.vkey.id && signatureIsGood(this.vkey.public, body, seal.signature);
    must(good, 20, position, `大小 ${seal.size} 的封印签名无效`);
    must(sameBytes(seal.root, this.tree.root()), 20, position, `大小 ${seal.size} 的封印根与分录不符`);
    const { i, n } = this.last;
    must(i === n && this.batch === null, 20, position, `大小 ${seal.size} 的封印落在一项指令或一个批次的中间`);
    this.checked.seals += 1;
  }

  // Step 21.
  checkEnd() {
    const { size, root } = this.checkpoint;
    const seal = this.seals.at(-1);
    must(seal?.size === size && sameBytes(seal.root, root), 21, null, `最后一个封印应与检查点同大小（${size}）、同根`);
    must(sameBytes(this.tree.root(), root), 21, null, "分录的根与检查点不符");
    this.tree.levels.forEach((hashes, level) => {
      for (let start = 0; start < hashes.length; start += 256) {
        const right = hashes.slice(start, start + 256);
        const name = tileName(level, start / 256, right.length);
        const tile = this.read(name);
        const isRight = (hash, k) => sameBytes(hash, tile.subarray(k * 32, k * 32 + 32));
        const holds = tile?.length === right.length * 32 && right.every(isRight);
        must(holds, 21, null, `哈希块 ${name} 缺失或不对`);
      }
    });
  }

  /** 10.3, sorted. */
  doubtful() {
    const after = ({ key, from_position: from }) => (this.signed.get(key) ?? []).filter((position) => position >= from);
    const positions = this.compromised.flatMap(after);
    return [...new Set(positions)].sort((a, b) => a - b);
  }
}

/** The verdict on the log whose files `read(name)` gives (bytes, or null), by a trust file's bytes, or null without one. */
export function verifyLog(read, trustBytes = null) {
  const verifier = new Verifier(read);
  const failures = [];
  try {
    verifier.run(trustBytes);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    failures.push({ position: error.position, step: error.step, detail: error.detail });
  }
  const { trust, checkpoint, checked } = verifier;
  return {
    ok: failures.length === 0, trust, size: checkpoint?.size ?? null, root: checkpoint ? toHex(checkpoint.root) : null,
    checked, doubtful: failures.length === 0 ? verifier.doubtful() : [], failures,
  };
}

/** What entry `position` of a log that has been verified says. */
export function describeEntry(read, size, position) {
  const entryAt = (p) => {
    const number = Math.floor(p / 256);
    const bytes = read(tileName("entries", number, Math.min(256, size - number * 256)));
    let here = 0;
    for (let skip = p % 256; skip > 0; skip -= 1) here += 2 + bytes[here] * 256 + bytes[here + 1];
    return readEntry(readFrame(bytes.subarray(here + 2, here + 2 + bytes[here] * 256 + bytes[here + 1])));
  };
  const entry = entryAt(position);
  const { header, state } = entry;
  const first = header.i === 1 ? entry : entryAt(position - (header.i - 1));
  const { command = null, nature = null, occurred_on = null, summary, signers } = first.statement;
  return {
    position, at: header.at, event: header.event, stream: header.stream, version: header.version, i: header.i, n: header.n,
    epoch: header.epoch, command, nature, occurred_on, summary, signers,
    batch: first.form === "member" ? first.proof.batch : null, state,
  };
}

// ---------------------------------------------------------------- the command line: the only part that touches files

const USAGE = "用法：node verify.mjs 目录 [--trust 信任文件] [--event 号] [--json]";

/** Everything a person reads passes here: what a log contains must not steer the terminal, nor begin a line of ours. */
export function forPeople(lines) {
  return lines.map((line) => `${line.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\ufffd")}\n`).join("");
}

/** The lines of a verdict. One that failed says nothing of identity. */
function inWords(verdict, event) {
  const { checked, failures: [failure] } = verdict;
  const identity = {
    none: "只证明自洽，未证明身份",
    policy: "台账身份与信任文件相符；信任文件尚未记有已见检查点",
    "policy+seen": "台账身份与信任文件相符，且是已见检查点的延续",
  };
  const counts = `已核对分录 ${checked.entries} 条、签名 ${checked.signatures} 个、封印 ${checked.seals} 个；规则未重放`;
  if (failure !== undefined) {
    const place = failure.position === null ? "全账" : `第 ${failure.position} 号分录`;
    return [`核验不通过：第 ${failure.step} 步，${place}：${failure.detail}`, counts];
  }
  const lines = ["核验通过", identity[verdict.trust], `大小 ${verdict.size}，根 ${verdict.root}`, counts];
  const { doubtful } = verdict;
  if (doubtful.length > 0) lines.push(`存疑 ${doubtful.length} 条（签名密钥已报泄露）：${doubtful.join("、")}`);
  if (event !== null) {
    lines.push(
      `第 ${event.position} 号：${event.event}，流 ${event.stream} 第 ${event.version} 版，入账 ${event.at}。`,
      event.command === null ? "批次" : `指令 ${event.command}（${event.nature}，业务日期 ${event.occurred_on}）`,
      `摘要：${event.summary}`,
      ...(event.batch === null ? [] : [`随第 ${event.batch} 号的批次签署`]),
      ...event.signers.map(({ key, organisation, post }) => `签署：${key} 单位 ${organisation || "无"} 岗位 ${post || "无"}`),
    );
  }
  return lines;
}

async function main(words) {
  const { closeSync, constants, fstatSync, openSync, readFileSync, statSync } = await import("node:fs");
  const { join } = await import("node:path");
  const { parseArgs } = await import("node:util");
  const usage = (why) => {
    process.stderr.write(forPeople([why, USAGE]));
    return 2;
  };
  let parsed;
  try {
    parsed = parseArgs({
      args: words, allowPositionals: true,
      options: { trust: { type: "string" }, event: { type: "string" }, json: { type: "boolean" },
        help: { type: "boolean", short: "h" } },
    });
  } catch (error) {
    if (!error.code?.startsWith("ERR_PARSE_ARGS")) throw error;
    return usage(`参数不对：${words.join(" ")}`);
  }
  const { values: { trust, event: wanted, json, help }, positionals: [directory, ...others] } = parsed;
  if (help) {
    process.stdout.write(forPeople([USAGE]));
    return 0;
  }
  if (directory === undefined || others.length > 0) return usage("应恰给出一个账本目录");
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return usage(`没有目录 ${directory}`);
  if (wanted !== undefined && !/^(?:0|[1-9][0-9]{0,14})$/.test(wanted)) return usage("--event 应为号（不小于 0 的整数）");

  /** Regular files only: a pipe opened so does not wait for its writer, and is then turned away. */
  const readFile = (path) => {
    let file = null;
    try {
      file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
      return fstatSync(file).isFile() ? new Uint8Array(readFileSync(file)) : null;
    } catch (error) {
      if (error.syscall === undefined && error.code !== "ERR_FS_FILE_TOO_LARGE") throw error;
      return null;
    } finally {
      if (file !== null) closeSync(file);
    }
  };
  const read = (name) => readFile(join(directory, name));
  const trustBytes = trust === undefined ? null : readFile(trust);
  if (trust !== undefined && trustBytes === null) return usage(`读不到信任文件 ${trust}`);

  const verdict = verifyLog(read, trustBytes);
  const shows = verdict.ok && wanted !== undefined;
  if (shows && Number(wanted) >= verdict.size) return usage(`没有第 ${wanted} 号，账本有 ${verdict.size} 条`);
  const event = shows ? describeEntry(read, verdict.size, Number(wanted)) : null;
  const report = event === null ? verdict : { ...verdict, event };
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : forPeople(inWords(verdict, event)));
  return verdict.ok ? 0 : 7;
}

if (typeof process !== "undefined" && process.argv?.[1] !== undefined) {
  const { realpathSync } = await import("node:fs");
  const { pathToFileURL } = await import("node:url");
  const isScript = import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href;
  if (isScript) process.exitCode = await main(process.argv.slice(2));
}
