import js from "@eslint/js";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

/** Forbids imports of these folders of src, by alias and by relative path. */
const nothingFrom = (folders, reason) => ({
  "no-restricted-imports": [
    "error",
    {
      patterns: [
        {
          group: folders.flatMap((name) => [`@/${name}/**`, `**/../${name}/**`, `../${name}/**`]),
          message: reason,
        },
      ],
    },
  ],
});

const noReact = {
  "no-restricted-imports": [
    "error",
    {
      patterns: [
        {
          group: ["@/{api,app,features,ui}/**", "../{api,app,features,ui}/**"],
          message: "The sync library knows nothing of the application.",
        },
        {
          group: ["react", "react/*", "react-dom", "react-dom/*", "@tanstack/*"],
          message: "Only src/sync/hooks may use React.",
        },
        { group: ["./hooks/*"], message: "The library works without its hooks." },
      ],
    },
  ],
};

export default tseslint.config(
  { ignores: ["dist", "node_modules", "coverage"] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  jsxA11y.flatConfigs.strict,
  reactHooks.configs.flat["recommended-latest"],
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
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
  { files: ["src/sync/**"], ignores: ["src/sync/hooks/**", "src/sync/index.ts"], rules: noReact },
  {
    files: ["src/sync/hooks/**"],
    rules: nothingFrom(
      ["api", "app", "features", "ui"],
      "The sync library knows nothing of the application.",
    ),
  },
  {
    files: ["src/api/**"],
    rules: nothingFrom(["app", "features", "ui"], "The API layer shows nothing."),
  },
  { files: ["src/ui/**"], rules: nothingFrom(["app", "features"], "Shared parts know no page.") },
  {
    files: ["src/features/**"],
    rules: nothingFrom(
      ["app", "features"],
      "A page imports nothing of another page; relative paths reach its own files.",
    ),
  },
  { files: ["**/*.js"], extends: [tseslint.configs.disableTypeChecked] },
);
