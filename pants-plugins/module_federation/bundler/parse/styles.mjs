/** The imports of style sheets. */
import { TokenType, tokenize } from "@csstools/css-tokenizer";
import { Found } from "./found.mjs";

const NOT_A_FILE = /^(?:[a-z][a-z0-9+.-]*:|\/\/|#|$)/i;

/** Walks over CSS tokens, white space and comments left out. */
export function parseStyles(path, text) {
  const found = new Found(text);
  const tokens = tokenize({ css: text }).filter(
    ([type]) => type !== TokenType.Whitespace && type !== TokenType.Comment,
  );
  const isModule = /\.module\.css$/.test(path);
  const functions = [];
  let rule = "";
  let composes = false;
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    const [type, , start, , data] = token;
    const previous = tokens[index - 1];
    const value = () => data.value.trim();
    const add = (kind) => {
      if (!NOT_A_FILE.test(value())) found.add(kind, value(), start);
    };
    const inside = functions.at(-1);
    if (type === TokenType.AtKeyword) {
      rule = data.value.toLowerCase();
    } else if (type === TokenType.Semicolon || type === TokenType.OpenCurly || type === TokenType.CloseCurly) {
      rule = "";
      composes = false;
      functions.length = 0;
    } else if (type === TokenType.Function) {
      functions.push(data.value.toLowerCase());
    } else if (type === TokenType.OpenParen) {
      functions.push("");
    } else if (type === TokenType.CloseParen) {
      functions.pop();
    } else if (type === TokenType.Ident && isModule && /^composes(?:-with)?$/i.test(data.value)) {
      composes = composes || tokens[index + 1]?.[0] === TokenType.Colon;
    } else if (type === TokenType.URL) {
      if (rule === "import") add("css-import");
      else if (rule !== "namespace") add("css-url");
    } else if (type === TokenType.String) {
      const afterFrom = previous?.[0] === TokenType.Ident && previous[4].value === "from";
      const opensImport = previous?.[0] === TokenType.AtKeyword || inside === "url";
      if (rule === "import") {
        if (opensImport) add("css-import");
      } else if (rule === "namespace") {
        continue;
      } else if ((composes || (isModule && rule === "value")) && afterFrom) {
        add("css-import");
      } else if (isModule && inside === "import" && functions.length === 1) {
        add("css-import");
      } else if (inside === "url" || inside === "src" || /^(?:-webkit-)?image-set$/.test(inside ?? "")) {
        add("css-url");
      }
    }
  }
  return { error: null, imports: found.sorted(), jsx: false };
}
