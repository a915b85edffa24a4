import js from "@eslint/js";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

/** These folders of src, by alias and by relative path. */
const paths = (folders) =>
  folders.flatMap((name) => [`@/${name}/**`, `../${name}/**`, `**/../${name}/**`]);

/** Forbids imports of these folders of src, and of whatever else is named. */
const nothingFrom = (folders, reason, more = []) => ({
  "no-restricted-imports": [
    "error",
    { patterns: [{ group: paths(folders), message: reason }, ...more] },
  ],
});

const APPLICATION = ["api", "app", "data", "features", "parts", "ui"];
const KNOWS_NOTHING = "The sync library knows nothing of the application.";
const NO_REACT = [
  {
    group: ["react", "react/*", "react-dom", "react-dom/*", "@tanstack/*"],
    message: "Only src/sync/hooks may use React.",
  },
  { group: ["./hooks/*", "@/sync/hooks/*"], message: "The library works without its hooks." },
];

export default tseslint.config(
  {
    ignores: [
      "dist",
      "package",
      "node_modules",
      "coverage",
      "scripts",
      "src/api/schema.ts",
      "tests/seeds",
    ],
  },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  jsxA11y.flatConfigs.strict,
  reactHooks.configs.flat["recommended-latest"],
  {
    languageOptions: {
      parserOptions: {
        project: ["./tsconfig.json", "./tsconfig.worker.json"],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-console": "error",
      "max-lines": ["error", { max: 250 }],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // `() => doIt()` as a handler is fine; what is returned is not used.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-misused-promises": [
        "error",
        { checksVoidReturn: { attributes: false } },
      ],
    },
  },
  {
    files: ["src/sync/**"],
    ignores: ["src/sync/hooks/**", "src/sync/index.ts"],
    rules: nothingFrom(APPLICATION, KNOWS_NOTHING, NO_REACT),
  },
  {
    files: ["src/sync/hooks/**", "src/sync/index.ts"],
    rules: nothingFrom(APPLICATION, KNOWS_NOTHING),
  },
  {
    files: ["src/api/**"],
    rules: nothingFrom(["app", "data", "features", "parts", "ui"], "The API layer shows nothing."),
  },
  {
    files: ["src/ui/**"],
    rules: nothingFrom(["app", "data", "features", "parts"], "Shared parts know no page."),
  },
  {
    files: ["src/data/**"],
    rules: nothingFrom(["app", "features", "parts"], "What is read knows nobody who shows it."),
  },
  {
    files: ["src/parts/**"],
    rules: nothingFrom(["app", "features"], "Parts of pages know no page."),
  },
  {
    files: ["src/features/**"],
    rules: nothingFrom(
      ["app", "features"],
      "A page imports nothing of another page; relative paths reach its own files.",
    ),
  },
  { files: ["**/*.js"], extends: [tseslint.configs.disableTypeChecked] },
);
